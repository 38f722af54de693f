"""Copies of the documentation, so that its tests meet no build of anybody else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from docset import project

REPOSITORY = Path(__file__).resolve().parents[2]
SITE = project.load(REPOSITORY)
ROOTS = tuple(root.name for root in SITE.roots)
SECONDS = 240


@dataclass(frozen=True)
class Copy:
    """The roots and their configuration, in a folder of their own."""

    folder: Path

    @property
    def packages(self) -> Path:
        """A folder for packages that are installed for the copy alone."""
        return self.folder / "packages"

    @property
    def site(self) -> Path:
        """The folder of the joined site."""
        return self.folder / "build" / "site"

    def run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment; ``shared`` and ``docset`` come from the copy."""
        program = Path(sys.executable).with_name(command[0])
        places = os.pathsep.join(map(str, (self.folder / "conf", self.packages)))
        return subprocess.run(
            [program, *command[1:]],
            cwd=cwd or self.folder,
            env=os.environ | {"PYTHONPATH": places, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def build_alone(
        self, root: str, target: Path, *options: str, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Build one root as any Sphinx project is built."""
        source = str(self.folder / root)
        return self.run("sphinx-build", "-n", "-W", *options, source, str(target), cwd=cwd)

    def empty(self) -> None:
        """Leave nothing of the roots but their configuration and an index page of each."""
        for root in ROOTS:
            for page in (self.folder / root).rglob("*.md"):
                page.unlink()
            (self.folder / root / "index.md").write_text("# An index\n", "utf-8")

    def write(self, name: str, text: str) -> None:
        """Add a page that no table of contents names."""
        (self.folder / name).write_text(f"---\norphan: true\n---\n\n# A page\n\n{text}\n", "utf-8")


def copy_to(folder: Path) -> Copy:
    """Copy what a build of the documentation reads."""
    for name in ("conf", *(SITE.relative(root.path) for root in SITE.roots)):
        ignored = shutil.ignore_patterns("__pycache__", "_build")
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
    for name in (project.FILE, "uv.lock"):
        shutil.copy(REPOSITORY / name, folder)
    for code in SITE.code:
        # Checked, but not read by a build.
        (folder / SITE.relative(code)).mkdir(exist_ok=True)
    return Copy(folder)
