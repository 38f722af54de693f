"""The directive ``tested-versions``: which versions of other packages this project is tested with.

The oldest ones stand in ``pyproject.toml``, the tested ones in ``uv.lock``: what happens to be
installed where the page is built does not matter.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

__all__ = ["rows"]

PROJECT = Path(__file__).resolve().parent.parent
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[.*\])?>=(?P<oldest>[\d.]+)")


class TestedVersions(SphinxDirective):
    """Shows a table of the packages that the project needs, and those of its extras."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        project, lock = PROJECT / "pyproject.toml", PROJECT / "uv.lock"
        for file in (project, lock):
            self.env.note_dependency(file)
        table = ["| Package | Extra | Supported from | Tested |", "|---|---|---|---|"]
        texts = project.read_text("utf-8"), lock.read_text("utf-8")
        table += [f"| {' | '.join(row)} |" for row in rows(*map(tomllib.loads, texts))]
        return self.parse_text_to_nodes("\n".join(table))


def rows(project: dict[str, Any], lock: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield package, extras, oldest and tested versions; first what is always installed.

    Raise ValueError for a requirement without an oldest version.
    """
    extras: dict[str, list[str]] = {need: [] for need in project["project"]["dependencies"]}
    for extra, needs in project["project"]["optional-dependencies"].items():
        for need in needs:
            extras.setdefault(need, []).append(f"`{extra}`")
    tested: dict[str, list[str]] = {}
    for package in lock["package"]:
        tested.setdefault(package["name"], []).append(package.get("version", ""))
    for need, names in extras.items():
        if not (match := _REQUIREMENT.fullmatch(need)):
            raise ValueError(f"pyproject.toml: {need!r} names no oldest version")
        versions = ", ".join(tested[match["name"]])
        yield match["name"], ", ".join(names) or "none", match["oldest"], versions


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("tested-versions", TestedVersions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
