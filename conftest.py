"""Holds for every test and for every page that runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

# The words that end the reason of a skip when a program or a system package is missing.
MISSING = "which this machine does not have"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that continuous integration could run if the machine were set up right."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        if MISSING in reason:
            report.outcome = "failed"
            report.longrepr = f"{path}:{line}: {reason} (CI=true: install it)"
    return report
