"""Which pages the ``toctree`` directives of a root name."""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from docset.prose.page import Directive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docset.prose.page import Page

__all__ = ["entries", "names"]


def entries(page: Page) -> Iterator[str]:
    """Yield the document names, or the patterns of them, in the toctrees of a page."""
    folder = posixpath.dirname(page.docname)
    for directive in page.of(Directive):
        if directive.name == "toctree":
            yield from (_docname(line, folder) for line in directive.body.split("\n") if line)


def names(docname: str, patterns: Iterable[str]) -> bool:
    """Tell whether one of the entries names the page; ``*`` stays in one folder."""
    return any(
        fnmatchcase(docname, pattern) and docname.count("/") == pattern.count("/")
        for pattern in patterns
    )


def _docname(line: str, folder: str) -> str:
    titled = re.fullmatch(r".*<(.+)>\s*", line)
    entry = (titled[1] if titled else line).strip().removesuffix(".md")
    return posixpath.normpath(posixpath.join(folder, entry) if entry[:1] != "/" else entry[1:])
