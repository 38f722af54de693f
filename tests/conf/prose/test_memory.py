"""A page is linted again when it, or a rule, has changed, and not otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.prose import vale
from docset.prose.alerts import Alert
from docset.prose.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docset.project import Project

PAGES = ["a/one.md", "a/two.md"]
TEXTS = dict.fromkeys(PAGES, "# Words\n")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "build" / "known.json"


def lint(file: Path, texts: Mapping[str, str] = TEXTS, rules: str = "one") -> tuple[list[str], ...]:
    """Return the pages that a new run lints, and those with an alert of their present text."""
    memory = Memory(file, rules)
    new = memory.new(texts)
    memory.learn(
        {path: texts[path] for path in new},
        [Alert(path, 1, 3, "X.Words", texts[path]) for path in new],
    )
    memory.save(PAGES)
    right = [each.path for each in memory.alerts(texts) if each.message == texts[each.path]]
    return new, right


def test_a_page_is_linted_once(file: Path) -> None:
    assert lint(file) == (PAGES, PAGES)
    assert lint(file) == ([], PAGES)


def test_a_changed_page_is_linted_again(file: Path) -> None:
    lint(file)
    assert lint(file, {**TEXTS, PAGES[1]: "# Other words\n"}) == ([PAGES[1]], PAGES)


def test_other_rules_lint_all_again(file: Path) -> None:
    lint(file)
    assert lint(file, rules="two") == (PAGES, PAGES)


def test_a_run_for_one_page_forgets_no_other(file: Path) -> None:
    lint(file)
    assert lint(file, {PAGES[0]: TEXTS[PAGES[0]]}) == ([], PAGES[:1])
    assert lint(file) == ([], PAGES)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"rules": "one", "pages": {"a/one.md": 1}}'])
def test_a_file_of_another_form_is_no_obstacle(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    assert lint(file) == (PAGES, PAGES)


def test_the_rules_are_others_when_a_file_of_them_changes(site: Project) -> None:
    (site.directory / ".vale.ini").write_text("StylesPath = words\n")
    rule = site.directory / "words" / "X" / "Words.yml"
    rule.parent.mkdir(parents=True)
    rule.write_text("extends: existence\n")
    before = vale.rules(site)
    assert vale.rules(site) == before
    rule.write_text("extends: repetition\n")
    assert vale.rules(site) != before
