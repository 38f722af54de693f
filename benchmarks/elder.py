"""The public package django-prodserver 3.0.0, in a virtual environment of its own."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RELEASE", "Elder", "ElderMissingError"]

RELEASE = "django-prodserver==3.0.0"


class ElderMissingError(Exception):
    """The public package cannot be installed here; the message says why, in one line."""


@dataclass(frozen=True)
class Elder:
    """An interpreter that imports the public package, and everything else from this one's."""

    python: Path

    @classmethod
    def install(cls, directory: Path) -> Elder:
        """Return the public package, installed into a directory that does not exist yet.

        Raises:
            ElderMissingError: it cannot be installed.
        """
        venv.create(directory, symlinks=True)
        elder = cls(directory / "bin" / "python")
        elder._run("install", "--no-deps", "--quiet", RELEASE)
        (target,) = directory.glob("lib/python*/site-packages")
        # It comes behind the environment's own packages, so the servers are the same ones.
        (target / "shared.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
        return elder

    def _run(self, *words: str) -> None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        command = [*pip, "--python", str(self.python), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"]
            raise ElderMissingError(lines[-1])
