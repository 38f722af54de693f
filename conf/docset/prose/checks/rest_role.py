"""A role is written as in MyST, not as in reStructuredText."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.RestRole"
LEVEL = "error"

FIRING = (
    Case("# One\n\nSee :ref:`one`.\n"),
    Case("# One\n\nSee :py:mod:`venv` there.\n"),
    Case("# One\n\n- See `one`:ref:.\n"),
)
SILENT = (
    Case("# One\n\nSee {ref}`one`.\n"),
    Case("# One\n\nTwo words: `one`.\n"),
    Case("# One\n\nType `:ref:`.\n"),
    Case("# One\n\nThe time is 12:30:`a`.\n"),
)

_BEFORE = re.compile(r"(?<![\w:]):([a-z][\w:+.-]*):\Z")
_AFTER = re.compile(r":([a-z][\w+.-]*):(?!\w)")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each role between colons."""
    for prose in page.prose():
        for span in spans(prose.source):
            before = _BEFORE.search(prose.source, 0, span.start)
            if found := before or _AFTER.match(prose.source, span.end):
                message = f"write '{{{found[1]}}}`{span.content}`'"
                yield prose.found(min(found.start(), span.start), message)
