"""A page is linted again when it, or a rule, has changed, and not otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.prose import vale
from docset.prose.alerts import Alert
from docset.prose.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docset.project import Project

PAGES = ["a/one.md", "a/two.md"]


@pytest.fixture
def site(site: Project) -> Project:
    for page in PAGES:
        (site.directory / page).write_text("# Words\n")
    return site


class Linter:
    """Finds every page wanting, and knows which it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, project: Project, paths: Sequence[str]) -> Iterator[Alert]:
        self.asked += paths
        for path in paths:
            yield Alert(path, 1, 3, "X.Words", (project.directory / path).read_text("utf-8"))


def lint(site: Project, paths: Sequence[str] = PAGES, rules: str = "one") -> tuple[list[str], ...]:
    """Return the pages that a new run lints, and those with an alert of their present text."""
    linter = Linter()
    memory = Memory(site.directory / "build" / "known.json", rules, linter)
    alerts = memory.lint(site, paths)
    memory.save(PAGES)
    right = [
        alert.path
        for alert in alerts
        if alert == Alert(alert.path, 1, 3, "X.Words", (site.directory / alert.path).read_text())
    ]
    return linter.asked, right


def test_a_page_is_linted_once(site: Project) -> None:
    assert lint(site) == (PAGES, PAGES)
    assert lint(site) == ([], PAGES)


def test_a_changed_page_is_linted_again(site: Project) -> None:
    lint(site)
    (site.directory / PAGES[1]).write_text("# Other words\n")
    assert lint(site) == ([PAGES[1]], PAGES)


def test_other_rules_lint_all_again(site: Project) -> None:
    lint(site)
    assert lint(site, rules="two") == (PAGES, PAGES)


def test_a_run_for_one_page_forgets_no_other(site: Project) -> None:
    lint(site)
    assert lint(site, PAGES[:1]) == ([], PAGES[:1])
    assert lint(site) == ([], PAGES)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"rules": "one", "pages": {"a/one.md": 1}}'])
def test_a_file_of_another_form_is_no_obstacle(site: Project, text: str) -> None:
    (site.directory / "build").mkdir()
    (site.directory / "build" / "known.json").write_text(text)
    assert lint(site) == (PAGES, PAGES)


def test_the_rules_are_others_when_a_file_of_them_changes(site: Project) -> None:
    (site.directory / ".vale.ini").write_text("StylesPath = words\n")
    rule = site.directory / "words" / "X" / "Words.yml"
    rule.parent.mkdir(parents=True)
    rule.write_text("extends: existence\n")
    before = vale.rules(site)
    assert vale.rules(site) == before
    rule.write_text("extends: repetition\n")
    assert vale.rules(site) != before
