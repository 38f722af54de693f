"""What files looked like: stamps that tell a changed file from an unchanged one.

Standard library only, and little of it: a build with nothing to do imports this module and stops.
"""

from __future__ import annotations

import marshal
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, size in bytes (-1 for a folder), inode."""

Stamps = dict[str, Stamp | None]
"""Absolute path to stamp; None stands for a file that may change again without a new stamp."""

ABSENT: Stamp = (0, 0, 0)
"""The stamp of a path at which there is nothing."""

# The kernel's clock for modification times ticks every 4 ms (10 ms with CONFIG_HZ=100): a file that
# was written that shortly before it was looked at may be written again without a new stamp.
_TICK_NS = 20_000_000


def stamp(path: str) -> Stamp:
    """Return the stamp of a file or folder."""
    try:
        status = os.stat(path)
    except OSError:
        return ABSENT
    is_folder = status.st_mode & 0o170000 == 0o040000
    return status.st_mtime_ns, -1 if is_folder else status.st_size, status.st_ino


def stamps(paths: Iterable[str], *, since: int | None = None) -> Stamps:
    """Return the stamps of the paths, None for those written after ``since``.

    ``since`` is the time, in nanoseconds, at which somebody began to read them: now by default.
    """
    limit = (since or time.time_ns()) - _TICK_NS
    return {path: _settled(stamp(path), limit) for path in paths}


def tree(
    folder: str, hidden: Callable[[str], bool] = lambda _: False, *, since: int | None = None
) -> Stamps:
    """Return the stamps of every file and folder below a folder, itself included.

    Hidden folders, ``__pycache__`` and those that ``hidden`` names are left out.
    """
    return stamps(_walk(folder, hidden, set()), since=since)


def produced(folder: str) -> Stamps:
    """Return the stamps of files below a folder that only we write, however recently."""
    return {path: stamp(path) for path in _walk(folder, lambda _: False, set())}


def same(before: Stamps) -> bool:
    """Tell whether every file still looks as it did."""
    return all(seen is not None and stamp(path) == seen for path, seen in before.items())


def changed(before: Stamps, now: Stamps) -> set[str]:
    """Return the paths that were added, removed, changed or cannot be trusted."""
    return {
        path
        for path in before.keys() | now.keys()
        if before.get(path) is None or before.get(path) != now.get(path)
    }


def save(file: str | os.PathLike[str], seen: Stamps) -> None:
    """Keep stamps in a file."""
    with open(file, "wb") as stream:
        marshal.dump(seen, stream)


def load(file: str | os.PathLike[str]) -> Stamps:
    """Return the stamps kept in a file, none when there is no such file."""
    try:
        with open(file, "rb") as stream:
            return dict(marshal.load(stream))  # noqa: S302 - our own file
    except (OSError, EOFError, ValueError, TypeError):
        return {}


def _settled(seen: Stamp, limit: int) -> Stamp | None:
    return seen if seen[0] < limit else None


def _walk(folder: str, hidden: Callable[[str], bool], above: set[str]) -> Iterator[str]:
    yield folder
    real = os.path.realpath(folder)
    if real in above:
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name == "__pycache__" or entry.name.startswith("."):
            continue
        if not entry.is_dir():
            yield entry.path
        elif not hidden(entry.path):
            yield from _walk(entry.path, hidden, above | {real})
