"""The words of texts that are no pages: ``python -m docset.prose.texts README.md``.

They have no comments that allow something, so nothing may silence a rule.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from docset import project as projects
from docset.prose import vale
from docset.prose.alerts import Alert
from docset.prose.allowances import RULE
from docset.prose.reader import read
from docset.prose.switches import switches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docset.project import Project

__all__ = ["alerts"]


def alerts(project: Project, paths: Sequence[str]) -> list[Alert]:
    """Return what Vale finds in these files, and its switches, in order."""
    return sorted([*vale.alerts(project, paths), *_switches(project, paths)])


def _switches(project: Project, paths: Sequence[str]) -> Iterator[Alert]:
    for path in paths:
        page = read(path, (project.directory / path).read_text("utf-8"))
        for found in switches(page, "this silences rules: remove it, and mend the words"):
            yield Alert(path, found.line, found.column, RULE, found.message)


if __name__ == "__main__":
    found = alerts(projects.load(Path()), sys.argv[1:])
    sys.stdout.writelines(f"{alert}\n" for alert in found)
    sys.exit(bool(found))
