"""How many blocks are checked is kept in a file, and may not become fewer unseen."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from docset import project
from docset.pages import ratchet
from docset.pages.coverage import Coverage
from docset.pages.page import read_page
from docset.pages.plan import make_plan
from docset.pages.quotes import Quotes
from docset.pages.report import Report, make_report

from tests.conf.problem_matcher import shown_on_github

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conf.pages.conftest import Site

RUN = "```console\n$ true\n```\n"
DATA = "```json\n{}\n```\n"
SKIPPED = "% test: skip: needs a real DNS name\n\n```console\n$ false\n```\n"
FALL = "learn/garden: executed 2 → 1; restore it, or keep what is there now"


@pytest.fixture
def kept(site: Site) -> Site:
    """A project with two roots, whose coverage is kept."""
    with (site.directory / "pyproject.toml").open("a") as file:
        file.write('[[tool.docset.roots]]\nname = "use"\npath = "use"\n')
        file.write('[tool.docset.pages]\ncoverage = "conf/pages.toml"\n')
    site.write("use/conf.py", "")
    site.write("use/index.md", DATA)
    site.write("learn/index.md", "# No code\n")
    site.write("learn/garden/one.md", RUN + "\n" + DATA)
    site.write("learn/garden/two.md", RUN)
    assert reported(site, keep=True).faults == []
    return site


def reported(site: Site, *, keep: bool = False) -> Report:
    """Return the report of a run in which every page passed."""
    loaded = project.load(site.directory)
    pages = {}
    for root in loaded.roots:
        for path in root.path.rglob("*.md"):
            plan = make_plan(read_page(path, Quotes(loaded.directory, root.path)))
            folders = path.relative_to(root.path).parts[:-1]
            pages[loaded.relative(path)] = {
                "root": root.name,
                "product": folders[0] if folders else "",
                "coverage": plan.coverage.as_dict(),
                "commands": 0,
                "updated": 0,
                "skips": [],
            }
    return make_report(loaded, pages, (), keep=keep)


def test_the_file_has_the_numbers_of_each_root_and_product(kept: Site) -> None:
    text = (kept.directory / "conf/pages.toml").read_text()
    assert text.startswith("# How many code blocks")
    assert tomllib.loads(text) == {
        "learn": {"garden": {"executed": 2, "files": 0, "validated": 1, "skipped": 0}},
        "use": {"": {"executed": 0, "files": 0, "validated": 1, "skipped": 0}},
    }


@pytest.mark.parametrize("arguments", [(), ("learn",), ("-n", "2")])
def test_a_run_of_all_pages_fails_where_fewer_blocks_are_checked(
    kept: Site, arguments: tuple[str, ...]
) -> None:
    kept.write("learn/garden/two.md", DATA)
    result = kept.pytest(*arguments)
    assert result.returncode == 1
    fault = f"conf/pages.toml:1:1: pages.coverage {FALL}: docset pages --ratchet"
    assert f"\n{fault}\n" in result.stdout
    assert [each.code for each in shown_on_github(result.stdout)] == ["pages.coverage"]
    assert "failed" not in result.stdout


def test_what_is_left_is_enough_again_when_that_is_kept(kept: Site) -> None:
    kept.write("learn/garden/two.md", DATA)
    result = kept.pytest("--ratchet-pages")
    assert result.returncode == 0
    assert "kept in conf/pages.toml" in result.stdout
    assert reported(kept).faults == []


@pytest.mark.parametrize("arguments", [("learn/garden/two.md",), ("-k", "two or use")])
def test_a_part_of_the_pages_is_not_judged(kept: Site, arguments: tuple[str, ...]) -> None:
    kept.write("learn/garden/two.md", DATA)
    result = kept.pytest(*arguments)
    assert "passed" in result.stdout
    assert "pages.coverage" not in result.stdout
    assert result.returncode == 0


def test_a_page_that_fails_speaks_for_itself(kept: Site) -> None:
    kept.write("learn/garden/two.md", "```console\n$ false\n```\n")
    result = kept.pytest()
    assert result.returncode == 1
    assert "pages.exit-status" in result.stdout
    assert "pages.coverage" not in result.stdout


def test_more_blocks_than_before_pass_and_are_mentioned(kept: Site) -> None:
    more = "more than conf/pages.toml keeps; keep it: docset pages --ratchet"
    assert more not in reported(kept).lines
    kept.write("learn/garden/three.md", RUN)
    assert more in reported(kept).lines
    assert reported(kept).faults == []


def test_another_skipped_block_is_a_fall(kept: Site) -> None:
    kept.write("learn/garden/three.md", SKIPPED)
    (fault,) = reported(kept).faults
    assert "learn/garden: skipped 0 → 1" in fault


def test_what_only_this_machine_lacks_is_no_fall(kept: Site) -> None:
    kept.write("learn/garden/two.md", "% test: requires: no-such-program\n\n" + RUN)
    result = kept.pytest()
    assert result.returncode == 0, result.stdout
    assert "needs no-such-program, which this machine does not have" in result.stdout


def test_a_part_of_the_pages_is_not_kept(kept: Site) -> None:
    before = (kept.directory / "conf/pages.toml").read_text()
    result = kept.pytest("--ratchet-pages", "learn/garden/two.md")
    assert result.returncode == 1
    assert "\nconf/pages.toml:1:1: pages.coverage a page was left out or failed" in result.stdout
    assert (kept.directory / "conf/pages.toml").read_text() == before


def test_a_file_that_cannot_be_read_is_one_line(kept: Site) -> None:
    kept.write("conf/pages.toml", "[learn.garden]\nexecuted = 1\nplanted = 2\n")
    (fault,) = reported(kept).faults
    assert fault.startswith("conf/pages.toml:1:1: pages.coverage ")
    assert "write it anew with `docset pages --ratchet`" in fault


def test_too_many_skipped_blocks_fail(kept: Site) -> None:
    kept.write("learn/garden/three.md", SKIPPED)
    assert reported(kept, keep=True).faults == []
    with (kept.directory / "pyproject.toml").open("a") as file:
        file.write("most-skipped = 10\n")
    message = "20.0 % of all blocks are skipped, and at most 10 % may be"
    assert reported(kept).faults == [f"pyproject.toml:1:1: pages.coverage {message}"]


@pytest.mark.parametrize("most", ["-1", "101", '"few"'])
def test_a_percentage_that_is_none_is_refused(kept: Site, most: str) -> None:
    with (kept.directory / "pyproject.toml").open("a") as file:
        file.write(f"most-skipped = {most}\n")
    with pytest.raises(project.ProjectError, match="must be a percentage from 0 to 100"):
        project.load(kept.directory)


def test_a_block_that_is_executed_now_is_no_validated_block_less() -> None:
    assert Coverage(2, 1, 0).falls_below(Coverage(1, 1, 1)) == []
    assert Coverage(1, 1, 1).falls_below(Coverage(2, 1, 0)) == ["executed 2 → 1"]
    assert Coverage(1, 0, 1).falls_below(Coverage(1, 1, 1)) == ["files 1 → 0"]
    assert Coverage(skipped=1).falls_below(Coverage()) == ["skipped 0 → 1"]


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    covered = {("learn", ""): Coverage(1), ("learn", "a b"): Coverage(1, 2, 3, 4)}
    ratchet.write(tmp_path / "pages.toml", covered)
    assert ratchet.read(tmp_path / "pages.toml") == covered
