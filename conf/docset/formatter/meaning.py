"""What a page says, whatever its source looks like: pages that mean the same are built alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.myst import HOLDS_MARKDOWN, fenced, parser

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["same"]


def same(before: str, after: str, extensions: frozenset[str]) -> bool:
    """Tell whether two texts are one page: only marks and blanks that MyST drops differ."""
    return before == after or _meaning(before, extensions) == _meaning(after, extensions)


def _meaning(text: str, extensions: frozenset[str]) -> list[object]:
    return [_of_token(token, extensions) for token in parser(extensions).parse(text)]


def _of_token(token: Token, extensions: frozenset[str]) -> object:
    if token.type == "inline":
        return [_of_inline(child) for child in token.children or ()]
    if token.type in {"fence", "colon_fence"}:
        return _of_fence(token, extensions)
    said = tuple(token.meta.items()) if token.type == "definition" else token.content
    return token.type, token.tag, token.hidden, tuple(token.attrs.items()), said


def _of_inline(token: Token) -> object:
    return token.type, token.tag, tuple(token.attrs.items()), token.content


def _of_fence(token: Token, extensions: frozenset[str]) -> object:
    info, held = token.info.strip(), fenced(token)
    if held.directive not in HOLDS_MARKDOWN:
        return info, token.content
    options = token.content.split("\n")[: held.above - 1]
    return info, [line for line in options if line.strip()], _meaning(held.body, extensions)
