"""What a linter found before: a page is read again when its text or a rule has changed."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from docset.project import Project

    Lint = Callable[[Project, Sequence[str]], Iterable[Alert]]

__all__ = ["Memory"]


class Memory:
    """The alerts of each page as it was last linted, in a file.

    ``rules`` stands for all else that the alerts depend on; with other rules nothing is known.
    """

    def __init__(self, file: Path, rules: str, lint: Lint) -> None:
        self._file = file
        self._rules = rules
        self._lint = lint
        self._pages = _load(file, rules)

    def lint(self, project: Project, paths: Sequence[str]) -> list[Alert]:
        """Return the alerts of the pages; only those that are new or changed are linted."""
        digests = {path: _digest(project.directory / path) for path in paths}
        new = [path for path in paths if self._pages.get(path, ("",))[0] != digests[path]]
        if new:
            found: dict[str, list[Alert]] = {path: [] for path in new}
            for alert in self._lint(project, new):
                found[alert.path].append(alert)
            for path, alerts in found.items():
                rows = [[each.line, each.column, each.rule, each.message] for each in alerts]
                self._pages[path] = (digests[path], rows)
        return [Alert(path, *row) for path in paths for row in self._pages[path][1]]

    def save(self, paths: Iterable[str]) -> None:
        """Write down what is known of these pages, and forget all others."""
        known = {path: self._pages[path] for path in paths if path in self._pages}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # Somebody else may read it in this moment.
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        fresh.write_text(json.dumps({"rules": self._rules, "pages": known}), "utf-8")
        fresh.replace(self._file)


def _load(file: Path, rules: str) -> dict[str, tuple[str, list[Any]]]:
    """Return the digest and the alerts of each page; nothing from a file of another form."""
    try:
        stored = json.loads(file.read_text("utf-8"))
        if stored["rules"] != rules:
            return {}
        return {path: (digest, list(rows)) for path, (digest, rows) in stored["pages"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()
