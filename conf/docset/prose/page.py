"""A page as the checks see it: its parts in reading order, each with its line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docset.fences import Fence
    from docset.prose.inline import Link, Role

__all__ = [
    "ADMONITIONS",
    "Code",
    "Comment",
    "Directive",
    "Finding",
    "Heading",
    "Label",
    "Numbered",
    "Page",
    "Part",
    "Prose",
]

ADMONITIONS = frozenset(
    {
        "admonition",
        "attention",
        "caution",
        "danger",
        "deprecated",
        "error",
        "hint",
        "important",
        "note",
        "seealso",
        "tip",
        "todo",
        "versionadded",
        "versionchanged",
        "warning",
    }
)
"""The directives that draw a box around words."""


@dataclass(frozen=True)
class Finding:
    """What a check says about a place of a page."""

    line: int
    column: int
    message: str
    """What is wrong and what to write instead, in one line."""


@dataclass(frozen=True)
class Part:
    """A part of a page; lines and columns count from 1."""

    line: int
    column: int
    inside: tuple[Directive, ...]
    """The directives around it, the outermost first."""

    def finding(self, message: str) -> Finding:
        """Return that a check found this at the beginning of the part."""
        return Finding(self.line, self.column, message)


@dataclass(frozen=True)
class Label(Part):
    """A label above what it names: ``(name)=``."""

    name: str


@dataclass(frozen=True)
class Comment(Part):
    """Lines that begin with ``%``."""

    text: str


@dataclass(frozen=True)
class Heading(Part):
    """A heading; its words follow it as prose."""

    level: int
    source: str


@dataclass(frozen=True)
class Numbered(Part):
    """A numbered list; its items follow it as prose."""

    end_line: int


@dataclass(frozen=True)
class Code(Part):
    """A block of code, as a fence or as a directive such as ``code-block``."""

    language: str
    body: str
    body_line: int
    body_column: int
    options: Mapping[str, str]

    def found(self, number: int, start: int, message: str) -> Finding:
        """Return that a check found this at a character of a line of the body, from 0."""
        return Finding(self.body_line + number, self.body_column + start, message)


@dataclass(frozen=True)
class Directive(Part):
    """A directive that is not code; what is inside follows it."""

    name: str
    argument: str
    options: Mapping[str, str]
    body: str
    fence: str
    """What it begins with: three or more backticks or colons."""
    end_line: int

    @property
    def is_admonition(self) -> bool:
        """Whether it draws a box around words."""
        return self.name in ADMONITIONS


@dataclass(frozen=True)
class Prose(Part):
    """Words in one place: a paragraph, a cell, a title."""

    kind: str
    """``paragraph``, ``item``, ``cell``, ``term``, ``definition``, ``heading``, ``quote``,
    ``caption`` (of a figure), ``title`` (the argument of a directive, the caption of code),
    ``label`` (of a toctree or of a tab of code), ``alternative`` (of a picture), ``tooltip`` (the
    title of a link, or of the definition of one), ``reason`` (why a block is not run) or
    ``description`` (in the front matter).
    """
    source: str
    text: str
    """The source without what is no word: spaces for marks, ``OBJECT`` for code and the like."""
    starts: tuple[tuple[int, int], ...]
    """The line and column where each line of the text begins."""
    roles: tuple[Role, ...]
    links: tuple[Link, ...]

    def is_linked(self, index: int) -> bool:
        """Whether a character of the text is in the title of a role or in the words of a link."""
        return any(role.start <= index < role.end for role in self.roles) or any(
            link.start <= index < link.end for link in self.links
        )

    def at(self, index: int) -> tuple[int, int]:
        """Return the line and column of a character of the text."""
        number = self.text.count("\n", 0, index)
        line, column = self.starts[number]
        return line, column + index - (self.text.rfind("\n", 0, index) + 1)

    def found(self, index: int, message: str) -> Finding:
        """Return that a check found this at a character of the text."""
        return Finding(*self.at(index), message)


Kind = TypeVar("Kind", bound=Part)


@dataclass(frozen=True)
class Page:
    """A page and its parts in reading order."""

    path: str
    """Relative to the project's directory."""
    root: str
    mode: str
    """The Diátaxis mode of its root; empty when the root has none."""
    docname: str
    """The path in its root without the suffix, such as ``guides/install``."""
    text: str
    front_matter: Mapping[str, Any]
    parts: tuple[Part, ...]
    blocks: tuple[tuple[int, int], ...]
    """The first and the last line of each block at any depth, from the outer to the inner."""
    fences: tuple[Fence, ...]
    """Every fence, in the order in which they open."""

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        """Yield the parts of one kind."""
        return (part for part in self.parts if isinstance(part, kind))

    def prose(self, *kinds: str) -> Iterator[Prose]:
        """Yield the prose of these kinds, or all of it."""
        return (part for part in self.of(Prose) if not kinds or part.kind in kinds)

    def lines_of(self, language: str) -> frozenset[int]:
        """Return the numbers of the lines of all code in a language."""
        return frozenset(
            code.body_line + number
            for code in self.of(Code)
            if code.language == language
            for number in range(code.body.count("\n"))
        )

    @property
    def title(self) -> Heading | None:
        """The first heading of level 1."""
        return next((heading for heading in self.of(Heading) if heading.level == 1), None)

    @property
    def is_index(self) -> bool:
        """Whether it leads to other pages: it has a ``toctree``."""
        return any(directive.name == "toctree" for directive in self.of(Directive))

    def top(self, message: str) -> Finding:
        """Return a finding about the page as a whole, which stands at its title."""
        title = self.title
        return title.finding(message) if title else Finding(1, 1, message)
