"""Each rule fires in the real pages wherever words can stand, and nowhere else.

The pages are copied with a forbidden phrase for each rule in each kind of place, and Vale reads
them all at once. ``EVERY_MUTANT=true`` puts all places into all pages. A table of what Vale sees
is written to ``build/prose/seen.md``.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import partial

import pytest
from docset.prose import vale

from tests.styles.mutants import TERMS, Mutant, alerts, mutants
from tests.styles.places import PLACES, Place
from tests.styles.rules import REPOSITORY, Rule, rules

pytestmark = pytest.mark.skipif(
    vale.program() is None, reason="needs vale, which this machine does not have"
)

Fired = dict[str, dict[int, set[str]]]

# The folders in which a style is on; Vale.Terms and Beginner are on everywhere.
FOLDERS = {
    "Tutorials": "tutorials/*/",
    "HowTo": "how-to/*/",
    "Reference": "reference/",
    "Explanation": "explanation/",
}
# A fence in a fence would open what follows it: test_code.
RULES = [*(rule for rule in rules() if "\n" not in rule.phrase), TERMS]
PROSE = {place.name for place in PLACES if place.kind == "prose"}
SILENT = {place.name for place in PLACES if place.kind == "silent"}
# Where Vale makes one block of the words, and no paragraph.
NO_PARAGRAPHS = {
    "heading",
    "list",
    "numbered list",
    "list in a list",
    "quotation",
    "table",
    "head of a table",
    "admonition in a list",
}
# What would be a link in a link, or its source inside another.
NO_LINKS = {"link", "title of a role"}


def reach(rule: Rule) -> set[str]:
    """Return the names of the places in which a rule must fire."""
    own = {
        "Beginner.LinkSource": PROSE - NO_LINKS,
        "Beginner.LinkText": PROSE - NO_LINKS,
    }
    by_scope = {"heading": {"heading"}, "paragraph": PROSE - NO_PARAGRAPHS}
    return own.get(rule.name) or by_scope.get(rule.scope, PROSE)


def silence(rule: Rule) -> set[str]:
    """Return the names of the places in which a rule must be silent."""
    if rule.name == "Beginner.Placeholders":
        return {"comment"}
    elsewhere = PROSE - {"heading"} if rule.scope == "heading" else set()
    return SILENT | elsewhere


def is_on(rule: Rule, page: str) -> bool:
    """Whether the style of a rule is on for a page."""
    folder = FOLDERS.get(rule.style, "")
    root, _, below = folder.partition("/")
    return page.startswith(root) and ("*" not in below or page.count("/") > 1)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Mutant], Fired]:
    """All mutants, and the rules that fire in them by path and line."""
    made = mutants(RULES, every=os.environ.get("EVERY_MUTANT") == "true")
    folder = tmp_path_factory.mktemp("mutants").resolve()
    fired = alerts(folder, {mutant.path: mutant.text for mutant in made})
    write_table(made, fired)
    return made, fired


def fires(mutant: Mutant, rule: Rule, fired: Fired) -> bool:
    return any(rule.name in fired[mutant.path][line] for line in mutant.lines[rule.name])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_fires_wherever_words_stand(rule: Rule, seen: tuple[list[Mutant], Fired]) -> None:
    mutants, fired = seen
    wanted = [m for m in mutants if is_on(rule, m.page) and m.place.name in reach(rule)]
    assert wanted
    assert [m.path for m in wanted if not fires(m, rule, fired)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_silent_where_no_words_stand(
    rule: Rule, seen: tuple[list[Mutant], Fired]
) -> None:
    mutants, fired = seen
    unwanted = [m for m in mutants if m.place.name in silence(rule)]
    assert [m.path for m in unwanted if fires(m, rule, fired)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_silent_in_the_pages_of_other_modes(
    rule: Rule, seen: tuple[list[Mutant], Fired]
) -> None:
    mutants, fired = seen
    assert [m.path for m in mutants if not is_on(rule, m.page) and fires(m, rule, fired)] == []


def write_table(made: list[Mutant], fired: Fired) -> None:
    """Write for each rule and place in how many pages it fires and should."""
    lines = ["# Where the rules of prose see words", "", "Fired / pages."]
    for kind in ("prose", "silent", "unseen"):
        places = [place for place in PLACES if place.kind == kind]
        lines += ["", f"## {kind.capitalize()}", "", _row("rule", [place.name for place in places])]
        lines += [_row("---", ["---"] * len(places))]
        count = partial(_count, made, fired)
        lines += [_row(rule.name, [count(rule, place) for place in places]) for rule in RULES]
    file = REPOSITORY / "build" / "prose" / "seen.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _row(first: str, cells: list[str]) -> str:
    return f"| {' | '.join([first, *cells])} |"


def _count(made: list[Mutant], fired: Fired, rule: Rule, place: Place) -> str:
    of_place = [each for each in made if each.place == place and is_on(rule, each.page)]
    return f"{Counter(fires(each, rule, fired) for each in of_place)[True]}/{len(of_place)}"
