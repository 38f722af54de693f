"""Run the tests of django-prodserver with each Python and each Django: ``make test-matrix``.

The Pythons are those of the classifiers in ``pyproject.toml``, the Djangos those of ``uv.lock``:
each Python gets the Django that the lock has for it, and every older one there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from packaging.markers import Marker
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "build" / "matrix"
CLASSIFIER = "Programming Language :: Python :: 3."
# What Django Tasks needs before Django 6; the lock has it for Python 3.11 alone.
COMPAT = "django-tasks"


@dataclass(frozen=True)
class Cell:
    """One Python with one Django."""

    python: str
    django: str
    pins: tuple[str, ...] = ()
    """What is installed on top of the locked packages, or in place of them."""

    def __str__(self) -> str:
        line = ".".join(self.django.split(".")[:2])
        return f"python{self.python}-django{line}"


@dataclass(frozen=True)
class Outcome:
    """What has become of a cell."""

    passed: bool
    text: str


def cells(project: dict[str, Any], lock: dict[str, Any]) -> Iterator[Cell]:
    """Yield every cell, from the oldest Python and Django on."""
    packages = [package for package in lock["package"] if package["name"] in {"django", COMPAT}]
    djangos = {entry["version"]: entry for entry in packages if entry["name"] == "django"}
    compat = [f"{COMPAT}=={each['version']}" for each in packages if each["name"] == COMPAT]
    for python in pythons(project):
        newest = next(each for each, entry in djangos.items() if is_locked_for(entry, python))
        yield from (
            Cell(python, each, () if each == newest else (f"django=={each}", *compat))
            for each in sorted(djangos, key=Version)
            if Version(each) <= Version(newest)
        )


def pythons(project: dict[str, Any]) -> list[str]:
    """Return the Pythons of the classifiers, such as ``3.13``."""
    named = (each for each in project["project"]["classifiers"] if each.startswith(CLASSIFIER))
    return sorted((each.rpartition(" ")[2] for each in named), key=Version)


def is_locked_for(package: dict[str, Any], python: str) -> bool:
    """Return whether the lock has this version of a package for a Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.99",
        "platform_python_implementation": "CPython",
    }
    markers = package.get("resolution-markers", [])
    return not markers or any(Marker(each).evaluate(environment) for each in markers)


def interpreter(python: str) -> Path | None:
    """Return an interpreter of this machine; None: it has none of this version.

    The commands that pyenv puts on PATH need not work, so its own folders come first.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    own = (str(folder) for folder in sorted(pyenv.glob(f"{python}.*/bin")))
    folders: list[str] = [*own, *os.environ["PATH"].split(os.pathsep)]
    for folder in folders:
        found = shutil.which(f"python{python}", path=folder)
        if (
            found
            and not subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode
        ):
            return Path(found)
    return None


def run(cell: Cell, words: Sequence[str]) -> Outcome:
    """Return what has become of a cell, after its tests have run in an environment of their own."""
    python = interpreter(cell.python)
    if python is None:
        missing = f"needs python{cell.python}, which this machine does not have"
        if os.environ.get("CI") == "true":
            return Outcome(passed=False, text=f"{missing} (CI=true: install it)")
        return Outcome(passed=True, text=f"SKIPPED: {missing}")
    environment, report = FOLDER / str(cell), FOLDER / f"{cell}.xml"
    report.unlink(missing_ok=True)
    start = time.monotonic()
    for command in commands(cell, python, environment, [f"--junitxml={report}", *words]):
        variables = os.environ | {"UV_PROJECT_ENVIRONMENT": str(environment)}
        code = subprocess.run(command, check=False, cwd=REPOSITORY, env=variables).returncode
        if code:
            break
    counts = f"{counted(report)} in {time.monotonic() - start:.0f} s" if report.exists() else ""
    verdict = "passed" if code == 0 else f"FAILED with exit code {code}"
    return Outcome(passed=code == 0, text=": ".join(filter(None, [verdict, counts])))


def commands(
    cell: Cell, python: Path, environment: Path, words: Sequence[str]
) -> Iterator[Sequence[str | Path]]:
    """Yield what sets up the environment of a cell, and what runs its tests."""
    # The processes that the tests start write no bytecode: without it, each would compile Django.
    uv = [sys.executable, "-m", "uv"]
    yield [*uv, "sync", "--frozen", "--quiet", "--compile-bytecode", "--python", python]
    own = environment / "bin" / "python"
    if cell.pins:
        yield [*uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", own, *cell.pins]
    tests = ["tests/django_prodserver", "-n", "logical", "--dist", "worksteal"]
    yield [own, "-m", "pytest", "-q", *tests, *words]


def counted(report: Path) -> str:
    """Return how many tests a report is about, and how many of them did not pass."""
    [suite] = ET.parse(report).getroot()
    bad = (f"{suite.get(kind)} {kind}" for kind in ("failures", "errors", "skipped"))
    return ", ".join([f"{suite.get('tests')} tests", *(text for text in bad if text[0] != "0")])


def table(outcomes: dict[Cell, Outcome]) -> str:
    """Return the summary: a line for each cell."""
    rows = [("Python", "Django", "Tests")]
    rows += [(cell.python, cell.django, outcome.text) for cell, outcome in outcomes.items()]
    return "\n".join(f"{python:8}{django:8}{text}" for python, django, text in rows)


def main(words: Sequence[str], run: Callable[[Cell, Sequence[str]], Outcome] = run) -> int:
    """Run what a command line asks for, and return its exit code."""
    files = (REPOSITORY / name for name in ("pyproject.toml", "uv.lock"))
    known = {
        str(cell): cell for cell in cells(*(tomllib.loads(each.read_text()) for each in files))
    }
    parser = argparse.ArgumentParser("tests.matrix", epilog="Further options are those of pytest.")
    parser.add_argument("--cell", action="append", choices=known, help="only this cell")
    parser.add_argument("--json", action="store_true", help="print the cells, and run nothing")
    chosen, rest = parser.parse_known_args(words)
    if chosen.json:
        print(json.dumps([{"cell": name, "python": cell.python} for name, cell in known.items()]))
        return 0
    outcomes = {}
    for name in chosen.cell or known:
        print(f"\n==> {name}", flush=True)
        outcomes[known[name]] = run(known[name], rest)
    print(f"\n{table(outcomes)}")
    return 0 if all(outcome.passed for outcome in outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
