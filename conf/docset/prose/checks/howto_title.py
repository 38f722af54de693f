"""The title of a how-to guide is "How to", a verb, and what it is done to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "HowTo.Title"
LEVEL = "error"
MODES = ("how-to",)

FIRING = (
    Case("# Installing the server\n"),
    Case("# How to installing\n"),
    Case("# How to the server\n"),
)
SILENT = (
    Case("# How to install the server\n"),
    Case("# How to bring a server up\n"),
    Case("# Guides\n\n```{toctree}\none\n```\n"),
    Case("# Server\n", mode="reference"),
)

_TITLE = re.compile(r"How to (?!an? |the |my |your )[a-z-]+ \S.*")
_NO_VERB = re.compile(r"How to (?!bring|ring|sing|string|swing|ping)\w+ing\b")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield the title when it has another form."""
    title = next(page.prose("heading"), None)
    if title is None or page.is_index:
        return
    if not _TITLE.fullmatch(title.source) or _NO_VERB.match(title.source):
        yield title.finding("write it as a task: 'How to', a verb, and what it is done to")
