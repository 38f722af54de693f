"""The grade of a page is about all of its words, so these rules are tried on pages made hard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.styles.mutants import alerts, pages
from tests.styles.rules import REPOSITORY, rules
from tests.styles.test_mutants import is_on, pytestmark

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["pytestmark"]

GRADES = [rule for rule in rules() if rule.scope == "summary"]
HARD = "Organizational considerations necessitate comprehensive administrative documentation.\n\n"


def test_a_page_of_hard_words_is_above_the_grade_of_its_mode(tmp_path: Path) -> None:
    hard = {page: _hardened(page) for page in pages()}
    fired = alerts(tmp_path.resolve(), hard)
    found = {
        (rule.name, page)
        for rule in GRADES
        for page in hard
        if any(rule.name in of_line for of_line in fired[page].values())
    }
    assert found == {(rule.name, page) for rule in GRADES for page in hard if is_on(rule, page)}


def _hardened(page: str) -> str:
    text = (REPOSITORY / page).read_text("utf-8")
    return f"{text}\n{HARD * (len(text) // 200)}"
