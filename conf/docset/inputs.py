"""Inputs: every file of the project that a build opens, whether Sphinx is told of it or not.

Sphinx learns of a page's dependencies when an extension reports them. An extension that opens a
data file and keeps quiet, or a conf.py that reads a file, would leave pages stale. The interpreter
reports every file that is opened (:pep:`578`), so they are found all the same.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Inputs:
    """Collects the files of a folder that this process opens, by what was being worked on.

    The process can never stop listening: it is meant for a child process that serves one build.
    """

    def __init__(self, folder: Path, leave_out: tuple[Path, ...], topic: Callable[[], str]) -> None:
        self._folder = os.path.join(os.path.realpath(folder), "")
        self._leave_out = tuple(os.path.join(os.path.realpath(path), "") for path in leave_out)
        self._topic = topic
        self._busy = False
        self.opened: dict[str, set[str]] = {}

    def listen(self) -> None:
        """Begin to collect."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or self._busy:
            return
        path, mode = arguments[0], arguments[1]
        if not isinstance(path, str | os.PathLike) or (isinstance(mode, str) and "r" not in mode):
            return
        self._busy = True
        try:
            self._note(os.path.abspath(path))
        finally:
            self._busy = False

    def _note(self, path: str | bytes) -> None:
        if isinstance(path, str) and self._is_input(path):
            self.opened.setdefault(self._topic(), set()).add(path)

    def _is_input(self, path: str) -> bool:
        if not path.startswith(self._folder) or path.startswith(self._leave_out):
            return False
        return "__pycache__" not in path and not path.endswith((".pyc", ".mo"))


def imported(folder: Path, leave_out: tuple[Path, ...]) -> set[str]:
    """Return the files of all imported modules that lie in a folder."""
    wanted = os.path.join(os.path.realpath(folder), "")
    unwanted = tuple(os.path.join(os.path.realpath(path), "") for path in leave_out)
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {
        file
        for file in files
        if isinstance(file, str) and file.startswith(wanted) and not file.startswith(unwanted)
    }
