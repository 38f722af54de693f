"""Each sentence has a line of its own, and is not broken.

A change then shows the sentence that changed, and an alert of a linter speaks of one sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.inline import OBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "All.OneSentencePerLine"
LEVEL = "error"

FIRING = (
    Case("# One\n\nThe server starts. It listens.\n"),
    Case("# One\n\n- It starts `web`. `web` listens.\n"),
    Case("# One\n\nThe server starts and\nlistens.\n"),
    Case("# One\n\n:::{note}\nDoes it start? It does.\n:::\n"),
)
SILENT = (
    Case("# One\n\nThe server starts.\nIt listens.\n"),
    Case("# One\n\nIt needs Python 3.11 or newer, e.g. 3.13.\n\n1. One. or two\n"),
    Case("# One\n\n| The server starts. It listens. |\n|---|\n| a. B. |\n"),
    Case("# One\n\n```text\nIt starts. It listens.\n```\n"),
    Case("# One\n\nIt prints two lines:\none and another.\n\n{ref}`one`\n: It starts...\n"),
)

_END = r"""(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\betc)[.!?]["')\]*_]*"""
_TWO = re.compile(rf"""{_END}[^\S\n]+(?=["'(\[]*[A-Z{OBJECT}])""")
_OPEN = re.compile(r"[^.!?:;…\s][^\S\n]*\n")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each second sentence of a line, and each line that goes on in the next."""
    for prose in page.prose("paragraph", "item", "definition", "quote", "caption"):
        for match in _TWO.finditer(prose.text):
            yield prose.found(match.end(), "a second sentence in this line: begin a new line here")
        for match in _OPEN.finditer(prose.text):
            if not prose.source[: match.end()].rstrip("\n").endswith("\\"):
                yield prose.found(match.end(), "the sentence goes on in this line: join the two")
