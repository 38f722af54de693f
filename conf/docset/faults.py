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
    cause = unwrapped(error)
    if isinstance(cause, OSError) and cause.errno in DISK:
        place = project.relative(project.work)
        return Problem("", 0, f"cannot write in {place}: {cause.strerror}")
    if isinstance(cause, OSError) and cause.filename:
        return Problem("", 0, f"cannot write or read {cause.filename}: {cause.strerror}")
    if isinstance(cause, SyntaxError) and cause.filename:
        return Problem(cause.filename, cause.lineno or 0, cause.msg)
    path, line = _place(cause, project)
    if path:
        return Problem(path, line, _text(cause))
    return Problem("", 0, f"{root.name}: {_text(error)}")


def unwrapped(error: Exception) -> BaseException:
    """Return what conf.py or an event listener raised; Sphinx wraps it."""
    wraps = type(error).__name__ in {"ConfigError", "ExtensionError"}
    return error.__cause__ if wraps and error.__cause__ else error


def _text(error: BaseException) -> str:
    text = " ".join(str(error).split()) or "no message"
    is_sphinx_own = type(error).__module__.startswith("sphinx.")
    return text if is_sphinx_own else f"{type(error).__name__}: {text}"


def _place(error: BaseException, project: Project) -> tuple[str, int]:
    """Return the innermost line of the project that took part in the error."""
    place = ("", 0)
    for frame in traceback.extract_tb(error.__traceback__):
        path = project.relative(frame.filename)
        if path != frame.filename and not path.startswith((".venv", "build/")):
            place = (frame.filename, frame.lineno or 0)
    return place
