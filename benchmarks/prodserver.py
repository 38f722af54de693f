"""Compare the ways to start a server or worker with the command of its own package.

``python benchmarks/prodserver.py`` starts every installed backend in turns: natively, through the
console script ``prodserver``, through ``manage.py prodserver``, through supervisors, and through
the public package of the same name. It prints a table of ratios against native.
``--backends gunicorn`` takes a minute or two, all of them half an hour.
``--ours`` leaves out the supervisors and what others have made, and takes half of that.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.brokers import BROKERS, BrokerMissingError
from benchmarks.elder import RELEASE, Elder, ElderMissingError
from benchmarks.load import LoadError, client, requests_per_second
from benchmarks.projects import Command, Project
from benchmarks.starts import Start, StartError, free_port, measured, running
from benchmarks.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMES = "\N{MULTIPLICATION SIGN}"
CONSOLE, MANAGE, MEMORY = 1.25, 1.8, 1.02  # the highest ratios that are good enough
NOISE = 0.03  # how far two equal rates may lie apart


@dataclass(frozen=True)
class Way:
    """A way to start a subject."""

    name: str
    command: Callable[[int], Command]
    """Returns the command for a port."""
    goal: float | None = None
    """The highest ratio of its start to the native one that is good enough; None: any."""
    other: bool = False
    """Whether ``--ours`` leaves it out."""


@dataclass
class Results:
    """What was measured of one way."""

    starts: list[Start] = field(default_factory=list)
    failure: str = ""

    def add(self, way: Way, project: Project, *, counts: bool) -> None:
        """Start once more, unless it has failed before."""
        if self.failure:
            return
        port = free_port()
        try:
            start = measured(way.command(port), project.subject, port)
        except StartError as error:
            self.failure = str(error)
        else:
            self.starts += [start] if counts else []


@dataclass(frozen=True)
class Ratios:
    """A figure of each round, divided by the native one of that round.

    What disturbs a round disturbs both.
    """

    values: tuple[float, ...]

    @classmethod
    def of(cls, figures: list[float], native: list[float]) -> Ratios:
        """Return the ratios of two rows of figures."""
        return cls(tuple(own / base for own, base in zip(figures, native, strict=True)))

    @property
    def median(self) -> float:
        """Return the one that counts."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{self.median:.2f}{TIMES} ({min(self.values):.2f} to {max(self.values):.2f})"

    def at_most(self, what: str, goal: float) -> str:
        """Return a goal and whether it is met."""
        return f"{what} ≤ {goal:g}{TIMES}: {'met' if self.median <= goal else 'MISSED'}"


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    cells: tuple[str, ...]
    goals: tuple[str, ...] = ()

    def __str__(self) -> str:
        cells = [*self.cells, *[""] * (7 - len(self.cells)), "; ".join(self.goals)]
        return f"| {' | '.join(cells)} |"


def ways(project: Project, elder: Elder | None) -> Iterator[Way]:
    """Iterate over the ways to start a project's subject, the native one first."""
    yield Way("native", project.native)
    yield Way("`prodserver`", project.console, CONSOLE)
    yield Way("`manage.py prodserver`", project.manage, MANAGE)
    # A management command comes after Django's set-up: none starts a server sooner than this.
    if not project.subject.native.startswith("manage.py"):
        yield Way("Django's set-up, then native", project.after_set_up)
    yield Way(
        "`prodserver` without a cache", lambda port: uncached(project.console(port)), other=True
    )
    yield Way("`prodserver --all`", project.everything, other=True)
    yield Way("honcho", project.honcho, other=True)
    if elder and project.subject.elder:
        yield Way(RELEASE.replace("==", " "), lambda port: project.elder(elder, port), other=True)


def uncached(command: Command) -> Command:
    """Return the command with a cache directory that is empty, as in a new container."""
    directory = tempfile.mkdtemp(dir=command.directory)
    return replace(command, environ={**command.environ, "XDG_CACHE_HOME": directory})


def compare(project: Project, chosen: list[Way], runs: int) -> Iterator[Row]:
    """Start each way once in every round, and iterate over the rows of the table.

    A round before the first does not count: it compiles modules and fills caches.
    """
    found = {way: Results() for way in chosen}
    for run in range(runs + 1):
        for way, results in found.items():
            results.add(way, project, counts=run > 0)
    native = next(iter(found.values()))
    if native.failure:
        yield Row((project.subject.backend, f"native does not start: {native.failure}"))
        return
    for way, results in found.items():
        yield row(project.subject.backend, way, results, native)


def row(backend: str, way: Way, results: Results, native: Results) -> Row:
    """Return the medians of a way, their ratios to native, and its goals."""
    if results.failure:
        goals = ("start: MISSED",) if way.goal else ()
        return Row((backend, f"{way.name} does not start: {results.failure}"), goals)
    figures, base = _figures(results), _figures(native)
    medians = [statistics.median(each) for each in figures]
    texts = (f"{medians[0]:.0f} ms", f"{medians[1]:.0f} ms", f"{medians[2]:.1f} MB")
    if results is native:
        return Row((backend, way.name, texts[0], "", texts[1], "", texts[2]))
    ratios = [Ratios.of(own, their) for own, their in zip(figures, base, strict=True)]
    memory = f"{texts[2]}, {ratios[2].median:.3f}{TIMES}"
    cells = (backend, way.name, texts[0], str(ratios[0]), texts[1], str(ratios[1]), memory)
    return Row(cells, _goals(way, ratios))


def _goals(way: Way, ratios: list[Ratios]) -> tuple[str, ...]:
    if way.goal is None:
        return ()
    limits = {"start": way.goal, "CPU": way.goal, "memory": MEMORY}
    return tuple(
        each.at_most(what, goal) for each, (what, goal) in zip(ratios, limits.items(), strict=True)
    )


def _figures(results: Results) -> tuple[list[float], list[float], list[float]]:
    """Return milliseconds until ready, milliseconds of CPU, and MB."""
    return (
        [start.wall * 1000 for start in results.starts],
        [start.cpu * 1000 for start in results.starts],
        [start.memory for start in results.starts],
    )


def rates(project: Project, runs: int, seconds: float) -> Row:
    """Return how many requests a server answers in a second, started natively and by us."""
    found: dict[str, list[float]] = {"native": [], "ours": []}
    for _ in range(runs):
        for name, command in (("native", project.native), ("ours", project.console)):
            port = free_port()
            with running(command(port)) as started:
                started.until_ready(project.subject, port)
                # Threads and caches come with the first requests.
                requests_per_second(port, project.subject.page, 1)
                found[name].append(requests_per_second(port, project.subject.page, seconds))
    ratios = Ratios.of(found["ours"], found["native"])
    native, ours = (f"{statistics.median(each):.0f}" for each in found.values())
    between = min(ratios.values) <= 1 <= max(ratios.values)
    equal = "met" if between or abs(ratios.median - 1) <= NOISE else "MISSED"
    cells = (project.subject.backend, f"requests per second: {native} native, {ours} ours")
    return Row((*cells, "", str(ratios)), (f"equal within noise: {equal}",))


def is_installed(subject: Subject) -> bool:
    """Return whether the package of a subject is here."""
    try:
        return bool(version(subject.package))
    except PackageNotFoundError:
        return False


def heading(backends: list[str], runs: int) -> str:
    """Return what was measured where, and the head of the table."""
    packages = dict.fromkeys(SUBJECTS[name].package for name in backends)
    versions = ", ".join(f"{name} {version(name)}" for name in ("django", *packages))
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, load average {load}, Python {platform.python_version()}, "
        f"{versions}; requests by {client()}.\n"
        f"Medians of {runs} rounds; ratios to native in the same round (lowest to highest).\n\n"
        "| backend | way | until ready | | CPU until ready | | memory (PSS) | goals |\n"
        "|---|---|--:|--:|--:|--:|--:|---|"
    )


def install_elder(directory: Path) -> Elder | None:
    """Return the public package; None, and a line that says why, where it cannot be had."""
    try:
        return Elder.install(directory)
    except (ElderMissingError, OSError, subprocess.SubprocessError) as error:
        print(f"{RELEASE} is not available: {error}\n", flush=True)
        return None


def measure(options: argparse.Namespace, directory: Path) -> Iterator[Row]:
    """Iterate over the rows of the table."""
    elder = None if options.ours else install_elder(directory / "elder")
    print(heading(options.backends, options.runs), flush=True)
    for subject in (SUBJECTS[name] for name in options.backends):
        with ExitStack() as stack:
            address = ""
            if subject.broker:
                try:
                    address = stack.enter_context(BROKERS[subject.broker](directory))
                except BrokerMissingError as missing:
                    yield Row((subject.backend, f"not measured: {missing} is not installed"))
                    continue
            project = Project.make(directory / subject.backend, subject, address)
            chosen = list(ways(project, elder))
            if options.ours:
                chosen = [way for way in chosen if not way.other]
            yield from compare(project, chosen, options.runs)
            if not subject.ready and options.seconds:
                yield _rates(project, options)


def _rates(project: Project, options: argparse.Namespace) -> Row:
    try:
        return rates(project, options.runs, options.seconds)
    except (StartError, LoadError) as error:
        return Row((project.subject.backend, f"requests not measured: {error}"))


def main() -> int:
    """Measure what the command line names and print the table."""
    installed = [name for name, subject in SUBJECTS.items() if is_installed(subject)]
    parser = argparse.ArgumentParser(description="Compare prodserver with native commands.")
    parser.add_argument(
        "--backends",
        type=lambda text: text.split(","),
        default=installed,
        help=f"separated by commas (default: {','.join(installed)})",
    )
    parser.add_argument("--runs", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument(
        "--seconds", type=float, default=3, help="of asking for pages; 0: never (default: 3)"
    )
    parser.add_argument("--ours", action="store_true", help="without the ways of others")
    options = parser.parse_args()
    if unknown := set(options.backends) - set(installed):
        parser.error(f"not installed, or unknown: {', '.join(sorted(unknown))}")
    # Stopped half-way, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="prodserver-bench-") as directory:
        for each in measure(options, Path(directory)):
            print(each, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
