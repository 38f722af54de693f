"""A documentation of four small roots, as values that edits change and that files are made of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.conf.engine.markup import (
    Block,
    Download,
    Function,
    Heading,
    Image,
    Include,
    IndexEntry,
    Link,
    Markup,
    Reference,
    Tabs,
    Term,
    Text,
    Wrapped,
    directive,
    heading,
    target,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Flavor = Literal["plain", "furo"]
NAMES = ("tutorials", "how-to", "reference", "explanation")
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>{}</title></svg>\n'
LAYOUT = (
    '{{% extends "!layout.html" %}}\n'
    "{{% block extrahead %}}{{{{ super() }}}}<!-- {} -->{{% endblock %}}\n"
)


@dataclass
class Page:
    """A source file."""

    title: str
    label: str
    markup: Markup
    blocks: list[Block] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)  # of its toctree
    tree: dict[str, str] = field(default_factory=dict)  # options of its toctree
    front: dict[str, str] = field(default_factory=dict)  # its front matter

    def source(self) -> str:
        """Return the text of the file."""
        parts = [
            self._front(),
            target(self.markup, self.label) + heading(self.markup, self.title, 1),
            *(block.render(self.markup) for block in self.blocks),
            self._toctree(),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _front(self) -> str:
        fields = self.front.items()
        if self.markup == "md":
            lines = "".join(f"{key}: {value or 'true'}\n" for key, value in fields)
            return f"---\n{lines}---" if lines else ""
        return "\n".join(f":{key}: {value}".rstrip() for key, value in fields)

    def _toctree(self) -> str:
        if not self.entries:
            return ""
        entries = "\n".join(f"/{entry}" for entry in self.entries)
        return directive(self.markup, "toctree", entries, **self.tree)


@dataclass
class Root:
    """A Sphinx project."""

    name: str
    theme: str
    extensions: list[str]
    pages: dict[str, Page] = field(default_factory=dict)
    snippets: dict[str, list[Block]] = field(default_factory=dict)
    conf: dict[str, str] = field(default_factory=dict)  # name of an option: source of its value
    files: dict[str, str] = field(default_factory=dict)  # any other file
    strict: bool = True
    title: str = ""

    def path(self, name: str) -> str:
        """Return the path of a page below the project's directory."""
        return f"{self.name}/{name}.{self.pages[name].markup}"

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield the path and the text of every file of the root."""
        yield "conf.py", self._conf()
        for name, page in self.pages.items():
            yield f"{name}.{page.markup}", page.source()
        for name, blocks in self.snippets.items():
            for markup in ("md", "rst"):
                text = "\n\n".join(block.render(markup) for block in blocks)
                yield f"_snippets/{name}-{markup}.txt", text + "\n"
        yield from self.files.items()

    def _conf(self) -> str:
        siblings = {name: (f"../{name}", None) for name in NAMES if name != self.name}
        options = {
            "project": repr(self.name),
            "extensions": json.dumps(self.extensions),
            "html_theme": repr(self.theme),
            "intersphinx_mapping": repr(siblings),
            "intersphinx_disabled_reftypes": "['*']",
            "myst_heading_anchors": "3",
            "templates_path": "['_templates']",
            "html_static_path": "['_static']",
            "html_css_files": "['extra.css']",
            "exclude_patterns": "['_snippets']",
        }
        return "".join(f"{key} = {value}\n" for key, value in (options | self.conf).items())


@dataclass
class Project:
    """Four roots and the table that names them."""

    roots: list[Root]
    url: str = "https://docs.example.org/"
    serial: int = 0  # of the last fresh name

    def fresh(self, stem: str) -> str:
        """Return a name that nothing has had yet."""
        self.serial += 1
        return f"{stem}{self.serial}"

    def root(self, name: str) -> Root:
        """Return the root of this name."""
        return next(root for root in self.roots if root.name == name)

    def pages(self) -> list[tuple[Root, str, Page]]:
        """Return every page with its root and its document name."""
        return [(root, name, page) for root in self.roots for name, page in root.pages.items()]

    def files(self) -> dict[str, bytes]:
        """Return the contents of all files by their path below the project's directory."""
        files = {"pyproject.toml": self._table().encode()}
        for root in self.roots:
            files |= {f"{root.name}/{path}": text.encode() for path, text in root.sources()}
        return files

    def _table(self) -> str:
        head = f'[tool.docset]\ntitle = "Small"\nurl = "{self.url}"\noutput = "build/site"\n'
        return head + "".join(
            f'\n[[tool.docset.roots]]\nname = "{root.name}"\npath = "{root.name}"\n'
            f'title = "{root.title or root.name}"\n' + ("" if root.strict else "strict = false\n")
            for root in self.roots
        )


def small_project(flavor: Flavor) -> Project:
    """Return a project that builds without a warning.

    ``plain`` has light themes and mixes both markups in every root. ``furo`` has three roots as
    ours are (MyST, Furo, tabs, copy buttons, Open Graph tags) beside one in reStructuredText.
    """
    return Project([_root(flavor, position) for position in range(len(NAMES))])


def _root(flavor: Flavor, position: int) -> Root:
    name = NAMES[position]
    extensions = ["myst_parser", "sphinx.ext.intersphinx"]
    furo = flavor == "furo" and name != "explanation"
    if furo:
        extensions += ["sphinx_tabs.tabs", "sphinx_copybutton", "sphinxext.opengraph"]
    theme = "furo" if furo else ("alabaster", "basic")[position % 2]
    root = Root(name, theme, extensions)
    root.conf |= {"ogp_site_url": f"'https://docs.example.org/{name}/'"} if furo else {}
    markups: tuple[Markup, ...] = ("md", "rst", "md", "rst")
    if flavor == "furo":
        markups = ("md",) * 4 if furo else ("rst",) * 4
    for page, markup in zip(("index", "one", "two", "sub/three"), markups, strict=True):
        root.pages[page] = _page(name, page, markup)
    root.snippets["note"] = [Text("Words that two pages share.")]
    for folder in "ab":
        root.files[f"images/{folder}/pic.svg"] = SQUARE.format(f"{name} {folder}")
    root.files |= {"_static/extra.css": "p { margin: 0 }\n", "_static/data.txt": "1\n"}
    root.files["files/sample.txt"] = "A sample.\n"
    _furnish(root, tabs=furo)
    return root


def _page(root: str, name: str, markup: Markup) -> Page:
    stem = name.replace("/", "-")
    page = Page(f"{root.capitalize()} {stem}", f"{root}-{stem}", markup)
    page.blocks.append(Text(f"The page {stem} of {root}."))
    page.blocks += [
        Reference("ref", other, f"{other}-{stem}-details") for other in NAMES if other != root
    ]
    page.blocks.append(Heading(f"Details of {stem}", f"{root}-{stem}-details"))
    page.blocks.append(Text("Something to know.", f"{root}-{stem}-plain"))
    page.blocks.append(Heading(f"More of {stem}"))
    return page


def _furnish(root: Root, *, tabs: bool) -> None:
    """Give a root's four pages what makes each of them different."""
    index, one, two, three = (root.pages[name] for name in ("index", "one", "two", "sub/three"))
    index.entries, two.entries = ["one", "two"], ["sub/three"]
    index.blocks += [IndexEntry(f"{root.name} word"), Reference("doc", "", "/sub/three")]
    one.blocks += [Image("/images/a/pic.svg"), Include("note"), Link("two", "more-of-two")]
    one.blocks += [Reference("ref", "", f"{root.name}-two"), Download("/files/sample.txt")]
    # Two images of one name have a root built afresh every time: one root shows that.
    folder = "b" if root.name == NAMES[1] else "a"
    two.blocks += [
        Image(f"/images/{folder}/pic.svg"),
        Function(f"{root.name.replace('-', '_')}_call"),
    ]
    two.blocks += [Term(f"{root.name} term", "A word of ours."), Include("note")]
    three.blocks += [Wrapped("only html", "Seen in HTML."), Wrapped("only draft", "Unseen.")]
    other = NAMES[NAMES.index(root.name) - 1]
    three.blocks += [
        Reference("term", other, f"{other} term"),
        Reference("py:func", other, f"{other.replace('-', '_')}_call"),
        Reference("doc", other, "two"),
        Reference("ref", "", f"{root.name}-one-plain", "the plain words"),
    ]
    if tabs:
        three.blocks.append(Tabs("On the first.", "On the second."))
