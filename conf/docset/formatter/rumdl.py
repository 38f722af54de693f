"""The program rumdl, which knows how Markdown is to look."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docset.project import ProjectError
from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docset.project import Project

__all__ = ["alerts", "formatted"]

CONFIGURATION = ".rumdl.toml"
STYLE = "Markdown"
"""Stands before a rule of rumdl, as in ``Markdown.MD009``."""
_FINDINGS = 1


def formatted(project: Project, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of pages as rumdl would write them, by their path."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), texts)
        _run(project, Path(folder), texts, "check", "--fix")
        return {name: _read(Path(folder, name)) for name in texts}


def alerts(project: Project, texts: Mapping[str, str]) -> list[Alert]:
    """Return what rumdl says of texts of pages, by their path."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), texts)
        found = json.loads(_run(project, Path(folder), texts, "check") or "[]")
    return [_alert(each) for each in found]


def _alert(found: Mapping[str, Any]) -> Alert:
    rule = f"{STYLE}.{found['rule']}"
    return Alert(found["file"], found["line"], found["column"], rule, found["message"])


def _run(project: Project, folder: Path, names: Mapping[str, str], *command: str) -> str:
    program = Path(sys.executable).with_name("rumdl")
    options = ["--no-cache", "--quiet", "--output-format", "json", "--flavor", "myst"]
    configuration = project.directory / CONFIGURATION
    found = ["--config", str(configuration)] if configuration.is_file() else ["--no-config"]
    ended = subprocess.run(
        [program, *command, *options, *found, "--", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode > _FINDINGS:
        raise ProjectError(f"rumdl: {' '.join(ended.stderr.split())}")
    return ended.stdout


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")


def _read(path: Path) -> str:
    return path.read_bytes().decode()
