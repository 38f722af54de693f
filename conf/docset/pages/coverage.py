"""Coverage: how many code blocks of pages are checked, and in which way."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass

__all__ = ["Coverage"]


@dataclass(frozen=True)
class Coverage:
    """Numbers of code blocks: each block is counted once.

    ``executed`` sessions are typed, ``files`` are written or lie where they run, ``validated``
    texts are read by what knows them, ``skipped`` blocks say why nothing is done with them.
    """

    executed: int = 0
    files: int = 0
    validated: int = 0
    skipped: int = 0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def blocks(self) -> int:
        """The number of all blocks."""
        return sum(astuple(self))

    def as_dict(self) -> dict[str, int]:
        """Return the numbers by their names."""
        return asdict(self)

    def falls_below(self, other: Coverage) -> list[str]:
        """Return in words what is worse than it was there.

        A block that was only validated and is now executed is no loss of a validated block.
        """
        worse = []
        ours = theirs = 0
        for way in ("executed", "files", "validated"):
            ours, theirs = ours + getattr(self, way), theirs + getattr(other, way)
            if ours < theirs and getattr(self, way) < getattr(other, way):
                worse.append(f"{way} {getattr(other, way)} → {getattr(self, way)}")
        if self.skipped > other.skipped:
            worse.append(f"skipped {other.skipped} → {self.skipped}")
        return worse
