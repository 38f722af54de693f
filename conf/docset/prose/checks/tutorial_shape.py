"""A tutorial opens with what we build, how long and with what, and ends with what we did.

The opening is what stands above the first section.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Tutorials.Shape"
LEVEL = "error"
MODES = ("tutorials",)

_OPENING = (
    "# One\n\nIn this tutorial we build a server.\nIt takes ten minutes.\nWe need Python.\n\n"
)
_END = "## What we did\n\nWe built it.\n\n## Where to go from here\n\n- More.\n"
FIRING = (
    Case(f"# One\n\nIt takes ten minutes.\nWe need Python.\n\n{_END}", "tutorials"),
    Case(f"{_OPENING.replace('ten minutes', 'a while')}{_END}", "tutorials"),
    Case(f"{_OPENING.replace('We need', 'There is')}{_END}", "tutorials"),
    Case(f"{_OPENING}## A step\n\nWe build it.\n", "tutorials"),
    Case(f"{_OPENING}{_END}## One more thing\n\nWe add it.\n", "tutorials"),
    Case(f"# One\n\n## Start\n\n{_OPENING[7:]}{_END}", "tutorials"),
)
SILENT = (
    Case(f"{_OPENING}## A step\n\nWe build it.\n\n{_END}", "tutorials"),
    Case("# Tutorials\n\n```{toctree}\none\n```\n", "tutorials"),
    Case("# How to build a server\n", "how-to"),
)

_SAID = {
    "what we build": (re.compile(r"\bIn this tutorial,? we\b"), "In this tutorial we …"),
    "how long it takes": (re.compile(r"\b(minutes?|hours?)\b"), "It takes about … minutes."),
    "what we need": (re.compile(r"\b[Ww]e need\b"), "We need …"),
}
_LAST = ("What we did", "Where to go from here")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each thing that the opening does not say, and an ending of another form."""
    if page.is_index:
        return
    sections = [heading for heading in page.of(Heading) if heading.level == 2]
    first = sections[0].line if sections else len(page.text)
    opening = "\n".join(prose.text for prose in page.prose("paragraph") if prose.line < first)
    for what, (pattern, words) in _SAID.items():
        if not pattern.search(opening):
            yield page.top(f"the opening does not say {what}: write '{words}' above the first '##'")
    titles = [heading.source.strip("# ") for heading in sections]
    if tuple(titles[-2:]) != _LAST:
        place = sections[-1] if sections else page.title
        if place:
            yield place.finding(f"end with two sections: '## {_LAST[0]}' and '## {_LAST[1]}'")
