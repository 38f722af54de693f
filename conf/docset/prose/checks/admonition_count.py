"""A page has at most three admonitions.

Where much is marked, nothing stands out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Beginner.AdmonitionCount"
LEVEL = "warning"
MOST = 3

_BOX = ":::{note}\nThe server is slow on Monday.\n:::\n\nMore words.\n\n"
FIRING = (Case(f"# One\n\n{_BOX * 4}"),)
SILENT = (Case(f"# One\n\n{_BOX * 3}"), Case("# One\n\n" + ":::{card} Title\nWords.\n:::\n\n" * 4))


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each admonition after the third."""
    boxes = [directive for directive in page.of(Directive) if directive.is_admonition]
    for number, box in enumerate(boxes[MOST:], start=MOST + 1):
        yield box.finding(f"box {number} of this page, {MOST} are the most: make it a sentence")
