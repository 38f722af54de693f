"""The joined site as a reader's browser gets it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from docset import home
from docset.site import Site

from tests.docs.project_copy import ROOTS, SITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.docs.project_copy import Copy

HOME = "index.html"
QUICKSTART = "tutorials/django-prodserver/first-server.html"

# What a browser fetches by itself, as opposed to a link that a reader follows.
FETCHED = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "image": "href",
    "img": "src",
    "input": "src",
    "object": "data",
    "script": "src",
    "source": "src",
    "use": "href",
    "video": "src",
}
FETCHING_LINKS = {"stylesheet", "icon", "prefetch", "preload", "preconnect", "modulepreload"}
IN_STYLES = re.compile(r"""url\(\s*["']?(?P<url>[^"')]+)|@import\s+["'](?P<sheet>[^"']+)""")


@pytest.fixture(scope="session")
def pages(built: Copy) -> dict[str, BeautifulSoup]:
    """Every page of the site by its address."""
    files = sorted(built.site.rglob("*.html"))
    return {
        file.relative_to(built.site).as_posix(): BeautifulSoup(
            file.read_text("utf-8"), "html.parser"
        )
        for file in files
    }


def element(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def fetched(page: BeautifulSoup | Tag) -> Iterator[str]:
    """Yield the address of everything that a browser loads to show the page."""
    for name, attribute in FETCHED.items():
        yield from (str(tag[attribute]) for tag in page.find_all(name, attrs={attribute: True}))
    for link in page.find_all("link", href=True):
        if FETCHING_LINKS & set(link.get_attribute_list("rel")):
            yield str(link["href"])
    for style in page.find_all("style"):
        yield from fetched_by_styles(style.get_text())


def fetched_by_styles(text: str) -> Iterator[str]:
    yield from (match["url"] or match["sheet"] for match in IN_STYLES.finditer(text))


def is_outside(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in {"", "data"}


def test_each_root_and_the_landing_page_are_there(pages: dict[str, BeautifulSoup]) -> None:
    assert {HOME, QUICKSTART, *(f"{root}/index.html" for root in ROOTS)} <= set(pages)


def test_every_page_has_a_language_and_one_main_heading(pages: dict[str, BeautifulSoup]) -> None:
    for address, page in pages.items():
        assert element(page, "html")["lang"] == "en", address
        assert len(page.find_all("h1")) == 1, address


def test_no_two_pages_have_one_title(pages: dict[str, BeautifulSoup]) -> None:
    titles = [element(page, "head > title").get_text() for page in pages.values()]
    assert len(set(titles)) == len(titles)


def test_every_page_has_the_header_with_links_that_exist(
    built: Copy, pages: dict[str, BeautifulSoup]
) -> None:
    for address, page in pages.items():
        links = element(page, ".masthead").find_all("a")
        assert [link.get_text(strip=True) for link in links] == [
            SITE.title,
            *(root.title for root in SITE.roots),
        ], address
        targets = [
            (built.site / address).parent.joinpath(str(link["href"])).resolve() for link in links
        ]
        assert targets == [
            built.site.resolve() / name
            for name in (HOME, *(f"{root}/index.html" for root in ROOTS))
        ], address


def test_the_header_marks_where_the_reader_is(pages: dict[str, BeautifulSoup]) -> None:
    for address, page in pages.items():
        current = [link.get_text(strip=True) for link in page.select(".masthead [aria-current]")]
        here = Path(address).parts[0]
        assert current == ([SITE.title] if address == HOME else [SITE.root(here).title]), address


def test_the_first_link_of_every_page_skips_to_its_text(pages: dict[str, BeautifulSoup]) -> None:
    for address, page in pages.items():
        first = page.find("a", href=True)
        assert isinstance(first, Tag)
        assert first.get_text(strip=True) == "Skip to content", address
        assert page.find(id=str(first["href"]).removeprefix("#")) is not None, address


def test_no_page_loads_anything_from_elsewhere(
    built: Copy, pages: dict[str, BeautifulSoup]
) -> None:
    for address, page in pages.items():
        assert [url for url in fetched(page) if is_outside(url)] == [], address
    for sheet in built.site.rglob("*.css"):
        urls = fetched_by_styles(sheet.read_text("utf-8"))
        assert [url for url in urls if is_outside(url)] == [], sheet


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/x.css">',
        '<img src="http://example.org/x.png">',
        "<style>@import 'https://example.org/x.css'</style>",
        "<style>p { background: url(https://example.org/x.png) }</style>",
    ],
)
def test_a_thing_from_elsewhere_would_be_noticed(html: str) -> None:
    assert [is_outside(url) for url in fetched(BeautifulSoup(html, "html.parser"))] == [True]


def test_what_a_page_loads_is_in_the_site(built: Copy, pages: dict[str, BeautifulSoup]) -> None:
    for address, page in pages.items():
        for url in fetched(page):
            path = urlsplit(url).path
            if path and not url.startswith("data:"):
                assert (built.site / address).parent.joinpath(path).is_file(), f"{address}: {url}"


def test_the_landing_page_asks_and_each_answer_leads_to_a_root(
    pages: dict[str, BeautifulSoup],
) -> None:
    page = pages[HOME]
    assert element(page, "h1").get_text() == "What do you want to do now?"
    choices = {
        str(choice["href"]): element(choice, ".choice-want").get_text()
        for choice in page.select("a.choice")
    }
    assert choices == {
        "tutorials/index.html": "Learn",
        "how-to/index.html": "Get something done",
        "reference/index.html": "Look something up",
        "explanation/index.html": "Understand",
    }


def test_a_root_without_words_of_its_own_is_a_choice_too() -> None:
    another = replace(SITE.roots[0], name="recipes", title="Recipes & more")
    site = Site(Path("site"))

    home.add(site, replace(SITE, roots=(*SITE.roots, another)))

    page = BeautifulSoup(site.content[HOME], "html.parser")
    choice = element(page, 'a.choice[href="recipes/index.html"]')
    assert element(choice, ".choice-want").get_text() == "Recipes & more"
    assert element(page, '.masthead a[href="recipes/index.html"]').get_text() == "Recipes & more"


def test_the_quickstart_is_one_click_from_the_landing_page(
    pages: dict[str, BeautifulSoup],
) -> None:
    links = {str(link["href"]) for link in pages[HOME].select("main a")}
    assert QUICKSTART in links
    assert pages[QUICKSTART].find(id="quickstart") is not None


def test_parts_of_templates_are_not_published(built: Copy) -> None:
    assert list(built.site.glob("_*")) == []


def test_sources_are_not_published(built: Copy) -> None:
    assert list(built.site.rglob("*.md*")) == []
    assert list(built.site.rglob("_sources")) == []
