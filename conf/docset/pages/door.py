"""The command ``docset pages``: a door to pytest that runs pages and nothing else."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import TYPE_CHECKING

from docset.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docset.project import Project

__all__ = ["command", "run"]

# Exit statuses of pytest that are not those of docset: it was used wrongly, or found no page.
_CODES = {2: 130, 3: 1, 4: 2, 5: 2}


def run(project: Project, files: Sequence[Path], jobs: int, options: Sequence[str]) -> int:
    """Run the pages in these files and folders, or all pages; return the exit code of docset.

    Raise ProjectError for a file that is no page.
    """
    chosen = list(_chosen(project, files))
    status = subprocess.call(command(project, chosen, jobs, options), cwd=project.directory)
    return _CODES.get(status, status)


def command(
    project: Project, chosen: Sequence[Path], jobs: int, options: Sequence[str]
) -> list[str]:
    """Return the command line of pytest; ``jobs`` is 0 for one process per core."""
    python = [sys.executable, "-m", "pytest", "--rootdir", str(project.directory)]
    alone = len(chosen) == 1 and chosen[0].is_file()
    workers = "0" if alone else str(jobs or "logical")
    if importlib.util.find_spec("xdist"):
        python += ["-n", workers, "--dist", "worksteal"]
    return [*python, *options, *map(str, chosen)]


def _chosen(project: Project, files: Sequence[Path]) -> Iterator[Path]:
    folders = [root.path for root in project.roots]
    if not files:
        yield from folders
    for file in files:
        path = file.resolve()
        if not any(path.is_relative_to(folder) for folder in folders):
            names = ", ".join(root.name for root in project.roots)
            raise ProjectError(f"{file}: no page of a root; the roots: {names}")
        if not path.exists() or (path.is_file() and path.suffix != ".md"):
            raise ProjectError(f"{file}: no page; name a .md file, or a folder of them")
        yield path
