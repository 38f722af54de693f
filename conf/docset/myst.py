"""MyST as it is read for the fences of a page and for what a page says."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["DIRECTIVE", "HOLDS_MARKDOWN", "body_of", "parser"]

DIRECTIVE = re.compile(r"\{([^\s}]+)\}\s*(.*)")
"""The information of a fence that is a directive: its name and its argument."""

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
def parser(extensions: frozenset[str]) -> MarkdownIt:
    """Return MyST's own parser with these extensions."""
    return create_md_parser(
        MdParserConfig(enable_extensions=set(extensions)), lambda _: RendererHTML()
    )


def body_of(token: Token, argument: str) -> tuple[str, int]:
    """Return what is in a directive below its options, and how many lines are above that."""
    if token.type == "colon_fence" and token.content.startswith(":::"):
        return token.content, 0
    # TestDirective takes any option and any argument.
    parsed = parse_directive_text(TestDirective, argument, token.content)
    return "".join(f"{line}\n" for line in parsed.body), parsed.body_offset
