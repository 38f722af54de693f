"""One root, built alone by sphinx-build, before and after a joined build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag

from tests.docs.project_copy import ROOTS, SITE, Copy

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = "This root is built alone"

KNOWN = """
{external+reference:setting}`PRODUCTION_PROCESSES`
{external+reference:ref}`the settings <configuration-reference>`
{external:term}`WSGI`
{term}`reference:WSGI`
[settings by MyST](#configuration-reference)
"""

UNKNOWN = """
{external+reference:setting}`NO_SUCH_SETTING`
{external+reference:ref}`no settings <no-such-label>`
{external:term}`no such term`
{term}`reference:neither this term`
[nothing by MyST](#no-such-label)
"""


def article(page: Path) -> Tag:
    found = BeautifulSoup(page.read_text("utf-8"), "html.parser").find("article")
    assert isinstance(found, Tag)
    return found


def sibling_links(page: Path, root: str) -> list[str]:
    addresses = [str(link["href"]) for link in article(page).find_all("a", href=True)]
    siblings = tuple(f"{SITE.url}{name}/" for name in ROOTS if name != root)
    return [address for address in addresses if address.startswith(siblings)]


def header_links(page: Path) -> list[str]:
    found = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    return [str(link["href"]) for link in found.select(".masthead-roots a")]


def notices(output: str) -> list[str]:
    return [line for line in output.splitlines() if NOTICE in line]


@pytest.mark.parametrize("root", ROOTS)
def test_after_a_clone_references_to_siblings_are_plain_text(
    unbuilt: Copy, tmp_path: Path, root: str
) -> None:
    result = unbuilt.build_alone(root, tmp_path / "out", cwd=tmp_path)

    assert result.returncode == 0, result.stdout
    [notice] = notices(result.stdout)
    assert all(name in notice for name in ROOTS if name != root)
    for page in (tmp_path / "out").rglob("*.html"):
        assert sibling_links(page, root) == []
    assert header_links(tmp_path / "out" / "genindex.html") == [
        f"{'./' if name == root else f'{SITE.url}{name}/'}index.html" for name in ROOTS
    ]


@pytest.mark.parametrize("root", ROOTS)
def test_after_a_joined_build_references_lead_to_the_published_site(
    built: Copy, tmp_path: Path, root: str
) -> None:
    result = built.build_alone(root, tmp_path / "out")

    assert result.returncode == 0, result.stdout
    assert len(notices(result.stdout)) == 1
    pages = (tmp_path / "out").rglob("*.html")
    links = {link for page in pages for link in sibling_links(page, root)}
    assert links
    for link in links:
        name, _, _fragment = link.removeprefix(SITE.url).partition("#")
        assert (built.site / name).is_file(), link


def test_the_last_joined_build_answers_every_form_of_a_reference_and_the_rest_is_plain_text(
    joined: Copy, tmp_path: Path
) -> None:
    joined.write("tutorials/known.md", KNOWN)
    joined.write("tutorials/unknown.md", UNKNOWN)

    result = joined.build_alone("tutorials", tmp_path / "out")

    assert result.returncode == 0, result.stdout
    assert len(sibling_links(tmp_path / "out" / "known.html", "tutorials")) == 5
    [paragraph] = article(tmp_path / "out" / "unknown.html").find_all("p")
    assert paragraph.find("a") is None
    words = [
        "NO_SUCH_SETTING",
        "no settings",
        "no such term",
        "neither this term",
        "nothing by MyST",
    ]
    assert paragraph.get_text().splitlines() == words


BROKEN = {
    "{ref}`no-such-label`": "undefined label",
    "{term}`no such term`": "term not in glossary",
    "{setting}`NO_SUCH_SETTING`": "'setting' reference target not found",
    "{external+python:py:func}`os.no_such_function`": "target not found",
    "[text](no-such-page.md)": "no-such-page",
}


def test_a_broken_reference_that_is_no_siblings_business_fails(
    unbuilt: Copy, tmp_path: Path
) -> None:
    unbuilt.write("tutorials/page.md", "\n\n".join(BROKEN))

    result = unbuilt.build_alone("tutorials", tmp_path / "out", "--keep-going")

    assert result.returncode == 1
    for place, warning in enumerate(BROKEN.values()):
        at = f"page.md:{7 + 2 * place}: "
        [line] = [line for line in result.stdout.splitlines() if at in line]
        assert warning in line


def test_a_quiet_build_prints_nothing(unbuilt: Copy, tmp_path: Path) -> None:
    result = unbuilt.build_alone("tutorials", tmp_path / "out", "-q")

    assert (result.returncode, result.stdout) == (0, "")
