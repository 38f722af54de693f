"""Sphinx's log: its warnings, turned into problems as they are raised."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, cast

from sphinx.util.logging import (
    SphinxWarningLogRecord,
    WarningLogRecordTranslator,
    WarningSuppressor,
)

from docset.faults import DISK
from docset.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx


class ProblemHandler(logging.Handler):
    """Hears every warning of one application.

    ``keep`` gets the document that was being worked on (None outside of one) and the problem.
    """

    def __init__(
        self,
        app: Sphinx,
        keep: Callable[[str | None, Problem], None],
        judge: Callable[[Problem, Any], Problem],
    ) -> None:
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
        self._translator.filter(cast("SphinxWarningLogRecord", record))
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
        if isinstance(argument, OSError) and argument.errno in DISK:
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
