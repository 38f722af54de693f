"""What is known from earlier runs: an address that was well is not asked for again so soon."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Memory"]

DAY = 24 * 60 * 60.0


class Memory:
    """The addresses that were well, and when; those that were not are asked for every time."""

    def __init__(self, file: Path, *, keep: float = DAY) -> None:
        self._file = file
        self._keep = keep
        self._seen = _load(file)

    def knows(self, address: str) -> bool:
        """Tell whether the address was well a short while ago."""
        age = time.time() - self._seen.get(address, 0.0)
        return 0 <= age < self._keep

    def save(self, well: Iterable[str]) -> None:
        """Keep the addresses that are well now, and those that still count."""
        now = time.time()
        kept = {address: seen for address, seen in self._seen.items() if self.knows(address)}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(dict.fromkeys(well, now) | kept, indent=0), "utf-8")


def _load(file: Path) -> dict[str, float]:
    try:
        known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    pairs = known.items() if isinstance(known, dict) else ()
    return {str(key): float(value) for key, value in pairs if isinstance(value, (int, float))}
