"""The pytest plugin that runs the pages of every root: ``pytest tutorials``.

It is loaded in every run of pytest, so it imports the rest only where a page is found.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from docset.pages.report import Report
    from docset.project import Project, Root

PAGE = "docset-page"
"""The user property of a report that tells what became of a page."""

_PROJECT = pytest.StashKey["Project | None"]()
_REPORT: pytest.StashKey[Report] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-pages`` and ``--ratchet-pages``."""
    group = parser.getgroup("docset", "pages")
    group.addoption(
        "--update-pages",
        action="store_true",
        help="write the output that the commands of pages really print into the pages",
    )
    group.addoption(
        "--ratchet-pages",
        action="store_true",
        help="keep how many blocks of the pages are checked now, more or fewer than before",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return a Markdown file below a root as a page; None for any other file."""
    if file_path.suffix != ".md" or not (project := _project(parent.config)):
        return None
    if not (root := _root(project, file_path)):
        return None
    from docset.pages.items import PageFile  # noqa: PLC0415 - see the top

    return PageFile.from_parent(parent, path=file_path, project=project, root=root)


def _root(project: Project, path: Path) -> Root | None:
    return next((root for root in project.roots if path.is_relative_to(root.path)), None)


def _project(config: pytest.Config) -> Project | None:
    if _PROJECT not in config.stash:
        config.stash[_PROJECT] = _load(config.rootpath)
    return config.stash[_PROJECT]


def _load(directory: Path) -> Project | None:
    file = directory / "pyproject.toml"
    if not file.is_file() or "docset" not in tomllib.loads(file.read_text("utf-8")).get("tool", {}):
        return None
    from docset.project import ProjectError, load  # noqa: PLC0415 - see the top

    try:
        return load(directory)
    except ProjectError as error:
        raise pytest.Collector.CollectError(str(error)) from None


@pytest.hookimpl
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Judge the coverage of the roots whose pages all ran; a worker leaves that to its master."""
    config = session.config
    reporter: pytest.TerminalReporter | None = config.pluginmanager.getplugin("terminalreporter")
    if hasattr(config, "workerinput") or reporter is None:
        return
    reports = [report for reports in reporter.stats.values() for report in reports]
    pages = [
        (report.nodeid, value)
        for report in reports
        if getattr(report, "when", None) == "call"
        for key, value in report.user_properties
        if key == PAGE
    ]
    if not pages or not (project := _project(config)):
        return
    from docset.pages.report import make_report  # noqa: PLC0415 - see the top

    failed = {report.nodeid for report in reports if getattr(report, "failed", False)}
    report = make_report(project, dict(pages), failed, keep=config.getoption("--ratchet-pages"))
    config.stash[_REPORT] = report
    if report.faults and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say for each root and product what was done, and for each skipped block why it was."""
    if report := config.stash.get(_REPORT, None):
        terminalreporter.section("pages")
        for line in report.lines:
            terminalreporter.write_line(line)
        for fault in report.faults:
            terminalreporter.write_line(fault, red=True)
