"""A directive has a fence, and its name stands between braces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import ADMONITIONS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.fences import Fence
    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "Markup.DirectiveMissingBraces"
LEVEL = "error"

FIRING = (
    Case("# One\n\n```note\nWords.\n```\n"),
    Case("# One\n\n:::note\nWords.\n:::\n"),
    Case("# One\n\n:::\nWords.\n:::\n"),
    Case("# One\n\n{note}\nWords.\n"),
    Case("# One\n\n::{note}\nWords.\n::\n"),
    Case("# One\n\n``{note}\nWords.\n``\n"),
    Case("# One\n\n```{note\nWords.\n```\n"),
    Case("# One\n\n```note}\nWords.\n```\n"),
    Case("# One\n\n```card} Title\nWords.\n```\n"),
    Case("# One\n\n::: {note}\n:::note\nWords.\n:::\n:::\n"),
)
SILENT = (
    Case("# One\n\n```{note}\nWords.\n```\n"),
    Case("# One\n\n:::{note}\nWords.\n:::\n"),
    Case("# One\n\n```python\nnote = 1\n```\n"),
    Case("# One\n\n```python {.wide}\nnote = 1\n```\n"),
    Case("# One\n\n{ref}`one` is a page.\n"),
    Case("# One\n\n{.wide}\nWords.\n"),
    Case("# One\n\n````markdown\n:::note\n:::\n````\n"),
)

DIRECTIVES = frozenset(
    {
        *ADMONITIONS,
        *("card", "code-block", "dropdown", "figure", "glossary", "grid", "image", "list-table"),
        *("literalinclude", "tab-item", "tab-set", "toctree"),
    }
)
"""Names that are no language of a code block."""

_BRACES = re.compile(r"\{[^\s{}]+\}")
_NO_FENCE = re.compile(r"(?:`{1,2}|:{1,2})?(?P<name>\{[a-z][\w:-]*\})(?=\s|\Z)")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each fence whose directive has no braces, and each directive without a fence."""
    for fence in page.fences:
        name = fence.info.strip("{}").split(maxsplit=1)[:1]
        if _is_code(fence) or _BRACES.match(fence.info):
            continue
        wanted = f"{{{name[0] if name else 'note'}}}"
        yield Finding(fence.line, fence.column, f"write '{fence.marker}{wanted}', with both braces")
    for prose in page.prose("paragraph", "item", "quote"):
        if match := _NO_FENCE.match(prose.source):
            yield prose.finding(f"write ':::{match['name']}' above what it holds and ':::' below")


def _is_code(fence: Fence) -> bool:
    info = fence.info.partition(" ")[0]
    is_bare = info not in DIRECTIVES and not set(info) & {"{", "}"}
    return not fence.marker.startswith(":") and is_bare
