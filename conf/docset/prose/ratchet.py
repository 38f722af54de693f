"""How hard the pages are to read may go down, and not up again.

The figures stand in ``figures.toml``: the goal of each mode, which no page may miss, and what was
reached. ``docset prose --record`` writes what is reached now.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docset.project import MODES, ProjectError
from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docset.prose.figures import Sentences

__all__ = ["FILE", "RULE", "SLACK", "Recorded", "alerts", "figures", "read", "written"]

FILE = "figures.toml"
RULE = "All.Figures"

NAMES = {
    "grade": "reading grade",
    "sentence": "mean length of a sentence",
    "jargon": "number of glossary words in a hundred",
}
SLACK = {"page": 1.0, "grade": 0.5, "sentence": 1.0, "jargon": 2.0}
"""By how much a figure may rise before it is a fault: an edit or a new page may cost a little."""

_HEAD = """\
# How hard the pages are to read, by the grade of Flesch and Kincaid.
# `docset prose --measure` shows the figures, `docset prose --record` writes [modes] and [pages].
# No page may exceed the goal of its mode, nor rise much above what stands here.
# Shorten the longest sentences, use shorter words; or record the figures again and say why.
"""


@dataclass(frozen=True)
class Recorded:
    """The goals, and the figures that were reached."""

    goals: Mapping[str, float] = field(default_factory=dict)
    """The highest grade for a page of a mode."""
    modes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    pages: Mapping[str, float] = field(default_factory=dict)
    """The grade of each page by its path."""


def read(text: str, file: Path | str = FILE) -> Recorded:
    """Return what the text records; raise ProjectError when it has another form."""
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"{file}: {error}") from None
    if unknown := tables.keys() - {"goals", "modes", "pages"}:
        raise ProjectError(f"{file}: unknown table {min(unknown)!r}; known: goals, modes, pages")
    if unknown := tables.get("goals", {}).keys() - set(MODES):
        raise ProjectError(f"{file}: unknown mode {min(unknown)!r}; known: {', '.join(MODES)}")
    return Recorded(tables.get("goals", {}), tables.get("modes", {}), tables.get("pages", {}))


def figures(sentences: Sentences) -> dict[str, float]:
    """Return the figures of a mode as they are recorded."""
    exact = {
        "grade": sentences.grade,
        "sentence": sentences.length,
        "jargon": sentences.density,
    }
    return {name: round(figure, 1) for name, figure in exact.items()}


def written(
    goals: Mapping[str, float], modes: Mapping[str, Sentences], pages: Mapping[str, Sentences]
) -> str:
    """Return the text that records these figures."""
    lines = [
        _HEAD,
        "[goals]",
        *(f"{mode} = {goal:g}" for mode, goal in goals.items()),
        "",
        "[modes]",
    ]
    for mode, sentences in modes.items():
        reached = ", ".join(f"{name} = {figure}" for name, figure in figures(sentences).items())
        lines.append(f"{mode} = {{ {reached} }}")
    lines += ["", "[pages]"]
    lines += [f'"{path}" = {pages[path].grade:.1f}' for path in sorted(pages)]
    return "\n".join(lines) + "\n"


def alerts(
    recorded: Recorded,
    text: str,
    path: str,
    modes: Mapping[str, Sentences],
    grades: Mapping[str, float],
) -> Iterator[Alert]:
    """Yield an alert for each figure that is not as it is recorded, and for what is not recorded.

    ``text`` is that of the file, ``path`` its place, and ``grades`` are those of all pages.
    A page that is harder to read than it was is not among them: an alert of its own says so.
    """
    for mode, sentences in modes.items():
        line = _line(text, mode, "[modes]")
        for name, figure in figures(sentences).items():
            before = recorded.modes.get(mode, {}).get(name)
            if message := _changed(f"the {NAMES[name]} of {mode}", before, figure, SLACK[name]):
                yield Alert(path, line, 1, RULE, message)
    for page, grade in grades.items():
        before = recorded.pages.get(page)
        if before is None or grade < before:
            line = _line(text, f'"{page}"', "[pages]")
            what = f"the reading grade of {page}"
            if message := _changed(what, before, round(grade, 1), SLACK["page"]):
                yield Alert(path, line, 1, RULE, message)
    for gone in sorted(recorded.pages.keys() - grades.keys()):
        message = f"there is no page {gone}: run 'docset prose --record'"
        yield Alert(path, _line(text, f'"{gone}"', "[pages]"), 1, RULE, message)


def _changed(what: str, before: float | None, now: float, slack: float) -> str:
    """Return what to do about a figure; nothing where it is about what it was."""
    if before is None:
        return f"{what} is not recorded: run 'docset prose --record'"
    if now > before + slack:
        return (
            f"{what} rose from {before} to {now}: write the pages that changed in shorter words "
            "and sentences, or run 'docset prose --record' and say why in the commit"
        )
    if now < before - slack:
        return f"{what} fell from {before} to {now}: run 'docset prose --record', so that it stays"
    return ""


def _line(text: str, key: str, table: str) -> int:
    lines = text.split("\n")
    start = lines.index(table) if table in lines else 0
    numbered = enumerate(lines[start:], start=start + 1)
    return next((number for number, line in numbered if line.startswith(f"{key} ")), 1)
