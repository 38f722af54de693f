"""The two sides of the comparison: ``sphinx-build`` for each root, and ``docset`` for all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.corpus import ROOTS, Page, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Where modules are compiled anew in every process, both sides would measure the compiler.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
KINDS = ("objects.inv", "searchindex.js", "genindex.html", "search.html", "_sources")


@dataclass(frozen=True)
class Cost:
    """What some commands took, in seconds."""

    wall: float
    cpu: float


class BrokenBuildError(Exception):
    """A build did not make what it should have made: there is nothing to compare."""


class Side(Protocol):
    """A way to build a corpus."""

    @property
    def name(self) -> str:
        """Return what the table calls it."""

    def forget(self) -> None:
        """Remove everything that earlier builds left."""

    def cold(self) -> list[list[str]]:
        """Return the commands of a first build."""

    def again(self) -> list[list[str]]:
        """Return the commands of a build after a first one."""

    def edited(self, page: Page) -> list[list[str]]:
        """Return the commands of a build after an edit of one page."""

    def output(self, page: Page) -> Path:
        """Return the built page."""


@dataclass(frozen=True)
class Stock:
    """``sphinx-build``: each root twice, because no root can name another before it is built."""

    directory: Path
    name: str = "stock"

    def forget(self) -> None:
        """Remove everything that earlier builds left."""
        shutil.rmtree(self.directory / "build/stock", ignore_errors=True)

    def cold(self) -> list[list[str]]:
        """Return the commands of a first build; the second round knows all inventories."""
        first = [self._command(root) for root in ROOTS]
        return first + [[*self._command(root), "-E", "-a", "-W"] for root in ROOTS]

    def again(self) -> list[list[str]]:
        """Return the commands that bring all roots up to date."""
        return [self._command(root) for root in ROOTS]

    def edited(self, page: Page) -> list[list[str]]:
        """Return the command for the page's own root, the least that a writer can run."""
        return [self._command(page.root)]

    def output(self, page: Page) -> Path:
        """Return the built page."""
        return self.directory / "build/stock" / page.root / f"{page.name}.html"

    def _command(self, root: str) -> list[str]:
        source, output = self.directory / root, self.directory / "build/stock" / root
        return [sys.executable, "-m", "sphinx", "-q", "-n", str(source), str(output)]


@dataclass(frozen=True)
class Docset:
    """``docset build``: all roots in one run."""

    directory: Path
    name: str = "docset"

    def forget(self) -> None:
        """Remove everything that earlier builds left."""
        for folder in ("site", "docset"):
            shutil.rmtree(self.directory / "build" / folder, ignore_errors=True)

    def cold(self) -> list[list[str]]:
        """Return the command of a first build."""
        return [self._command("build")]

    def again(self) -> list[list[str]]:
        """Return the command that brings all roots up to date."""
        return self.cold()

    def edited(self, page: Page) -> list[list[str]]:  # noqa: ARG002 - it looks after all roots
        """Return the command of a build after an edit of any page."""
        return self.cold()

    def output(self, page: Page) -> Path:
        """Return the built page."""
        return self.directory / "build/site" / page.root / f"{page.name}.html"

    @staticmethod
    def _command(name: str) -> list[str]:
        return [sys.executable, "-m", "docset", name]


@dataclass(frozen=True)
class Corpus:
    """A generated documentation with both ways to build it."""

    directory: Path
    pages: list[Page]

    @classmethod
    def make(cls, directory: Path, count: int) -> Corpus:
        """Write a corpus of this many pages."""
        return cls(directory, write(directory, count))

    @property
    def sides(self) -> tuple[Stock, Docset]:
        """Return both ways to build it."""
        return Stock(self.directory), Docset(self.directory)

    def edit(self, page: Page, marker: str) -> None:
        """Put a sentence that no other page has into a page."""
        path = page.path(self.directory)
        text = re.sub(r"\n\nEdited as .*\n", "\n", path.read_text("utf-8"))
        path.write_text(f"{text}\n\nEdited as {marker}.\n", "utf-8")

    def run(self, commands: list[list[str]]) -> Cost:
        """Run commands one after the other and return what they took together.

        Raises:
            BrokenBuildError: one of them failed.
        """
        before, start = os.times(), time.perf_counter()
        for command in commands:
            done = subprocess.run(
                command,
                cwd=self.directory,
                env=ENVIRONMENT,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise BrokenBuildError(f"{' '.join(command)}:\n{done.stderr[-2000:]}")
        wall, after = time.perf_counter() - start, os.times()
        cpu = sum(after[2:4]) - sum(before[2:4])
        return Cost(wall, cpu)

    def check(self, side: Side) -> None:
        """Look whether a side made every page, every kind of output and every link.

        Raises:
            BrokenBuildError: something is missing.
        """
        for page in self.pages:
            html = side.output(page).read_text("utf-8") if side.output(page).is_file() else ""
            for address in self._addresses(page):
                if address not in html:
                    raise BrokenBuildError(f"{side.name}: {side.output(page)} has no {address}")
        folder = side.output(Page(ROOTS[0], 0, 1)).parent.parent
        for root in ROOTS:
            if missing := [kind for kind in KINDS if not (folder / root / kind).exists()]:
                raise BrokenBuildError(f"{side.name}: {folder / root} has no {missing}")

    def _addresses(self, page: Page) -> Iterator[str]:
        """Yield the ends of the links that a page must have, and a tab."""
        for root in ROOTS:
            other = page.sibling(root)
            if root != page.root:
                yield f'../{root}/{other.name}.html#{other.label}"'
                yield f'../{root}/{other.name}.html#{other.label}-options"'
        yield 'class="sphinx-tabs-tab '
        yield 'property="og:title"'
        yield "copybutton.js"


@contextmanager
def serving(corpus: Corpus) -> Iterator[str]:
    """Run ``docset serve`` and yield its address when it answers."""
    log = corpus.directory / "build/serve.log"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "docset", "serve", "--port", "0"]
    with log.open("w") as stream:
        server = subprocess.Popen(
            command, cwd=corpus.directory, env=ENVIRONMENT, stdout=stream, stderr=stream
        )
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    while server.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8")):
            return found[0]
        time.sleep(0.05)
    raise BrokenBuildError(f"docset serve ended:\n{log.read_text('utf-8')}")


def seconds_until_shown(address: str, text: str, limit: float = 600) -> float:
    """Return how long a served page takes to hold a text, asking every 5 ms."""
    start = time.perf_counter()
    while time.perf_counter() - start < limit:
        try:
            with urlopen(address, timeout=limit) as answer:
                if text in answer.read().decode():
                    return time.perf_counter() - start
        except URLError:  # it is not there yet
            pass
        time.sleep(0.005)
    raise BrokenBuildError(f"{address} does not show {text!r} within {limit} s")
