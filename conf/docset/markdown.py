"""The Markdown files of a project: the pages of its roots, and what lies beside pyproject.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docset.project import Project

__all__ = ["chosen", "markdown"]


def markdown(project: Project) -> list[Path]:
    """Return every Markdown file, those beside pyproject.toml first."""
    pages = (file for root in project.roots for file in sorted(root.path.rglob("*.md")))
    beside = sorted(project.directory.glob("*.md"))
    return [file for file in (*beside, *pages) if not _is_hidden(project, file)]


def chosen(project: Project, names: Sequence[Path]) -> list[Path]:
    """Return the Markdown files of these files and folders, or all when there are no names.

    Raise ProjectError for a name that stands for none.
    """
    known = markdown(project)
    return [file for name in names for file in _below(name, known)] if names else known


def _below(name: Path, known: Sequence[Path]) -> Iterator[Path]:
    path = name.resolve()
    found = [file for file in known if file.is_relative_to(path)]
    if not found:
        raise ProjectError(f"{name} is no Markdown file of this project and no folder with one")
    yield from found


def _is_hidden(project: Project, file: Path) -> bool:
    """Tell whether the file is passed by, as Sphinx does: what a build left, or a hidden folder."""
    return any(part.startswith((".", "_")) for part in file.relative_to(project.directory).parts)
