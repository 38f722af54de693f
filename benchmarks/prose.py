"""Measure how long the checks of prose take on many pages: ``python benchmarks/prose.py``.

The pages are copied until there are as many as asked for. ``--each`` measures each rule of Vale
alone as well, by what it adds to reading the pages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from docset.prose import vale

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).resolve().parent.parent
ROOTS = ("tutorials", "how-to", "reference", "explanation")
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
        measure(Path(folder), program, options.pages, each=options.each)


def copy_pages(folder: Path, wanted: int) -> None:
    """Copy our configuration of Vale, and so many pages, each to where its styles are on."""
    shutil.copy(REPOSITORY / ".vale.ini", folder)
    shutil.copytree(REPOSITORY / "styles", folder / "styles")
    pages = sorted(page for root in ROOTS for page in (REPOSITORY / root).rglob("*.md"))
    for number, page in enumerate(islice(cycle(pages), wanted)):
        copy = folder / page.relative_to(REPOSITORY).with_suffix(f".{number}.md")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(page, copy)


def measure(folder: Path, program: str, pages: int, *, each: bool) -> None:
    """Print what Vale takes for reading alone, with all rules and, if asked, with each rule."""
    run(folder, program)  # the files are in memory from here on
    nothing, everything = run(folder, program, NO_RULE), run(folder, program)
    print(f"{pages} pages")
    print(f"{'reading, no rule':30} {nothing}")
    print(f"{'every rule':30} {everything}")
    if not each:
        return
    for file in sorted((folder / "styles").glob("*/*.yml")):
        name = f"{file.parent.name}.{file.stem}"
        alone = run(folder, program, f'.Name == "{name}"')
        print(f"{name:30} {alone.cpu - nothing.cpu:+.2f} s of processor")


def run(folder: Path, program: str, only: str | None = None) -> Cost:
    """Return what one run of Vale takes; raise CalledProcessError when it fails."""
    chosen: Sequence[str] = ["--filter", only] if only else []
    command = [program, "--no-global", "--no-exit", "--output=line", *chosen, *ROOTS]
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system
    return Cost(wall, cpu - before.children_user - before.children_system)


if __name__ == "__main__":
    main()
