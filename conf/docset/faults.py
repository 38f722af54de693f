"""Faults: errors that end the build of a root, turned into problems."""

from __future__ import annotations

import errno
import traceback
from typing import TYPE_CHECKING

from docset.problems import Problem

if TYPE_CHECKING:
    from docset.project import Project, Root

DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""Errors of which every further file that is written would have the same."""


def problem(error: Exception, project: Project, root: Root) -> Problem:
    """Say in one line what went wrong, with the place in the project if it was there."""
    if isinstance(error, OSError) and error.errno in DISK:
        place = project.relative(project.work)
        return Problem("", 0, f"cannot write in {place}: {error.strerror}")
    if isinstance(error, OSError) and error.filename:
        return Problem("", 0, f"cannot write or read {error.filename}: {error.strerror}")
    cause = _unwrapped(error)
    if isinstance(cause, SyntaxError) and cause.filename:
        return Problem(cause.filename, cause.lineno or 0, cause.msg)
    text = " ".join(str(cause).split()) or "no message"
    if not type(cause).__module__.startswith("sphinx."):
        text = f"{type(cause).__name__}: {text}"
    path, line = _place(cause, project)
    return Problem(path, line, text) if path else Problem("", 0, f"{root.name}: {text}")


def _unwrapped(error: Exception) -> BaseException:
    """Return what conf.py raised; Sphinx wraps it and puts the traceback into the message."""
    wraps = type(error).__name__ == "ConfigError" and error.__cause__ is not None
    return error.__cause__ if wraps and error.__cause__ else error


def _place(error: BaseException, project: Project) -> tuple[str, int]:
    """Return the innermost line of the project that took part in the error."""
    place = ("", 0)
    for frame in traceback.extract_tb(error.__traceback__):
        path = project.relative(frame.filename)
        if path != frame.filename and not path.startswith((".venv", "build/")):
            place = (frame.filename, frame.lineno or 0)
    return place
