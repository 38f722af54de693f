"""The lock is up to date, and every package in it comes from the default index."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def check(project: Path) -> subprocess.CompletedProcess[str]:
    """Ask uv, as if this machine had no configuration of its own.

    uv takes a locked package from an index that it does not know for outdated.
    """
    return subprocess.run(
        [sys.executable, "-m", "uv", "lock", "--check", "--offline", "--no-config"],
        cwd=project,
        env={key: value for key, value in os.environ.items() if not key.startswith("UV_")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def copy(repository: Path, folder: Path) -> Path:
    (folder / "conf").mkdir()
    for name in ("pyproject.toml", "uv.lock", "README.md", "conf/pyproject.toml"):
        shutil.copy(repository / name, folder / name)
    return folder


def test_the_lock_fits_both_projects_and_the_default_index(repository: Path) -> None:
    result = check(repository)
    assert result.returncode == 0, result.stderr


def test_a_new_dependency_makes_the_lock_outdated(repository: Path, tmp_path: Path) -> None:
    table = copy(repository, tmp_path) / "pyproject.toml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('"django>=5.2"', '"django>=5.2", "whitenoise"'), encoding="utf-8")
    assert check(tmp_path).returncode != 0


def test_a_package_of_another_index_makes_the_lock_outdated(
    repository: Path, tmp_path: Path
) -> None:
    lock = copy(repository, tmp_path) / "uv.lock"
    text = lock.read_text(encoding="utf-8")
    assert check(tmp_path).returncode == 0
    pattern = r'(name = "django"\nversion = "[^"]+"\nsource = \{ registry = ")[^"]+'
    other, count = re.subn(pattern, r"\1https://index.invalid/simple", text)
    assert count
    lock.write_text(other, encoding="utf-8")
    assert check(tmp_path).returncode != 0
