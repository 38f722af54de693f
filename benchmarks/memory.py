"""The memory of a command with all its processes."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.builds import ENVIRONMENT, BrokenBuildError

if TYPE_CHECKING:
    from collections.abc import Iterable

INTERVAL = 0.05  # seconds between two looks


def peak(commands: Iterable[list[str]], directory: Path) -> float:
    """Return the highest sum of the processes' memory, in MB, over commands run in turn.

    The figure is the proportional set size (``Pss`` in ``/proc/PID/smaps_rollup``): pages that
    processes share count once, so that forked processes are charged for what they really use.
    """
    return max(_peak(command, directory) for command in commands)


def _peak(command: list[str], directory: Path) -> float:
    quiet = subprocess.DEVNULL
    process = psutil.Popen(command, cwd=directory, env=ENVIRONMENT, stdout=quiet, stderr=quiet)
    highest = 0.0
    while process.poll() is None:
        highest = max(highest, _now(process))
        time.sleep(INTERVAL)
    if process.returncode:
        raise BrokenBuildError(f"{' '.join(command)} ended with {process.returncode}")
    return highest


def _now(process: psutil.Process) -> float:
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(_pss(member.pid) for member in family)


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
