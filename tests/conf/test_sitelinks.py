"""``docset check`` follows the links of the joined site as a browser would."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from docset.sitelinks import faults

from tests.conf.problem_matcher import shown_on_github

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
<link href="static/style.css?v=1" rel="stylesheet"><img src="static/a%20picture.svg">
<a href="#here">here</a> <h1 id="here">Here</h1> <a href="sub/">a folder</a>
<a href="sub/index.html#there">there</a> <a href="https://example.org/nowhere">outside</a>
<a href="mailto:somebody@example.org">write</a> <a href="/sub/index.html">from the root</a>
<script>const text = '<a href="no-such-page.html">';</script> <!-- <a href="gone.html"> -->
"""


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    (tmp_path / "static/style.css").touch()
    (tmp_path / "static/a picture.svg").touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/index.html").write_text('<a name="there" href="../index.html">up</a>')
    (tmp_path / "index.html").write_text(GOOD)
    return tmp_path


def test_a_site_whose_links_all_lead_somewhere_has_no_fault(site: Path) -> None:
    assert list(faults(site)) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("gone.html", "leads to no file"),
        ("sub/gone.html#there", "leads to no file"),
        ("sub/index.html#here", "leads to no anchor"),
        ("#there", "leads to no anchor"),
        ("../secret.html", "leads out of the site"),
        ("static/", "leads to no file"),
    ],
)
def test_a_link_that_leads_nowhere_is_named_with_its_page(
    site: Path, link: str, fault: str
) -> None:
    (site / "page.html").write_text(f"<p><a class='x' href='{link}'>go</a></p>")

    assert list(faults(site)) == [f"page.html:1:1: build.link the link to {link} {fault}"]


def test_check_fails_for_a_link_in_raw_html_and_passes_without_it(tmp_path: Path) -> None:
    page = project(tmp_path)
    page.write_text("Title\n=====\n")

    assert check(tmp_path).returncode == 0

    page.write_text('Title\n=====\n\n.. raw:: html\n\n   <a href="gone.html">go</a>\n')
    result = check(tmp_path)
    assert result.returncode == 1
    (shown,) = shown_on_github(result.stderr)
    assert (shown.file, shown.code) == ("pages/index.html", "build.link")
    assert shown.message == "the link to gone.html leads to no file"


def test_check_names_a_problem_of_the_build_as_github_reads_it(tmp_path: Path) -> None:
    project(tmp_path).write_text("Title\n=====\n\nSee :ref:`nowhere`.\n")
    result = check(tmp_path)
    assert result.returncode == 1
    (shown,) = shown_on_github(result.stderr)
    assert (shown.file, shown.line) == ("pages/index.rst", "4")
    assert (shown.column, shown.code) == ("1", "build.problem")
    assert shown.message == "undefined label: 'nowhere' [ref.ref]"


def project(folder: Path) -> Path:
    """Make a project and return the path of its only page."""
    (folder / "pages").mkdir()
    (folder / "pyproject.toml").write_text(
        '[tool.docset]\ntitle = "Docs"\nurl = "https://docs.example.org/"\n'
        '[[tool.docset.roots]]\nname = "pages"\npath = "pages"\ntitle = "Pages"\n'
    )
    (folder / "pages/conf.py").write_text('html_theme = "basic"\n')
    return folder / "pages/index.rst"


def check(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "docset", "check", "--project", str(project)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
