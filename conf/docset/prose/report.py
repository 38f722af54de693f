"""What the command ``docset prose`` does: run every check and print the alerts, or the figures."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from docset.project import ProjectError
from docset.prose import allowances, promises, ratchet, table, vale
from docset.prose.beside import linted
from docset.prose.check import checks
from docset.prose.site import of_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from docset.progress import Reporter
    from docset.project import Project
    from docset.prose.alerts import Alert
    from docset.prose.page import Page
    from docset.prose.site import Site

__all__ = ["alerts", "check", "measure", "record"]


def check(project: Project, files: Sequence[Path], reporter: Reporter) -> int:
    """Print what the checks find in these files or folders, or in all pages.

    Return 1 when they find something, and 0 otherwise.
    Raise ProjectError where Vale is missing in continuous integration; elsewhere that is a message.
    """
    if missing := _missing(project):
        if os.environ.get("CI") == "true":
            raise ProjectError(f"{missing} (CI=true: install it)")
        reporter.message(missing)
    site = of_project(project)
    paths = _chosen(project, site, files)
    found = alerts(project, site, paths)
    if not files:
        found = sorted([*found, *_of_the_whole(project, site)])
    for alert in found:
        sys.stdout.write(f"{alert}\n")
    pages = "1 page" if len(paths) == 1 else f"{len(paths)} pages"
    reporter.message(f"{len(found) or 'no'} alert{'s' * (len(found) != 1)} in {pages}")
    return 1 if found else 0


def measure(project: Project, files: Sequence[Path]) -> int:
    """Print how hard these pages are to read; return 0."""
    site = of_project(project)
    for line in table.lines(site, _chosen(project, site, files)):
        sys.stdout.write(f"{line}\n")
    return 0


def record(project: Project, reporter: Reporter) -> int:
    """Write down how hard the pages are to read; return 0.

    Raise ProjectError when the project names no folder for it.
    """
    if project.prose is None:
        raise ProjectError("nowhere to record: name a folder under 'prose' in [tool.docset]")
    site = of_project(project)
    pages = {page.path: site.sentences(page) for page in site.pages}
    text = ratchet.written(site.recorded.goals, site.sentences_of_modes(), pages)
    file = project.prose / ratchet.FILE
    file.write_text(text, "utf-8")
    reporter.message(f"{project.relative(file)}: recorded {len(pages)} pages")
    return 0


def alerts(project: Project, site: Site, paths: Sequence[str]) -> list[Alert]:
    """Return what all checks find in the pages of these paths, in order."""
    pages = [site.sources[path].page for path in paths]
    with linted(project, site, paths) as of_vale:
        found = [*_of_checks(site, pages), *of_vale()]
    by_page: dict[str, list[Alert]] = {page.path: [] for page in pages}
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


def _of_checks(site: Site, pages: Iterable[Page]) -> Iterator[Alert]:
    for page in pages:
        for each in checks():
            yield from each.alerts(page, site)


def _of_the_whole(project: Project, site: Site) -> Iterator[Alert]:
    """Yield what is wrong with what is remembered about all pages together."""
    if project.prose is None:
        return
    figures, labels = project.prose / ratchet.FILE, project.prose / promises.FILE
    if figures.is_file():
        yield from ratchet.alerts(
            site.recorded,
            figures.read_text("utf-8"),
            project.relative(figures),
            site.sentences_of_modes(),
            {page.path: site.sentences(page).grade for page in site.pages},
        )
    yield from promises.alerts(site.promises, project.relative(labels), set(site.sources))


def _missing(project: Project) -> str:
    """Return that rules of Vale are not checked; nothing where they are, or there are none."""
    if vale.program() or not (project.directory / vale.CONFIGURATION).is_file():
        return ""
    return f"the rules of {vale.CONFIGURATION} are not checked: Vale is not installed"


def _judged() -> Callable[[str], bool]:
    """Return whether a rule was checked: one that is not ours is one of Vale's."""
    if vale.program():
        return lambda _: True
    return {each.rule for each in checks()}.__contains__


def _chosen(project: Project, site: Site, files: Sequence[Path]) -> list[str]:
    """Return the pages that were asked for; raise ProjectError for what is no page."""
    chosen = [] if files else list(site.sources)
    for file in files:
        name = project.relative(file.resolve())
        below = [path for path in site.sources if path == name or path.startswith(f"{name}/")]
        if not below:
            raise ProjectError(f"{file} is no page, and no folder with pages, of any root")
        chosen += below
    return list(dict.fromkeys(chosen))
