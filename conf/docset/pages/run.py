"""Holds a page to the rules and runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.pages.checkout import Repository
from docset.pages.limits import Limits
from docset.pages.outcome import Outcome
from docset.pages.page import read_page
from docset.pages.plan import make_plan
from docset.pages.sandbox import Sandbox
from docset.pages.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docset.pages.quotes import Quotes
    from docset.pages.wheels import Built

__all__ = ["run_page"]


def run_page(
    path: Path,
    wheels: Callable[[], Built],
    quotes: Quotes,
    *,
    caches: tuple[Path, ...] = (),
    update: bool = False,
    limits: Limits | None = None,
) -> Outcome:
    """Run a page, unless it breaks a rule already as it stands.

    ``wheels`` builds what ``pip install`` on the page must take, ``quotes`` says what it may quote,
    ``caches`` what a checkout has besides the files that git keeps.
    With ``update``, output that differs is noted in the outcome instead of being a fault.
    """
    plan = make_plan(read_page(path, quotes))
    outcome = Outcome(plan.coverage, skips=list(plan.skips), faults=list(plan.faults))
    if plan.faults or not plan.actions:
        return outcome
    built = wheels()
    repository = Repository(quotes.project, caches)
    with Sandbox(built) as sandbox:
        visit = Visit(sandbox, built.wheels, outcome, limits or Limits(), repository, update=update)
        visit.follow(plan)
    return outcome
