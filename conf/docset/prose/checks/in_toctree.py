"""A page is in a ``toctree``, so that the navigation leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "All.InToctree"
LEVEL = "error"


def _index(entry: str) -> dict[str, str]:
    return {"index.md": f"# Index\n\n```{{toctree}}\n:glob:\n\n{entry}\n```\n"}


FIRING = (
    Case("# One\n", path="a/one.md", others=_index("a/two")),
    Case("# One\n"),
    Case("# One\n", path="a/one.md", others=_index("*")),
    Case("---\norphan: true\n---\n\n# One\n"),
)
SILENT = (
    Case("# One\n", path="a/one.md", others=_index("a/one")),
    Case("# Index\n", path="index.md"),
    Case("# One\n", path="a/one.md", others=_index("The first <a/one.md>")),
    Case("# One\n", path="a/one.md", others=_index("/a/*")),
)


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield that no toctree of the root names the page."""
    if page.docname != "index" and not site.is_in_toctree(page):
        yield page.top("no toctree names this page: add it to that of the index above it")
