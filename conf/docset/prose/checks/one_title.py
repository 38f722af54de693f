"""A page has exactly one heading of level 1, and it is the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Finding, Heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "Beginner.OneTitle"
LEVEL = "error"

FIRING = (
    Case("# One\n\nText.\n\n# Two\n"),
    Case("Text without a title.\n"),
    Case("## Too deep\n\n# The title\n"),
)
SILENT = (Case("# One\n\n## Two\n\n```console\n# no title, but a comment\n```\n"),)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield every title but the first, and that there is none."""
    headings = list(page.of(Heading))
    titles = [heading for heading in headings if heading.level == 1]
    if not titles:
        yield Finding(1, 1, "the page has no title: begin with '# ' and its name")
    elif headings[0].level != 1:
        yield headings[0].finding("a heading stands above the title: move the title to the top")
    for title in titles[1:]:
        yield title.finding("a second title: use '## ' for a section, or make a page of it")
