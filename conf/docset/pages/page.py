"""A page as the tests see it: its code blocks and hidden preparations, with exact lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from docset.myst import BLOCKS, LITERAL, Fenced, fenced, parser
from docset.pages.faults import Fault
from docset.pages.metadata import Metadata, Preparation, read_comment
from docset.pages.quotes import Quote, QuoteError, Quotes, read_quote
from docset.pages.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from markdown_it.token import Token

__all__ = ["Block", "Page", "read_page"]


@dataclass(frozen=True)
class Block:
    """A code block.

    ``line`` is where its fence opens, ``body_line`` where its first line of code stands.
    For a quotation, ``body_line`` is the line of the quoted file where the text begins.
    ``indent`` is how much stands before each line of the text, as in a list.
    """

    language: str
    body: str
    line: int
    body_line: int
    caption: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    quote: Quote | None = None
    indent: int = 0

    def fault(self, line: int, rule: Rule, message: str, column: int = 1) -> Fault:
        """Return a fault at a line of the block's text, which counts from 1."""
        line += self.body_line - 1
        if self.quote is None:
            return Fault(line, rule, message, column + self.indent)
        return Fault(self.line, rule, f"{self.quote.file}:{line}: {message}")


@dataclass(frozen=True)
class Page:
    """The runnable parts of a page in reading order, and what is wrong with its form."""

    path: Path
    text: str
    parts: tuple[Block | Preparation, ...]
    faults: tuple[Fault, ...]


def read_page(path: Path, quotes: Quotes) -> Page:
    """Read a MyST page; faults of form are collected, not raised."""
    text = path.read_text("utf-8")
    reader = _Reader(path.parent, quotes, text.split("\n"))
    reader.read(text, 0)
    return Page(path, text, tuple(reader.parts), tuple(sorted(reader.faults)))


# Code in another coat: the tests would pass it by.
_UNREADABLE: Mapping[str, str] = MappingProxyType(
    {
        "code-cell": "use a fenced block with a language",
        "doctest": "use a fenced block with a language",
        "eval-rst": "write it in MyST",
        "include": "write it on the page, or quote code with literalinclude",
        "parsed-literal": "use a fenced block with a language",
        "prompt": "use a console block",
        "testcode": "use a fenced block with a language",
    }
)


@dataclass
class _Reader:
    folder: Path
    quotes: Quotes
    lines: Sequence[str]
    parts: list[Block | Preparation] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # Metadata that waits for its block, and the line where it stands.
    waiting: dict[str, object] = field(default_factory=dict)
    waiting_line: int = 0

    def read(self, text: str, offset: int) -> None:
        """Read Markdown whose first line is line ``offset + 1`` of the page."""
        for token in _blocks(parser(BLOCKS).parse(text)):
            line = offset + (token.map[0] if token.map else 0) + 1
            if token.type == "myst_line_comment":
                self._comment(token.content, line)
            elif token.type in ("fence", "colon_fence"):
                self._fence(token, line)
            elif token.type == "code_block":
                message = "indented code has no language: use a fenced block"
                self._fault(line, Rule.MARKUP, message)
            elif token.type == "html_block" and "<pre" in token.content:
                message = "the tests do not read <pre>: use a fenced block with a language"
                self._fault(line, Rule.MARKUP, message)
            else:
                self._nothing_waits()
        self._nothing_waits()

    def _fault(self, line: int, rule: Rule, message: str) -> None:
        self.faults.append(Fault(line, rule, message))

    def _nothing_waits(self) -> None:
        if self.waiting:
            message = "this test comment has no code block right below it"
            self._fault(self.waiting_line, Rule.COMMENT, message)
            self.waiting = {}

    def _comment(self, text: str, line: int) -> None:
        values, preparations, faults = read_comment(text, line)
        self.parts += preparations
        self.faults += faults
        if values and not self.waiting:
            self.waiting_line = line
        for key in values.keys() & self.waiting.keys():
            self._fault(line, Rule.COMMENT, f"the key {key!r} stands twice above one block")
        self.waiting |= values

    def _fence(self, token: Token, line: int) -> None:
        held = fenced(token, line)
        if held.directive in _UNREADABLE:
            message = f"the tests do not read {{{held.directive}}}: {_UNREADABLE[held.directive]}"
            self._fault(line, Rule.MARKUP, message)
        elif held.directive == "literalinclude":
            self._quote(held.argument, token.content, line)
        elif held.is_code:
            self._code(held, line)
        else:
            self._nothing_waits()
            if held.directive not in LITERAL:
                self._mistakes(held, line)
                self.read(held.body, line - 1 + held.above)

    def _mistakes(self, held: Fenced, line: int) -> None:
        for message, at in held.mistakes:
            self._fault(at or line, Rule.MARKUP, message)

    def _code(self, held: Fenced, line: int) -> None:
        self._mistakes(held, line)
        caption = str(held.options.get("caption") or "").replace("`", "").strip()
        first = line + held.above
        indent = self._indent(held.body, first)
        self._block(Block(held.language, held.body, line, first, caption, indent=indent))

    def _indent(self, body: str, first: int) -> int:
        """Return how much stands before the text of a block whose first line is there."""
        for text, line in zip(body.splitlines(), self.lines[first - 1 :], strict=False):
            if text.strip():
                return len(line.rstrip()) - len(text.rstrip())
        return 0

    def _quote(self, argument: str, content: str, line: int) -> None:
        try:
            quote = read_quote(argument, content, self.folder, self.quotes)
        except QuoteError as error:
            self.waiting = {}
            self._fault(line, Rule.QUOTE, str(error))
            return
        caption = quote.caption.replace("`", "").strip()
        self._block(Block(quote.language, quote.text, line, quote.first, caption, quote=quote))

    def _block(self, block: Block) -> None:
        metadata = Metadata(**self.waiting)  # type: ignore[arg-type]
        self.waiting = {}
        self.parts.append(replace(block, metadata=metadata))


def _blocks(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens that start something on the page."""
    return (token for token in tokens if token.nesting >= 0 and token.type != "inline")
