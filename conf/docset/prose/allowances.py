"""Exceptions in place: a comment that lets the block below it break one rule, with the reason.

::

    % prose: allow Beginner.AdmonitionCount: each of these four loses data

Above the title it stands for the page as a whole. The switches that Vale has for this give no
reason, so each of them is an alert.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.prose.alerts import Alert
from docset.prose.page import Comment
from docset.prose.switches import switches
from docset.reasons import has_substance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from docset.prose.page import Page

__all__ = ["RULE", "Allowance", "allowances", "apply"]

RULE = "All.Allow"
FORM = "% prose: allow RULE: reason"
_COMMENT = re.compile(r"\s*prose:(.*)")
_FORM = re.compile(r"\s*allow\s+(?P<rule>\w+\.\w+):\s+(?P<reason>\S.*)")


@dataclass(frozen=True)
class Allowance:
    """A comment that allows what a rule forbids, on the lines ``first`` to ``last``."""

    rule: str
    """Empty when the comment cannot be read."""
    reason: str
    line: int
    first: int
    last: int

    def covers(self, alert: Alert) -> bool:
        """Whether the alert is about what this comment allows."""
        is_here = self.first <= alert.line <= self.last
        return not self.fault and alert.rule == self.rule and is_here

    @property
    def fault(self) -> str:
        """What is wrong with the comment itself; empty when it says all that it has to."""
        if not self.rule:
            return f"write '{FORM}'"
        if not has_substance(self.reason):
            return (
                f"a reason of substance has three words or more: say why {self.rule} is wrong here"
            )
        return ""


def allowances(page: Page) -> Iterator[Allowance]:
    """Yield the exceptions of a page."""
    for comment in page.of(Comment):
        lines = comment.text.split("\n")
        for line, text in enumerate(lines, start=comment.line):
            if match := _COMMENT.fullmatch(text):
                rule, reason = form.groups() if (form := _FORM.fullmatch(match[1])) else ("", "")
                first, last = _block_below(page, line, comment.line + len(lines) - 1)
                yield Allowance(rule, reason, line, first, last)


def _block_below(page: Page, line: int, end: int) -> tuple[int, int]:
    below = next((block for block in page.blocks if block[0] > end), (line, line))
    above_title = page.title is not None and line < page.title.line
    return 1 if above_title else line, below[1]


def apply(page: Page, alerts: Iterable[Alert], is_judged: Callable[[str], bool]) -> Iterator[Alert]:
    """Yield the alerts that no comment allows, and one for each comment that nothing needs.

    Each switch of Vale is an alert too.
    ``is_judged`` tells of a rule whether it was checked at all.
    """
    alerts = list(alerts)
    allowed = list(allowances(page))
    yield from (alert for alert in alerts if not any(each.covers(alert) for each in allowed))
    for each in allowed:
        if message := _fault(each, alerts, is_judged):
            yield Alert(page.path, each.line, 1, RULE, message)
    for found in switches(page, f"this gives no reason: write '{FORM}' instead"):
        yield Alert(page.path, found.line, found.column, RULE, found.message)


def _fault(allowance: Allowance, alerts: Sequence[Alert], is_judged: Callable[[str], bool]) -> str:
    if allowance.fault:
        return allowance.fault
    if is_judged(allowance.rule) and not any(map(allowance.covers, alerts)):
        return f"{allowance.rule} finds nothing in the block below: remove this comment"
    return ""
