"""No line ends with a hyphen: readers would see a blank after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.DanglingHyphen"
LEVEL = "error"

FIRING = (Case("# One\n\nA well-\nknown server.\n"),)
SILENT = (
    Case("# One\n\nA well-known\nserver.\n"),
    Case("# One\n\nOne -\ntwo.\n"),
    Case("# One\n\nOne or two --\nthree.\n"),
    Case("# One\n\n```text\nwell-\nknown\n```\n"),
)

_HYPHEN = re.compile(r"(?<=[^\W\d_])-[ \t]*\n")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each hyphen at the end of a line that another line follows."""
    for prose in page.prose():
        for match in _HYPHEN.finditer(prose.text):
            yield prose.found(match.start(), "join the word with its other half in the next line")
