"""A task: what one process has to do for one root."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docset import state

if TYPE_CHECKING:
    from docset.project import Project, Root
    from docset.snapshot import Stamps


@dataclass(frozen=True)
class Task:
    """What has to be built of a root; ``fresh`` throws away what is left of earlier builds."""

    project: Project
    root: Root
    key: str
    sources: Stamps
    fresh: bool = True
    read: frozenset[str] = frozenset()
    """Documents to read again, besides those that Sphinx finds to have changed."""
    write: frozenset[str] = frozenset()
    """Documents to write again, though nothing in them changed."""
    write_all: bool = False
    """Throw the output away and write every document again."""
    park: bool = False
    """End after reading: another process will write, when there is a place for it."""
    parked: bool = False
    """Begin where a process that parked has ended."""
    reason: str = ""
    started: int = field(default_factory=time.time_ns)
    """Time in nanoseconds at which ``sources`` were looked at."""

    @property
    def folder(self) -> Path:
        """The work folder of the root."""
        return state.folder(self.project.work, self.root.name)

    @property
    def html(self) -> Path:
        """The folder that Sphinx writes into."""
        return self.folder / "html"

    @property
    def doctrees(self) -> Path:
        """The folder of what Sphinx keeps between builds."""
        return self.folder / "doctrees"

    @property
    def parking(self) -> Path:
        """The state that a process leaves when it parks."""
        return self.folder / "parked"

    def inventory(self, root: str) -> Path:
        """Return the path of the inventory of a root."""
        return state.folder(self.project.work, root) / "objects.inv"

    @property
    def not_inputs(self) -> tuple[Path, ...]:
        """Folders of the project whose files are products or installed packages."""
        return (self.project.work.parent, self.project.output, Path(sys.prefix))
