"""Addresses that are not asked for, or may have moved: a committed list, each with its reason.

It is ``.linkcheck.toml`` beside pyproject.toml::

    [[ignored]]
    address = "http://127.0.0.1*"
    reason = "the reader's own machine"

    [[moved]]
    address = "https://example.org/latest/"
    reason = "it leads to the newest version on purpose"

``*`` stands for any text.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from docset.project import ProjectError
from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from docset.project import Project

__all__ = ["Exceptions", "read"]

FILE = ".linkcheck.toml"
KINDS = ("ignored", "moved")
UNUSED = "links.unused"


@dataclass(frozen=True)
class Exceptions:
    """The patterns of addresses that are not asked for, and of those that may have moved."""

    text: str
    ignored: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    def ignores(self, address: str) -> bool:
        """Tell whether the address is not asked for."""
        return any(fnmatchcase(address, pattern) for pattern in self.ignored)

    def lets_move(self, address: str) -> bool:
        """Tell whether the address may lead to another one for good."""
        return any(fnmatchcase(address, pattern) for pattern in self.moved)

    def unused(self, addresses: Iterable[str]) -> Iterator[Alert]:
        """Yield an alert for each pattern that fits no address of the project."""
        known = list(addresses)
        for pattern in (*self.ignored, *self.moved):
            if not any(fnmatchcase(address, pattern) for address in known):
                line = 1 + self.text[: self.text.find(f'"{pattern}"')].count("\n")
                yield Alert(FILE, line, 1, UNUSED, f"no address is {pattern!r}: remove this entry")


def read(project: Project) -> Exceptions:
    """Return the list of a project; raise ProjectError when it has a mistake."""
    file = project.directory / FILE
    if not file.is_file():
        return Exceptions("")
    try:
        text = file.read_text("utf-8")
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{file}: {error}") from None
    if unknown := tables.keys() - KINDS:
        raise ProjectError(f"{file}: unknown table {min(unknown)!r}; known: {', '.join(KINDS)}")
    ignored, moved = (tuple(_patterns(file, kind, tables.get(kind, []))) for kind in KINDS)
    return Exceptions(text, ignored, moved)


def _patterns(file: Path, kind: str, entries: Any) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else [entries]:
        match entry:
            case {"address": str() as address, "reason": str() as reason} if reason.strip():
                yield address
            case _:
                raise ProjectError(f"{file}: each [[{kind}]] needs an address and a reason")
