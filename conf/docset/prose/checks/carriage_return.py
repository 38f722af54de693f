"""Lines end with a line feed alone, without a carriage return.

With both, git shows every line as changed, and what a reader copies does not run in a shell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "Markup.CarriageReturn"
LEVEL = "error"

FIRING = (
    Case("# One\n\nWords.\r\n"),
    Case("# One\r\n\r\nWords.\r\n"),
    Case("# One\n\nOne\rtwo.\n"),
    Case("# One\n\n```console\n$ ls\r\n```\n"),
)
SILENT = (Case("# One\n\nWords.\n"), Case("# One\n\nA line ends with `\\r\\n` there.\n"))


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield the first carriage return, with the number of all: one setting mends them together."""
    text = site.sources[page.path].text
    if number := text.count("\r"):
        before = text[: text.index("\r")]
        column = len(before) - before.rfind("\n")
        times = "once" if number == 1 else f"{number} times"
        message = f"a carriage return, {times} in this page: save it with line feeds (LF) alone"
        yield Finding(before.count("\n") + 1, column, message)
