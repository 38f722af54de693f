"""Holds for every test and for every page that runs."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from docset.pages.plugin import PAGE

if TYPE_CHECKING:
    from collections.abc import Generator

pytest_plugins = ["tests.django_prodserver.budgets"]

# The words that end the reason of a skip when a program or a system package is missing.
MISSING = "which this machine does not have"


def pytest_configure() -> None:
    """See to it that Ctrl+C ends what a test starts."""
    # A shell ignores it for what runs in the background, and that is inherited.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Return more workers than cores: some always wait for what their tests have started."""
    return max(2, 3 * (os.cpu_count() or 1) // 2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what continuous integration would run if the machine were set up right."""
    report = yield
    missing = [reason for reason in skips(report) if MISSING in reason]
    if os.environ.get("CI") == "true" and missing and not report.failed:
        report.outcome = "failed"
        report.longrepr = "\n".join(f"{reason} (CI=true: install it)" for reason in missing)
    return report


def skips(report: pytest.TestReport) -> list[str]:
    """Return why a test was skipped, or blocks of a page were, each with its place."""
    if report.skipped and isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        return [f"{path}:{line}: {reason}"]
    pages = (value for key, value in report.user_properties if key == PAGE)
    return [reason for page in pages if isinstance(page, dict) for reason in page["skips"]]
