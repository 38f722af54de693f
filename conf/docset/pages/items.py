"""Pages as pytest sees them: a file, and in it one test under the file's own id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from docset.pages.outcome import Outcome, updated
from docset.pages.plugin import PAGE
from docset.pages.quotes import Quotes
from docset.pages.rules import Rule
from docset.pages.run import run_page
from docset.pages.wheels import BuildError, Built, build, sources

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from docset.project import Project, Root

__all__ = ["PageFile", "PageItem"]


class FaultyPageError(Exception):
    """The page is wrong; the arguments say how."""


class PageFile(pytest.File):
    """The file of a page."""

    def __init__(self, *, project: Project, root: Root, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.project = project
        self.root = root

    def collect(self) -> Iterable[pytest.Item]:
        """Yield the page."""
        yield PageItem.from_parent(
            self, name=self.name, nodeid=self.nodeid, project=self.project, root=self.root
        )


class PageItem(pytest.Item):
    """A page to be run."""

    def __init__(self, *, project: Project, root: Root, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.project = project
        self.root = root
        if self.config.pluginmanager.hasplugin("timeout"):
            # A page has its own time limits, and may wait for a port that another page holds.
            self.add_marker(pytest.mark.timeout(0))

    def runtest(self) -> None:
        """Run the page; raise FaultyPageError with all that is wrong."""
        update = self.config.getoption("--update-pages")
        quotes = Quotes(self.project.directory, self.root.path, self.project.pages.examples)
        try:
            outcome = run_page(
                self.path,
                self._wheels,
                quotes,
                caches=self.project.pages.caches,
                update=update,
            )
        except BuildError as error:
            raise FaultyPageError(f"{self.nodeid}:1:1: {Rule.BUILD.id} {error}") from None
        if outcome.updates:
            text = self.path.read_text("utf-8")
            self.path.write_text(updated(text, outcome.updates), "utf-8")
        self.user_properties.append((PAGE, self._summary(outcome)))
        if outcome.faults:
            raise FaultyPageError(*(fault.at(self.nodeid) for fault in outcome.faults))

    def _summary(self, outcome: Outcome) -> dict[str, object]:
        return {
            "root": self.root.name,
            "product": self._product,
            "coverage": outcome.coverage.as_dict(),
            "commands": outcome.commands,
            "updated": len(outcome.updates),
            "skips": [f"{self.nodeid}:{skip.line}: {skip.reason}" for skip in outcome.skips],
        }

    @property
    def _product(self) -> str:
        """The folder of the root in which the page lies; empty right in the root."""
        folders = self.path.relative_to(self.root.path).parts[:-1]
        return folders[0] if folders else ""

    def _wheels(self) -> Built:
        """Build the wheels of the project, once for all processes of this run of pytest."""
        # What the fixture tmp_path_factory returns; only test functions can ask for fixtures.
        base: Path = self.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined] # noqa: SLF001
        shared = base.parent if hasattr(self.config, "workerinput") else base
        return build(sources(self.config.rootpath), shared / "wheels")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> str:
        """Return the faults alone; anything else is a bug of ours and keeps its traceback."""
        if isinstance(excinfo.value, FaultyPageError):
            return "\n\n".join(excinfo.value.args)
        return str(super().repr_failure(excinfo, *args))

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the title of the report."""
        return self.path, None, f"page {self.nodeid}"
