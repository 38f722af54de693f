"""The links of the joined site, checked as a browser would follow them.

References are judged while pages are built. This looks at what readers get: links of themes and
templates, raw HTML, images, style sheets and scripts too.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from docset.links import anchors
from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULE = "build.link"
_LINK = re.compile(r"""<[a-zA-Z][^<>]*?\s(?:href|src)=["']([^"']*)["']""")
_NO_LINKS = re.compile(r"(<script\b[^>]*>).*?</script>|<!--.*?-->", re.DOTALL)


def faults(site: Path) -> Iterator[str]:
    """Yield ``page:1:1: RULE message`` for each broken link; the page is relative to the site."""
    known: dict[Path, frozenset[str]] = {}
    for page in sorted(site.rglob("*.html")):
        for link in sorted(_links(page)):
            fault = _fault(site, page, link, known)
            if fault:
                place = page.relative_to(site).as_posix()
                yield str(Alert(place, 1, 1, RULE, f"the link to {link} {fault}"))


def _links(page: Path) -> set[str]:
    text = _NO_LINKS.sub(r"\1", page.read_text("utf-8", errors="replace"))
    return {unescape(link) for link in _LINK.findall(text)}


def _fault(site: Path, page: Path, link: str, known: dict[Path, frozenset[str]]) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    folder = site if parts.path.startswith("/") else page.parent
    target = page if not parts.path else (folder / unquote(parts.path).lstrip("/")).resolve()
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site):
        return "leads out of the site"
    if not target.is_file():
        return "leads to no file"
    if parts.fragment and target.suffix == ".html":
        if target not in known:
            known[target] = anchors(target)
        if unquote(parts.fragment) not in known[target]:
            return "leads to no anchor"
    return None
