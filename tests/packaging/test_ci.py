"""In continuous integration nothing is skipped because a program is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

REASON = "needs nginx, which this machine does not have"


@pytest.mark.parametrize(
    ("ci", "reason", "outcome"),
    [
        ("true", REASON, "1 failed"),
        ("", REASON, "1 skipped"),
        ("true", "needs a system with os.fork", "1 skipped"),
    ],
)
def test_a_missing_program_is_a_failure_in_ci_only(
    tmp_path: Path, pytestconfig: pytest.Config, ci: str, reason: str, outcome: str
) -> None:
    hooks = (pytestconfig.rootpath / "conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(hooks, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(
        f"import pytest\n\ndef test_it():\n    pytest.skip({reason!r})\n", encoding="utf-8"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "--rootdir=."],
        cwd=tmp_path,
        env=os.environ | {"CI": ci},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome in run.stdout
    assert reason in run.stdout
