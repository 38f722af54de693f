"""A virtual environment for a copy of a project: the tools of the real one, not installed again.

Its scripts are copies that start in the copy, its programs are links, and its Python finds the
packages where they are installed. What pip installs or removes in it stays in it.
It is an environment as POSIX systems have them.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["link"]

# Files of this ending say where Python finds packages; those that come first are read first.
_PACKAGES = "0-linked.pth"


def link(environment: Path, project: Path, copy: Path) -> None:
    """Make an environment in the copy of a project like the one that lies in the project.

    Where its files name the project, they name the copy: so it is complete for the copy, scripts
    start its Python, and an editable package that a file ``.pth`` names is the one of the copy.
    """
    here = re.compile(re.escape(bytes(project)) + rb"(?![\w.-])")
    for file in _files(environment):
        target = copy / file.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.is_symlink():
            target.symlink_to(file.readlink())
        elif _is_text(file):
            target.write_bytes(here.sub(lambda _: bytes(copy), file.read_bytes()))
            shutil.copystat(file, target)
        else:
            target.symlink_to(file)
    for packages in _packages(environment):
        # A path in such a file is searched, but of what lies there no such file is read.
        named = copy / packages.relative_to(project) / _PACKAGES
        named.parent.mkdir(parents=True, exist_ok=True)
        named.write_text(f"{packages}\n", "utf-8")


def _files(environment: Path) -> Iterator[Path]:
    """Yield what makes the environment, besides the packages themselves."""
    places = [environment, environment / "bin"]
    found = [file for place in places for file in place.iterdir()]
    found += [file for packages in _packages(environment) for file in packages.glob("*.pth")]
    return (file for file in found if file.is_symlink() or file.is_file())


def _packages(environment: Path) -> Iterator[Path]:
    return environment.glob("lib/python*/site-packages")


def _is_text(file: Path) -> bool:
    with file.open("rb") as start:
        return b"\0" not in start.read(1024)
