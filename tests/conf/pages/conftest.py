"""Small pages, and what becomes of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import psutil
import pytest
from docset.pages.limits import Limits
from docset.pages.quotes import Quotes
from docset.pages.run import run_page
from docset.pages.wheels import Built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.pages.outcome import Outcome

# Plugins that are installed beside ours take seconds to start and do nothing here.
OURS_ALONE = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "docset.pages.plugin,xdist.plugin,xdist.looponfail",
}
QUICK = Limits(command=20, page=60, grace=2, quiet=0.1, patience=1)


@pytest.fixture
def no_wheels(tmp_path: Path) -> Built:
    """Return the wheels of a project that has none."""
    constraints = tmp_path / "constraints.txt"
    constraints.touch()
    return Built((), tmp_path, constraints)


@dataclass(frozen=True)
class Pages:
    """Writes a page and runs it."""

    directory: Path
    built: Built

    def write(self, text: str) -> Path:
        path = self.directory / "page.md"
        path.write_text(dedent(text).lstrip("\n"))
        return path

    def run(self, text: str, *, update: bool = False, limits: Limits = QUICK) -> Outcome:
        quotes = Quotes(self.directory, self.directory, (self.directory / "examples",))
        return run_page(self.write(text), lambda: self.built, quotes, update=update, limits=limits)

    def faults(self, text: str, limits: Limits = QUICK) -> list[str]:
        return [fault.at("page.md") for fault in self.run(text, limits=limits).faults]


@pytest.fixture
def pages(tmp_path: Path, no_wheels: Built) -> Pages:
    return Pages(tmp_path, no_wheels)


@pytest.fixture
def port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail a test that leaves a sandbox, or a process of one."""
    directory = tmp_path_factory.mktemp("sandboxes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(directory))
        patch.setenv("TMPDIR", str(directory))
        yield
    assert not list(directory.glob("page-*"))
    assert not [p for p in psutil.process_iter() if _home(p).is_relative_to(directory)]


def _home(process: psutil.Process) -> Path:
    try:
        return Path(process.environ().get("HOME", "/"))
    except psutil.Error:
        return Path("/")


@dataclass(frozen=True)
class Site:
    """A project with one root, on which pytest runs in a process of its own."""

    directory: Path

    def write(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
        return path

    def pytest(self, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        hidden = ("PYTEST_", "COV_")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
            cwd=self.directory,
            env={k: v for k, v in os.environ.items() if not k.startswith(hidden)} | OURS_ALONE,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site")
    site.write(
        "pyproject.toml",
        """
        [tool.docset]
        title = "Learning"
        url = "https://example.org/"

        [[tool.docset.roots]]
        name = "learn"
        path = "learn"
        """,
    )
    site.write("learn/conf.py", "")
    return site
