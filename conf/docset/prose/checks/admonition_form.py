"""An admonition opens with ``:::{note}`` alone on its line and its words stand below.

What follows the name is not a title: it is taken for the first words of the body. More colons are
for a box that holds another fence of colons, and a class would change what all boxes look like.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Beginner.AdmonitionForm"
LEVEL = "error"
LEAST = 3
# The first line like this would end a box of three colons, even in code.
_COLONS = re.compile(r"^\s*:::", re.MULTILINE)

FIRING = (
    Case("# One\n\n```{note}\nThe server is slow on Monday.\n```\n"),
    Case("# One\n\n:::{note} On Monday\nThe server is slow.\n:::\n"),
    Case("# One\n\n:::{note}\n:::\n"),
    Case("# One\n\n::::{note}\nThe server is slow on Monday.\n::::\n"),
    Case("# One\n\n:::{note}\n:class: dropdown\n\nThe server is slow on Monday.\n:::\n"),
    Case("# One\n\n:::{tip}\n---\nclass: wide\n---\nIt also works on Monday.\n:::\n"),
)
SILENT = (
    Case("# One\n\n:::{note}\nThe server is slow on Monday.\n:::\n"),
    Case("# One\n\n1. A step.\n\n   :::{tip}\n   It also works on Monday.\n   :::\n"),
    Case("# One\n\n::::{note}\nWords.\n\n:::{code-block} text\nslow\n:::\n::::\n"),
    Case("# One\n\n::::{note}\n```text\n:::\n```\n::::\n"),
    Case("# One\n\n::::{card}\n:class-card: wide\n\nWords.\n::::\n"),
    Case("# One\n\n:::{note}\n:name: monday\n\nThe server is slow on Monday.\n:::\n"),
    Case("# One\n\n```{code-block} text\n:caption: monday.txt\n\nslow\n```\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each admonition that is written in another way, and what has to change."""
    for directive in page.of(Directive):
        if directive.is_admonition:
            yield from (directive.finding(message) for message in _faults(directive))


def _faults(box: Directive) -> Iterator[str]:
    if not box.fence.startswith(":"):
        yield f"write it with colons: ':::{{{box.name}}}'"
    elif len(box.fence) > LEAST and not _COLONS.search(box.body):
        yield f"three colons are enough: write ':::{{{box.name}}}' above and ':::' below"
    if box.argument and box.name != "admonition":
        yield "move the words after the name into the line below"
    if not box.argument and not box.body.strip():
        yield "this box is empty: write what it says, or remove it"
    if "class" in box.options:
        yield f"remove ':class: {box.options['class']}': all boxes of a kind look the same"
