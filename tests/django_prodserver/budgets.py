"""The time that the contract of one backend may take, summed over its tests: a pytest plugin.

They start some dozen processes. What grows beyond its budget is shown at the end of a run; what is
far beyond it fails, however busy the machine is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

FOLDER = "tests/django_prodserver/backends/"
# Seconds on two processor cores that nothing else uses.
BUDGET = 60.0
LIMIT = 5 * BUDGET


class Budgets:
    """What each suite has taken so far."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the time of a part of a test to that of its suite."""
        # A page has no name behind its path.
        path, *classes = report.nodeid.split("::")[:-1] or [""]
        if path.startswith(FOLDER) and classes:
            self.taken[classes[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the suites that have taken too long."""
        for suite, seconds in self.beyond(BUDGET):
            budget = f"its budget is {BUDGET:.0f} s, and beyond {LIMIT:.0f} s it fails"
            terminalreporter.write_line(f"{suite} took {seconds:.0f} s: {budget}", yellow=True)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run if a suite is beyond its limit."""
        if self.beyond(LIMIT) and not session.exitstatus:
            session.exitstatus = 1

    def beyond(self, seconds: float) -> list[tuple[str, float]]:
        """Return the suites that have taken longer, the longest first."""
        longest = sorted(self.taken.items(), key=lambda item: -item[1])
        return [(suite, taken) for suite, taken in longest if taken > seconds]


def pytest_configure(config: pytest.Config) -> None:
    """Watch the run, but not in the processes that run parts of it."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Budgets())
