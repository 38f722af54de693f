"""A link is written as in Markdown, not as in reStructuredText."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.RestLink"
LEVEL = "error"

FIRING = (
    Case("# One\n\nSee `the site <https://example.org>`_.\n"),
    Case("# One\n\nSee `the site`_.\n"),
    Case("# One\n\nSee `the site <https://example.org>`__ now.\n"),
    Case("# One\n\nSee `the site <https://example.org>`.\n"),
)
SILENT = (
    Case("# One\n\nSee [the site](https://example.org).\n"),
    Case("# One\n\nSee {ref}`one <two>`.\n"),
    Case("# One\n\nType `a <b>`.\n"),
    Case("# One\n\nType `name`.\n"),
)

_ADDRESS = re.compile(r"\w\s+<(https?://[^<>]+)>\s*\Z")
_UNDERSCORE = re.compile(r"__?(?!\w)")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each span with an address in it or an underscore after it."""
    for prose in page.prose():
        for span in spans(prose.source):
            if span.role:
                continue
            address = _ADDRESS.search(span.content)
            if address or _UNDERSCORE.match(prose.source, span.end):
                target = address[1] if address else "address"
                words = span.content.partition("<")[0].strip()
                yield prose.found(span.start, f"write '[{words}]({target})'")
