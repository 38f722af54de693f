"""The manifest: what the last build looked at and said, so that the next one may stop at once.

Standard library only, and little of it: this is all that a build with nothing to do imports.
"""

from __future__ import annotations

import marshal
import os
import sys

from docset import snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from docset.snapshot import Stamps

_FILE = os.path.join("build", "docset", "manifest")
_FORMAT = 1


class Manifest:
    """The outcome of a build and the stamps of every file that it depends on or has made."""

    def __init__(self, code: int, lines: list[str], stamps: Stamps) -> None:
        self.code = code
        self.lines = lines
        self.stamps = stamps

    def save(self, directory: str, output: str) -> None:
        """Write the manifest so that it is there whole or not at all."""
        path = os.path.join(directory, _FILE)
        data = (_FORMAT, _ground(), output, self.code, self.lines, self.stamps)
        with open(path + ".new", "wb") as file:
            marshal.dump(data, file)
        os.replace(path + ".new", path)


def load(directory: str, output: str = "") -> Manifest | None:
    """Return the manifest of the last build if nothing has changed since, else None.

    ``output`` is the folder of the site, empty for the configured one.
    """
    try:
        with open(os.path.join(directory, _FILE), "rb") as file:
            form, ground, site, code, lines, stamps = marshal.load(file)  # noqa: S302 - our own file
    except (OSError, EOFError, ValueError, TypeError):
        return None
    if form != _FORMAT or ground != _ground() or output != site:
        return None
    return Manifest(code, lines, stamps) if snapshot.same(stamps) else None


def discard(directory: str) -> None:
    """Remove the manifest: from here on there is something to do."""
    try:
        os.unlink(os.path.join(directory, _FILE))
    except FileNotFoundError:
        pass


def installed() -> Stamps:
    """Return the stamps of the folders that packages are installed in, and of this package."""
    folders = [path for path in sys.path if "site-packages" in path and os.path.isdir(path)]
    ours = [path for path in snapshot.tree(os.path.dirname(__file__)) if path.endswith(".py")]
    return {path: snapshot.stamp(path) for path in (*folders, *ours)}


def _ground() -> str:
    """Return what a build depends on besides files."""
    return f"{sys.version} {sys.prefix}"
