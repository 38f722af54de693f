"""The prose in a line of MyST: the words stay where they are, and all else becomes blank.

A check then searches words, and what it finds has the column that it has in the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["OBJECT", "Link", "Role", "prose_of"]

OBJECT = "\ufffc"
"""Stands for each character of what is no word of the page: code, an address, a bare role."""

# Roles whose content is what the reader reads.
_TEXT = frozenset({"abbr", "dfn", "guilabel", "term"})

_NOT_PROSE = re.compile(
    r"""
      \\(?P<escape>[^\w\s])
    | \{(?P<role>[A-Za-z][\w:+.-]*)\}(?P<ticks>`+)(?P<content>.+?)(?<!`)(?P=ticks)(?!`)
    | (?<!`)(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)
    | <!--.*?-->
    | <(?P<address>[a-z][a-z0-9+.-]*:[^<>\s]*|[^<>\s@]+@[^<>\s]+)>
    | </?[A-Za-z][^<>]*>
    | (?P<bare>https?://[^\s<>)\]]*[^\s<>)\].,:;!?])
    | \](?P<target>\((?:[^()\s]|\([^()]*\))*(?:\s+(?:"[^"]*"|'[^']*'))?\)|\[[^\]\s]*\])
    | !?\[
    | \]
    | \{\{(?P<substitution>.*?)\}\}
    | \{[.\#%][^{}]*\}
    | \*+
    | (?<!\w)_+(?=\w) | (?<=\w)_+(?!\w)
    | \\(?=\n)
    """,
    re.VERBOSE | re.DOTALL,
)
# What begins any of these: most lines have none.
_MARK = re.compile(r"[\\{`<\[\]*_]|://")
_TITLED = re.compile(r"(?P<title>.+?)\s*(?<!\\)<(?P<target>[^<>]+)>", re.DOTALL)


@dataclass(frozen=True)
class Role:
    """A role such as ``{ref}`title <target>```, and where its title stands in the text."""

    name: str
    """As it is written, such as ``external+reference:term``."""
    target: str
    title: str
    """The words of the page that it shows; empty when it shows those of its target."""
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The last part of the name: ``term`` for ``external+reference:term``."""
        return self.name.rpartition(":")[2]


@dataclass(frozen=True)
class Link:
    """A link that is no role, and where its words stand in the text."""

    target: str
    start: int
    end: int
    title: str = ""
    """What readers see when they point at it."""


def prose_of(source: str) -> tuple[str, tuple[Role, ...], tuple[Link, ...]]:
    """Return the words of inline MyST, each at its place, and its roles and links.

    The text is as long as the source and has its line breaks.
    """
    if not _MARK.search(source):
        return source, (), ()
    text = list(source)
    roles: list[Role] = []
    brackets: list[int] = []
    links: list[Link] = []
    for match in _NOT_PROSE.finditer(source):
        if match["role"]:
            roles.append(role := _role(match))
            _blank(text, match.start(), match.end(), " " if role.title else OBJECT)
            if role.title:
                text[role.start : role.end] = source[role.start : role.end]
        elif match["escape"]:
            text[match.start()] = " "
        else:
            seen = match["code"] or match["address"] or match["bare"] or match["substitution"]
            _blank(text, match.start(), match.end(), OBJECT if seen else " ")
            start = _opening(match, brackets)
            target = (match["target"] or "")[1:-1] or match["address"] or match["bare"]
            if target:
                address, *title = target.split(maxsplit=1)
                links.append(Link(address, start, match.end(), "".join(title)[1:-1]))
    return "".join(text), tuple(roles), tuple(links)


def _opening(match: re.Match[str], brackets: list[int]) -> int:
    """Return where the words of a link begin; ``brackets`` are those that are open."""
    if match[0].endswith("["):
        brackets.append(match.end())
    elif match[0].startswith("]") and brackets:
        return brackets.pop()
    return match.start()


def _role(match: re.Match[str]) -> Role:
    name, content, start = match["role"], match["content"], match.start("content")
    if titled := _TITLED.fullmatch(content.rstrip()):
        return Role(name, titled["target"], titled["title"], start, start + titled.end("title"))
    shown = content if name.rpartition(":")[2] in _TEXT else ""
    return Role(name, content.lstrip("!~"), shown, start, match.end("content"))


def _blank(text: list[str], start: int, end: int, filler: str) -> None:
    text[start:end] = ["\n" if character == "\n" else filler for character in text[start:end]]
