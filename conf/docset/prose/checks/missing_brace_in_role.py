"""The name of a role stands between braces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.MissingBraceInRole"
LEVEL = "error"

FIRING = (
    Case("# One\n\nSee {ref`one`.\n"),
    Case("# One\n\nSee ref}`one`.\n"),
    Case("# One\n\nSee {external+python:py:mod`venv`.\n"),
)
SILENT = (
    Case("# One\n\nSee {ref}`one`.\n"),
    Case("# One\n\nType `{ref`.\n"),
    Case("# One\n\nThe set {a, `b`}.\n"),
)

_HALF = re.compile(r"\{[A-Za-z][\w:+.-]*\Z|(?<![{\w:+.-])[A-Za-z][\w:+.-]*\}\Z")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each span that follows half of a role."""
    for prose in page.prose():
        for span in spans(prose.source):
            if not span.role and (match := _HALF.search(prose.source, 0, span.start)):
                yield prose.found(
                    match.start(), f"write '{{{match[0].strip('{}')}}}' with both braces"
                )
