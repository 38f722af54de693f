"""What the command ``docset prose`` does: run every check and print the alerts."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from docset.project import ProjectError
from docset.prose import allowances
from docset.prose.check import checks
from docset.prose.site import of_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from docset.progress import Reporter
    from docset.project import Project
    from docset.prose.alerts import Alert
    from docset.prose.site import Site

__all__ = ["alerts", "report"]

VALE = "docset.prose.vale"


def report(project: Project, files: Sequence[Path], form: str, reporter: Reporter) -> int:
    """Print what the checks find in these files or folders, or in all pages.

    Return 1 when they find something, and 0 otherwise.
    """
    site = of_project(project)
    paths = list(_chosen(project, site, files))
    found = alerts(project, site, paths)
    show = _annotation if form == "github" else str
    for alert in found:
        sys.stdout.write(f"{show(alert)}\n")
    pages = "1 page" if len(paths) == 1 else f"{len(paths)} pages"
    reporter.message(f"{len(found) or 'no'} alert{'s' * (len(found) != 1)} in {pages}")
    return 1 if found else 0


def alerts(project: Project, site: Site, paths: Iterable[str]) -> list[Alert]:
    """Return what all checks find in the pages of these paths, in order."""
    paths = list(paths)
    found = [*_of_checks(site, paths), *_of_vale(project, paths)]
    by_page: dict[str, list[Alert]] = {path: [] for path in paths}
    for alert in found:
        by_page.setdefault(alert.path, []).append(alert)
    judged = _judged()
    return sorted(
        alert
        for path, of_page in by_page.items()
        for alert in _allowed(site, path, of_page, judged)
    )


def _allowed(
    site: Site, path: str, of_page: Sequence[Alert], judged: Callable[[str], bool]
) -> Iterable[Alert]:
    page = site.page(path)
    return allowances.apply(page, of_page, judged) if page else of_page


def _of_checks(site: Site, paths: Iterable[str]) -> Iterator[Alert]:
    for path in paths:
        page = site.sources[path].page
        for check in checks():
            yield from check.alerts(page, site)


def _of_vale(project: Project, paths: Sequence[str]) -> Iterable[Alert]:
    if find_spec(VALE) is None:
        return ()
    found: Iterable[Alert] = import_module(VALE).alerts(project, paths)
    return found


def _judged() -> Callable[[str], bool]:
    """Return whether a rule was checked: one that is not ours is one of Vale's."""
    if find_spec(VALE) is not None:
        return lambda _: True
    return {check.rule for check in checks()}.__contains__


def _chosen(project: Project, site: Site, files: Sequence[Path]) -> Iterator[str]:
    """Yield the pages that were asked for; raise ProjectError for what is no page."""
    if not files:
        yield from site.sources
    for file in files:
        name = project.relative(file.resolve())
        below = [path for path in site.sources if path == name or path.startswith(f"{name}/")]
        if not below:
            raise ProjectError(f"{file} is no page, and no folder with pages, of any root")
        yield from below


def _annotation(alert: Alert) -> str:
    """Return the alert as a command that GitHub shows beside the line."""
    place = f"file={alert.path},line={alert.line},col={alert.column},title={alert.rule}"
    message = alert.message.replace("%", "%25").replace("\n", "%0A")
    return f"::{_level(alert)} {place}::{message}"


def _level(alert: Alert) -> str:
    levels = {"error": "error", "warning": "warning", "suggestion": "notice"}
    return next((levels[each.level] for each in checks() if each.rule == alert.rule), "error")
