"""No line holds a tab: editors show it in different widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "Markup.HorizontalTab"
LEVEL = "error"

FIRING = (
    Case("# One\n\nOne\ttwo.\n"),
    Case("# One\n\n```text\n\tone\n```\n"),
    Case("# One\n\n:::{note}\n\tWords.\n:::\n"),
)
SILENT = (
    Case("# One\n\nOne two.\n"),
    Case("# One\n\n```console\n$ ls\n\ta\n```\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield the first tab of each line; what a program has printed stays as it is."""
    printed = page.lines_of("console")
    for number, line in enumerate(page.text.split("\n"), 1):
        if "\t" in line and number not in printed:
            yield Finding(number, line.index("\t") + 1, "write blanks in place of the tab")
