"""Every fence is closed.

Without its end, a fence takes all the rest of what is around it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "Markup.UnclosedFence"
LEVEL = "error"

FIRING = (
    Case("# One\n\n```text\ncode\n"),
    Case("# One\n\n:::{note}\nWords.\n"),
    Case("# One\n\n- One.\n\n  ```text\n  code\n\nTwo.\n"),
    Case("# One\n\n````text\ncode\n```\n"),
    Case("# One\n\n```text\ncode\n\nWords.\n\n```console\n$ ls\n```\n"),
    Case("# One\n\n:::{note}\nWords.\n\n:::{tip}\nWords.\n:::\n"),
)
SILENT = (
    Case("# One\n\n```text\ncode\n```\n"),
    Case("# One\n\n:::{note}\nWords.\n:::\n"),
    Case("# One\n\n````text\n```\n````\n"),
    Case("# One\n\n::::{note}\n:::{tip}\nWords.\n:::\n::::\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each fence without an end, and each that another one's end closes."""
    lines = page.text.split("\n")
    for fence in page.fences:
        opening = re.compile(rf"[\s>]*{re.escape(fence.marker)}{fence.marker[0]}*[^\s`:].*")
        inside = lines[fence.line : fence.last - 1]
        if not fence.closing_column or any(map(opening.fullmatch, inside)):
            message = f"nothing closes this fence: write '{fence.marker}' below what it holds"
            yield Finding(fence.line, fence.column, message)
