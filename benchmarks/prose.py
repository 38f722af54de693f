"""Measure how long the checks of prose take on many pages: ``python benchmarks/prose.py``.

The pages are copied until there are as many as asked for. The whole check is measured on pages
that it has not seen, on the same pages again, and after one of them has changed. ``--each``
measures each rule of Vale alone as well, by what it adds to reading the pages, and each check in
Python.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from docset import project
from docset.prose import vale
from docset.prose.check import checks
from docset.prose.site import of_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

REPOSITORY = Path(__file__).resolve().parent.parent
ROOTS = ("tutorials", "how-to", "reference", "explanation")
ROUNDS = 5
# Behind what begins a label, or a description.
ONCE = re.compile(r"^\((?=[\w-]+\)=$)|^ *description: [\"']?", re.MULTILINE)
NO_RULE = '.Name == "none"'


@dataclass(frozen=True)
class Cost:
    """What a command took, in seconds."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:7.2f} s  {self.cpu:7.2f} s of processor"


def main() -> None:
    """Copy the pages, measure, and print one line a check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=200, help="default: %(default)s")
    parser.add_argument("--each", action="store_true", help="measure each rule alone, too")
    options = parser.parse_args()
    program = vale.program()
    if program is None:
        sys.exit("prose.py: needs Vale; `make lint` makes it")
    with tempfile.TemporaryDirectory() as folder:
        copy_pages(Path(folder), options.pages)
        run(Path(folder), [sys.executable, "-m", "docset", "prose", "--record"])
        measure(Path(folder), program, options.pages, each=options.each)


def copy_pages(folder: Path, wanted: int) -> None:
    """Copy what makes our project one, and so many pages, each to where its styles are on."""
    for name in (".vale.ini", "pyproject.toml", *(f"{root}/conf.py" for root in ROOTS)):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, folder / name)
    shutil.copytree(REPOSITORY / "styles", folder / "styles")
    shutil.copytree(REPOSITORY / "conf" / "prose", folder / "conf" / "prose")
    for name in ("conf/home", "django_prodserver", "benchmarks", "tests"):
        (folder / name).mkdir()
    pages = sorted(page for root in ROOTS for page in (REPOSITORY / root).rglob("*.md"))
    for number, page in enumerate(islice(cycle(pages), wanted)):
        copy = folder / page.relative_to(REPOSITORY).with_suffix(f".{number}.md")
        copy.parent.mkdir(parents=True, exist_ok=True)
        # No two pages may have one label or one description.
        copy.write_text(ONCE.sub(rf"\g<0>{number}-", page.read_text("utf-8")), "utf-8")


def measure(folder: Path, program: str, pages: int, *, each: bool) -> None:
    """Print what the check takes, what Vale takes of it and, if asked, what each of its rules."""
    check = [sys.executable, "-m", "docset", "prose"]
    lint = [program, "--no-global", "--no-exit", "--output=line", *ROOTS]
    print(f"{pages} pages; the fastest of {ROUNDS} runs")
    show("the whole check, nothing seen", fastest(folder, check, forget))
    show("the whole check, all seen", fastest(folder, check))
    show("the whole check, one page changed", fastest(folder, check, change))
    nothing = fastest(folder, [*lint, "--filter", NO_RULE])
    show("Vale alone, no rule", nothing)
    show("Vale alone, every rule", fastest(folder, lint))
    if not each:
        return
    for file in sorted((folder / "styles").glob("*/*.yml")):
        name = f"{file.parent.name}.{file.stem}"
        alone = fastest(folder, [*lint, "--filter", f'.Name == "{name}"'])
        print(f"{name:34} {alone.cpu - nothing.cpu:+.2f} s of processor")
    for name, seconds in of_python(folder):
        print(f"{name:34} {seconds:+.2f} s of processor")


def of_python(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield what each check in Python takes on all pages, and what reading them does."""
    site = of_project(project.load(folder))
    start = time.process_time()
    pages = list(site.pages)
    yield "reading, for the checks in Python", time.process_time() - start
    for check in checks():
        start = time.process_time()
        for page in pages:
            deque(check.alerts(page, site), maxlen=0)
        yield check.rule, time.process_time() - start


def show(what: str, cost: Cost) -> None:
    """Print a line of the table."""
    print(f"{what:34} {cost}", flush=True)


def forget(folder: Path) -> None:
    """Remove what earlier runs of the check know."""
    shutil.rmtree(folder / "build", ignore_errors=True)


def change(folder: Path) -> None:
    """Write another word at the end of one page."""
    with next(folder.glob("how-to/**/*.md")).open("a") as page:
        page.write(f"\nMore {time.monotonic_ns()}.\n")


def fastest(
    folder: Path, command: Sequence[str], prepare: Callable[[Path], None] | None = None
) -> Cost:
    """Return what the fastest of some runs takes: others wait for what else the machine does."""
    costs = []
    for _ in range(ROUNDS):
        if prepare:
            prepare(folder)
        costs.append(run(folder, command))
    return min(costs, key=lambda cost: cost.wall)


def run(folder: Path, command: Sequence[str]) -> Cost:
    """Return what one run of a command takes, which may find something."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode not in (0, 1):
        sys.exit(f"prose.py: ended with {done.returncode}: {shlex.join(command)}")
    cpu = after.children_user + after.children_system
    return Cost(wall, cpu - before.children_user - before.children_system)


if __name__ == "__main__":
    main()
