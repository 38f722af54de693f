"""A tutorial has no box that warns: its steps cannot go wrong in a way that hurts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Tutorials.NoWarnings"
LEVEL = "error"
MODES = ("tutorials",)

_BOX = "# One\n\n:::{warning}\nThis command deletes the data.\n:::\n"
FIRING = (
    Case(_BOX, "tutorials"),
    Case("# One\n\n1. We start.\n\n   ```{danger}\n   The data is gone.\n   ```\n", "tutorials"),
)
SILENT = (
    Case("# One\n\n:::{note}\nThis command changes a copy.\n:::\n", "tutorials"),
    Case("# One\n\n````markdown\n:::{warning}\nWords.\n:::\n````\n", "tutorials"),
    Case(_BOX, "how-to"),
)

_WARNINGS = ("attention", "caution", "danger", "warning")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each box that warns."""
    for directive in page.of(Directive):
        if directive.name in _WARNINGS:
            yield directive.finding("change the step so that it is safe, and remove the warning")
