"""Where addresses stand: in the pages, and in the docstrings that pages show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.docstrings import docstrings
from docset.markdown import markdown
from docset.prose.page import Code
from docset.prose.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docset.project import Project
    from docset.prose.page import Page

__all__ = ["Place", "places"]

_ADDRESS = re.compile(r"https?://[^\s<>\"'`()\[\]{}]*[^\s<>\"'`()\[\]{}.,:;!?*]")

# ``[name]: address``, which links on the page refer to.
_DEFINITION = re.compile(r"\s*\[[^\]^]+\]:\s*<?(?P<address>https?://[^\s<>]+)>?")


@dataclass(frozen=True, order=True)
class Place:
    """An address at a place of a file; line and column count from 1."""

    path: str
    line: int
    column: int
    address: str


def places(project: Project, files: Sequence[Path] = ()) -> list[Place]:
    """Return every address that leaves the site, or those in these files and folders."""
    found = {*_in_pages(project), *_in_docstrings(project)}
    chosen = [project.relative(file.resolve()) for file in files]
    return sorted(
        place
        for place in found
        if not files
        or any(place.path == name or place.path.startswith(f"{name}/") for name in chosen)
    )


def _in_pages(project: Project) -> Iterator[Place]:
    for file in markdown(project):
        yield from _in_page(read(project.relative(file), file.read_text("utf-8")))


def _in_page(page: Page) -> Iterator[Place]:
    for prose in page.prose():
        for link in prose.links:
            if link.target.startswith(("http://", "https://")):
                yield Place(page.path, *prose.at(link.start), link.target)
    code = {line for part in page.of(Code) for line in _lines(part)}
    for line, text in enumerate(page.text.split("\n"), 1):
        if line not in code and (match := _DEFINITION.match(text)):
            yield Place(page.path, line, match.start("address") + 1, match["address"])


def _lines(code: Code) -> range:
    return range(code.line, code.body_line + code.body.count("\n") + 1)


def _in_docstrings(project: Project) -> Iterator[Place]:
    for file in project.modules():
        for docstring in docstrings(file.read_text("utf-8")):
            for line, column, text in docstring.places():
                for match in _ADDRESS.finditer(text):
                    yield Place(project.relative(file), line, column + match.start(), match[0])
