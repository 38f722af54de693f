"""Inventories (``objects.inv``): reading them, indexing their names, merging them into one."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    """A name that several roots give to objects of one kind."""

    owners: tuple[str, ...]
    entry: Entry

    def __str__(self) -> str:
        return f"{self.entry.kind} {self.entry.name!r} stands in {' and in '.join(self.owners)}"


def merge(
    title: str, version: str, inventories: Mapping[str, Inventory]
) -> tuple[Inventory, list[Clash]]:
    """Join the inventories of the roots into the one of the site, and list the names that clash.

    Documents are named ``<root>/<document>``. Generated labels are left out, and so are names that
    clash: a reference to one of them could lead anywhere.
    """
    owners: dict[tuple[str, str], dict[str, Entry]] = {}
    for owner, inventory in inventories.items():
        for entry in inventory.entries:
            if entry.kind != "std:label" or entry.name not in GENERATED:
                joined = _joined(owner, entry)
                owners.setdefault((joined.kind, joined.name), {})[owner] = joined
    entries = [next(iter(found.values())) for _, found in sorted(owners.items()) if len(found) == 1]
    clashes = [
        Clash(tuple(found), found[max(found)]) for found in owners.values() if len(found) > 1
    ]
    return Inventory(title, version, tuple(entries)), clashes


def _joined(owner: str, entry: Entry) -> Entry:
    """Return the entry as it stands in the inventory of the site."""
    uri = entry.uri[:-1] + entry.name if entry.uri.endswith("$") else entry.uri
    name = f"{owner}/{entry.name}" if entry.kind == "std:doc" else entry.name
    title = entry.name if entry.title == "-" and name != entry.name else entry.title
    return Entry(name, entry.kind, entry.priority, f"{owner}/{uri}", title)
