"""The pytest plugin that runs the pages of every root: ``pytest tutorials``.

It is loaded in every run of pytest, so it imports the rest only when a page is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from docset.pages.outcome import Outcome
    from docset.pages.wheels import Wheel
    from docset.project import Project, Root

_PROJECT = pytest.StashKey["Project | None"]()
_OUTCOME = "docset-page"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-pages``."""
    parser.getgroup("docset", "pages").addoption(
        "--update-pages",
        action="store_true",
        help="write the output that commands really print into the pages",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a Markdown file below a root as one page."""
    if file_path.suffix != ".md" or not (project := _project(parent.config)):
        return None
    root = next((root for root in project.roots if file_path.is_relative_to(root.path)), None)
    return PageFile.from_parent(parent, path=file_path, root=root) if root else None


def _project(config: pytest.Config) -> Project | None:
    if _PROJECT not in config.stash:
        config.stash[_PROJECT] = _load(config.rootpath)
    return config.stash[_PROJECT]


def _load(directory: Path) -> Project | None:
    import tomllib

    file = directory / "pyproject.toml"
    if not file.is_file() or "docset" not in tomllib.loads(file.read_text("utf-8")).get("tool", {}):
        return None
    from docset.project import ProjectError, load

    try:
        return load(directory)
    except ProjectError as error:
        raise pytest.UsageError(str(error)) from None


class PageFile(pytest.File):
    """The file of a page."""

    def __init__(self, *, root: Root, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.root = root

    def collect(self) -> Iterable[pytest.Item]:
        """Yield the page, under the file's own id."""
        yield PageItem.from_parent(self, name=self.path.name, nodeid=self.nodeid)


class PageFailed(Exception):
    """The faults of a page, one text each."""


class PageItem(pytest.Item):
    """A page to be run."""

    parent: PageFile

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        if self.config.pluginmanager.hasplugin("timeout"):
            # A page has time limits of its own, and may wait for a port that another page holds.
            self.add_marker(pytest.mark.timeout(0))

    def runtest(self) -> None:
        """Run the page; raise PageFailed with its faults."""
        from docset.pages.outcome import updated
        from docset.pages.run import run_page

        update = self.config.getoption("--update-pages")
        outcome = run_page(self.path, self._wheels, update=update)
        if outcome.updates:
            text = self.path.read_text("utf-8")
            self.path.write_text(updated(text, outcome.updates), "utf-8")
        self.user_properties.append((_OUTCOME, self._summary(outcome)))
        if outcome.faults:
            raise PageFailed(*(fault.at(self.nodeid) for fault in outcome.faults))

    def _summary(self, outcome: Outcome) -> dict[str, object]:
        return {
            "root": self.parent.root.name,
            "executed": outcome.executed,
            "files": outcome.files,
            "validated": outcome.validated,
            "updated": len(outcome.updates),
            "skips": [f"{self.nodeid}:{skip.line}: {skip.reason}" for skip in outcome.skips],
        }

    def _wheels(self) -> tuple[tuple[Wheel, ...], Path | None]:
        """Build the wheels of the project, once for all workers of the run."""
        from docset.pages.wheels import build, sources

        factory: pytest.TempPathFactory = self.config._tmp_path_factory  # type: ignore[attr-defined]
        base = factory.getbasetemp()
        shared = base.parent if hasattr(self.config, "workerinput") else base
        return build(sources(self.config.rootpath), shared / "wheels")

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """Return the faults alone; anything else is a bug and keeps its traceback."""
        if isinstance(excinfo.value, PageFailed):
            return "\n\n".join(excinfo.value.args)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the title of the report."""
        return self.path, None, self.nodeid


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say for each root what was run, and each block that was not, with its reason."""
    pages = list(_summaries(terminalreporter))
    if not pages:
        return
    terminalreporter.section("pages")
    for root in sorted({str(page["root"]) for page in pages}):
        ours = [page for page in pages if page["root"] == root]
        counts = {
            key: sum(page[key] for page in ours)
            for key in ("executed", "files", "validated", "updated")
        }
        skips = [skip for page in ours for skip in page["skips"]]
        terminalreporter.write_line(
            f"{root}: {len(ours)} pages, {counts['executed']} commands executed, "
            f"{counts['files']} files, {counts['validated']} validated, {len(skips)} skipped"
            + (f", {counts['updated']} updated" if counts["updated"] else "")
        )
        for skip in skips:
            terminalreporter.write_line(f"  skipped {skip}")


def _summaries(reporter: pytest.TerminalReporter) -> Iterator[dict[str, object]]:
    for reports in reporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                yield from (value for key, value in report.user_properties if key == _OUTCOME)
