"""A written documentation: change its files, build it, look at what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conf.engine.judge import Outcome, files_of, read_log
from tests.conf.engine.warm import Job

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conf.engine.judge import Runner

CONF = """\
project = "{name}"
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
html_theme = "basic"
intersphinx_disabled_reftypes = ["*"]
intersphinx_mapping = {{"{other}": ("https://docs.example.org/{other}/", None)}}
"""
PAGE = """\
({name}-start)=
# The {name} side

See {{external+{other}:ref}}`{other}-start`.
"""
TABLE = """\
[tool.docset]
title = "Two sides"
url = "https://docs.example.org/"
output = "build/site"

[[tool.docset.roots]]
name = "left"
path = "left"

[[tool.docset.roots]]
name = "right"
path = "right"
"""


def two_roots() -> dict[str, str]:
    """Return the files of a project of two roots, each with one page."""
    files = {"pyproject.toml": TABLE}
    for name, other in (("left", "right"), ("right", "left")):
        files[f"{name}/conf.py"] = CONF.format(name=name, other=other)
        files[f"{name}/index.md"] = PAGE.format(name=name, other=other)
    return files


@dataclass
class Docs:
    """A project directory and what runs docset on it."""

    directory: Path
    runner: Runner

    @property
    def site(self) -> Path:
        """The joined site."""
        return self.directory / "build/site"

    def write(self, files: Mapping[str, str]) -> None:
        """Write files by their path below the project."""
        for name, text in files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that must stand in a file."""
        path = self.directory / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new), "utf-8")

    def append(self, name: str, text: str) -> int:
        """Append a paragraph to a file and return the number of its first line."""
        path = self.directory / name
        before = path.read_text("utf-8")
        path.write_text(f"{before}\n{text}\n", "utf-8")
        return before.count("\n") + 2

    def build(self, *argv: str, **environment: str) -> Outcome:
        """Build in a process of the runner."""
        log = self.directory.with_suffix(".log")
        arguments = ["build", "--project", str(self.directory), *argv]
        self.runner.start(Job(arguments, str(log), environment))
        code = self.runner.finish()
        return Outcome(code, *read_log(log, self.directory), files_of(self.site))

    def page(self, name: str) -> str:
        """Return the text of a page of the site."""
        return (self.site / name).read_text("utf-8")

    def command(
        self, *argv: str, flags: tuple[str, ...] = (), **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``docset`` in a process of its own, in the project's directory."""
        return self.python(*flags, "-m", "docset", *argv, **environment)

    def python(self, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the project's directory."""
        return subprocess.run(
            [sys.executable, *argv],
            cwd=self.directory,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
