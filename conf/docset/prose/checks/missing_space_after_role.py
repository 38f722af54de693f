"""A role does not stick to the word after it.

Readers see one word of which half is a link: the words belong into the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.MissingSpaceAfterRole"
LEVEL = "error"

FIRING = (
    Case("# One\n\nSee {ref}`one`and two.\n"),
    Case("# One\n\nTwo {term}`port`s.\n"),
)
SILENT = (
    Case("# One\n\nSee {ref}`one`, two.\n"),
    Case("# One\n\nTwo {term}`ports <port>`.\n"),
    Case("# One\n\nTwo `port`s.\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each role that a letter or a digit follows."""
    for prose in page.prose():
        for span in spans(prose.source):
            if span.role and prose.source[span.end : span.end + 1].isalnum():
                message = f"write a blank, or all of the word as {span.role}`words <target>`"
                yield prose.found(span.end, message)
