"""Which extensions of MyST a root has switched on: they decide what a mark on its pages means."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx.config import eval_config_file
from sphinx.errors import ConfigError
from sphinx.util.tags import Tags

from docset.project import ProjectError

if TYPE_CHECKING:
    from docset.project import Project, Root

__all__ = ["Extensions"]


@dataclass(frozen=True)
class Extensions:
    """The extensions of every root; a root's conf.py is read when a page of it asks."""

    project: Project
    known: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, path: str) -> frozenset[str]:
        """Return the extensions that hold for a file; none outside the roots.

        Raise ProjectError when the conf.py of its root cannot be read.
        """
        file = self.project.directory / path
        for root in self.project.roots:
            if file.is_relative_to(root.path):
                if root.name not in self.known:
                    self.known[root.name] = _read(root)
                return self.known[root.name]
        return frozenset()


def _read(root: Root) -> frozenset[str]:
    os.environ.update(root.env)
    conf = root.conf / "conf.py"
    try:
        values = eval_config_file(conf, Tags(["docset"]))
    except ConfigError as error:
        raise ProjectError(f"{conf}: {str(error).strip().splitlines()[-1]}") from None
    return frozenset(values.get("myst_enable_extensions", ()))
