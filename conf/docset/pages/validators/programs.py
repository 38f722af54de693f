"""Programs that check texts: found, started, and listened to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from docset.pages.validators.text import MissingProgramError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["file_of", "finished", "found"]

# nginx lies in a folder that only root searches.
_FOLDERS = (str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath), "/usr/sbin")


def found(program: str) -> str:
    """Return the path of a program: of this Python's environment first, then of the machine.

    Raise MissingProgramError when it is nowhere.
    """
    path = shutil.which(program, path=os.pathsep.join(_FOLDERS))
    if path is None:
        raise MissingProgramError(program)
    return path


def finished(
    command: Sequence[str], text: str = "", variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with the text as its input."""
    return subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(variables or {})},
    )


@contextmanager
def file_of(body: str, name: str) -> Iterator[Path]:
    """Hold a file of that name and text, in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="text-") as folder:
        file = Path(folder).resolve() / name
        file.write_text(body, "utf-8")
        yield file
