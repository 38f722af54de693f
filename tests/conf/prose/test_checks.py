"""Every check proves itself by the cases in its own module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.prose.check import LEVELS, checks

if TYPE_CHECKING:
    from docset.prose.check import Case, Check

CHECKS = checks()
FIRING = [(check, case) for check in CHECKS for case in check.firing]
SILENT = [(check, case) for check in CHECKS for case in check.silent]


def name_of(value: object) -> str | None:
    return getattr(value, "rule", "")


@pytest.mark.parametrize(("check", "case"), FIRING, ids=name_of)
def test_a_check_finds_what_its_firing_case_shows(check: Check, case: Case) -> None:
    found = check.alerts_of(case)
    assert found, case.text
    lines = case.text.split("\n")
    for alert in found:
        assert 1 <= alert.line <= len(lines)
        assert 1 <= alert.column <= len(lines[alert.line - 1]) + 1


@pytest.mark.parametrize(("check", "case"), SILENT, ids=name_of)
def test_a_check_lets_its_silent_case_pass(check: Check, case: Case) -> None:
    assert check.alerts_of(case) == []


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_a_check_has_cases_of_both_kinds_a_demand_and_a_level(check: Check) -> None:
    assert check.firing
    assert check.silent
    assert check.demand.endswith(".")
    assert check.level in LEVELS


def test_no_two_checks_have_one_name() -> None:
    assert len({check.rule for check in CHECKS}) == len(CHECKS) > 0
