"""Where the code blocks of a page are, and what is said of them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from docset.pages.metadata import Metadata, Setup
from docset.pages.page import Block, Page, read_page
from docset.pages.quotes import Quotes

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, text: str) -> Page:
    path = tmp_path / "page.md"
    path.write_text(dedent(text).lstrip("\n"))
    return read_page(path, Quotes(tmp_path, tmp_path))


def blocks(page: Page) -> list[Block]:
    return [part for part in page.parts if isinstance(part, Block)]


@pytest.mark.parametrize("fence", ["```", "~~~~", ":::"])
def test_a_directive_is_read_with_its_options_in_every_fence(tmp_path: Path, fence: str) -> None:
    page = read(
        tmp_path,
        f"""
        # Title

        {fence}{{code-block}} python
        :caption: mysite/settings.py
        :emphasize-lines: 1

        DEBUG = False
        {fence}
        """,
    )
    assert blocks(page) == [Block("python", "DEBUG = False\n", 3, 7, "mysite/settings.py")]
    assert not page.faults


def test_a_plain_fence_has_no_options(tmp_path: Path) -> None:
    assert blocks(read(tmp_path, "```yaml\n:a: 1\n```\n")) == [Block("yaml", ":a: 1\n", 1, 2)]


def test_options_may_stand_between_dashes(tmp_path: Path) -> None:
    page = read(tmp_path, "```{code-block} ini\n---\ncaption: a.ini\n---\n[a]\n```\n")
    assert blocks(page) == [Block("ini", "[a]\n", 1, 5, "a.ini")]


def test_lines_are_exact_in_nested_directives_lists_and_quotations(tmp_path: Path) -> None:
    page = read(
        tmp_path,
        """
        ---
        title: front matter
        ---

        ::::{note}
        :class: wide

        :::{tab-item} One
        ```json
        {}
        ```
        :::
        ::::

        1. First

           ```toml
           a = 1
           ```

        > ```yaml
        > a: 1
        > ```

        ````{admonition} A title
        ```{code-block} ini
        [a]
        ```
        ````
        """,
    )
    lines = page.text.split("\n")
    found = {block.language: block for block in blocks(page)}
    assert list(found) == ["json", "toml", "yaml", "ini"]
    for language, block in found.items():
        assert language in lines[block.line - 1]
        assert block.body.strip() in lines[block.body_line - 1]


def test_a_tab_of_code_has_a_language_and_a_title(tmp_path: Path) -> None:
    page = read(tmp_path, "````{tabs}\n```{code-tab} bash Linux\nls\n```\n````\n")
    assert blocks(page) == [Block("bash", "ls\n", 2, 3)]


def test_a_comment_speaks_of_the_block_right_below_it(tmp_path: Path) -> None:
    page = read(
        tmp_path,
        """
        % An author's own note.
        % test: port: 8000
        % test: timeout: 60

        ```console
        $ serve
        ```

        ```console
        $ ls
        ```
        """,
    )
    assert [block.metadata for block in blocks(page)] == [
        Metadata(port=8000, timeout=60),
        Metadata(),
    ]


def test_a_setup_command_is_a_part_of_its_own(tmp_path: Path) -> None:
    page = read(tmp_path, "% test: setup: mkdir a: b\n\nText.\n")
    assert page.parts == (Setup("mkdir a: b", 1),)
    assert not page.faults


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Text.\n\n% test: prot: 8000\n\n```console\n$ a\n```\n", 3, "did you mean 'port'?"),
        ("% test: zzz: 1\n\n```console\n$ a\n```\n", 1, "known: port, exit"),
        ("% test: port: 8000\n\nText.\n\n```console\n$ a\n```\n", 1, "no code block right below"),
        ("```console\n$ a\n```\n\n% test: exit: 1\n", 5, "no code block right below"),
        (
            "% test: exit: 1\n\n:::{note}\n```console\n$ a\n```\n:::\n",
            1,
            "no code block right below",
        ),
        ("% test: port: http\n\n```console\n$ a\n```\n", 1, "not 'http'"),
        ("% test: port: 70000\n\n```console\n$ a\n```\n", 1, "from 1 to 65535"),
        ("% test: exit: 300\n\n```console\n$ a\n```\n", 1, "from 0 to 255"),
        ("% test: timeout: soon\n\n```console\n$ a\n```\n", 1, "number of seconds"),
        ("% test: skip: later\n\n```console\n$ a\n```\n", 1, "reason of substance"),
        ("% test: skip: TODO fix this one\n\n```console\n$ a\n```\n", 1, "reason of substance"),
        ("% test: requires: a b\n\n```console\n$ a\n```\n", 1, "name one program"),
        ("% test: setup:\n", 1, "a value is missing"),
        ("% test: exit 1\n\n```console\n$ a\n```\n", 1, "write '% test: key: value'"),
        ("% test: exit: 1\n% test: exit: 2\n\n```console\n$ a\n```\n", 2, "stands twice"),
        ("% test: exit: 1\n\n% test: exit: 2\n\n```console\n$ a\n```\n", 3, "stands twice"),
        ("Text:\n\n    code\n", 3, "indented code has no language"),
        ("a\n\n<pre>\ncode\n</pre>\n", 3, "do not read <pre>"),
        ("```{parsed-literal}\na\n```\n", 1, "do not read {parsed-literal}"),
        ("a\n\n```{eval-rst}\n.. code-block:: python\n```\n", 3, "write it in MyST"),
    ],
)
def test_a_mistake_is_named_at_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    (fault,) = read(tmp_path, text).faults
    assert fault.line == line
    assert message in fault.message


def test_what_is_no_mark_for_the_tests_is_left_alone(tmp_path: Path) -> None:
    page = read(tmp_path, "% A note: the tests of this page are slow.\n\n```{math}\na\n```\n")
    assert not page.parts
    assert not page.faults
