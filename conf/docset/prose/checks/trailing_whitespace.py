"""No line ends with blanks; a break is a backslash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "Markup.TrailingWhitespace"
LEVEL = "error"

FIRING = (
    Case("# One\n\nWords. \nMore words.\n"),
    Case("# One\n\nWords.  \nMore words.\n"),
    Case("# One\n\n```text\none \n```\n"),
)
SILENT = (
    Case("# One\n\nWords.\\\nMore words.\n"),
    Case("# One\n\n```console\n$ ls\na \n```\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield the blanks at the end of each line; what a program has printed stays as it is."""
    printed = page.lines_of("console")
    for number, line in enumerate(page.text.split("\n"), 1):
        text = line.rstrip()
        if line != text and number not in printed:
            yield Finding(number, len(text) + 1, "remove the blanks at the end of the line")
