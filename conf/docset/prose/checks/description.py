"""A page has a description of its own in its front matter, of 40 to 170 characters.

Search engines and the previews of links show it; what is longer, they cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "All.Description"
LEVEL = "error"
LEAST, MOST = 40, 170


def _page(description: str) -> str:
    return f'---\nmyst:\n  html_meta:\n    description: "{description}"\n---\n\n# One\n'


_GOOD = "How to install the server in a project that is there already."
FIRING = (
    Case("# One\n"),
    Case(_page("Servers.")),
    Case(_page("How to install the server, " * 7 + "and more.")),
    Case(_page("How to install the server in a project")),
    Case(_page(_GOOD), others={"other.md": _page(_GOOD)}),
)
SILENT = (Case(_page(_GOOD)), Case(_page(_GOOD), others={"other.md": _page(f"More: {_GOOD}")}))


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield that there is no description, or what is wrong with it."""
    text = next((prose.source for prose in page.prose("description")), "")
    place = next(page.prose("description"), None)
    if place is None or not text:
        yield Finding(1, 1, "no description: add 'description' below 'myst: html_meta:' at the top")
        return
    if not LEAST <= len(text) <= MOST:
        yield place.finding(f"it has {len(text)} characters: write {LEAST} to {MOST}")
    elif text[-1] not in ".!?":
        yield place.finding("end the description with a period")
    for path in site.paths_by_description.get(text, ()):
        if path != page.path:
            yield place.finding(f"{path} has the same description: say what only this page does")
