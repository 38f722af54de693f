"""Answers of the program ``option_reader``, kept as long as what they were read from stays."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Answers"]

READER = Path(__file__).with_name("option_reader.py")


class Answers:
    """A folder with a file for each question.

    An answer holds while the files that it names are as they were, and no package was installed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def known(self, question: Sequence[str]) -> list[dict[str, Any]] | None:
        """Return the answer that was kept, None when there is none or it may not hold."""
        return _content(self._file(question))

    def keep(self, question: Sequence[str], tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Keep an answer where that is possible, and return it."""
        installed = {path for path in sys.path if path.endswith("-packages")}
        stamps = _stamps(installed.union(*(table["files"] for table in tables)))
        file = self._file(question)
        scratch = file.with_suffix(f".{os.getpid()}")
        # The environment may be somebody else's.
        with contextlib.suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            for other in self._folder.glob("*.json"):
                if _content(other) is None:
                    other.unlink(missing_ok=True)
            scratch.write_text(json.dumps({"stamps": stamps, "tables": tables}), "utf-8")
            scratch.replace(file)
        return tables

    def _file(self, question: Sequence[str]) -> Path:
        # Modules may be found in other places, and the reader may be another one.
        asked = json.dumps([*question, *_places(), READER.read_text("utf-8")])
        return self._folder / f"{hashlib.sha256(asked.encode()).hexdigest()}.json"


def _places() -> list[str]:
    """Return where the environment has Python look for packages.

    Not the folder of our own modules, which holds none: a copy of this project asks the same.
    """
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    ours = READER.parent
    return [path for path in named if path and Path(path).is_dir() and Path(path) != ours]


def _content(file: Path) -> list[dict[str, Any]] | None:
    with contextlib.suppress(OSError, ValueError, KeyError):
        kept = json.loads(file.read_text("utf-8"))
        if _stamps(kept["stamps"]) == kept["stamps"]:
            return list(kept["tables"])
    return None


def _stamps(paths: Iterable[str]) -> dict[str, list[int]]:
    """Return time and size of each file, nothing for a path at which there is none."""
    return {path: _stamp(path) for path in sorted(paths)}


def _stamp(path: str) -> list[int]:
    try:
        status = os.stat(path)  # noqa: PTH116 - the same without a Path for each of hundreds
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]
