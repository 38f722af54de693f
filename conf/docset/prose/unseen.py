"""Words that a linter of Markdown does not see: it reads them at the end of a copy of the page.

They are the arguments of directives (titles of boxes, labels of tabs), captions of code and of
toctrees, the alternatives of pictures, the titles of links, of their definitions and of downloads,
the reason why a block is not run, and the description in the front matter. The rest of the page
stands above them, because a rule may ask what was said before.
"""

from __future__ import annotations

import dataclasses
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from docset.prose.page import Prose
from docset.prose.vale import CONFIGURATION, STYLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docset.project import Project
    from docset.prose.alerts import Alert
    from docset.prose.page import Page

__all__ = ["Extended", "copied", "extended"]

# Where marks are marks.
_MARKED = ("title", "reason")
_PLAIN = ("label", "alternative", "tooltip", "description")
# Roles whose title is code to the linter, and words to readers.
_ROLES = ("download",)
# What can only be code: the name of a setting, an option.
_NAME = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|(?<!\S)--[\w-]+")


@dataclass(frozen=True)
class Extended:
    """A page with its unseen words at the end, a paragraph each."""

    text: str
    places: Mapping[int, tuple[int, int]]
    """The line and column in the page of each line that was added."""

    def in_page(self, alert: Alert) -> Alert:
        """Return an alert on this text as one on the page."""
        # What was not added stands at the same place in the page.
        line, column = self.places.get(alert.line, (alert.line, 1))
        return dataclasses.replace(alert, line=line, column=column + alert.column - 1)


def extended(page: Page) -> Extended:
    """Return the page with its unseen words at the end."""
    lines = page.text.rstrip("\n").split("\n")
    places: dict[int, tuple[int, int]] = {}
    for text, place in _unseen(page):
        lines += ["", text]
        places[len(lines)] = place
    return Extended("\n".join([*lines, ""]), places)


def _unseen(page: Page) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the text and the place of all words that are not seen."""
    for prose in page.of(Prose):
        if prose.kind in (*_MARKED, *_PLAIN):
            text = prose.source if prose.kind in _MARKED else _marked(prose.source)
            yield " ".join(text.split("\n")), (prose.line, prose.column)
        for role in prose.roles:
            if role.kind in _ROLES and role.title:
                yield _marked(role.title), prose.at(role.start)


@contextmanager
def copied(project: Project, texts: Mapping[str, str]) -> Iterator[Project]:
    """Return the project in another folder, with these texts in place of its pages."""
    with TemporaryDirectory(prefix="docset-prose-") as folder:
        copy = dataclasses.replace(project, directory=Path(folder))
        _take_configuration(project.directory, copy.directory)
        for path, text in texts.items():
            file = copy.directory / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        yield copy


def _marked(text: str) -> str:
    """Return a text, which has no marks for code, with some: each in the place of a letter."""
    return _NAME.sub(lambda match: f"`{match[0][1:-1]}`", text)


def _take_configuration(directory: Path, copy: Path) -> None:
    """Copy the configuration of the linter, with its rules where they are."""
    file = directory / CONFIGURATION
    if file.is_file():
        text = STYLES.sub(
            lambda match: f"{match[1]}{directory / match[2]}", file.read_text("utf-8")
        )
        (copy / CONFIGURATION).write_text(text, "utf-8")
