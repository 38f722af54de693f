"""Copied virtual environments: as good as what ``python -m venv`` makes, and faster."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from docset.pages import environments

PYTHON = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")


def copied(target: Path, templates: Path) -> None:
    program = str(environments.__file__)
    subprocess.run([PYTHON, program, target, templates], check=True, timeout=60)


def content(folder: Path) -> dict[str, object]:
    """Return every file and symbolic link.

    Compiled modules know their time, and RECORD has the hashes of pip's scripts: nobody looks.
    """
    return {
        str(path.relative_to(folder)): path.readlink()
        if path.is_symlink()
        else (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.suffix != ".pyc" and path.name != "RECORD" and (path.is_symlink() or path.is_file())
    }


def test_a_copy_is_what_venv_would_have_made_there(tmp_path: Path) -> None:
    target = tmp_path / "home" / ".venv"
    subprocess.run([PYTHON, "-m", "venv", target], check=True, timeout=60)
    original = content(target)
    shutil.rmtree(target)

    copied(target, tmp_path / "templates")

    assert content(target) == original


def test_pip_of_a_copy_installs_into_the_copy(tmp_path: Path) -> None:
    for name in ("one", "other"):
        copied(tmp_path / name / ".venv", tmp_path / "templates")

    for name in ("one", "other"):
        pip = tmp_path / name / ".venv" / "bin" / "pip"
        said = subprocess.run([pip, "--version"], capture_output=True, text=True, check=True)
        assert f" from {tmp_path / name / '.venv'}/" in said.stdout
