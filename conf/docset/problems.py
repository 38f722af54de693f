"""Problems: the warnings and errors of a build, kept until what caused them is mended."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.application import Sphinx


@dataclass(frozen=True, order=True)
class Problem:
    """One warning or error; ``path`` is absolute, or as Sphinx names the place."""

    path: str
    line: int
    message: str
    fails: bool = True
    once: bool = field(default=False, compare=False)

    def show(self, relative: Callable[[str], str]) -> str:
        """Return the problem as ``path:line: message``."""
        place = relative(self.path) if self.path else ""
        if place and self.line:
            place += f":{self.line}"
        return f"{place}: {self.message}" if place else self.message


def distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in the order of their places, each one time.

    A warning that Sphinx shows one time for the whole project stays with the first place that has it.
    """
    seen: set[object] = set()
    kept = []
    for problem in sorted(problems):
        key: object = (
            problem.message if problem.once else (problem.path, problem.line, problem.message)
        )
        if key not in seen:
            seen.add(key)
            kept.append(problem)
    return kept


class ProblemHandler(logging.Handler):
    """Turns Sphinx's warnings into problems as they are raised.

    ``keep`` gets the document that was being worked on (None outside of one) and the problem.
    """

    def __init__(
        self,
        app: Sphinx,
        keep: Callable[[str | None, Problem], None],
        judge: Callable[[Problem, Any], Problem],
    ) -> None:
        from sphinx.util.logging import WarningLogRecordTranslator, WarningSuppressor  # noqa: PLC0415

        super().__init__(logging.WARNING)
        self._app = app
        self._keep = keep
        self._judge = judge
        self._suppressor = WarningSuppressor(app)
        self._translator = WarningLogRecordTranslator(app)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the problem; raise the OSError of a page that could not be written."""
        # Sphinx holds warnings back while it reads and hands each one out a second time.
        if getattr(record, "docset_seen", False):
            return
        record.docset_seen = True
        _raise_disk_error(record)
        if not self._suppressor.filter(record):
            return
        node = getattr(record, "location", None)
        once = bool(getattr(record, "once", False))
        self._translator.filter(record)  # type: ignore[arg-type]
        path, line = _place(getattr(record, "location", None))
        problem = Problem(path, line, _message(record), once=once)
        self._keep(self._document(path), self._judge(problem, node))

    def _document(self, path: str) -> str | None:
        env = getattr(self._app, "env", None)
        if env is None or getattr(self._app, "builder", None) is None:
            return None
        current: str | None = env.current_document.docname or None
        return current or (env.path2doc(path) if path else None)


def _raise_disk_error(record: logging.LogRecord) -> None:
    """Stop the build when the disk is full: Sphinx would warn of each page and go on."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    for argument in arguments:
        if isinstance(argument, OSError) and argument.errno is not None:
            from errno import EDQUOT, EFBIG, ENOSPC, EROFS  # noqa: PLC0415

            if argument.errno in {ENOSPC, EDQUOT, EFBIG, EROFS}:
                raise argument


def _message(record: logging.LogRecord) -> str:
    # Sphinx's own class of records puts place and level into the message.
    return re.sub(r"\s*\n\s*", " ", logging.LogRecord.getMessage(record)).strip()


def _place(location: object) -> tuple[str, int]:
    """Split Sphinx's location, ``path``, ``path:`` or ``path:line``."""
    if not isinstance(location, str):
        return "", 0
    path, _, line = location.rpartition(":")
    if line.isdigit() and path:
        return path, int(line)
    return location.rstrip(":"), 0
