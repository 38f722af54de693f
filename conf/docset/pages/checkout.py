"""A copy of the repository, in which a page may do what it likes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docset.pages import linked

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CheckoutError", "Repository"]


class CheckoutError(Exception):
    """The repository cannot be copied; the message has what git said."""


@dataclass(frozen=True)
class Repository:
    """The directory of the project, and the ``caches`` below it that spare its tools work.

    ``environment`` is the virtual environment in which the project's tools are installed.
    """

    directory: Path
    caches: tuple[Path, ...] = ()
    environment: Path = field(default_factory=lambda: Path(sys.prefix))

    @property
    def tools(self) -> Path | None:
        """The folder of the programs that a clone has as well; None where they lie elsewhere."""
        inside = self.environment.is_relative_to(self.directory)
        return self.environment / "bin" if inside else None

    def check_out(self, target: Path) -> None:
        """Make a clone that has the files as they are now, committed or not, and the tools.

        The tools are there where their environment lies in the project. What git and pip do in the
        clone does not change the project. Raise CheckoutError where there is nothing to clone.
        """
        _git(self.directory, "clone", "--quiet", "--shared", "--no-checkout", ".", str(target))
        _git(target, "reset", "--quiet")
        # There is no way back from which a page could push.
        _git(target, "remote", "remove", "origin")
        for file in self._files():
            _copy(file, target / file.relative_to(self.directory))
        for cache in self.caches:
            if cache.is_dir():
                shutil.copytree(cache, target / cache.relative_to(self.directory))
        if self.tools:
            linked.link(self.environment, self.directory, target)

    def _files(self) -> Iterator[Path]:
        """Yield each file that git keeps, or would keep."""
        listed = _git(
            self.directory, "ls-files", "-z", "--cached", "--others", "--exclude-standard"
        )
        # Those that are deleted and not committed are listed as well; so are repositories within.
        files = (self.directory / name for name in listed.split("\0"))
        return (file for file in files if file.is_file() or file.is_symlink())


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # With its time of change, by which make and caches know what is new.
    shutil.copy2(file, target, follow_symlinks=False)


def _git(directory: Path, *arguments: str) -> str:
    """Return the output of git; a hook of git that runs the tests must not lead it elsewhere."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", *arguments]
    try:
        result = subprocess.run(
            command, cwd=directory, env=ours, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise CheckoutError(f"git cannot be started: {error}") from None
    if result.returncode:
        raise CheckoutError(f"`git {arguments[0]}` failed: {result.stderr.strip()}")
    return result.stdout
