"""What a linter found before: a page is read again when its text or a rule has changed."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["Memory"]


class Memory:
    """The alerts of each text as it was last linted, in a file.

    ``rules`` stands for all else that the alerts depend on; with other rules nothing is known.
    """

    def __init__(self, file: Path, rules: str) -> None:
        self._file = file
        self._rules = rules
        self._pages = _load(file, rules)

    def new(self, texts: Mapping[str, str]) -> list[str]:
        """Return the paths whose text is not the one that was linted."""
        known = {path: digest for path, (digest, _) in self._pages.items()}
        return [path for path, text in texts.items() if known.get(path) != _digest(text)]

    def learn(self, texts: Mapping[str, str], alerts: Iterable[Alert]) -> None:
        """Take these alerts for all that there are in these texts."""
        found: dict[str, list[list[Any]]] = {path: [] for path in texts}
        for each in alerts:
            found[each.path].append([each.line, each.column, each.rule, each.message])
        self._pages |= {path: (_digest(texts[path]), rows) for path, rows in found.items()}

    def alerts(self, paths: Iterable[str]) -> Iterator[Alert]:
        """Yield the alerts of these paths, all of which are known."""
        return (Alert(path, *row) for path in paths for row in self._pages[path][1])

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


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
