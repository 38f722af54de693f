"""The output of a process as lines, each with the name of the process in front."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["OWN_NAME", "Labels", "Lines", "wants_color"]

OWN_NAME = "prodserver"
# Cyan, yellow, green, magenta, blue, and their bright shades; red looks like an error.
COLORS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)


@dataclass
class Lines:
    """Cuts what a process writes into lines; never holds more than ``limit`` bytes."""

    limit: int = 1 << 16
    _rest: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[bytes]:
        """Returns the lines that are complete now, without their ends.

        What exceeds ``limit`` bytes without an end comes in pieces of ``limit`` bytes.
        """
        *complete, rest = (self._rest + data).split(b"\n")
        lines = [piece for line in complete for piece in self._pieces(line.removesuffix(b"\r"))]
        *full, self._rest = self._pieces(rest)
        return [bytes(line) for line in (*lines, *full)]

    def end(self) -> list[bytes]:
        """Returns the line that no end followed, if there is one."""
        line, self._rest = bytes(self._rest), bytearray()
        return [line] if line else []

    def _pieces(self, line: bytearray) -> list[bytearray]:
        starts = range(0, max(len(line), 1), self.limit)
        return [line[start : start + self.limit] for start in starts]


class Labels:
    """What stands in front of each line: the names in one column, each in a color of its own."""

    def __init__(self, names: Iterable[str], *, color: bool) -> None:
        names = list(names)
        width = max(map(len, [OWN_NAME, *names]))
        colors = [*zip(names, itertools.cycle(COLORS)), (OWN_NAME, 1)]
        self._labels = {
            name: _painted(f"{name:{width}} |", code if color else None) for name, code in colors
        }

    def line(self, name: str, text: bytes) -> bytes:
        """Returns the line of the process of that name, with its end."""
        return b"%b %b\n" % (self._labels[name], text)


def wants_color(environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Returns whether output is colored: on a terminal, unless the environment decides.

    ``NO_COLOR`` is stronger than ``FORCE_COLOR``; both count when they are not empty.
    """
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (terminal and environ.get("TERM") != "dumb")


def _painted(text: str, code: int | None) -> bytes:
    # The 0 ends a color that the line before may have left switched on.
    painted = text if code is None else f"\033[0;{code}m{text}\033[0m"
    return painted.encode("utf-8", "backslashreplace")
