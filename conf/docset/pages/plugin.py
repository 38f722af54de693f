"""The pytest plugin that runs the pages of every root: ``pytest tutorials``.

It is loaded in every run of pytest, so it imports the rest only where a page is found.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from docset.project import Project

PAGE = "docset-page"
"""The user property of a report that tells what became of a page."""

_PROJECT = pytest.StashKey["Project | None"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-pages``."""
    parser.getgroup("docset", "pages").addoption(
        "--update-pages",
        action="store_true",
        help="write the output that the commands of pages really print into the pages",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return a Markdown file below a root as a page; None for any other file."""
    if file_path.suffix != ".md" or not (project := _project(parent.config)):
        return None
    for root in project.roots:
        if file_path.is_relative_to(root.path):
            from docset.pages.items import PageFile  # noqa: PLC0415 - see the top

            return PageFile.from_parent(parent, path=file_path, root=root)
    return None


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say for each root what was run, and each block that was not, with its reason."""
    pages = list(_pages(terminalreporter))
    if pages:
        terminalreporter.section("pages")
    for root in sorted({page["root"] for page in pages}):
        ours = [page for page in pages if page["root"] == root]
        terminalreporter.write_line(_summary(root, ours))
        for page in ours:
            for skip in page["skips"]:
                terminalreporter.write_line(f"  skipped {skip}")


def _pages(reporter: pytest.TerminalReporter) -> Iterator[Mapping[str, Any]]:
    for reports in reporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                yield from (value for key, value in report.user_properties if key == PAGE)


def _summary(root: str, pages: Sequence[Mapping[str, Any]]) -> str:
    counts = [f"{len(pages)} pages"]
    counts += [
        f"{sum(page[key] for page in pages)} {words}"
        for key, words in (
            ("executed", "commands executed"),
            ("files", "files written"),
            ("validated", "blocks validated"),
        )
    ]
    counts.append(f"{sum(len(page['skips']) for page in pages)} skipped")
    if updated := sum(page["updated"] for page in pages):
        counts.append(f"{updated} outputs updated")
    return f"{root}: {', '.join(counts)}"
