"""A tutorial has no tabs.

Whoever has to choose needs to know already what the tutorial teaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Tutorials.NoTabs"
LEVEL = "error"
MODES = ("tutorials",)

_TABS = "# One\n\n::::{tabs}\n\n:::{tab} Linux\nWe open a terminal.\n:::\n\n::::\n"
FIRING = (
    Case(_TABS, "tutorials"),
    Case("# One\n\n:::{tab-set}\n:::\n", "tutorials"),
)
SILENT = (
    Case("# One\n\nWe open a terminal.\n", "tutorials"),
    Case(_TABS, "how-to"),
    Case("# One\n\n:::{table} Results\n| a |\n|---|\n| b |\n:::\n", "tutorials"),
)

_SETS = ("tabs", "tab-set")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each set of tabs."""
    for directive in page.of(Directive):
        if directive.name in _SETS:
            yield directive.finding("choose one way for the reader, and leave the tabs to a how-to")
