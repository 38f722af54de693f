"""Reads a page of MyST into its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import yaml

from docset.fences import Fence, fence_of
from docset.myst import BLOCKS, LITERAL, Fenced, fenced, parser
from docset.prose.inline import prose_of
from docset.prose.page import Code, Comment, Directive, Heading, Label, Numbered, Page, Part, Prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

__all__ = ["read"]

# Directives whose argument is a title that readers see.
_TITLED = frozenset(
    {
        "admonition",
        "attention",
        "card",
        "caution",
        "csv-table",
        "danger",
        "dropdown",
        "error",
        "grid-item-card",
        "group-tab",
        "hint",
        "important",
        "list-table",
        "note",
        "rubric",
        "seealso",
        "sidebar",
        "tab",
        "tab-item",
        "table",
        "tip",
        "topic",
        "warning",
    }
)
# What the words inside a token are.
_KINDS = {
    "heading_open": "heading",
    "th_open": "cell",
    "td_open": "cell",
    "dt_open": "term",
    "dd_open": "definition",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "fieldlist_name_open": "term",
    "fieldlist_body_open": "definition",
}
# A file, and what is done to it: "settings.py", "settings.py (add at the end)".
_FILE = re.compile(r"\S+(?: \([^()]+\))?")
# Why a block is not run: ``docset.pages.notes`` shows it below the block.
_REASON = re.compile(r"\s*test\s*:\s*skip\s*:\s*(\S.*?)\s*")
# The one in C is ten times as fast, and may be missing.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What stands on lines of its own and is no block for the comment above it.
_NO_BLOCK = frozenset({"inline", "myst_line_comment", "myst_target"})


def read(path: str, text: str, *, root: str = "", mode: str = "", docname: str = "") -> Page:
    """Read a page of that path; nothing is raised, for whatever its text is."""
    reader = _Reader(text.split("\n"))
    reader.read(text, 0, ())
    blocks = tuple(sorted(reader.blocks, key=lambda block: (block[0], -block[1])))
    parts, fences = tuple(reader.parts), tuple(reader.fences)
    return Page(path, root, mode, docname, text, reader.front_matter, parts, blocks, fences)


@dataclass
class _Reader:
    lines: Sequence[str]
    parts: list[Part] = field(default_factory=list)
    blocks: list[tuple[int, int]] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    front_matter: dict[str, Any] = field(default_factory=dict)
    # Up to where each line has been read: the cells of a table share one.
    read_up_to: dict[int, int] = field(default_factory=dict)

    def read(self, text: str, offset: int, inside: tuple[Directive, ...]) -> None:
        """Read Markdown whose first line is line ``offset + 1`` of the page."""
        around: list[str] = []
        # The words of a block are read here, with their columns, which the parser does not know.
        for token in parser(BLOCKS, inline=False).parse(text):
            line = offset + (token.map[0] if token.map else 0) + 1
            if token.map and token.type not in _NO_BLOCK:
                self.blocks.append((line, offset + max(token.map[1], token.map[0] + 1)))
            if token.nesting == 1:
                around.append(token.type)
            elif token.nesting == -1:
                around.pop()
            self._token(token, line, around, inside)

    def _token(
        self, token: Token, line: int, around: Sequence[str], inside: tuple[Directive, ...]
    ) -> None:
        match token.type:
            case "inline":
                self._prose(token.content, line, _kind(around, inside), inside)
            case "heading_open":
                source = self._line(line)
                heading = Heading(line, self._column(line), inside, int(token.tag[1:]), source)
                self.parts.append(heading)
            case "myst_target":
                self.parts.append(Label(line, self._column(line), inside, token.content))
            case "myst_line_comment":
                self.parts.append(Comment(line, self._column(line), inside, token.content))
                self._reasons(token.content, line, inside)
            case "ordered_list_open":
                first, after = token.map or (0, 1)
                end = line + after - first - 1
                self.parts.append(Numbered(line, self._column(line), inside, end))
            case "fence" | "colon_fence":
                self._fence(token, line, inside)
            case "code_block":
                column = self._column(line)
                code = Code(line, column, inside, "", token.content, line, column, {})
                self.parts.append(code)
            case "definition" if title := token.meta["title"]:
                # Nothing stands behind the title.
                first, after = token.map or (0, 1)
                last = line + after - first - 1
                self._prose(title, last - title.count("\n"), "tooltip", inside)
            case "front_matter":
                self._front_matter(token.content)

    def _front_matter(self, content: str) -> None:
        try:
            values = yaml.load(content, _YAML)  # noqa: S506 - it is a safe loader
        except yaml.YAMLError:
            return
        if not isinstance(values, dict):
            return
        self.front_matter = values
        for number, line in enumerate(content.split("\n"), start=2):
            if match := re.fullmatch(r"\s*[\"']?description[\"']?:\s*([\"']?)(.*?)\1\s*", line):
                self._add("description", [match[2]], [(number, match.start(2) + 1)], ())

    def _reasons(self, comment: str, line: int, inside: tuple[Directive, ...]) -> None:
        for number, text in enumerate(comment.split("\n"), start=line):
            if match := _REASON.fullmatch(text):
                self._prose(match[1], number, "reason", inside)

    def _fence(self, token: Token, line: int, inside: tuple[Directive, ...]) -> None:
        held, column = fenced(token), self._column(line)
        first, after = token.map or (0, 1)
        self.fences.append(fence_of(token, held.directive, self.lines, line - 1 - first))
        options = {key: str(value or "") for key, value in held.options.items()}
        body_line = line + held.above
        if held.is_code:
            place = (line, column, inside)
            code = Code(*place, held.language, held.body, body_line, column, options)
            self.parts.append(code)
            self._words_of_code(code, held)
            return
        end = line + after - first - 1
        name, argument = held.directive, held.argument
        directive = Directive(
            line, column, inside, name, argument, options, held.body, token.markup, end
        )
        self.parts.append(directive)
        self._words_of(directive, body_line)
        self._body(directive, body_line)

    def _words_of_code(self, code: Code, held: Fenced) -> None:
        """Read the title of a tab of code, and a caption that is more than the name of a file."""
        _, *title = held.argument.split(maxsplit=1) or [""]
        if held.directive == "code-tab" and title:
            self._prose(title[0], code.line, "label", code.inside)
        if not _FILE.fullmatch(code.options.get("caption", "")):
            self._option("caption", "title", code, code.body_line, code.inside)

    def _words_of(self, directive: Directive, body_line: int) -> None:
        """Read the words that stand in the head of a directive."""
        inside = (*directive.inside, directive)
        if directive.argument and directive.name in _TITLED:
            self._prose(directive.argument, directive.line, "title", inside)
        self._option("alt", "alternative", directive, body_line, inside)
        if directive.name == "toctree":
            self._option("caption", "label", directive, body_line, inside)
        elif not _FILE.fullmatch(directive.options.get("caption", "")):
            self._option("caption", "title", directive, body_line, inside)

    def _option(
        self,
        name: str,
        kind: str,
        part: Code | Directive,
        body_line: int,
        inside: tuple[Directive, ...],
    ) -> None:
        """Read the words of an option, which stand between the first line and the body."""
        if value := part.options.get(name, ""):
            lines = range(part.line + 1, max(body_line, part.line + 2))
            named = (number for number in lines if f"{name}:" in self._line(number))
            self._prose(value, next(named, part.line), kind, inside)

    def _body(self, directive: Directive, line: int) -> None:
        inside = (*directive.inside, directive)
        if directive.name == "glossary":
            self._glossary(directive.body, line, inside)
        elif directive.name not in LITERAL:
            self.read(directive.body, line - 1, inside)

    def _glossary(self, body: str, offset: int, inside: tuple[Directive, ...]) -> None:
        """Read terms, each with its definition indented below it."""
        for number, text in enumerate(body.split("\n"), start=offset):
            if text.strip():
                kind = "definition" if text[0].isspace() else "term"
                self._prose(text.strip(), number, kind, inside)

    def _prose(self, content: str, line: int, kind: str, inside: tuple[Directive, ...]) -> None:
        texts = [text.strip() for text in content.split("\n")]
        starts: list[tuple[int, int]] = []
        for position, text in enumerate(texts):
            column, texts[position] = self._locate(line + position, text, kind)
            starts.append((line + position, column))
        self._add(kind, texts, starts, inside)

    def _add(
        self,
        kind: str,
        texts: Sequence[str],
        starts: Sequence[tuple[int, int]],
        inside: tuple[Directive, ...],
    ) -> None:
        source = "\n".join(texts)
        text, roles, links = prose_of(source)
        if source:
            line, column = starts[0]
            prose = Prose(line, column, inside, kind, source, text, tuple(starts), roles, links)
            self.parts.append(prose)
            self._tooltips(prose)

    def _tooltips(self, prose: Prose) -> None:
        for link in prose.links:
            if link.title:
                # A mark and a parenthesis stand behind it.
                start = link.end - 2 - len(link.title)
                texts = link.title.split("\n")
                lengths = accumulate((len(text) + 1 for text in texts[:-1]), initial=start)
                self._add("tooltip", texts, [prose.at(place) for place in lengths], prose.inside)

    def _locate(self, line: int, text: str, kind: str) -> tuple[int, str]:
        """Return the column of a text in a line, and the text as it stands there."""
        source = self._line(line)
        after = self.read_up_to.get(line, 0) if kind == "cell" else 0
        for written in (text, text.replace("|", "\\|")):
            # All but a cell or a heading ends its line, where a marker or a mark may precede it.
            find = source.find if kind in ("cell", "heading") else source.rfind
            start = find(written, after)
            if start >= 0:
                self.read_up_to[line] = start + len(written)
                return start + 1, written
        return 1, text

    def _line(self, line: int) -> str:
        return self.lines[line - 1] if line <= len(self.lines) else ""

    def _column(self, line: int) -> int:
        source = self._line(line)
        return len(source) - len(source.lstrip()) + 1


def _kind(around: Sequence[str], inside: Sequence[Directive]) -> str:
    for opened in reversed(around):
        if opened in _KINDS:
            return _KINDS[opened]
    return "caption" if inside and inside[-1].name == "figure" else "paragraph"
