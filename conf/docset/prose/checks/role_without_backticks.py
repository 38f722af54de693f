"""The name of a role is followed by backticks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import without_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.RoleWithoutBackticks"
LEVEL = "error"

FIRING = (
    Case("# One\n\nSee {ref}one.\n"),
    Case("# One\n\nSee {ref} `one`.\n"),
    Case("# One\n\nSee {external+python:py:mod}venv.\n"),
)
SILENT = (
    Case("# One\n\nSee {ref}`one`.\n"),
    Case("# One\n\n[words]{.wide} and {#name}\n"),
    Case("# One\n\nType `{ref}`.\n"),
    Case("# One\n\nThe set {a, b}.\n"),
    Case("# One\n\nWords.\n{% if %}\n"),
)

_ROLE = re.compile(r"(?<![\\\]`])\{[A-Za-z][\w:+.-]*\}")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each role that has nothing to refer to."""
    for prose in page.prose():
        for match in _ROLE.finditer(without_spans(prose.source)):
            # At the beginning of a paragraph it is a directive without a fence.
            if match.start() or prose.kind != "paragraph":
                yield prose.found(match.start(), f"write {match[0]}`target`, with backticks")
