"""A fence without a language is found in each page, and wherever a fence can stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.styles.mutants import alerts, mutants
from tests.styles.places import PLACES
from tests.styles.rules import Rule, rules
from tests.styles.test_mutants import pytestmark

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["pytestmark"]

NAME = "Beginner.CodeLanguage"
FENCE = "```\nserver\n```"
WITH = "```text\nserver\n```"
# Colons hold a fence of backticks; backticks would need more of them.
HOLDS = {
    "paragraph",
    "list",
    "numbered list",
    "list in a list",
    "admonition with colons",
    "admonition in a list",
    "tab",
}


def found(folder: Path, fence: str) -> dict[str, bool]:
    """Return for each page and place whether the rule fires at a fence like this one."""
    case = {"input": fence}
    rule = Rule(NAME, {"extends": "script", "scope": "raw", "tests": [case]})
    made = [each for each in mutants([rule], "prose") if each.name in HOLDS]
    fired = alerts(folder.resolve(), {each.path: each.text for each in made})
    return {
        each.path: any(NAME in fired[each.path][line] for line in each.lines[NAME, each.name])
        for each in made
    }


def test_a_fence_without_a_language_is_found_in_each_page(tmp_path: Path) -> None:
    assert [path for path, fires in found(tmp_path, FENCE).items() if not fires] == []


def test_a_fence_with_a_language_is_not(tmp_path: Path) -> None:
    assert [path for path, fires in found(tmp_path, WITH).items() if fires] == []


def test_every_rule_is_tried_somewhere() -> None:
    assert NAME in {rule.name for rule in rules()}
    assert {place.name for place in PLACES} >= HOLDS
