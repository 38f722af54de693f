"""The table of prose rules is made of the rules themselves, and shows all of them."""

from __future__ import annotations

from pathlib import Path

import prose_rules
import pytest

REPOSITORY = Path(__file__).parent.parent.parent
PAGE = REPOSITORY / "how-to" / "contribute" / "follow-the-prose-rules.md"
RULE = """\
# Why there is such a rule.
# It goes on.
extends: existence
tests:
  - input: A bad example.
    contains: example
  - input: A good one.
    want: ""
"""


def styles() -> list[str]:
    """Return the names of the folders that hold rules."""
    return sorted({file.parent.name for file in prose_rules.STYLES.glob("*/*.yml")})


def test_the_page_shows_every_style() -> None:
    text = PAGE.read_text("utf-8")
    assert [style for style in styles() if f"{{prose-rules}} {style}\n" not in text] == []


@pytest.mark.parametrize("style", styles())
def test_each_rule_has_a_reason_and_both_examples(style: str) -> None:
    found = list(prose_rules.rules(style))
    assert {rule.name for rule in found} == {
        file.stem for file in (prose_rules.STYLES / style).iterdir()
    }
    assert all(rule.why.endswith(".") and rule.bad != rule.good for rule in found)


@pytest.fixture
def rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a rule in a style of its own."""
    monkeypatch.setattr(prose_rules, "STYLES", tmp_path)
    (tmp_path / "Odd").mkdir()
    return tmp_path / "Odd" / "Example.yml"


def test_the_reason_and_the_examples_come_from_the_file(rule: Path) -> None:
    rule.write_text(RULE, encoding="utf-8")
    why = "Why there is such a rule. It goes on."
    expected = prose_rules.Rule("Example", why, "A bad example.", "A good one.")
    assert list(prose_rules.rules("Odd")) == [expected]


@pytest.mark.parametrize(
    "missing", ["# Why there is such a rule.\n# It goes on.\n", '    want: ""']
)
def test_a_rule_that_lacks_one_of_them_is_named(rule: Path, missing: str) -> None:
    rule.write_text(RULE.replace(missing, ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"^Example\.yml needs a reason"):
        list(prose_rules.rules("Odd"))
