"""Mend everything that edits have broken, so that the next build passes."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING

from tests.conf.engine.markup import (
    Block,
    Broken,
    Function,
    Heading,
    Image,
    Include,
    Link,
    Reference,
    Tabs,
    Term,
    Text,
)
from tests.conf.engine.model import SQUARE, Page, Project, Root

if TYPE_CHECKING:
    from collections.abc import Iterable

THEMES = {"alabaster", "basic", "furo", "classic"}


def repair(project: Project) -> str:
    """Make a project build without a warning, with as few changes as that needs."""
    for root in project.roots:
        _repair_configuration(root)
        _repair_files(root)
        _repair_names(project, root)
    for root in project.roots:
        _repair_references(project, root)
        _repair_toctrees(root)
    return "everything"


def _repair_configuration(root: Root) -> None:
    root.strict = True
    root.extensions = [name for name in root.extensions if name != "no_such_extension"]
    root.theme = root.theme if root.theme in THEMES else "basic"
    # These hide pages or headings that others name.
    for name in ("broken", "exclude_patterns", "myst_heading_anchors", "suppress_warnings"):
        root.conf.pop(name, None)


def _repair_files(root: Root) -> None:
    twins = {path for path in root.files if path.endswith((".md", ".rst"))}
    root.files = {path: text for path, text in root.files.items() if path not in twins}
    for folder in "ab":
        root.files.setdefault(f"images/{folder}/pic.svg", SQUARE.format("mended"))
    root.snippets = {"note": _sound(root, root.snippets.get("note", [Text("Mended.")]))}
    for page in root.pages.values():
        page.front.pop("orphan", None)
        page.blocks = _sound(root, page.blocks)


def _sound(root: Root, blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks that a root can render."""
    sound: list[Block] = []
    for block in blocks:
        if isinstance(block, Image) and f"{block.path[1:]}" not in root.files:
            block.path = "/images/a/pic.svg"
        if isinstance(block, Include):
            block.name = "note"
        if not isinstance(block, Broken) and not (
            isinstance(block, Tabs) and "sphinx_tabs.tabs" not in root.extensions
        ):
            sound.append(block)
    return sound


def _names(block: Block) -> list[tuple[str, str]]:
    """Return what a block defines, as kinds and names."""
    if isinstance(block, Function):
        return [("py:func", block.name)]
    if isinstance(block, Term):
        return [("term", block.word)]
    if isinstance(block, Heading | Text | Image) and block.label:
        return [("ref", block.label)]
    return []


def _repair_names(project: Project, root: Root) -> None:
    """Keep the first of each name, and give every index a label that is known."""
    taken = {("ref", f"{root.name}-index")}
    root.pages["index"].label = f"{root.name}-index"
    for name, page in root.pages.items():
        if name != "index":
            if ("ref", page.label) in taken:
                page.label = project.fresh("label")
            taken.add(("ref", page.label))
    for page in root.pages.values():
        page.blocks = [block for block in page.blocks if _claim(block, taken)]


def _claim(block: Block, taken: set[tuple[str, str]]) -> bool:
    """Note the names of a block; return whether it can stay."""
    for name in _names(block):
        if name in taken:
            if not isinstance(block, Heading | Text | Image):
                return False
            block.label = ""
        taken.add(name)
    return True


def _targets(root: Root) -> dict[tuple[str, str], bool]:
    """Return what a reference can name in a root, and whether it brings a title."""
    targets = {("doc", f"/{name}"): True for name in root.pages}
    targets |= {("ref", page.label): True for page in root.pages.values()}
    for page in root.pages.values():
        for block in page.blocks:
            for kind, name in _names(block):
                targets[kind, name] = not isinstance(block, Text)
                if isinstance(block, Image) and block.caption:
                    targets["numref", name] = "numfig" in root.conf
    return targets


def _repair_references(project: Project, root: Root) -> None:
    known = {other.name: _targets(other) for other in project.roots}
    for page in root.pages.values():
        for block in page.blocks:
            _repair_block(root, block, known)
    for block in root.snippets["note"]:
        _repair_block(root, block, known)


def _repair_block(root: Root, block: Block, known: dict[str, dict[tuple[str, str], bool]]) -> None:
    if isinstance(block, Link):
        _repair_link(root, block)
    if not isinstance(block, Reference):
        return
    goal = known[block.root or root.name]
    target = block.target
    if block.kind == "doc" and not target.startswith("/"):
        target = f"/{target}"
    titled = goal.get((block.kind, target))
    if titled is None or (block.kind == "numref" and not titled):
        block.kind, block.target = "ref", f"{block.root or root.name}-index"
    elif not titled:
        block.text = "a text"


def _repair_link(root: Root, block: Link) -> None:
    page = root.pages.get(block.page)
    headings = [part.text for part in page.blocks if isinstance(part, Heading)] if page else []
    anchors = {text.lower().replace(" ", "-") for text in headings}
    if block.anchor not in anchors or (page and page.markup == "rst"):
        block.page, block.anchor = "index", _slug(root.pages["index"])


def _slug(page: Page) -> str:
    """Return an anchor of a page, made when it has none."""
    page.markup = "md"
    if not any(isinstance(block, Heading) for block in page.blocks):
        page.blocks.append(Heading("A last part"))
    first = next(block for block in page.blocks if isinstance(block, Heading))
    return first.text.lower().replace(" ", "-")


def _pages(root: Root, name: str, entry: str) -> set[str]:
    """Return the pages that an entry of a page's toctree names, which may be a pattern."""
    if "*" not in entry:
        return {entry} & root.pages.keys()
    return {page for page in root.pages if fnmatch(page, entry) and page != name}


def _repair_toctrees(root: Root) -> None:
    """List every page exactly once, below pages that the index reaches."""
    listed = {"index"}
    if any("*" in entry for entry in root.pages["index"].entries):
        root.pages["index"].tree["glob"] = ""
    for name, page in root.pages.items():
        page.entries = [e for e in dict.fromkeys(page.entries) if e not in listed]
        # Below the index, a pattern can lead back to the page that has it.
        page.entries = [e for e in page.entries if name == "index" or "*" not in e]
        page.entries = [e for e in page.entries if _pages(root, name, e) - listed]
        for entry in page.entries:
            listed |= _pages(root, name, entry)
    reached, waiting = set(), ["index"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        for entry in root.pages[name].entries:
            waiting += _pages(root, name, entry) - reached
    for name, page in root.pages.items():
        if name not in reached:
            page.entries = []
    lost = [name for name in root.pages if name not in reached]
    root.pages["index"].entries += lost
