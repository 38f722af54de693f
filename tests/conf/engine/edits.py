"""Edits of a documentation, each a function of the project and of numbers that choose.

An edit is written down as its name and a seed, so that a list of them can be run again.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

from tests.conf.engine.markup import (
    Block,
    Broken,
    Download,
    Function,
    Heading,
    Image,
    Include,
    IndexEntry,
    Link,
    Quote,
    Reference,
    Tabs,
    Term,
    Text,
    Wrapped,
)
from tests.conf.engine.model import NAMES, Page, Project, Root
from tests.conf.engine.repair import repair

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
B = TypeVar("B", bound=Block)
Edit = tuple[str, int]
Step = tuple[Edit, ...]  # what is edited between two builds
EDITS: dict[str, Callable[[Project, Pick], str]] = {"repair": lambda project, _: repair(project)}


class Pick:
    """Chooses by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, items: Sequence[T]) -> T:
        """Return one of the items, of which there must be some."""
        return self.random.choice(items)

    def root(self, project: Project) -> Root:
        """Return a root."""
        return self.one(project.roots)

    def page(self, project: Project) -> tuple[Root, str, Page]:
        """Return a page with its root and its name."""
        return self.one(project.pages())

    def leaf(self, project: Project) -> tuple[Root, str, Page]:
        """Return a page that is not the index of its root."""
        return self.one([found for found in project.pages() if found[1] != "index"])

    def block(self, project: Project, kind: type[B]) -> tuple[Root, str, Page, B]:
        """Return a block of a kind; where no page has one, a page gets a new one first."""
        found = [
            (root, name, page, block)
            for root, name, page in project.pages()
            for block in page.blocks
            if isinstance(block, kind)
        ]
        if found:
            return self.one(found)
        root, name, page = self.page(project)
        block = new_block(self, project, root, kind)
        page.blocks.append(block)
        return root, name, page, block


def new_block(pick: Pick, project: Project, root: Root, kind: type[B]) -> B:
    """Return a block of a kind that breaks nothing."""
    name = project.fresh("new")
    makers: dict[type[Block], Callable[[], Block]] = {
        Text: lambda: Text(f"Some {name} words.", name),
        Heading: lambda: Heading(f"A {name} part", name),
        Reference: lambda: Reference("ref", pick.one([n for n in NAMES if n != root.name]), ""),
        Link: lambda: Link("index", "details-of-index"),
        Function: lambda: Function(name),
        Term: lambda: Term(f"{name} word", "A new word."),
        Image: lambda: Image("/images/a/pic.svg", f"The {name} figure", name),
        Include: lambda: Include("note"),
        Wrapped: lambda: Wrapped(pick.one(["only html", "only draft", "note", "epigraph"]), name),
        Tabs: lambda: Tabs(name, "The same."),
        IndexEntry: lambda: IndexEntry(f"{name} word"),
        Download: lambda: Download("/files/sample.txt"),
        Quote: lambda: Quote("/files/sample.txt"),
    }
    block = makers[kind]()
    if isinstance(block, Reference):
        block.target, block.text = f"{block.root}-index", name
    assert isinstance(block, kind)
    return block


def edit(function: Callable[[Project, Pick], str]) -> Callable[[Project, Pick], str]:
    """Give an edit its name."""
    EDITS[function.__name__] = function
    return function


def where(root: Root, name: str) -> str:
    """Return how a message names a page."""
    return root.path(name)


# The text of pages


@edit
def change_text(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Text)
    block.text = f"Other words {project.fresh('w')}."
    return f"{where(root, name)}: {block.text}"


@edit
def change_title(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    page.title = f"Title {project.fresh('t')}"
    return f"{where(root, name)}: {page.title}"


@edit
def change_heading(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Heading)
    block.text = f"Heading {project.fresh('h')}"
    return f"{where(root, name)}: {block.label or 'no label'} is now {block.text}"


@edit
def repeat_heading(project: Project, pick: Pick) -> str:
    root, name, page, block = pick.block(project, Heading)
    page.blocks.insert(0, Heading(block.text))
    return f"{where(root, name)}: {block.text} stands twice"


@edit
def add_block(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    kinds: list[type[Block]] = [Text, Heading, Reference, Link, Function, Term, Image]
    kinds += [Include, Wrapped, IndexEntry, Download, Quote]
    kinds += [Tabs] if "sphinx_tabs.tabs" in root.extensions else []
    block = new_block(pick, project, root, pick.one(kinds))
    page.blocks.insert(pick.random.randint(0, len(page.blocks)), block)
    return f"{where(root, name)}: {block}"


@edit
def remove_block(project: Project, pick: Pick) -> str:
    root, name, page = pick.one([found for found in project.pages() if found[2].blocks])
    block = page.blocks.pop(pick.random.randrange(len(page.blocks)))
    return f"{where(root, name)}: {block}"


@edit
def move_block(project: Project, pick: Pick) -> str:
    root, name, page = pick.one([found for found in project.pages() if found[2].blocks])
    block = page.blocks.pop(pick.random.randrange(len(page.blocks)))
    other, place, into = pick.one([found for found in project.pages() if found[0] is root])
    into.blocks.append(block)
    return f"{where(root, name)} to {where(other, place)}: {block}"


@edit
def change_wrapped(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Wrapped)
    block.text = f"Inside {project.fresh('w')}."
    block.head = pick.one(["only html", "only draft", "only not draft", "note"])
    return f"{where(root, name)}: {block}"


@edit
def change_front_matter(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    key = pick.one(["orphan", "tocdepth", "hide-toc", "nosearch"])
    if page.front.pop(key, None) is None:
        page.front[key] = "1" if key == "tocdepth" else ""
    return f"{where(root, name)}: {page.front}"


@edit
def change_markup(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    page.markup = "rst" if page.markup == "md" else "md"
    return f"{where(root, name)}"


@edit
def break_syntax(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    project.serial += 1
    page.blocks.append(Broken(project.serial))
    return f"{where(root, name)}: {page.blocks[-1]}"


# Labels and references


def _labeled(project: Project, pick: Pick) -> tuple[Root, str, Heading | Text]:
    found = [
        (root, name, block)
        for root, name, page in project.pages()
        for block in page.blocks
        if isinstance(block, Heading | Text) and block.label
    ]
    return pick.one(found)


@edit
def rename_label(project: Project, pick: Pick) -> str:
    root, name, block = _labeled(project, pick)
    old, block.label = block.label, project.fresh("label")
    return f"{where(root, name)}: {old} is now {block.label}"


@edit
def rename_label_and_uses(project: Project, pick: Pick) -> str:
    told = rename_label(project, pick)
    place, _, change = told.partition(": ")
    old, _, new = change.partition(" is now ")
    for root, _name, page in project.pages():
        for block in page.blocks:
            if not isinstance(block, Reference) or block.target != old:
                continue
            if (block.root or root.name) == place.partition("/")[0]:
                block.target = new
    return told


@edit
def rename_page_label(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    old, page.label = page.label, project.fresh("label")
    return f"{where(root, name)}: {old} is now {page.label}"


@edit
def duplicate_label(project: Project, pick: Pick) -> str:
    root, _, block = _labeled(project, pick)
    name = pick.one(sorted(root.pages))
    twin: Block = Text("Twin.", block.label)
    if pick.random.random() < 0.5:
        twin = Heading(f"Twin {project.fresh('h')}", block.label)
    root.pages[name].blocks.insert(0, twin)
    return f"{where(root, name)}: {twin}"


@edit
def swap_labels(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    other = pick.one(sorted(root.pages))
    page.label, root.pages[other].label = root.pages[other].label, page.label
    return f"{where(root, name)} and {where(root, other)}"


@edit
def break_reference(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Reference)
    block.target = project.fresh("missing")
    return f"{where(root, name)}: {block}"


@edit
def break_link(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Link)
    block.anchor = project.fresh("missing")
    return f"{where(root, name)}: {block}"


@edit
def aim_reference(project: Project, pick: Pick) -> str:
    """Point a reference at any label of any root; some need a text that they do not have."""
    root, name, _, block = pick.block(project, Reference)
    other, _, goal = _labeled(project, pick)
    block.kind, block.target = "ref", goal.label
    block.root = "" if other is root else other.name
    block.text = pick.one(["", "a text"])
    return f"{where(root, name)}: {block}"


@edit
def refer_to_number(project: Project, pick: Pick) -> str:
    root, name, page, image = pick.block(project, Image)
    label, caption = image.label or project.fresh("fig"), image.caption or "A figure"
    image.label, image.caption = label, caption
    root.conf["numfig"] = "True"
    page.blocks.append(Reference("numref", "", label))
    other = pick.one(sorted(root.pages))
    root.pages[other].blocks.append(Reference("numref", "", label))
    return f"{where(root, name)} and {where(root, other)}: {label}"


@edit
def rename_function(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Function)
    old, block.name = block.name, project.fresh("function")
    return f"{where(root, name)}: {old} is now {block.name}"


@edit
def rename_term(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Term)
    old, block.word = block.word, project.fresh("term")
    return f"{where(root, name)}: {old} is now {block.word}"


@edit
def duplicate_definition(project: Project, pick: Pick) -> str:
    kinds: list[type[Block]] = [Function, Term]
    root, _, _, block = pick.block(project, pick.one(kinds))
    name = pick.one(sorted(root.pages))
    root.pages[name].blocks.append(block)
    return f"{where(root, name)}: {block}"
