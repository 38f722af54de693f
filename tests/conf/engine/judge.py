"""Compare the incremental build of a living project with a clean build of a copy."""

from __future__ import annotations

import difflib
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psutil

import tests.conf.engine.edits_of_files  # noqa: F401  (registers its edits)
from tests.conf.engine.edits import EDITS, Edit, Pick, Step
from tests.conf.engine.mishaps import MISHAPS
from tests.conf.engine.model import Flavor, Project, small_project
from tests.conf.engine.warm import Job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LIMIT = 120  # seconds for one build of four small roots


class MismatchError(AssertionError):
    """The incremental build is not what a clean build is."""


class Runner(Protocol):
    """Runs the command ``docset``."""

    def start(self, job: Job) -> None:
        """Start a run."""

    def finish(self) -> int:
        """Return its exit code."""


class Command:
    """Runs ``docset`` as a person does: a process of its own."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._job: Job | None = None

    def start(self, job: Job) -> None:
        """Start a run."""
        self._job = job
        with Path(job.log).open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "docset", *job.argv],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=os.environ | job.environment,
                start_new_session=True,
            )

    def finish(self) -> int:
        """Return its exit code."""
        assert self._process is not None
        assert self._job is not None
        try:
            return self._process.wait(self._job.kill_after or LIMIT)
        except subprocess.TimeoutExpired:
            kill = os.killpg if self._job.kill_group else os.kill
            kill(self._process.pid, signal.SIGKILL)
            return self._process.wait()


@dataclass(frozen=True)
class Outcome:
    """What a build left: its exit code, its warnings and its site."""

    code: int
    warnings: tuple[str, ...]
    notes: tuple[str, ...]  # what docset says of the build as a whole
    site: Mapping[str, bytes]


def files_of(site: Path) -> dict[str, bytes]:
    """Return the contents of all files below a folder by their relative paths.

    Cache-busting hashes are left out: they depend on nothing that a reader sees.
    """
    return {
        path.relative_to(site).as_posix(): re.sub(rb"\?v=[0-9a-f]+", b"", path.read_bytes())
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def read_log(log: Path, directory: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the warnings and the notes of a build, with the project's directory taken out."""
    text = log.read_text("utf-8", "replace").replace(str(directory), "PROJECT")
    lines = [line for line in text.splitlines() if line.strip()]
    notes = tuple(line for line in lines if line.startswith("docset: "))
    return tuple(line for line in lines if not line.startswith("docset: ")), notes


def write(directory: Path, files: Mapping[str, bytes]) -> None:
    """Make the sources below ``directory`` equal to ``files`` and touch nothing else."""
    for path in list(sources(directory)):
        if path.relative_to(directory).as_posix() not in files:
            path.unlink()
            _prune(path.parent)
    for name, content in files.items():
        path = directory / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def sources(directory: Path) -> Iterator[Path]:
    """Yield the files that a person writes, in the order of their names."""
    for path in sorted(directory.rglob("*")):
        parts = path.relative_to(directory).parts
        if path.is_file() and parts[0] != "build" and "__pycache__" not in parts:
            yield path


def _prune(folder: Path) -> None:
    while not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


# What clean builds made of earlier states: many sequences come back to the same ones.
_CLEAN: dict[str, Outcome] = {}
_KEPT = 60


def _digest(project: Project) -> str:
    return hashlib.sha256(repr(sorted(project.files().items())).encode()).hexdigest()


def _remember(state: str, outcome: Outcome) -> None:
    if len(_CLEAN) >= _KEPT:
        _CLEAN.pop(next(iter(_CLEAN)))
    _CLEAN[state] = outcome


class Trial:
    """A living project that is edited and built, and judged after every edit."""

    def __init__(
        self, directory: Path, flavor: Flavor, living: Runner, clean: Runner | None = None
    ) -> None:
        self.directory = directory / "living"
        self.copy = directory / "copy"
        self.project: Project = small_project(flavor)
        self.story: list[str] = []
        self._living, self._clean = living, clean or living
        self.directory.mkdir(parents=True)
        self._sync()
        self.judge(settled=False, repaired=True)

    def step(self, edits: Step) -> None:
        """Apply edits, build both and compare.

        Raises:
            MismatchError: they differ.
        """
        for edit in edits:
            self._apply(*edit)
        names = [name for name, _ in edits]
        self.judge(settled=MISHAPS.keys().isdisjoint(names), repaired=names[-1] == "repair")

    def _apply(self, name: str, seed: int) -> None:
        pick = Pick(seed)
        if name in MISHAPS:
            told = MISHAPS[name](self, pick)
        else:
            told = EDITS[name](self.project, pick)
            self._sync()
        self.story.append(f"{name}: {told}")

    def sources(self) -> list[Path]:
        """Return the source files of the living project."""
        return list(sources(self.directory))

    def edit_something(self, pick: Pick) -> str:
        """Apply an edit that the numbers choose, without a build, and tell what it was."""
        name = pick.one(sorted(EDITS))
        told = EDITS[name](self.project, pick)
        self._sync()
        return f"{name}: {told}"

    def interrupt(self, seconds: float, *, group: bool) -> int:
        """Start a build and kill it; return its exit code."""
        self._living.start(self._job(self.directory, kill_after=seconds, kill_group=group))
        return self._living.finish()

    def judge(self, *, settled: bool, repaired: bool) -> None:
        """Build both and compare.

        ``settled`` says that nothing has touched the outputs, ``repaired`` that the project
        has no fault.
        """
        before = files_of(self.directory / "build/site")
        living, clean = self._build_both()
        self._compare(living, clean)
        if living.code == 1 and settled:
            self._require(living.site == before, "a failed build changed the site", living, clean)
        self._require(clean.code == 0 or not repaired, "a sound project fails", living, clean)
        self._compare(self._build(self._living, self.directory), clean)

    def _sync(self) -> None:
        write(self.directory, self.project.files())

    def _build_both(self) -> tuple[Outcome, Outcome]:
        state = _digest(self.project)
        if state in _CLEAN:
            return self._build(self._living, self.directory), _CLEAN[state]
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.directory, self.copy, ignore=shutil.ignore_patterns("build"))
        if self._living is self._clean:
            living, clean = (
                self._build(self._living, folder) for folder in (self.directory, self.copy)
            )
        else:
            self._living.start(self._job(self.directory))
            self._clean.start(self._job(self.copy))
            living = self._result(self._living, self.directory)
            clean = self._result(self._clean, self.copy)
        _remember(state, clean)
        return living, clean

    def _build(self, runner: Runner, directory: Path) -> Outcome:
        runner.start(self._job(directory))
        return self._result(runner, directory)

    @staticmethod
    def _job(directory: Path, *, kill_after: float | None = None, kill_group: bool = True) -> Job:
        argv = ["build", "--project", str(directory)]
        return Job(argv, f"{directory}.log", {}, kill_after, kill_group)

    @staticmethod
    def _result(runner: Runner, directory: Path) -> Outcome:
        code = runner.finish()
        warnings, notes = read_log(directory.with_suffix(".log"), directory)
        return Outcome(code, warnings, notes, files_of(directory / "build/site"))

    def _compare(self, living: Outcome, clean: Outcome) -> None:
        check = self._require
        check(clean.code in {0, 1, 2}, "the clean build broke off", living, clean)
        check(living.code == clean.code, "exit codes differ", living, clean)
        check(sorted(living.warnings) == sorted(clean.warnings), "warnings differ", living, clean)
        once = len(set(clean.warnings)) == len(clean.warnings)
        check(once, "a warning is printed twice", living, clean)
        told = bool(clean.warnings or clean.notes)
        check(clean.code == 0 or told, "a failure without a message", living, clean)
        if all(root.strict for root in self.project.roots):
            quiet = clean.code != 0 or not clean.warnings
            check(quiet, "warnings with exit code 0", living, clean)
        if clean.code == 0:
            check(living.site == clean.site, "the sites differ", living, clean)

    def _require(self, condition: bool, problem: str, living: Outcome, clean: Outcome) -> None:
        if not condition:
            raise MismatchError("\n".join([problem, *self.story, *difference(living, clean)]))


def difference(living: Outcome, clean: Outcome) -> Iterator[str]:
    """Yield lines that tell what differs, at most some sixty."""
    yield f"exit codes: incremental {living.code}, clean {clean.code}"
    for name, one, other in (
        ("warnings", living.warnings, clean.warnings),
        ("notes", living.notes, clean.notes),
    ):
        yield from _unified(name, sorted(one), sorted(other))
    if clean.code == 0:
        names = sorted(living.site.keys() | clean.site.keys())
        changed = [name for name in names if living.site.get(name) != clean.site.get(name)]
        yield f"{len(changed)} files differ: {', '.join(changed[:12])}"
        for name in changed[:2]:
            yield from _unified(name, _lines(living, name), _lines(clean, name))


def _lines(outcome: Outcome, name: str) -> list[str]:
    return outcome.site.get(name, b"").decode("utf-8", "replace").splitlines()


def _unified(name: str, living: list[str], clean: list[str]) -> list[str]:
    lines = difflib.unified_diff(
        living, clean, f"incremental {name}", f"clean {name}", lineterm="", n=1
    )
    return [line[:400] for line in lines][:30]


def run_sequence(
    directory: Path, flavor: Flavor, steps: list[Step], living: Runner, clean: Runner | None = None
) -> None:
    """Run a sequence of steps in an empty directory.

    Raises:
        MismatchError: a build was wrong; its text holds the edits in a form to replay.
    """
    done: list[Step] = []
    try:
        trial = Trial(directory, flavor, living, clean)
        for step in steps:
            done.append(step)
            trial.step(step)
    except MismatchError as wrong:
        raise MismatchError(f"{replay_command(flavor, done)}\n{wrong}") from None
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def replay_command(flavor: Flavor, steps: list[Step]) -> str:
    """Return the command that runs these steps again."""
    words = " ".join("+".join(f"{name}:{seed}" for name, seed in step) for step in steps)
    return f"python -m tests.conf.engine.soak --flavor {flavor} --replay {words}"


def random_sequence(seed: int, length: int = 6) -> tuple[Flavor, list[Step]]:
    """Return the flavor and the steps of one edit each that a number stands for."""
    source = random.Random(seed)
    names = sorted(EDITS.keys() | MISHAPS.keys())
    flavor: Flavor = source.choice(("plain", "furo"))
    # Without repairs most builds would fail, and failed builds have no site to compare.
    edits: list[Edit] = [
        ("repair" if source.random() < 0.25 else source.choice(names), source.randrange(10_000))
        for _ in range(length)
    ]
    return flavor, [*((edit,) for edit in edits), (("repair", seed),)]


def wait_until_gone(session: int, seconds: float = 10) -> list[psutil.Process]:
    """Return the processes of a session that are still there after some time."""
    deadline = time.monotonic() + seconds
    while left := [process for process in psutil.process_iter() if _session(process) == session]:
        if time.monotonic() > deadline:
            return left
        time.sleep(0.05)
    return []


def _session(process: psutil.Process) -> int | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else os.getsid(process.pid)
    except (psutil.Error, ProcessLookupError):
        return None
