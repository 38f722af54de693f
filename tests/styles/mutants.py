"""Copies of the real pages with a forbidden phrase for every rule, each in a block of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.project import Project
from docset.prose import vale
from docset.prose.beside import linted
from docset.prose.site import Site, Source

from tests.styles.places import PHRASE, PLACES, Place
from tests.styles.rules import REPOSITORY, STYLES, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from docset.prose.alerts import Alert

ROOTS = ("tutorials", "how-to", "reference", "explanation")
# The names of products are rules that Vale makes from their list.
TERMS = Rule("Vale.Terms", {"extends": "substitution", "tests": [{"input": "We use gunicorn."}]})
_FENCE = re.compile(r"^\s*(`{3,}|:{3,})")


@dataclass(frozen=True)
class Mutant:
    """A page with a phrase of each rule in some places of one kind."""

    page: str
    name: str
    text: str
    lines: dict[tuple[str, str], range]
    """By the names of a rule and of a place: the lines of the phrase and of what is around it."""

    @property
    def path(self) -> str:
        """In the folder of the page, because the folder decides which styles are on."""
        return self.page.removesuffix(".md") + f".{self.name.replace(' ', '-')}.md"


def pages() -> list[str]:
    """Return the path of each real page."""
    return [
        file.relative_to(REPOSITORY).as_posix()
        for root in ROOTS
        for file in sorted((REPOSITORY / root).rglob("*.md"))
    ]


def mutants(rules: Sequence[Rule], kind: str) -> list[Mutant]:
    """Return a mutant of each page for each place of a kind.

    Where nothing should be found, all places are in one: they need not be told apart.
    """
    places = [place for place in PLACES if place.kind == kind]
    groups = {"silent": places} if kind == "silent" else {each.name: [each] for each in places}
    return [_mutant(page, name, group, rules) for page in pages() for name, group in groups.items()]


def _mutant(page: str, name: str, places: Sequence[Place], rules: Sequence[Rule]) -> Mutant:
    lines = (REPOSITORY / page).read_text("utf-8").splitlines()
    found: dict[tuple[str, str], range] = {}
    # What stands at the top comes first, because it moves what is below.
    for place in sorted(places, key=lambda place: not place.is_in_front_matter):
        at = lines.index("  html_meta:") + 1 if place.is_in_front_matter else _middle(lines)
        for rule in rules:
            if place.is_in_front_matter:
                block = [f"    {place.markdown.replace(PHRASE, repr(rule.phrase))}"]
            else:
                # The comment keeps two lists, or two tables, from becoming one.
                block = [*place.block(rule.phrase), "", "%", ""]
            found[rule.name, place.name] = range(at + 1, at + len(block) + 1)
            lines[at:at] = block
            at += len(block)
    return Mutant(page, name, "\n".join([*lines, ""]), found)


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


def shown_alerts(folder: Path, texts: dict[str, str]) -> dict[str, dict[int, set[str]]]:
    """Return the rules that fire in these pages, as ``docset prose`` shows them to Vale."""
    sources = {
        path: Source(path, "", "", path.removesuffix(".md"), text) for path, text in texts.items()
    }
    with linted(project(folder), Site(sources, {}), list(texts)) as found:
        return _by_place(found())


def _by_place(found: Iterable[Alert]) -> dict[str, dict[int, set[str]]]:
    fired: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for alert in found:
        fired[alert.path][alert.line].add(alert.rule)
    return fired
