"""MyST as every reader of pages sees it: the parser, and what a fence holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["BLOCKS", "HOLDS_MARKDOWN", "LITERAL", "Fenced", "fenced", "parser"]

BLOCKS = frozenset({"attrs_block", "colon_fence", "deflist", "fieldlist", "tasklist"})
"""The extensions that change how a page falls into blocks."""

CODE = frozenset({"code-block", "code", "sourcecode", "code-tab"})
"""Directives that hold code, and name its language in their argument."""

LITERAL = frozenset(
    {
        *("code-cell", "doctest", "literalinclude", "parsed-literal", "prompt", "testcode"),
        *("csv-table", "eval-rst", "graphviz", "math", "mermaid", "raw", "toctree"),
    }
)
"""Other directives whose body is no Markdown."""

_DIRECTIVE = re.compile(r"\{([^\s}]+)\}\s*(.*)")

HOLDS_MARKDOWN = frozenset(
    {
        *("admonition", "attention", "caution", "danger", "error", "hint", "important", "note"),
        *("seealso", "sidebar", "tip", "topic", "warning"),
        *("card", "dropdown", "grid", "grid-item", "grid-item-card"),
        *("group-tab", "tab", "tab-item", "tab-set", "tabs"),
        *("container", "only"),
    }
)
"""Directives whose body is Markdown and nothing else."""


@cache
def parser(extensions: frozenset[str], *, inline: bool = True) -> MarkdownIt:
    """Return MyST's own parser with these extensions; without ``inline`` it leaves lines whole."""
    config = MdParserConfig(enable_extensions=set(extensions))
    made = create_md_parser(config, lambda _: RendererHTML())
    # The definition of a link becomes a token, for its title has words.
    made.options["inline_definitions"] = True
    return made if inline else made.disable("inline")


@dataclass(frozen=True)
class Fenced:
    """What a fence holds: code, or the content of a directive."""

    directive: str
    """The name of the directive; empty for a fence without one."""
    argument: str
    """What follows the name of the directive, or all that stands behind a fence without one."""
    body: str
    above: int
    """How many lines of the fence stand above the body: the one that opens it, and options."""
    options: Mapping[str, Any] = field(default_factory=dict)
    mistakes: Sequence[tuple[str, int | None]] = ()
    """What is wrong with the options: a message and its line, where one is known."""

    @property
    def is_code(self) -> bool:
        """Whether it is code, with or without a directive."""
        return not self.directive or self.directive in CODE

    @property
    def language(self) -> str:
        """The language of code; what follows it, as behind a ``code-tab``, is a title."""
        return self.argument.split(maxsplit=1)[0] if self.argument else ""


def fenced(token: Token, line: int = 0) -> Fenced:
    """Return what the fence of a token holds; mistakes count from its line."""
    info = token.info.strip()
    if not (match := _DIRECTIVE.fullmatch(info)):
        return Fenced("", info, token.content, 1)
    name, argument = match.groups()
    # TestDirective takes any option and any argument.
    parsed = parse_directive_text(TestDirective, argument, token.content, line=line)
    body = "".join(f"{text}\n" for text in parsed.body)
    mistakes = [(warning.msg, warning.lineno) for warning in parsed.warnings]
    return Fenced(name, argument, body, 1 + parsed.body_offset, parsed.options, mistakes)
