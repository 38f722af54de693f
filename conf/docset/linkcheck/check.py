"""``docset linkcheck``: ask for every address once, and say where those stand that are not well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.linkcheck import exceptions
from docset.linkcheck.answer import OK
from docset.linkcheck.asker import Manners, ask_all
from docset.linkcheck.memory import DAY, Memory
from docset.linkcheck.places import places
from docset.prose.alerts import Alert
from docset.prose.shown import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from docset.linkcheck.answer import Answer
    from docset.linkcheck.places import Place
    from docset.progress import Reporter
    from docset.project import Project

__all__ = ["check"]


def check(
    project: Project,
    files: Sequence[Path],
    reporter: Reporter,
    *,
    fresh: bool = False,
    timeout: float = Manners.timeout,
) -> int:
    """Ask for the addresses of these files, or of all, and alert to each that is not well.

    ``fresh`` asks also for those that were well a day ago or less. Return 1 when there is an alert,
    and 0 otherwise.
    """
    known = exceptions.read(project)
    found = places(project, files)
    wanted = sorted({place.address for place in found if not known.ignores(place.address)})
    memory = Memory(project.work / "links.json", keep=0 if fresh else DAY)
    asked = [address for address in wanted if not memory.knows(address)]
    reporter.message(
        f"{len(wanted)} addresses, {len(wanted) - len(asked)} of them well a day ago or less"
    )
    manners = Manners(f"docset-linkcheck (+{project.url})", timeout=timeout)
    answers = ask_all(asked, manners)
    memory.save(address for address, answer in answers.items() if answer == OK)
    alerts = list(_alerts(found, answers, known))
    unused = () if files else known.unused(place.address for place in found)
    return show([*alerts, *unused], len({place.path for place in found}), reporter)


def _alerts(
    found: Sequence[Place], answers: Mapping[str, Answer], known: exceptions.Exceptions
) -> Iterator[Alert]:
    for place in found:
        answer = answers.get(place.address, OK)
        if not answer.rule or (answer.rule == "links.moved" and known.lets_move(place.address)):
            continue
        message = f"{place.address}: {answer.message}"
        yield Alert(place.path, place.line, place.column, answer.rule, message)
