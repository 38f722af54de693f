"""The blocks that pages are made of, each in MyST and in reStructuredText."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import indent
from typing import Literal

Markup = Literal["md", "rst"]


def directive(markup: Markup, head: str, body: str = "", **options: str) -> str:
    """Return a directive whose head is its name and its argument, such as ``image /a.svg``."""
    name, _, argument = head.partition(" ")
    lines = "\n".join(f":{key}: {value}".rstrip() for key, value in options.items())
    if markup == "rst":
        first = f".. {name}:: {argument}".rstrip() + indent(f"\n{lines}", "   ").rstrip()
        return "\n\n".join(part for part in (first, indent(body, "   ")) if part)
    content = "\n\n".join(part for part in (lines, body) if part)
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in re.findall("`{3,}", body))])
    return f"{fence}{{{name}}} {argument}".rstrip() + f"\n{content}\n{fence}"


def role(markup: Markup, name: str, content: str) -> str:
    """Return an interpreted text."""
    return f"{{{name}}}`{content}`" if markup == "md" else f":{name}:`{content}`"


def target(markup: Markup, label: str) -> str:
    """Return an explicit target, or nothing without a label."""
    if not label:
        return ""
    return f"({label})=\n" if markup == "md" else f".. _{label}:\n\n"


def heading(markup: Markup, text: str, level: int) -> str:
    """Return a heading of level 1 or 2."""
    return f"{'#' * level} {text}" if markup == "md" else f"{text}\n{'=-'[level - 1] * 60}"


def named(text: str, name: str) -> str:
    """Return the content of a role with or without a text of its own."""
    return f"{text} <{name}>" if text else name


@dataclass
class Block:
    """A part of a page."""

    def render(self, markup: Markup) -> str:
        """Return the source of the block."""
        raise NotImplementedError


@dataclass
class Text(Block):
    """A paragraph; a label before it has no title of its own."""

    text: str
    label: str = ""

    def render(self, markup: Markup) -> str:
        return target(markup, self.label) + self.text


@dataclass
class Heading(Block):
    """A heading of the second level."""

    text: str
    label: str = ""

    def render(self, markup: Markup) -> str:
        return target(markup, self.label) + heading(markup, self.text, 2)


@dataclass
class Reference(Block):
    """A reference by role. ``root`` is empty for one that stays in its own root."""

    kind: str  # the role: ref, doc, term, py:func, numref
    root: str
    target: str
    text: str = ""

    def render(self, markup: Markup) -> str:
        prefix = f"external+{self.root}:" if self.root else ""
        return f"See {role(markup, prefix + self.kind, named(self.text, self.target))}."


@dataclass
class Link(Block):
    """A Markdown link to a heading of a page of the same root."""

    page: str
    anchor: str

    def render(self, markup: Markup) -> str:
        if markup == "rst":
            return f"See :doc:`/{self.page}`."
        return f"See [the heading](/{self.page}.md#{self.anchor})."


@dataclass
class Function(Block):
    """The description of a Python function."""

    name: str

    def render(self, markup: Markup) -> str:
        return directive(markup, f"py:function {self.name}()", "Does something.")


@dataclass
class Term(Block):
    """A glossary of one word."""

    word: str
    meaning: str

    def render(self, markup: Markup) -> str:
        return directive(markup, "glossary", f"{self.word}\n   {self.meaning}")


@dataclass
class Image(Block):
    """An image; with a caption it is a figure that ``numref`` can name."""

    path: str
    caption: str = ""
    label: str = ""

    def render(self, markup: Markup) -> str:
        if not self.caption:
            return directive(markup, f"image {self.path}", alt="A square")
        figure = directive(markup, f"figure {self.path}", self.caption)
        return target(markup, self.label) + figure


@dataclass
class Include(Block):
    """A snippet, written in the markup of the page that includes it."""

    name: str

    def render(self, markup: Markup) -> str:
        return directive(markup, f"include /_snippets/{self.name}-{markup}.txt")


@dataclass
class Wrapped(Block):
    """Text inside a directive such as ``only html`` or ``note``."""

    head: str
    text: str

    def render(self, markup: Markup) -> str:
        return directive(markup, self.head, self.text)


@dataclass
class Tabs(Block):
    """A set of two tabs of sphinx-tabs."""

    first: str
    second: str

    def render(self, markup: Markup) -> str:
        panels = (
            directive(markup, f"group-tab {name}", text)
            for name, text in (("One", self.first), ("Two", self.second))
        )
        return directive(markup, "tabs", "\n\n".join(panels))


@dataclass
class IndexEntry(Block):
    """An entry of the general index."""

    word: str

    def render(self, markup: Markup) -> str:
        return directive(markup, f"index single: {self.word}")


@dataclass
class Download(Block):
    """A link to a file that the build copies."""

    path: str

    def render(self, markup: Markup) -> str:
        return f"Take {role(markup, 'download', self.path)}."


@dataclass
class Quote(Block):
    """A file shown as code, with its caption."""

    path: str

    def render(self, markup: Markup) -> str:
        return directive(markup, f"literalinclude {self.path}", language="text")


@dataclass
class Broken(Block):
    """Something that Sphinx warns about while it reads the page."""

    serial: int

    def render(self, markup: Markup) -> str:
        return directive(markup, f"unknown-{self.serial}", "Nobody reads this.")
