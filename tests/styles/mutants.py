"""Copies of the real pages with a forbidden phrase for every rule, each in a block of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.project import Project
from docset.prose import vale

from tests.styles.places import PLACES, Place
from tests.styles.rules import REPOSITORY, STYLES, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from docset.prose.alerts import Alert

ROOTS = ("tutorials", "how-to", "reference", "explanation")
# The names of products are rules that Vale makes from their list.
TERMS = Rule("Vale.Terms", {"extends": "substitution", "tests": [{"input": "We use gunicorn."}]})
# A page of each section of .vale.ini.
WHOLE = (
    "tutorials/django-prodserver/first-server.md",
    "how-to/django-prodserver/install.md",
    "reference/django-prodserver/commands.md",
    "explanation/django-prodserver/about-args.md",
)
_FENCE = re.compile(r"^\s*(`{3,}|:{3,})")


@dataclass(frozen=True)
class Mutant:
    """A page with a phrase of each rule in one kind of place."""

    page: str
    place: Place
    text: str
    lines: dict[str, range]
    """By the name of a rule: the lines of its phrase and of what is around it."""

    @property
    def path(self) -> str:
        """In the folder of the page, because the folder decides which styles are on."""
        return self.page.removesuffix(".md") + f".{self.place.name.replace(' ', '-')}.md"


def pages() -> list[str]:
    """Return the path of each real page."""
    return [
        file.relative_to(REPOSITORY).as_posix()
        for root in ROOTS
        for file in sorted((REPOSITORY / root).rglob("*.md"))
    ]


def mutants(rules: Sequence[Rule], *, every: bool = False) -> list[Mutant]:
    """Return a mutant of each page with paragraphs, and with one of the other places in turn.

    One page of each section of our configuration has all places, or every page.
    """
    return [
        _mutant(page, place, rules)
        for number, page in enumerate(pages())
        for index, place in enumerate(PLACES)
        if every or page in WHOLE or index == 0 or (index - number) % len(PLACES) == 1
    ]


def _mutant(page: str, place: Place, rules: Sequence[Rule]) -> Mutant:
    lines = (REPOSITORY / page).read_text("utf-8").splitlines()
    at = lines.index("  html_meta:") + 1 if place.name == "front matter" else _middle(lines)
    head, rest = lines[:at], lines[at:]
    places: dict[str, range] = {}
    for rule in rules:
        if place.name == "front matter":
            block = [f"    {rule.name}: {rule.phrase!r}"]
        else:
            # The comment keeps two lists, or two tables, from becoming one.
            block = [*place.block(rule.phrase), "", "%", ""]
        places[rule.name] = range(len(head) + 1, len(head) + len(block) + 1)
        head += block
    return Mutant(page, place, "\n".join([*head, *rest, ""]), places)


def _middle(lines: Sequence[str]) -> int:
    """Return the index of the last heading of level 2 that is no code, or the end."""
    open_fence = ""
    found = len(lines)
    for index, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence and not open_fence:
            open_fence = fence[1]
        elif open_fence and line.strip() == open_fence:
            open_fence = ""
        elif not open_fence and line.startswith("## "):
            found = index
    return found


def project(folder: Path) -> Project:
    """Return a project in a folder that has our configuration and rules of Vale."""
    (folder / ".vale.ini").write_bytes((REPOSITORY / ".vale.ini").read_bytes())
    (folder / STYLES.name).symlink_to(STYLES)
    return Project(folder, "Copy", "https://example.com/", folder / "build", ())


def alerts(folder: Path, texts: dict[str, str]) -> dict[str, dict[int, set[str]]]:
    """Write these pages below the folder and return the rules that fire, by path and line."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return _by_place(vale.alerts(project(folder), ROOTS))


def _by_place(found: Iterable[Alert]) -> dict[str, dict[int, set[str]]]:
    fired: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for alert in found:
        fired[alert.path][alert.line].add(alert.rule)
    return fired
