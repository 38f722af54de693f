"""An admonition opens with ``:::{note}`` alone on its line and its words stand below.

What follows the name is not a title: it is taken for the first words of the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Beginner.AdmonitionForm"
LEVEL = "error"

FIRING = (
    Case("# One\n\n```{note}\nThe server is slow on Monday.\n```\n"),
    Case("# One\n\n:::{note} On Monday\nThe server is slow.\n:::\n"),
    Case("# One\n\n:::{note}\n:::\n"),
)
SILENT = (
    Case("# One\n\n:::{note}\nThe server is slow on Monday.\n:::\n"),
    Case("# One\n\n1. A step.\n\n   :::{tip}\n   It also works on Monday.\n   :::\n"),
    Case("# One\n\n```{code-block} text\n:caption: monday.txt\n\nslow\n```\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each admonition that is written in another way."""
    for directive in page.of(Directive):
        if not directive.is_admonition:
            continue
        if not directive.fence.startswith(":"):
            yield directive.finding(f"write it with colons: ':::{{{directive.name}}}'")
        if directive.argument and directive.name != "admonition":
            yield directive.finding("move the words after the name into the line below")
        if not directive.argument and not directive.body.strip():
            yield directive.finding("this box is empty: write what it says, or remove it")
