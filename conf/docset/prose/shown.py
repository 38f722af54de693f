"""How a command shows its alerts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docset.progress import Reporter
    from docset.prose.alerts import Alert

__all__ = ["show"]


def show(alerts: Iterable[Alert], files: int, reporter: Reporter) -> int:
    """Print each alert once, in the order of their places, and their number.

    Return 1 when there are alerts, and 0 otherwise.
    """
    found = sorted(set(alerts))
    for alert in found:
        sys.stdout.write(f"{alert}\n")
    count = "1 alert" if len(found) == 1 else f"{len(found) or 'no'} alerts"
    reporter.message(f"{count} in {'1 file' if files == 1 else f'{files} files'}")
    return 1 if found else 0
