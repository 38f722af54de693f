"""A contract that takes too long is shown, and one that takes far too long fails the run."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.django_prodserver.budgets import FOLDER, Budgets

if TYPE_CHECKING:
    from pathlib import Path

SUITE = """
from tests.django_prodserver import budgets

pytest_plugins = ["tests.django_prodserver.budgets"]
budgets.BUDGET, budgets.LIMIT = {budget}, {limit}
"""
SLOW = """
import time
import unittest

class TestSlow(unittest.TestCase):
    def test_one(self):
        time.sleep(0.2)

    def test_two(self):
        time.sleep(0.2)
"""


@pytest.mark.parametrize(
    ("words", "budget", "limit", "shown", "exit_code"),
    [
        ((), 60, 300, False, 0),
        ((), 0.3, 300, True, 0),
        (("-n", "2"), 0.3, 0.35, True, 1),
    ],
)
def test_the_time_of_a_suite_is_that_of_all_its_tests(
    tmp_path: Path, words: tuple[str, ...], budget: float, limit: float, shown: bool, exit_code: int
) -> None:
    (tmp_path / "conftest.py").write_text(SUITE.format(budget=budget, limit=limit))
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "test_slow.py").write_text(SLOW)
    plugins = ["-p", "xdist", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--rootdir=.", *words],
        cwd=tmp_path,
        # The other plugins of this environment take longer to load than the suite runs.
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ("TestSlow took 0 s" in done.stdout) is shown
    assert done.returncode == exit_code, done.stdout


def test_a_page_belongs_to_no_suite() -> None:
    budgets = Budgets()
    place = ("page.md", None, "page.md")
    budgets.pytest_runtest_logreport(
        pytest.TestReport("page.md", place, {}, "passed", None, "call", duration=999)
    )

    assert budgets.beyond(0) == []
