"""A page is no harder to read than the goal of its mode, and not much harder than it was.

The grade of Flesch and Kincaid rises with long sentences and with words of many syllables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.ratchet import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Beginner.ReadingGrade"
LEVEL = "warning"

_HARD = "# One\n\nAdministrators habitually reconsider architectural responsibilities.\n"
_EASY = "# One\n\nThe server starts.\nIt waits for you.\n"
_BEFORE = '[pages]\n"page.md" = 0.0\n'
_GOAL = "[goals]\nhow-to = 8\n"
FIRING = (
    Case(_HARD, figures=_GOAL),
    Case(_EASY.replace("server starts", "developer reconsiders"), figures=_BEFORE),
)
SILENT = (
    Case(_EASY, figures=_GOAL),
    Case(_HARD),
    Case(_HARD, "explanation", figures=_GOAL),
    Case("# One\n\n```text\nresponsibilities of administrators\n```\n", figures=_GOAL),
)


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield that the grade is above the goal, or above what it was."""
    sentences = site.sentences(page)
    grade = round(sentences.grade, 1)
    words, line = sentences.longest
    advice = f"the longest sentence has {words} words (line {line})"
    goal = site.recorded.goals.get(page.mode, grade)
    before = site.recorded.pages.get(page.path, grade)
    if grade > goal:
        yield page.top(f"reading grade {grade}, the goal is {goal:g}: write shorter; {advice}")
    elif grade > before + SLACK["page"]:
        yield page.top(
            f"the reading grade rose from {before} to {grade}: write shorter; {advice}; "
            "or run 'docset prose --record' and say why in the commit"
        )
