"""All pages of a project: each is read when a check asks for it, and only once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from docset.prose.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docset.project import Project
    from docset.prose.page import Page

__all__ = ["Site", "Source", "of_project"]


@dataclass(frozen=True)
class Source:
    """A page that can be read: its text, and what its root says of it."""

    path: str
    root: str
    mode: str
    docname: str
    text: str

    @cached_property
    def page(self) -> Page:
        """The page, read once."""
        return read(self.path, self.text, root=self.root, mode=self.mode, docname=self.docname)


@dataclass(frozen=True)
class Site:
    """The pages of a project by their path."""

    sources: Mapping[str, Source]

    @property
    def pages(self) -> Iterator[Page]:
        """Every page, in the order of the roots and by path."""
        return (source.page for source in self.sources.values())

    def page(self, path: str) -> Page | None:
        """Return the page of that path; None when there is none."""
        source = self.sources.get(path)
        return source.page if source else None


def of_project(project: Project) -> Site:
    """Return the pages of all roots of a project."""
    return Site(
        {
            source.path: source
            for root in project.roots
            for file in sorted(root.path.rglob("*.md"))
            if not _is_hidden(file.relative_to(root.path))
            for source in [
                Source(
                    project.relative(file),
                    root.name,
                    root.mode,
                    file.relative_to(root.path).with_suffix("").as_posix(),
                    file.read_text("utf-8"),
                )
            ]
        }
    )


def _is_hidden(path: Path) -> bool:
    """Tell whether Sphinx and the other tools pass by the file: a folder begins with a mark."""
    return any(part.startswith((".", "_")) for part in path.parts)
