"""What a backtick opens, as many backticks close."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import without_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.UnbalancedInlineLiterals"
LEVEL = "error"

FIRING = (
    Case("# One\n\nType `make test to run it.\n"),
    Case("# One\n\nType ``make test` to run it.\n"),
    Case("# One\n\nType make test`.\n"),
)
SILENT = (
    Case("# One\n\nType `make test` to run ``a`b``.\n"),
    Case("# One\n\nA mark: \\`.\n"),
    Case("# One\n\n```text\none `\n```\n"),
)

_LEFT = re.compile(r"(?<!\\)`+")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each run of backticks that belongs to no pair."""
    for prose in page.prose():
        for match in _LEFT.finditer(without_spans(prose.source)):
            message = f"{match[0]} opens or closes nothing: add its pair, or write it as \\`"
            yield prose.found(match.start(), message)
