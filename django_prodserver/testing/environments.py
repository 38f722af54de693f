"""A virtual environment in which one installed package is missing."""

import os
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

__all__ = ["python_without"]


def python_without(package: str, directory: Path) -> Path:
    """Returns an interpreter that has every package of this one but the named distribution.

    It belongs to a virtual environment that is made in the directory, full of symbolic links.
    """
    venv.create(directory, symlinks=True)
    (target,) = directory.glob("lib/python*/site-packages")
    hidden = {Path(file).parts[0] for file in _files(package)}
    for entry in _installed():
        link = target / entry.name
        if entry.name not in hidden and not link.exists():
            link.symlink_to(entry)
    return directory / "bin" / "python"


def _files(package: str) -> list[str]:
    try:
        return [os.fspath(file) for file in distribution(package).files or []]
    except PackageNotFoundError:
        return []


def _installed() -> Iterator[Path]:
    for place in map(Path, sys.path):
        if place.name in {"site-packages", "dist-packages"} and place.is_dir():
            yield from place.iterdir()
