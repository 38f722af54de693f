"""Holds a page to the rules and runs it."""

from __future__ import annotations


from docset.pages.faults import Fault
from docset.pages.outcome import Outcome
from docset.pages.page import read_page
from docset.pages.plan import Session, make_plan
from docset.pages.ports import PortTaken, borrowed
from docset.pages.sandbox import Sandbox
from docset.pages.visit import Limits, Visit
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docset.pages.wheels import Wheel
    from pathlib import Path
    from collections.abc import Callable, Sequence

__all__ = ["run_page"]


def run_page(
    path: Path,
    wheels: Callable[[], tuple[Sequence[Wheel], Path | None]],
    *,
    update: bool = False,
    limits: Limits | None = None,
) -> Outcome:
    """Run a page, unless it breaks a rule already as it stands.

    ``wheels`` builds the project's own wheels and returns them with the constraints that make pip
    take them. With ``update``, output that differs is noted in the outcome instead of being a fault.
    """
    page = read_page(path)
    plan = make_plan(page)
    outcome = Outcome(validated=plan.validated, skips=list(plan.skips), faults=list(plan.faults))
    if plan.faults or not plan.actions:
        return outcome
    built, constraints = wheels()
    try:
        with borrowed(page.ports), Sandbox(constraints) as sandbox:
            Visit(sandbox, built, outcome, limits or Limits(), update=update).follow(plan)
    except PortTaken as error:
        serving = (a for a in plan.actions if isinstance(a, Session) and a.metadata.port)
        outcome.faults.append(Fault(next(serving).line, str(error)))
    return outcome
