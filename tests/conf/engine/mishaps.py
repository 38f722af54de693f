"""What happens to a project from outside: killed builds, lost outputs, odd dates of files."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conf.engine.edits import Pick
    from tests.conf.engine.judge import Trial

MISHAPS: dict[str, Callable[[Trial, Pick], str]] = {}


def mishap(function: Callable[[Trial, Pick], str]) -> Callable[[Trial, Pick], str]:
    """Give a mishap its name."""
    MISHAPS[function.__name__] = function
    return function


def _file(pick: Pick, folder: Path) -> Path | None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return pick.one(files) if files else None


@mishap
def kill_build(trial: Trial, pick: Pick) -> str:
    told = trial.edit_something(pick)
    seconds, group = pick.random.random() ** 2 * 1.5, pick.random.random() < 0.5
    code = trial.interrupt(seconds, group=group)
    return f"after {seconds:.3f} s, {'all' if group else 'first'} process, exit {code}; {told}"


@mishap
def kill_two_builds(trial: Trial, pick: Pick) -> str:
    return f"{kill_build(trial, pick)}; {kill_build(trial, pick)}"


@mishap
def delete_site_file(trial: Trial, pick: Pick) -> str:
    path = _file(pick, trial.directory / "build/site")
    if path:
        path.unlink()
    return str(path and path.relative_to(trial.directory))


@mishap
def spoil_site_file(trial: Trial, pick: Pick) -> str:
    path = _file(pick, trial.directory / "build/site")
    if path:
        path.write_bytes(path.read_bytes() + b"spoiled")
    return str(path and path.relative_to(trial.directory))


@mishap
def delete_work_file(trial: Trial, pick: Pick) -> str:
    path = _file(pick, trial.directory / "build/docset")
    if path:
        path.unlink()
    return str(path and path.relative_to(trial.directory))


@mishap
def truncate_work_file(trial: Trial, pick: Pick) -> str:
    """Leave what a power cut leaves: the name without the content."""
    path = _file(pick, trial.directory / "build/docset")
    if path:
        os.truncate(path, path.stat().st_size // 2)
    return str(path and path.relative_to(trial.directory))


@mishap
def delete_folder(trial: Trial, pick: Pick) -> str:
    name = pick.one(["build", "build/site", "build/docset", "build/site/tutorials"])
    shutil.rmtree(trial.directory / name, ignore_errors=True)
    return name


@mishap
def edit_with_an_old_date(trial: Trial, pick: Pick) -> str:
    """Put a file in place as a backup or an archive does: new content, an old date."""
    before = {path: path.stat().st_mtime_ns for path in trial.sources()}
    told = trial.edit_something(pick)
    for path in trial.sources():
        if before.get(path) != path.stat().st_mtime_ns:
            os.utime(path, (1_000_000_000, 1_000_000_000))
    return told


@mishap
def touch_everything(trial: Trial, pick: Pick) -> str:
    for path in trial.sources():
        path.touch()
    return "all sources"


@mishap
def nothing(trial: Trial, pick: Pick) -> str:
    return "no change"
