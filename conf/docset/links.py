"""Links between the roots of the joined site: the pages and anchors they lead to must exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from docset import state
from docset.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docset.project import Project
    from docset.state import Link, State

_ID = re.compile(rb"""<[^>]*?\s(?:id|name)=["']([^"']+)["']""")


def anchors(file: Path) -> frozenset[str]:
    """Return every anchor of a page, none when there is no page."""
    try:
        return frozenset(found.decode() for found in _ID.findall(file.read_bytes()))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return frozenset()


def check(project: Project, states: Mapping[str, State]) -> Iterator[Problem]:
    """Yield a problem for each link from one root to another that leads nowhere."""
    site = _Site(project, states)
    for root in project.roots:
        for page in states[root.name].pages.values():
            for link in page.links:
                fault = site.fault(link)
                if fault:
                    yield Problem(page.source, link.line, fault)


class _Site:
    """The joined site as it would be published."""

    def __init__(self, project: Project, states: Mapping[str, State]) -> None:
        self._folders = {
            root.name: state.folder(project.work, root.name) / "html" for root in project.roots
        }
        self._anchors = {
            str(self._folders[name] / f"{page}.html"): known.anchors
            for name, root_state in states.items()
            for page, known in root_state.pages.items()
        }

    def fault(self, link: Link) -> str | None:
        path, _, anchor = link.target.partition("#")
        root, _, page = unquote(path).partition("/")
        file = self._folders[root] / (page or "index.html")
        if file.is_dir():
            file /= "index.html"
        if str(file) not in self._anchors and not file.is_file():
            return f"this link leads to {path}, which does not exist"
        if anchor and unquote(anchor) not in self._of(file):
            return f"this link leads to #{anchor} in {path}, which has no such anchor"
        return None

    def _of(self, file: Path) -> frozenset[str]:
        if str(file) not in self._anchors:
            self._anchors[str(file)] = anchors(file)
        return self._anchors[str(file)]
