"""The title of an explanation begins with "About"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Explanation.Title"
LEVEL = "error"
MODES = ("explanation",)

FIRING = (
    Case("# How servers work\n", "explanation"),
    Case("# About\n", "explanation"),
)
SILENT = (
    Case("# About servers\n", "explanation"),
    Case("# Explanations\n\n```{toctree}\none\n```\n", "explanation"),
    Case("# Servers\n", "reference"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield the title when it begins with another word."""
    title = next(page.prose("heading"), None)
    if title and not page.is_index and not title.source.startswith("About "):
        yield title.finding("name what it discusses: 'About' and the subject")
