"""What the linter Vale says about pages, as alerts: its rules are in the folder ``styles``.

Vale reads MyST: labels, comments, code, options and the names of roles are no prose to it.
It does not see the argument of a directive, the inside of ``eval-rst``, and front matter.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docset.project import ProjectError
from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docset.project import Project

__all__ = ["CONFIGURATION", "STYLES", "alerts", "program", "rules"]

CONFIGURATION = ".vale.ini"
"""The file in which Vale finds what it checks, in the project's directory."""
STYLES = re.compile(r"^(StylesPath\s*=\s*)(.+)$", re.MULTILINE)
"""The line of the configuration that names the folder of the rules, in its second group."""
MANY = 500
"""How many paths one command line holds."""


def alerts(project: Project, paths: Iterable[str]) -> list[Alert]:
    """Return what Vale finds in these files and folders, which are relative to the project.

    Return nothing where the project has no ``.vale.ini``, or the machine no Vale.
    Raise ProjectError when Vale cannot read its configuration or its rules.
    """
    vale = program()
    paths = list(paths)
    if vale is None or not (project.directory / CONFIGURATION).is_file():
        return []
    chunks = (paths[start : start + MANY] for start in range(0, len(paths), MANY))
    return sorted(alert for chunk in chunks for alert in _alerts(vale, project.directory, chunk))


@cache
def program() -> str | None:
    """Return the path of Vale: the one of this environment, or else the first on PATH."""
    beside = shutil.which("vale", path=str(Path(sys.executable).parent))
    return beside or shutil.which("vale")


def rules(project: Project) -> str:
    """Return a digest of all that alerts depend on besides the pages: Vale and what it reads."""
    digest = sha256()
    if vale := program():
        status = Path(vale).stat()
        digest.update(f"{vale} {status.st_size} {status.st_mtime_ns}".encode())
    configuration = project.directory / CONFIGURATION
    if configuration.is_file():
        text = configuration.read_text("utf-8")
        styles = STYLES.search(text)
        folder = project.directory / (styles[2].strip() if styles else "styles")
        for file in (configuration, *sorted(each for each in folder.rglob("*") if each.is_file())):
            digest.update(f"\0{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _alerts(vale: str, directory: Path, paths: Sequence[str]) -> Iterator[Alert]:
    result = subprocess.run(
        [vale, "--no-global", "--no-exit", "--output=JSON", *paths],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if result.returncode:
        raise ProjectError(_reason(result.stderr or result.stdout, directory))
    for path, found in json.loads(result.stdout or "{}").items():
        yield from (_alert(Path(path).as_posix(), each) for each in found)


def _alert(path: str, found: dict[str, Any]) -> Alert:
    column, _ = found["Span"]
    return Alert(path, found["Line"], column, found["Check"], found["Message"])


def _reason(output: str, directory: Path) -> str:
    """Return in one line why Vale stopped, from what it prints about a mistake of ours."""
    try:
        error = json.loads(output)
        file = error["Path"].removeprefix(f"{directory}/")
        return f"{file}:{error['Line']}: Vale cannot use it: {error['Text']}"
    except (ValueError, KeyError, TypeError):
        return f"Vale stopped: {' '.join(output.split())}"
