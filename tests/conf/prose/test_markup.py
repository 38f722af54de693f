"""Markup that was meant otherwise is found in real pages, wherever it stands."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docset import project
from docset.prose.check import checks
from docset.prose.site import of_project

from tests.docs.project_copy import copy_to

if TYPE_CHECKING:
    from docset.prose.alerts import Alert
    from docset.prose.check import Check
    from docset.prose.site import Site

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = "how-to/django-prodserver/install.md"
MARKUP = [check for check in checks() if check.rule.startswith("Markup.")]
PLACES = ("end", "before a heading", "below the title")


@pytest.fixture(scope="module")
def site() -> Site:
    return of_project(project.load(REPOSITORY))


def planted(text: str, defect: str, place: str) -> tuple[str, int]:
    """Return the text with the defect in it, and the line where the defect begins."""
    defect = defect.removeprefix("# One\n\n")
    marks = {"end": len(text), "before a heading": text.index("\n## ") + 1}
    at = marks.get(place, text.index("\n\n", text.index("\n# ")) + 2)
    before = text[:at] + ("\n" if place == "end" else "")
    return f"{before}{defect}\n{text[at:]}", before.count("\n") + 1


def alerts(check: Check, site: Site, text: str) -> list[Alert]:
    source = dataclasses.replace(site.sources[PAGE], text=text)
    with_it = dataclasses.replace(site, sources={**site.sources, PAGE: source})
    return list(check.alerts(source.page, with_it))


def name_of(value: object) -> str | None:
    return getattr(value, "rule", None)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("check", MARKUP, ids=name_of)
def test_a_planted_defect_is_found_and_its_twin_is_not(
    site: Site, check: Check, place: str
) -> None:
    text = site.sources[PAGE].text
    assert alerts(check, site, text) == []
    for case in check.firing:
        broken, line = planted(text, case.text, place)
        lines = [alert.line for alert in alerts(check, site, broken)]
        last = line + case.text.count("\n")
        assert any(line <= found <= last for found in lines), broken
    for case in check.silent:
        whole, _ = planted(text, case.text, place)
        assert alerts(check, site, whole) == [], whole


def test_there_is_a_check_for_each_kind_of_defect() -> None:
    assert len(MARKUP) == 17


def test_the_gate_fails_for_a_page_with_every_defect(tmp_path: Path) -> None:
    copy = copy_to(tmp_path)
    page = tmp_path / PAGE
    text = page.read_text("utf-8")
    # Fences take what is below them, so they come last.
    for check in sorted(MARKUP, key=lambda check: ("Fence" in check.rule, "Dedent" in check.rule)):
        text, _ = planted(text, check.firing[0].text, "end")
    page.write_bytes(text.encode())

    ended = subprocess.run(
        [sys.executable, "-m", "docset", "prose", PAGE],
        cwd=copy.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    found = {line.split()[1] for line in ended.stdout.splitlines()}
    assert found >= {check.rule for check in MARKUP}
