"""The cells of the matrix come from pyproject.toml and uv.lock, and none is left out silently."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from tests.matrix import Cell, Outcome, cells, main, run, table

if TYPE_CHECKING:
    from pathlib import Path

PROJECT: dict[str, Any] = {
    "project": {
        "classifiers": [
            "Programming Language :: Python :: 3 :: Only",
            "Programming Language :: Python :: 3.12",
            "Programming Language :: Python :: 3.9",
        ]
    }
}
LOCK: dict[str, Any] = {
    "package": [
        {"name": "django-tasks", "version": "0.12.0"},
        {
            "name": "django",
            "version": "10.0",
            "resolution-markers": ["python_full_version >= '3.12'"],
        },
        {
            "name": "django",
            "version": "9.2.1",
            "resolution-markers": ["python_full_version < '3.12'"],
        },
    ]
}


def test_each_python_gets_its_locked_django_and_each_older_one() -> None:
    assert list(cells(PROJECT, LOCK)) == [
        Cell("3.9", "9.2.1"),
        Cell("3.12", "9.2.1", ("django==9.2.1", "django-tasks==0.12.0")),
        Cell("3.12", "10.0"),
    ]


def test_the_repository_has_a_cell_for_every_python_and_django(repository: Path) -> None:
    files = (repository / name for name in ("pyproject.toml", "uv.lock"))
    names = [str(cell) for cell in cells(*(tomllib.loads(each.read_text()) for each in files))]

    assert names[0] == "python3.11-django5.2"
    assert names[1:5:2] == ["python3.12-django5.2", "python3.13-django5.2"]
    assert len(names) == 5


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [
        (
            "",
            Outcome(
                passed=True, text="SKIPPED: needs python3.99, which this machine does not have"
            ),
        ),
        (
            "true",
            Outcome(
                passed=False,
                text="needs python3.99, which this machine does not have (CI=true: install it)",
            ),
        ),
    ],
)
def test_a_missing_python_is_a_visible_skip_and_in_ci_a_failure(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: Outcome
) -> None:
    monkeypatch.setenv("CI", ci)

    assert run(Cell("3.99", "10.0"), []) == outcome


def test_the_summary_has_a_line_for_each_cell() -> None:
    outcomes = {
        Cell("3.9", "9.2.1"): Outcome(passed=True, text="passed"),
        Cell("3.12", "10.0"): Outcome(passed=False, text="FAILED with exit code 1"),
    }

    assert table(outcomes).splitlines() == [
        "Python  Django  Tests",
        "3.9     9.2.1   passed",
        "3.12    10.0    FAILED with exit code 1",
    ]


@pytest.mark.parametrize(("passed", "code"), [(True, 0), (False, 1)])
def test_one_cell_that_fails_fails_all(passed: bool, code: int) -> None:
    asked: list[tuple[str, list[str]]] = []

    def outcome(cell: Cell, words: Any) -> Outcome:
        asked.append((str(cell), list(words)))
        return Outcome(passed=passed or cell.python != "3.12", text="")

    words = ["--cell", "python3.11-django5.2", "--cell", "python3.12-django5.2", "-k", "huey"]

    assert main(words, outcome) == code
    assert asked == [
        ("python3.11-django5.2", ["-k", "huey"]),
        ("python3.12-django5.2", ["-k", "huey"]),
    ]
