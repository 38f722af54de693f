"""Compare ``docset`` with stock ``sphinx-build`` and print a table of ratios.

``python benchmarks/docs_build.py`` generates a documentation of four roots and builds it both
ways, in turns. ``--pages 1000`` takes about half an hour, most of it stock's. Before it compares,
it looks whether both sides made every page, and whether every link between roots leads somewhere.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.builds import Corpus, Cost, Side, seconds_until_shown, serving
from benchmarks.memory import peak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.corpus import Page

TIMES = "\N{MULTIPLICATION SIGN}"
PATIENCE = 240  # seconds after which a measure is not repeated
PACKAGES = ("sphinx", "furo", "myst-parser", "sphinx-tabs", "sphinx-copybutton")


@dataclass(frozen=True)
class Row:
    """A line of the table; times in seconds, memory in MB."""

    what: str
    stock: float
    docset: float
    ratio: float
    unit: str
    runs: int
    goal: str = ""
    note: str = ""


def at_least(value: float, goal: float) -> str:
    """Return a goal and whether a ratio reaches it."""
    return f"≥ {goal:g}{TIMES}: {'met' if value >= goal else 'MISSED'}"


def at_most(value: float, goal: float, unit: str = TIMES) -> str:
    """Return a goal and whether a value stays below it."""
    return f"≤ {goal:g}{unit}: {'met' if value <= goal else 'MISSED'}"


@dataclass
class Bench:
    """A corpus, and how often to measure."""

    corpus: Corpus
    runs: int
    ready: bool = False

    @property
    def count(self) -> int:
        """Return the number of pages."""
        return len(self.corpus.pages)

    def page(self, number: int) -> Page:
        """Return a page to edit, another one for each number."""
        return self.corpus.pages[(number * 17 + 5) % self.count]

    def prepare(self) -> None:
        """Build both sides once and look at what they made."""
        if not self.ready:
            for side in self.corpus.sides:
                side.forget()
                self.corpus.run(side.cold())
                self.corpus.check(side)
            self.ready = True


def repeat(runs: int, pairs: Callable[[int], tuple[Cost, Cost]]) -> list[tuple[Cost, Cost]]:
    """Return pairs of costs: as many as wanted, fewer where they take minutes."""
    found, start = [pairs(0)], time.monotonic()
    for run in range(1, runs):
        if time.monotonic() - start > PATIENCE:
            break
        found.append(pairs(run))
    return found


def row(what: str, pairs: list[tuple[Cost, Cost]], least: float | None = None) -> Row:
    """Return the medians of both sides, and how many times faster docset is."""
    stock, docset = (statistics.median(pair[side].wall for pair in pairs) for side in (0, 1))
    cpus = [statistics.median(pair[side].cpu for pair in pairs) for side in (0, 1)]
    ratio = stock / docset
    goal = at_least(ratio, least) if least else ""
    note = f"CPU {cpus[0]:.2f} s : {cpus[1]:.2f} s"
    return Row(what, stock, docset, ratio, "s", len(pairs), goal, note)


def cold(bench: Bench) -> Iterator[Row]:
    """Compare first builds."""

    def pair(_: int) -> tuple[Cost, Cost]:
        first, second = (_cold(bench.corpus, side) for side in bench.corpus.sides)
        return first, second

    pairs = repeat(bench.runs, pair)
    bench.ready = True
    yield row("cold build", pairs, 12 if bench.count >= 1000 else 5)


def _cold(corpus: Corpus, side: Side) -> Cost:
    side.forget()
    cost = corpus.run(side.cold())
    corpus.check(side)
    return cost


def unchanged(bench: Bench) -> Iterator[Row]:
    """Compare builds that have nothing to do."""
    bench.prepare()
    corpus = bench.corpus
    for side in corpus.sides:
        corpus.run(side.again())

    def pair(_: int) -> tuple[Cost, Cost]:
        first, second = (corpus.run(side.again()) for side in corpus.sides)
        return first, second

    least = 100 if bench.count >= 1000 else None
    yield row("nothing changed", repeat(bench.runs, pair), least)


def edited(bench: Bench) -> Iterator[Row]:
    """Compare builds after an edit of one page; stock builds the page's own root only."""
    bench.prepare()
    corpus = bench.corpus

    def pair(run: int) -> tuple[Cost, Cost]:
        page, marker = bench.page(run), f"marker{run}"
        corpus.edit(page, marker)
        costs = [corpus.run(side.edited(page)) for side in corpus.sides]
        for side in corpus.sides:
            assert marker in side.output(page).read_text("utf-8")
        return costs[0], costs[1]

    yield row("one page edited", repeat(bench.runs, pair))


def served(bench: Bench) -> Iterator[Row]:
    """Measure from a save to the page that shows it, against stock's build of one root."""
    bench.prepare()
    corpus, pairs = bench.corpus, []
    with serving(corpus) as address:
        start = bench.page(0)
        seconds_until_shown(f"{address}/{start.root}/{start.name}.html", "Options of the")
        for run in range(bench.runs):
            page, marker = bench.page(run), f"served{run}-{os.getpid()}"
            corpus.edit(page, marker)
            seconds = seconds_until_shown(f"{address}/{page.root}/{page.name}.html", marker)
            stock = corpus.run(corpus.sides[0].edited(page))
            pairs.append((stock, Cost(seconds, 0)))
    stock_time, shown = (statistics.median(pair[side].wall for pair in pairs) for side in (0, 1))
    goal, ratio = at_most(shown, 0.3, " s"), stock_time / shown
    yield Row("edit in serve", stock_time, shown, ratio, "s", len(pairs), goal)


def growth(bench: Bench) -> Iterator[Row]:
    """Compare docset's first build of 1,000 pages with that of 100."""
    directory = bench.corpus.directory.parent
    small = Corpus.make(directory / "growth-100", 100)
    large = Corpus.make(directory / "growth-1000", 1000)

    def pair(_: int) -> tuple[Cost, Cost]:
        return _cold(small, small.sides[1]), _cold(large, large.sides[1])

    pairs = repeat(bench.runs, pair)
    few, many = (statistics.median(pair[side].wall for pair in pairs) for side in (0, 1))
    ratio, what = many / few, "growth from 100 to 1,000 pages"
    yield Row(what, few, many, ratio, "s", len(pairs), at_most(ratio, 11), "docset on both sides")


def memory(bench: Bench) -> Iterator[Row]:
    """Compare the highest use of memory; stock builds one root at a time, so one is enough."""
    bench.prepare()
    stock, docset = bench.corpus.sides
    directory = bench.corpus.directory
    one_root = [*stock.again()[0], "-E", "-a"]
    used = peak([one_root], directory)
    docset.forget()
    ours = peak(docset.cold(), directory)
    ratio = ours / used
    goal = at_most(ratio, 1 if bench.count >= 1000 else 2.5)
    yield Row("peak memory (PSS)", used, ours, ratio, "MB", 1, goal)


MEASURES = {
    "cold": cold,
    "unchanged": unchanged,
    "edited": edited,
    "served": served,
    "growth": growth,
    "memory": memory,
}


def heading(pages: int) -> str:
    """Return what was measured where."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"4 roots, {pages} pages; {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{versions}\n\n| | stock | docset | ratio | goal | runs | |\n|---|--:|--:|--:|---|--:|---|"
    )


def line(found: Row) -> str:
    """Return a row of the table."""
    return (
        f"| {found.what} | {found.stock:.3g} {found.unit} | {found.docset:.3g} {found.unit} "
        f"| {found.ratio:.2f}{TIMES} | {found.goal or 'none'} | {found.runs} | {found.note} |"
    )


def main() -> int:
    """Measure what the command line names and print the table."""
    parser = argparse.ArgumentParser(description="Compare docset with stock sphinx-build.")
    parser.add_argument("--pages", type=int, default=100, help="of all roots (default: 100)")
    parser.add_argument("--runs", type=int, default=5, help="of each measure (default: 5)")
    parser.add_argument("--only", choices=MEASURES, action="append", help="repeatable")
    options = parser.parse_args()
    print(heading(options.pages), flush=True)
    with tempfile.TemporaryDirectory(prefix="docset-bench-") as directory:
        corpus = Corpus.make(Path(directory) / "corpus", options.pages)
        bench = Bench(corpus, options.runs)
        for name in options.only or MEASURES:
            for found in MEASURES[name](bench):
                print(line(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
