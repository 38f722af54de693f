"""A project of one root, its pages, and the command ``docset format`` on them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docset.cli import run

if TYPE_CHECKING:
    import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
TABLE = """\
[tool.docset]
title = "Small"
url = "https://docs.example.org/"
output = "build/site"

[[tool.docset.roots]]
name = "root"
path = "root"
"""
CONF = """\
project = "Small"
extensions = ["myst_parser", "sphinx_design"]
myst_enable_extensions = {extensions!r}
suppress_warnings = ["toc.not_included"]
"""


@dataclass
class Written:
    """The project; paths of pages are relative to its root."""

    directory: Path
    output: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        (self.directory / "root").mkdir()
        (self.directory / "pyproject.toml").write_text(TABLE, "utf-8")
        shutil.copy(REPOSITORY / ".rumdl.toml", self.directory)
        self.configure("attrs_block", "attrs_inline", "colon_fence", "deflist")

    def configure(self, *extensions: str) -> None:
        """Write a conf.py that switches on these extensions of MyST."""
        text = CONF.format(extensions=list(extensions))
        (self.directory / "root/conf.py").write_text(text, "utf-8")

    def write(self, text: str, name: str = "index.md") -> Path:
        """Write a page."""
        path = self.directory / "root" / name
        path.write_text(text, "utf-8", newline="")
        return path

    def format(self, *arguments: str) -> tuple[int, list[str]]:
        """Run the command, and return its exit code and its alerts."""
        code = run(["format", "--project", str(self.directory), *arguments])
        return code, self.output.readouterr().out.splitlines()

    def formatted(self, text: str) -> str:
        """Return a page as the command writes it."""
        path = self.write(text)
        self.format()
        return path.read_bytes().decode()
