"""The joined site: the folder that readers get, changed only by a build without a fault."""

from __future__ import annotations

import filecmp
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docset.project import ProjectError
from docset.snapshot import ABSENT, Stamps, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = ".docset"
"""Lists, in the folder of the site, the files that docset put there."""

_NOT_PUBLISHED = (".buildinfo", ".buildinfo.bak")
_STAGING = ".docset-new"


@dataclass
class Site:
    """What belongs into the folder: files to copy, by their name in the site, and made content."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)

    def add_tree(self, prefix: str, tree: Path) -> None:
        """Add everything below a folder that a reader needs."""
        for path in _files(tree):
            name = path.relative_to(tree).as_posix()
            if name not in _NOT_PUBLISHED:
                self.files[f"{prefix}{name}"] = path

    def paths(self) -> Iterator[str]:
        """Yield the path of every file of the published site."""
        for name in {*self.files, *self.content}:
            yield str(self.folder / name)

    def refuse_foreign(self, known: Stamps) -> None:
        """Raise ProjectError when the folder holds files that no build of ours has put there."""
        if self.folder.exists() and not self.folder.is_dir():
            raise ProjectError(f"cannot write the site: {self.folder} is a file, not a folder")
        ours = any(Path(path).is_relative_to(self.folder) for path in known)
        if ours or not self.folder.is_dir() or (self.folder / MARKER).is_file():
            return
        if any(self.folder.iterdir()):
            raise ProjectError(
                f"{self.folder} holds files that docset did not put there; "
                "empty it, or name another folder with --output"
            )

    def publish(self, known: Stamps) -> Stamps:
        """Bring the folder up to date and return the stamps of every file in it.

        ``known`` are the stamps of sources and published files after the last time. All new files
        are written beside the old ones first: a disk that fills up leaves the site as it was.
        """
        staging = self.folder / _STAGING
        shutil.rmtree(staging, ignore_errors=True)
        try:
            staged = list(self._stage(staging, known))
            for name in staged:
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.is_dir():
                    shutil.rmtree(target)
                (staging / name).replace(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        self._remove_stale()
        return self._stamps()

    def _stage(self, staging: Path, known: Stamps) -> Iterator[str]:
        """Write what differs into a folder beside the site's own; yield the names."""
        self.folder.mkdir(parents=True, exist_ok=True)
        names = sorted({*self.files, *self.content, MARKER})
        self.content[MARKER] = "".join(f"{name}\n" for name in names if name != MARKER).encode()
        for name in names:
            target = self.folder / name
            if name in self.content:
                if not _holds(target, self.content[name]):
                    yield _write(staging / name, self.content[name], name)
            elif not self._is_current(name, target, known):
                _copy(self.files[name], staging / name)
                yield name

    def _is_current(self, name: str, target: Path, known: Stamps) -> bool:
        source = self.files[name]
        pair = (str(source), str(target))
        if all(known.get(path) == stamp(path) != ABSENT for path in pair):
            return True
        return target.is_file() and filecmp.cmp(source, target, shallow=False)

    def _remove_stale(self) -> None:
        kept = {*self.files, *self.content}
        for path in list(_files(self.folder)):
            if path.relative_to(self.folder).as_posix() not in kept:
                path.unlink()
        for folder, _, _ in os.walk(self.folder, topdown=False):
            if folder != str(self.folder) and not any(Path(folder).iterdir()):
                Path(folder).rmdir()

    def _stamps(self) -> Stamps:
        found: Stamps = {}
        for name in {*self.files, *self.content}:
            for path in filter(None, (self.folder / name, self.files.get(name))):
                found[str(path)] = stamp(str(path))
        return found


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in names:
            yield Path(parent, name)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _write(path: Path, content: bytes, name: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
