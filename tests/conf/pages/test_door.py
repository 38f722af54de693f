"""``docset pages`` runs pages, and nothing but pages."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from docset import project
from docset.pages import door

from tests.conf.pages.conftest import OURS_ALONE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conf.pages.conftest import Site

GOOD = "```console\n$ echo hello\nhello\n```\n"
BAD = "```console\n$ echo hello\nbye\n```\n"


def docset(
    site: Site, *arguments: str, plugins: Mapping[str, str] = OURS_ALONE
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "docset", "pages", *arguments],
        cwd=site.directory,
        env={**os.environ, **plugins},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_all_pages_run_and_no_other_test(site: Site) -> None:
    site.write("learn/one.md", GOOD)
    site.write("learn/two.md", BAD)
    site.write("tests/test_other.py", "def test_other():\n    assert False\n")
    # As it is installed, pytest finds the plugin itself.
    result = docset(site, plugins={})
    assert result.returncode == 1
    assert "1 failed, 1 passed" in result.stdout
    assert "learn/two.md:3:1: pages.output $ echo hello" in result.stdout


def test_one_page_is_enough(site: Site) -> None:
    site.write("learn/one.md", GOOD)
    site.write("learn/two.md", BAD)
    result = docset(site, "learn/one.md")
    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout


def test_output_is_updated(site: Site) -> None:
    page = site.write("learn/two.md", BAD)
    assert docset(site, "--update", "learn").returncode == 0
    assert page.read_text() == GOOD


def test_coverage_is_kept(site: Site) -> None:
    site.write("learn/one.md", GOOD)
    with (site.directory / "pyproject.toml").open("a") as file:
        file.write('[tool.docset.pages]\ncoverage = "pages.toml"\n')
    assert docset(site, "--ratchet").returncode == 0
    assert "executed = 1" in (site.directory / "pages.toml").read_text()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("pyproject.toml", "docset: pyproject.toml: no page of a root; the roots: learn"),
        ("learn/gone.md", "docset: learn/gone.md: no page; name a .md file, or a folder of them"),
        ("learn/conf.py", "docset: learn/conf.py: no page; name a .md file, or a folder of them"),
    ],
)
def test_what_is_no_page_is_one_line(site: Site, file: str, message: str) -> None:
    result = docset(site, file)
    assert (result.returncode, result.stderr) == (2, f"{message}\n")


def test_one_page_needs_one_process_and_more_use_every_core(site: Site) -> None:
    page = site.write("learn/one.md", GOOD)
    loaded = project.load(site.directory)

    def workers(chosen: Path, jobs: int) -> str:
        command = door.command(loaded, [chosen], jobs, [])
        return command[command.index("-n") + 1]

    assert workers(page, 0) == "0"
    assert workers(page.parent, 0) == "logical"
    assert workers(page.parent, 3) == "3"
