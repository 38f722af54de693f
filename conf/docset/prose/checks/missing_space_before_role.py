"""A role does not stick to the word before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.MissingSpaceBeforeRole"
LEVEL = "error"

FIRING = (
    Case("# One\n\nSee the{ref}`one`.\n"),
    Case("# One\n\n| see{term}`port` |\n|---|\n"),
)
SILENT = (
    Case("# One\n\nSee {ref}`one` and ({term}`port`).\n"),
    Case("# One\n\nType `the{ref}` or `a{b}`.\n"),
    Case("# One\n\n```text\nthe{ref}`one`\n```\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each role that follows a letter or a digit."""
    for prose in page.prose():
        for span in spans(prose.source):
            if span.role and prose.source[span.start - 1 : span.start].isalnum():
                yield prose.found(span.start, f"write a blank before {span.role}")
