"""In continuous integration nothing is skipped because a program is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TEST = """\
import pytest

def test_it():
    pytest.skip("needs {}")
"""
PAGE = """\
# A page

% test: requires: {}

```console
$ echo yes
yes
```
"""
DOCSET = """\
[project]
name = "garden"
version = "1"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
include = ["*.md"]

[tool.docset]
title = "Garden"
url = "https://garden.example/"

[[tool.docset.roots]]
name = "guide"
path = "guide"
title = "Guide"
"""


def run(folder: Path, hooks: Path, ci: str) -> str:
    (folder / "conftest.py").write_bytes(hooks.read_bytes())
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "--rootdir=."]
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"CI": ci},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    ).stdout


@pytest.fixture
def hooks(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.rootpath / "conftest.py"


@pytest.mark.parametrize(
    ("ci", "needed", "outcome"),
    [
        ("true", "nginx, which this machine does not have", "1 failed"),
        ("", "nginx, which this machine does not have", "1 skipped"),
        ("true", "a system with os.fork", "1 skipped"),
    ],
)
def test_a_test_without_its_program_fails_in_ci_only(
    tmp_path: Path, hooks: Path, ci: str, needed: str, outcome: str
) -> None:
    (tmp_path / "test_it.py").write_text(TEST.format(needed), encoding="utf-8")
    output = run(tmp_path, hooks, ci)
    assert outcome in output
    assert needed in output


@pytest.mark.parametrize(
    ("ci", "needed", "outcome"),
    [
        ("true", "no-such-program", "1 failed"),
        ("", "no-such-program", "1 passed"),
        ("true", "sh", "1 passed"),
    ],
)
def test_a_page_without_its_program_fails_in_ci_only(
    tmp_path: Path, hooks: Path, ci: str, needed: str, outcome: str
) -> None:
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "conf.py").touch()
    (tmp_path / "guide" / "index.md").write_text(PAGE.format(needed), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(DOCSET, encoding="utf-8")
    output = run(tmp_path, hooks, ci)
    assert outcome in output, output
    assert (needed in output) == (needed == "no-such-program")
