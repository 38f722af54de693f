"""An abbreviation need not be written out only if readers find it in the glossary, or know it."""

from __future__ import annotations

import re
from itertools import takewhile

from docset import project
from docset.prose.site import of_project

from tests.styles.rules import REPOSITORY, STYLES, rules

EXCEPTION = re.compile(r"  - (?P<name>\w+)(?: # (?P<reason>\S.*))?")
FILE = STYLES / "Beginner" / "Acronyms.yml"
[RULE] = [rule for rule in rules() if rule.name == "Beginner.Acronyms"]
TERMS = of_project(project.load(REPOSITORY)).glossary.terms


def exceptions() -> dict[str, str]:
    """Return the reason beside each exception, which may be empty."""
    lines = FILE.read_text("utf-8").split("\n")
    below = lines[lines.index("exceptions:") + 1 :]
    block = takewhile(lambda line: line.startswith("  "), below)
    found = (EXCEPTION.fullmatch(line) for line in block)
    return {match["name"]: match["reason"] or "" for match in found if match}


def test_each_exception_is_a_term_of_the_glossary_or_has_a_reason_beside_it() -> None:
    without = [name for name, reason in exceptions().items() if not reason and name not in TERMS]
    assert without == []


def test_a_term_of_the_glossary_needs_no_reason_and_none_is_missing() -> None:
    found = exceptions()
    assert [name for name in TERMS if found.get(name)] == []
    assert [name for name in TERMS if re.fullmatch(r"[A-Z]{2,6}", name) and name not in found] == []


def test_all_exceptions_of_the_rule_are_looked_at() -> None:
    assert list(exceptions()) == RULE.definition["exceptions"]
