"""Settings that are shown and not run: loaded into a real project, their processes dry-run."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RefusedError", "continued", "dry_runs", "has_processes"]

SETTING = "PRODUCTION_PROCESSES"

_EPILOGUE = 'INSTALLED_APPS = list(dict.fromkeys([*INSTALLED_APPS, "django_prodserver"]))\n'
_NAMES = f"from mysite.settings import {SETTING} as p; print(*p, sep='\\n')"


class RefusedError(Exception):
    """A real project does not take the settings; the message has the command and what it said."""


def has_processes(text: str) -> bool:
    """Tell whether the Python text is a settings fragment that sets or changes the processes."""
    return any(_name(target) == SETTING for target in _targets(text))


def continued(text: str, above: str | None) -> str:
    """Return a fragment that stands alone: where it only changes processes, after those above."""
    alone = any(isinstance(target, ast.Name) and target.id == SETTING for target in _set(text))
    return text if alone else f"{above or f'{SETTING} = {{}}'}\n\n{text}"


def _targets(text: str) -> Iterator[ast.expr]:
    """Yield what the text sets, adds to, or calls a method of."""
    yield from _set(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.AugAssign):
            yield node.target
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.value


def _set(text: str) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign):
            yield from node.targets
        elif isinstance(node, ast.AnnAssign):
            yield node.target


def _name(target: ast.expr) -> str:
    """Return the name in ``name``, ``name["web"]`` and ``name["web"]["ARGS"]``."""
    while isinstance(target, ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


@cache
def dry_runs(text: str) -> dict[str, str]:
    """Return the command line of each process that the settings fragment names.

    The fragment goes to the end of the settings of a new project, which must pass system checks.
    Raise RefusedError with the complaint of the command that fails.
    """
    with tempfile.TemporaryDirectory(prefix="fragment-") as name:
        directory = Path(name)
        _python(directory, "-m", "django", "startproject", "mysite", ".")
        with (directory / "mysite/settings.py").open("a") as settings:
            settings.write(f"\n{text}\n{_EPILOGUE}")
        _python(directory, "manage.py", "check")
        processes = _python(directory, "-c", _NAMES).splitlines()
        return {
            process: _python(directory, "manage.py", "prodserver", process, "--dry-run")
            for process in processes
        }


def _python(directory: Path, *arguments: str) -> str:
    hidden = ("DJANGO_", "PYTHONPATH")
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=directory,
        env={k: v for k, v in os.environ.items() if not k.startswith(hidden)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if result.returncode:
        said = (result.stderr or result.stdout).strip()
        raise RefusedError(f"'{' '.join(arguments)}' refuses these settings:\n{said}")
    return result.stdout
