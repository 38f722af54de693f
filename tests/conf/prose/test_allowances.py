"""What silences a rule says why; what gives no reason is an alert, and silences nothing."""

from __future__ import annotations

import pytest
from docset.prose.alerts import Alert
from docset.prose.allowances import apply
from docset.prose.reader import read

ALERT = Alert("page.md", 5, 1, "X.Words", "no such words")


def applied(text: str, *alerts: Alert) -> list[tuple[int, str]]:
    """Return the line and the rule of each alert that is left on a page."""
    left = apply(read("page.md", text), alerts, lambda _: True)
    return [(alert.line, alert.rule) for alert in left]


@pytest.mark.parametrize("reason", ["x", "it is", "todo: write it later", "a - b", "...  ... ..."])
def test_a_reason_without_substance_allows_nothing(reason: str) -> None:
    text = f"# One\n\n% prose: allow X.Words: {reason}\n\nWords.\n"
    assert applied(text, ALERT) == [(5, "X.Words"), (3, "All.Allow")]


def test_a_reason_of_three_words_allows_the_rule() -> None:
    assert applied("# One\n\n% prose: allow X.Words: it is quoted\n\nWords.\n", ALERT) == []
