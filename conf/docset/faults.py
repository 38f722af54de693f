"""Faults: errors that end the build of a root, turned into problems."""

from __future__ import annotations

import errno
import traceback
from typing import TYPE_CHECKING

from docset.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.project import Project, Root

DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""Errors of which every further file that is written would have the same."""


def problem(error: Exception, project: Project, root: Root) -> Problem:
    """Say in one line what went wrong, with the place in the project if it was there."""
    for reason in _chain(error):
        if isinstance(reason, OSError) and reason.errno in DISK:
            place = project.relative(project.work)
            return Problem("", 0, f"cannot write in {place}: {reason.strerror}")
    cause = unwrapped(error)
    if isinstance(cause, OSError) and cause.filename:
        return Problem("", 0, f"cannot write or read {cause.filename}: {cause.strerror}")
    if isinstance(cause, SyntaxError) and cause.filename:
        return Problem(cause.filename, cause.lineno or 0, cause.msg)
    path, line = _place(cause, project)
    if path:
        return Problem(path, line, _text(cause))
    return Problem("", 0, f"{root.name}: {_text(error)}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those that led to it."""
    reason: BaseException | None = error
    while reason is not None:
        yield reason
        reason = reason.__cause__ or reason.__context__


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
