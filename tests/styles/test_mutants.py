"""Each rule fires in the real pages wherever words can stand, and nowhere else.

Each page is copied with a forbidden phrase for each rule in each kind of place. Vale reads the
copies all at once; where it misses words, it reads what ``docset prose`` shows it. A table of what
is seen is written to ``build/prose/seen.md``.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain

import pytest
from docset.prose import vale

from tests.styles.mutants import TERMS, Mutant, alerts, mutants, pages, shown_alerts
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
PROSE, SHOWN, SILENT = (
    {place.name for place in PLACES if place.kind == kind} for kind in ("prose", "shown", "silent")
)
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
NO_LINKS = {
    "link",
    "title of a role",
    "title of a download",
    "title of a link",
    "title of a link definition",
}
# Where no marks are: the name of a setting stands as it is.
PLAIN = (
    SHOWN
    - {"reason of a test", "caption of code", "caption of an included file"}
    - {
        "title of an admonition",
        "label of a tab",
    }
)


def reach(rule: Rule) -> set[str]:
    """Return the names of the places in which a rule must fire."""
    everywhere = PROSE | SHOWN
    own = {
        "Beginner.LinkSource": everywhere - NO_LINKS,
        "Beginner.LinkText": everywhere - NO_LINKS,
        "Beginner.SettingsInCode": everywhere - PLAIN,
    }
    by_scope = {"heading": {"heading"}, "paragraph": everywhere - NO_PARAGRAPHS}
    return own.get(rule.name) or by_scope.get(rule.scope, everywhere)


def silence(rule: Rule) -> set[str]:
    """Return the names of the places in which a rule must be silent."""
    if rule.name == "Beginner.Placeholders":
        return {"comment", "port of a test"}
    if rule.name == "Beginner.LinkSource":
        return SILENT - {"front matter", "address"}
    elsewhere = (PROSE | SHOWN) - {"heading"} if rule.scope == "heading" else set()
    return SILENT | elsewhere


def is_on(rule: Rule, page: str) -> bool:
    """Whether the style of a rule is on for a page."""
    folder = FOLDERS.get(rule.style, "")
    root, _, below = folder.partition("/")
    return page.startswith(root) and ("*" not in below or page.count("/") > 1)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Mutant], Fired]:
    """All mutants, and the rules that fire in them by path and line."""
    made = {kind: mutants(RULES, kind) for kind in ("prose", "silent", "shown")}
    texts = {kind: {each.path: each.text for each in of_kind} for kind, of_kind in made.items()}
    folder, shown = (tmp_path_factory.mktemp(name).resolve() for name in ("mutants", "shown"))
    with ThreadPoolExecutor(1) as other:
        # Vale reads these while the others are prepared for it.
        first = other.submit(alerts, folder, texts["prose"] | texts["silent"])
        fired = shown_alerts(shown, texts["shown"]) | first.result()
    all_of_them = list(chain.from_iterable(made.values()))
    write_table(all_of_them, fired)
    return all_of_them, fired


def fires(mutant: Mutant, rule: Rule, place: str, fired: Fired) -> bool:
    return any(rule.name in fired[mutant.path][line] for line in mutant.lines[rule.name, place])


def where(
    seen: tuple[list[Mutant], Fired], rule: Rule, places: set[str], *, on: bool, fire: bool
) -> list[tuple[str, str]]:
    """Return the pages and places in which a rule fires or not, if its style is on or off there."""
    mutants, fired = seen
    tried = [
        (mutant, place)
        for mutant in mutants
        for name, place in mutant.lines
        if name == rule.name and place in places and is_on(rule, mutant.page) == on
    ]
    assert tried or not on
    return [(m.page, place) for m, place in tried if fires(m, rule, place, fired) == fire]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_fires_wherever_words_stand(rule: Rule, seen: tuple[list[Mutant], Fired]) -> None:
    assert where(seen, rule, reach(rule), on=True, fire=False) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_silent_where_no_words_stand(
    rule: Rule, seen: tuple[list[Mutant], Fired]
) -> None:
    assert where(seen, rule, silence(rule), on=True, fire=True) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_silent_in_the_pages_of_other_modes(
    rule: Rule, seen: tuple[list[Mutant], Fired]
) -> None:
    assert where(seen, rule, PROSE | SHOWN | SILENT, on=False, fire=True) == []


def test_every_place_of_every_page_is_tried(seen: tuple[list[Mutant], Fired]) -> None:
    mutants, _ = seen
    tried = {(mutant.page, place) for mutant in mutants for _, place in mutant.lines}
    assert len(tried) == len(pages()) * len(PLACES)


def write_table(made: list[Mutant], fired: Fired) -> None:
    """Write for each rule and place in how many pages it fires and should."""
    lines = ["# Where the rules of prose see words", "", "Fired / pages."]
    for kind in ("prose", "shown", "silent"):
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
    of_place = [
        each for each in made if (rule.name, place.name) in each.lines and is_on(rule, each.page)
    ]
    found = Counter(fires(each, rule, place.name, fired) for each in of_place)
    return f"{found[True]}/{len(of_place)}"
