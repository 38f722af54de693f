"""Every page is in reach of the checks of prose: a fault that is planted into it is found there."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest
from docset import project
from docset.prose import allowances
from docset.prose.check import checks
from docset.prose.site import Site, of_project

from tests.docs.project_copy import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = project.load(REPOSITORY)
SITE = of_project(PROJECT)
PAGES = list(SITE.sources)
TUTORIALS = [path for path in PAGES if path.startswith("tutorials/") and "index" not in path]
GUIDES = [path for path in PAGES if path.startswith("how-to/") and "index" not in path]
REFERENCES = [path for path in PAGES if path.startswith("reference/")]
EXPLANATIONS = [path for path in PAGES if path.startswith("explanation/") and "index" not in path]


def found(path: str, text: str, rule: str) -> list[int]:
    """Return the lines of the alerts of a rule when the page has this text."""
    sources = dict(SITE.sources)
    sources[path] = dataclasses.replace(sources[path], text=text)
    site = Site(sources, SITE.modes, SITE.promises, SITE.recorded)
    [check] = [check for check in checks() if check.rule == rule]
    page = site.sources[path].page
    # A page may have exceptions, which are judged elsewhere.
    left = allowances.apply(page, check.alerts(page, site), lambda _: False)
    return [alert.line for alert in left]


def append(words: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{words}\n"


def replace(pattern: str, by: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, by, text, count=1, flags=re.MULTILINE)


def _name(value: object) -> str:
    return value if isinstance(value, str) else ""


BOX = ":::{note}\nWords.\n:::\n\n"
PLANTED: list[tuple[str, list[str], Callable[[str], str]]] = [
    (
        "All.CrossQuadrant",
        GUIDES + TUTORIALS,
        lambda text: text.replace("external+explanation", ""),
    ),
    ("All.Description", PAGES, replace("^    description: .*$", "    keywords: none")),
    ("All.Labels", PAGES, replace(r"(^\(.*\)=\n)+# ", "# ")),
    ("All.OneSentencePerLine", PAGES, append("It starts. It listens.")),
    ("Beginner.AdmonitionCount", PAGES, append(f"{BOX}Words.\n\n" * 4)),
    ("Beginner.AdmonitionForm", PAGES, append("```{note}\nWords.\n```")),
    ("Beginner.AdmonitionKinds", PAGES, append(":::{caution}\nWords.\n:::")),
    ("Beginner.AdmonitionMeaning", PAGES, append(":::{warning}\nWords.\n:::")),
    ("Beginner.AdmonitionRuns", PAGES, append(BOX * 2)),
    ("Beginner.OneTitle", PAGES, append("# A second title")),
    ("Explanation.NoSteps", EXPLANATIONS, append("1. Open the settings.")),
    ("Explanation.NoSteps", EXPLANATIONS, append("```console\n$ ls\n```")),
    ("Explanation.Title", EXPLANATIONS, replace("^# About ", "# Of ")),
    ("HowTo.Title", GUIDES, replace("^# How to ", "# ")),
    ("Tutorials.ExpectedResult", TUTORIALS, append("## Step\n\n```console\n$ ls\n```")),
    ("Reference.Austere", REFERENCES, append("1. Open the settings.")),
    ("Reference.Complete", REFERENCES, append("```{envvar} COLOR\nThe color.\n```")),
    ("Tutorials.NoTabs", TUTORIALS, append(":::{tabs}\n:::")),
    ("Tutorials.NoWarnings", TUTORIALS, append(":::{warning}\nWords.\n:::")),
    ("Tutorials.Shape", TUTORIALS, append("## One more thing")),
]
# A fault of markup is the same on every page: the one that the check shows first.
PLANTED += [
    (check.rule, PAGES, append(check.firing[0].text.removeprefix("# One\n")))
    for check in checks()
    if check.rule.startswith("Markup.")
]


@pytest.mark.parametrize(("rule", "paths", "plant"), PLANTED, ids=_name)
def test_a_planted_fault_is_found_on_every_page(
    rule: str, paths: list[str], plant: Callable[[str], str]
) -> None:
    assert paths
    assert [path for path in paths if not found(path, plant(SITE.sources[path].text), rule)] == []
    assert [path for path in paths if found(path, SITE.sources[path].text, rule)] == []


TERM = re.compile(r"\{(?:external\+reference:)?term\}`([^`<]*?)(?: <[^`>]*>)?`")
LINKING = [
    path for path in PAGES if TERM.search(SITE.sources[path].text) and "glossary" not in path
]


@pytest.mark.parametrize("path", LINKING)
def test_the_first_word_of_the_glossary_without_its_link_is_found(path: str) -> None:
    text = SITE.sources[path].text
    first = next(
        prose
        for prose in SITE.sources[path].page.prose("paragraph", "item", "cell", "definition")
        if any(role.kind == "term" for role in prose.roles)
    )
    lines = text.split("\n")
    place = next(line for line, _ in first.starts if TERM.search(lines[line - 1]))
    lines[place - 1] = TERM.sub(r"\1", lines[place - 1])
    assert place in found(path, "\n".join(lines), "Beginner.GlossaryFirstUse")


def test_every_check_has_a_fault_that_is_planted_or_needs_more_than_one_page() -> None:
    planted = {rule for rule, *_ in PLANTED} | {"Beginner.GlossaryFirstUse"}
    assert {check.rule for check in checks()} - planted <= {
        "All.InToctree",
        "All.LabelContract",
        "Beginner.ReadingGrade",
    }
