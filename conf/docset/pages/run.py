"""Holds a page to the rules and runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.pages.outcome import Outcome
from docset.pages.page import read_page
from docset.pages.plan import make_plan
from docset.pages.sandbox import Sandbox
from docset.pages.visit import Limits, Visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docset.pages.wheels import Built

__all__ = ["run_page"]


def run_page(
    path: Path,
    wheels: Callable[[], Built],
    *,
    update: bool = False,
    limits: Limits | None = None,
) -> Outcome:
    """Run a page, unless it breaks a rule already as it stands.

    ``wheels`` builds what ``pip install`` on the page must take.
    With ``update``, output that differs is noted in the outcome instead of being a fault.
    """
    page = read_page(path)
    plan = make_plan(page)
    outcome = Outcome(validated=plan.validated, skips=list(plan.skips), faults=list(plan.faults))
    if plan.faults or not plan.actions:
        return outcome
    built = wheels()
    with Sandbox(built) as sandbox:
        Visit(sandbox, built.wheels, outcome, limits or Limits(), update=update).follow(plan)
    return outcome
