"""Inventories (``objects.inv``): reading them, indexing their names, merging them into one."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Format version 2: https://sphobjinv.readthedocs.io/en/stable/syntax.html
_HEADER = (
    "# Sphinx inventory version 2\n"
    "# Project: {project}\n"
    "# Version: {version}\n"
    "# The remainder of this file is compressed using zlib.\n"
)
_LINE = re.compile(r"(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)")

GENERATED = frozenset({"genindex", "modindex", "py-modindex", "search"})
"""Labels that Sphinx makes in every project: they name no content of ours."""


@dataclass(frozen=True, order=True)
class Entry:
    """One line of an inventory: an object that other projects can refer to."""

    name: str
    kind: str
    priority: str
    uri: str
    title: str

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.priority} {self.uri} {self.title}\n"


@dataclass(frozen=True)
class Inventory:
    """The objects of one project."""

    project: str
    version: str
    entries: tuple[Entry, ...]

    @classmethod
    def load(cls, path: Path) -> Inventory:
        """Read a file; raise ValueError when it is no inventory of format version 2."""
        lines = path.read_bytes().split(b"\n", 4)
        if len(lines) < 5 or not lines[0].startswith(b"# Sphinx inventory version 2"):
            raise ValueError(f"{path}: not an inventory of format version 2")
        body = zlib.decompress(lines[4]).decode()
        matches = filter(None, map(_LINE.match, body.splitlines()))
        return cls(
            project=lines[1].decode().partition(":")[2].strip(),
            version=lines[2].decode().partition(":")[2].strip(),
            entries=tuple(Entry(*match.groups()) for match in matches),
        )

    def dump(self) -> bytes:
        """Return the content of an ``objects.inv``."""
        header = _HEADER.format(project=self.project, version=self.version)
        return header.encode() + zlib.compress("".join(map(str, self.entries)).encode(), 9)


def index(inventories: Mapping[str, Inventory]) -> dict[str, str]:
    """Return, for each name in lower case, what all inventories say of it.

    Two equal values mean that every reference to that name resolves alike. The empty name stands
    for the inventories themselves, whose project and version are shown in the titles of links.
    """
    found: dict[str, list[str]] = {}
    for owner, inventory in sorted(inventories.items()):
        found.setdefault("", []).append(f"{owner} {inventory.project} {inventory.version}\n")
        for entry in inventory.entries:
            found.setdefault(entry.name.lower(), []).append(f"{owner} {entry}")
    return {name: "".join(lines) for name, lines in found.items()}


@dataclass(frozen=True)
class Clash:
    """A name that two roots give to objects of one kind."""

    entry: Entry
    owners: tuple[str, str]

    def __str__(self) -> str:
        first, second = self.owners
        return f"{self.entry.kind} {self.entry.name!r} stands in {first} and in {second}"


def merge(
    title: str, version: str, inventories: Mapping[str, Inventory], lenient: Iterable[str] = ()
) -> tuple[Inventory, list[Clash]]:
    """Join the inventories of the roots into the one of the site, and list the names that clash.

    Documents are named ``<root>/<document>``; generated labels are left out. A clashing name keeps
    the entry of the root that comes first, unless that one is ``lenient`` and the other is not.
    """
    lenient = set(lenient)
    kept: dict[tuple[str, str], tuple[str, Entry]] = {}
    clashes = []
    for owner in sorted(inventories, key=lambda name: name in lenient):
        for entry in inventories[owner].entries:
            joined = _joined(owner, entry)
            if joined is None:
                continue
            earlier, _ = kept.setdefault((joined.kind, joined.name), (owner, joined))
            if earlier != owner:
                clashes.append(Clash(entry, (earlier, owner)))
    entries = sorted((entry for _, entry in kept.values()), key=lambda e: (e.kind, e.name))
    return Inventory(title, version, tuple(entries)), clashes


def _joined(owner: str, entry: Entry) -> Entry | None:
    if entry.kind == "std:label" and entry.name in GENERATED:
        return None
    uri = entry.uri[:-1] + entry.name if entry.uri.endswith("$") else entry.uri
    name = f"{owner}/{entry.name}" if entry.kind == "std:doc" else entry.name
    title = entry.name if entry.title == "-" and name != entry.name else entry.title
    return Entry(name, entry.kind, entry.priority, f"{owner}/{uri}", title)
