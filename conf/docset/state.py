"""State: what is kept of a root between builds."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from docset.problems import Problem
    from docset.snapshot import Stamps


@dataclass(frozen=True)
class Link:
    """A link from a page into another root of the joined site."""

    line: int
    target: str
    """``<root>/<page>.html#<anchor>``, relative to the site."""


@dataclass
class Page:
    """What is known of a page: its inputs, what it depends on, and what was wrong with it."""

    source: str
    dependencies: Stamps = field(default_factory=dict)
    exports: str = ""
    """Digest of what other pages show of this one: titles, headings, toctrees."""
    reading: list[Problem] = field(default_factory=list)
    writing: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Names, in lower case, that siblings were asked for, and what they said."""
    links: list[Link] = field(default_factory=list)
    anchors: frozenset[str] = frozenset()


@dataclass
class State:
    """Everything that lets the next build of a root do only what is needed.

    A root whose build did not come to its end has no state, and is built afresh.
    """

    key: str
    """What the whole root depends on besides files: versions, table entry, siblings' names."""
    sources: Stamps = field(default_factory=dict)
    """Everything below the source folder."""
    code: Stamps = field(default_factory=dict)
    """conf.py, the modules of the project that it imports, the files that it opens."""
    assets: Stamps = field(default_factory=dict)
    """Templates and static files: a change has every page written again."""
    outputs: Stamps = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    general: dict[str, list[Problem]] = field(default_factory=dict)
    """Problems of no page, by phase."""
    digest: str = ""
    """Digest of everything that pages of this root show of each other."""
    conflict: bool = False
    """Two pages define one name: what wins depends on the order of reading."""

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the root."""
        found = [problem for problems in self.general.values() for problem in problems]
        for page in self.pages.values():
            found += page.reading + page.writing
        return found

    def save(self, path: Path) -> None:
        """Write the state so that it is there whole or not at all."""
        scratch = path.with_suffix(".new")
        with scratch.open("wb") as file:
            pickle.dump(self, file, pickle.HIGHEST_PROTOCOL)
        scratch.replace(path)

    @classmethod
    def load(cls, path: Path) -> State | None:
        """Return the state, None when there is none or another version wrote it."""
        try:
            with path.open("rb") as file:
                state = pickle.load(file)  # noqa: S301 - our own file, in our own work folder
        except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, TypeError):
            return None
        return state if isinstance(state, cls) else None


def discard(path: Path) -> None:
    """Remove a state: from here on the root counts as unbuilt until the next one is saved."""
    path.unlink(missing_ok=True)


def folder(work: Path, root: str) -> Path:
    """Return the work folder of a root."""
    return work / "roots" / root


def file(work: Path, root: str) -> Path:
    """Return the path of a root's state."""
    return folder(work, root) / "state"
