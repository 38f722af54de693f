"""Pages quote real files of the repository, which are used somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.pages.coverage import Coverage

if TYPE_CHECKING:
    from tests.conf.pages.conftest import Pages

FILE = """\
import os

# names
NAME = os.sep
# end
OTHER = 1
"""
QUOTE = "```{{literalinclude}} {file}\n:language: python\n{options}```\n"
MARKED = ':start-after: "# names"\n:end-before: "# end"\n'


@pytest.fixture
def quoting(pages: Pages) -> Pages:
    for name in ("examples/shop/app.py", "elsewhere/app.py"):
        path = pages.directory / name
        path.parent.mkdir(parents=True)
        path.write_text(FILE)
    return pages


def quote(file: str, options: str = "") -> str:
    return QUOTE.format(file=file, options=options)


@pytest.mark.parametrize("options", ["", MARKED, ":pyobject: greet\n"])
def test_a_quotation_of_a_file_that_runs_elsewhere_is_a_file(quoting: Pages, options: str) -> None:
    with (quoting.directory / "examples/shop/app.py").open("a") as file:
        file.write("\n\ndef greet():\n    return 1\n")
    outcome = quoting.run(quote("examples/shop/app.py", options))
    assert (outcome.faults, outcome.coverage) == ([], Coverage(files=1))


def test_a_path_may_begin_at_the_root(quoting: Pages) -> None:
    assert not quoting.faults(quote("/examples/shop/app.py"))


def test_a_quotation_with_a_caption_is_written_and_used(quoting: Pages) -> None:
    text = (
        quote("elsewhere/app.py", f":caption: shop/names.py\n{MARKED}")
        + "\n```console\n$ cat shop/names.py\nNAME = os.sep\n```\n"
    )
    outcome = quoting.run(text)
    assert (outcome.faults, outcome.coverage) == ([], Coverage(executed=1, files=1))


def test_a_file_that_nothing_uses_is_not_quoted(quoting: Pages) -> None:
    (fault,) = quoting.faults(quote("elsewhere/app.py"))
    assert fault.startswith("page.md:1:1: pages.quote nothing uses elsewhere/app.py: ")


def test_a_fault_within_a_quoted_file_names_its_line(quoting: Pages) -> None:
    (quoting.directory / "examples/shop/app.py").write_text(FILE.replace("os.sep", "os.("))
    assert quoting.faults("Text.\n\n" + quote("examples/shop/app.py", MARKED)) == [
        "page.md:3:1: pages.syntax examples/shop/app.py:4: this is no Python: invalid syntax"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (quote("examples/gone.py"), "there is no file examples/gone.py"),
        (quote("../outside.py"), "../outside.py is outside the repository"),
        (
            quote("examples/shop/app.py", ':start-after: "# gone"\n'),
            "examples/shop/app.py: start-after pattern not found: # gone",
        ),
        (
            quote("examples/shop/app.py", ':end-before: "# gone"\n'),
            "examples/shop/app.py: end-before pattern not found: # gone",
        ),
        (quote("examples/shop/app.py", ":lines: 1-2\n"), ":lines: is not taken; name markers"),
        (
            "```{literalinclude} examples/shop/app.py\n```\n",
            "the quoted file has no :language:",
        ),
        (quote("examples/shop/app.py", ":langage: c\n"), "Unknown option"),
    ],
)
def test_a_quotation_of_what_is_not_there_is_a_fault(
    quoting: Pages, text: str, message: str
) -> None:
    (fault,) = quoting.faults(text)
    assert fault.startswith("page.md:1:1: pages.quote ")
    assert message in fault


def test_a_reader_may_have_a_folder_of_the_project(quoting: Pages) -> None:
    text = "% test: copy: examples/shop\n\n```console\n$ ls shop\napp.py\n```\n"
    assert not quoting.faults(text)
    assert quoting.faults(text.replace("/shop", "/shoe")) == [
        "page.md:1:1: pages.comment the project has no folder examples/shoe"
    ]
    (fault,) = quoting.faults(text.replace("examples/shop", ".."))
    assert "the project has no folder .." in fault


def test_text_of_another_page_is_not_included_unseen(quoting: Pages) -> None:
    (fault,) = quoting.faults("```{include} other.md\n```\n")
    assert fault.startswith("page.md:1:1: pages.markup the tests do not read {include}: ")
