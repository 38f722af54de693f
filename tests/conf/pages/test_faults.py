"""What an author sees of each kind of fault: a page for each, and the exact words."""

from __future__ import annotations

import http.server
import os
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

import psutil
import pytest
from docset.pages.rules import Rule

from tests.conf.problem_matcher import shown_on_github

if TYPE_CHECKING:
    from tests.conf.pages.conftest import Pages, Site


@dataclass(frozen=True)
class Case:
    """A page and what pytest says of it; ``{page}`` is its path."""

    page: str
    said: str


USED = "\n```console\n$ true\n```\n"
GOOD = "```json\n{}\n```\n"

CASES = {
    Rule.COMMENT: Case(
        "% test: prot: 8000\n\n```console\n$ true\n```\n",
        "{page}:1:1: pages.comment unknown key 'prot' in a test comment; did you mean 'port'?",
    ),
    Rule.REASON: Case(
        "% test: skip: later\n\n```console\n$ true\n```\n",
        "{page}:1:1: pages.reason a skip needs a reason of substance (three words or more), "
        "not 'later'",
    ),
    Rule.MARKUP: Case(
        "Text:\n\n    code\n",
        "{page}:3:1: pages.markup indented code has no language: use a fenced block",
    ),
    Rule.LANGUAGE: Case(
        "```yamll\na: 1\n```\n",
        "{page}:1:1: pages.language unknown language 'yamll'; did you mean 'yaml'?",
    ),
    Rule.CAPTION: Case(
        "```{code-block} json\n:caption: /etc/a.json\n\n{}\n```\n" + USED,
        "{page}:1:1: pages.caption /etc/a.json: a page writes files below the reader's home only",
    ),
    Rule.SESSION: Case(
        "```console\nls\n```\n",
        "{page}:2:1: pages.session this is no command: write '$ ' before what is typed",
    ),
    Rule.QUOTE: Case(
        "```{literalinclude} ../examples/gone.py\n:language: python\n```\n",
        "{page}:1:1: pages.quote there is no file examples/gone.py",
    ),
    Rule.UNCHECKED: Case(
        "```text\nany words\n```\n",
        "{page}:1:1: pages.unchecked nothing checks a 'text' block: name its file in a caption, "
        "or say why not in a comment above it: % test: skip: …",
    ),
    Rule.UNUSED_FILE: Case(
        "```{code-block} json\n:caption: a.json\n\n{}\n```\n",
        "{page}:1:1: pages.unused-file nothing on the page uses a.json: no command comes after it",
    ),
    Rule.SYNTAX: Case(
        'Text.\n\n```json\n{"a": 1,}\n```\n',
        "{page}:4:9: pages.syntax this is no JSON: "
        "Expecting property name enclosed in double quotes",
    ),
    Rule.LINT: Case(
        "```{code-block} python\n:caption: a.py\n\nimport os\n```\n" + USED,
        "{page}:4:8: pages.lint ruff F401: `os` imported but unused",
    ),
    Rule.CONFIG: Case(
        "```{code-block} yaml\n:caption: compose.yaml\n\nservices:\n  web:\n    imag: a\n```\n"
        + USED,
        "{page}:5:1: pages.config $.services.web: "
        "Unevaluated properties are not allowed ('imag' was unexpected)",
    ),
    Rule.SETTINGS: Case(
        '```python\nPRODUCTION_PROCESSES = {"web": {"BACKEND": "gunicron"}}\n```\n',
        """\
        {page}:1:1: pages.settings 'manage.py check' refuses these settings:
        SystemCheckError: System check identified some issues:

        ERRORS:
        ?: (prodserver.E006) PRODUCTION_PROCESSES['web']: There is no backend 'gunicron'.
        {tab}HINT: Did you mean 'gunicorn'?

        System check identified 1 issue (0 silenced).""",
    ),
    Rule.COMMAND_LINE: Case(
        '```python\nPRODUCTION_PROCESSES = {"web": {"BACKEND": "gunicorn"}}\n```\n\n'
        "% test: dry-run: wob\n\n```console\n$ gunicorn\n```\n",
        "{page}:7:1: pages.command-line the settings above have no process named 'wob'",
    ),
    Rule.PACKAGE: Case(
        "```console\n$ mkdir -p site-packages/garden-2.0.dist-info\n```\n",
        "{page}:2:1: pages.package garden 2.0 is installed, not our own 1.0",
    ),
    Rule.EDIT: Case(
        "```{code-block} python\n:caption: a.py (replace NAME)\n\nNAME = 1\n```\n"
        + USED.replace("true", "cat a.py"),
        "{page}:1:1: pages.edit there is no file a.py to change",
    ),
    Rule.TERMINAL: Case(
        "% test: port: {free}\n\n```console\n$ python3 -m http.server {free}\n```\n\n"
        "```console\n$ ls\n```\n",
        "{page}:8:1: pages.terminal Terminal 1 still runs the command of line 4",
    ),
    Rule.OUTPUT: Case(
        "```console\n$ printf 'a\\nb\\n'\na\nc\n```\n",
        """\
        {page}:3:1: pages.output $ printf 'a\\nb\\n'
        The output is not what the page shows:
        --- the page
        +++ the output
        @@ -1,2 +1,2 @@
         a
        -c
        +b""",
    ),
    Rule.EXIT_STATUS: Case(
        "```console\n$ echo no; false\n```\n",
        """\
        {page}:2:1: pages.exit-status $ echo no; false
        exit status 1, expected 0
        It printed:
        no""",
    ),
    Rule.TIMEOUT: Case(
        "% test: timeout: 0.3\n\n```console\n$ sleep 60\n```\n",
        """\
        {page}:4:1: pages.timeout $ sleep 60
        it did not end within 0.3 s
        It printed nothing.""",
    ),
    Rule.SHELL: Case(
        "```console\n$ exit 3\n```\n",
        """\
        {page}:2:1: pages.shell $ exit 3
        it ended the shell
        It printed nothing.""",
    ),
    Rule.PORT: Case(
        "% test: port: {taken}\n\n```console\n$ python3 -m http.server {taken}\n```\n",
        "{page}:3:1: pages.port port {taken} is taken by {name} (process {pid}), not by a page: "
        "stop it and run the page again",
    ),
    Rule.SERVER: Case(
        "% test: port: {free}\n\n```console\n$ echo bye\n```\n",
        """\
        {page}:4:1: pages.server $ echo bye
        it ended by itself, with status 0
        It printed:
        bye""",
    ),
    Rule.STOP: Case(
        "```console\n$ trap '' INT; sleep 60\n^C\n```\n",
        "{page}:3:1: pages.stop the command did not end within 10 s of Ctrl+C",
    ),
    Rule.LEFT_RUNNING: Case(
        "```console\n$ sleep 60 > log &\n```\n",
        "{page}:2:1: pages.left-running the page leaves running: sleep 60 (process ",
    ),
}
# Faults of the project: the tests below.
ELSEWHERE = {Rule.BUILD, Rule.COVERAGE}


def test_every_kind_of_fault_has_a_case() -> None:
    assert set(CASES) | ELSEWHERE == set(Rule)


def test_every_kind_of_fault_has_one_name_and_one_sentence() -> None:
    assert len({rule.value for rule in Rule}) == len(Rule)
    for rule in Rule:
        assert rule.id.startswith("pages.")
        assert rule.value.endswith(".")
        assert rule.value.count(".") == 1


def test_authors_see_the_place_the_rule_and_what_to_do(site: Site, port: int) -> None:
    project(site, "1.0")
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as stranger:
        words = {"{free}": str(port), "{taken}": str(stranger.server_port)}
        words |= {"{tab}": "\t", "{name}": psutil.Process().name(), "{pid}": str(os.getpid())}
        for rule, case in CASES.items():
            site.write(page(rule), filled(case.page, words))
        site.write("learn/good.md", GOOD)
        result = site.pytest("-n", "2", seconds=240)
    assert f"{len(CASES)} failed, 1 passed" in result.stdout, result.stdout
    for rule, case in CASES.items():
        said = filled(dedent(case.said), words | {"{page}": page(rule)})
        assert f"\n{said}" in result.stdout, f"{said}\n\nis not in\n\n{result.stdout}"
    assert "Traceback" not in result.stdout
    shown = shown_on_github(result.stdout)
    assert sorted(each.code for each in shown) == sorted(rule.id for rule in CASES)
    assert {(each.file, each.code) for each in shown} == {(page(rule), rule.id) for rule in CASES}


def page(rule: Rule) -> str:
    return f"learn/{rule.id.removeprefix('pages.')}.md"


def filled(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(name, word)
    return text


def project(site: Site, version: str) -> None:
    """Make the site a project with a distribution."""
    site.write("garden/__init__.py", "")
    with (site.directory / "pyproject.toml").open("a") as file:
        file.write(
            f'[project]\nname = "garden"\nversion = "{version}"\n[build-system]\n'
            'requires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        )


def test_a_distribution_that_cannot_be_built_is_a_fault_of_the_page_that_runs(site: Site) -> None:
    project(site, "no version")
    site.write("learn/page.md", USED)
    said = site.pytest().stdout
    assert "\nlearn/page.md:1:1: pages.build the wheel of " in said
    assert [each.code for each in shown_on_github(said)] == ["pages.build"]


def test_a_fault_in_a_list_has_the_line_of_the_page(site: Site) -> None:
    site.write("learn/page.md", "1. First\n\n   ```console\n   $ echo a\n   b\n   ```\n")
    assert "learn/page.md:5:1: pages.output $ echo a" in site.pytest().stdout


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{fence}\n[1,\n {{"a": 1,}}]\n```\n', "3:10"),
        ('1. First\n\n   {fence}\n   [1,\n    {{"a": 1,}}]\n   ```\n', "5:13"),
        ('> {fence}\n> \n> [1,\n>  {{"a": 1,}}]\n> ```\n', "4:12"),
        ('::::{{note}}\n* First\n\n  {fence}\n  [1,\n   {{"a": 1,}}]\n  ```\n::::\n', "6:12"),
    ],
)
def test_a_fault_in_a_text_has_the_column_of_the_page(pages: Pages, text: str, place: str) -> None:
    (fault,) = pages.faults(text.format(fence="```json"))
    assert fault.startswith(f"page.md:{place}: pages.syntax this is no JSON")
