"""Nothing on a page is silent: a block is run, validated, skipped with a reason, or a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.pages.coverage import Coverage

if TYPE_CHECKING:
    from tests.conf.pages.conftest import Pages

GOOD = {
    "python": "x = 1",
    "yaml": "a: [1, 2]",
    "json": '{"a": 1}',
    "toml": "a = 1",
    "ini": "[a]\nb = %(c)s",
    "bash": "if true; then ls; fi",
    "sh": 'ls "$HOME"',
}
BAD = {
    "python": "x = 1\ny = = 2",
    "yaml": "a: 1\nb: [1",
    "json": '{\n"a": 1,}',
    "toml": "a = 1\nb = c",
    "ini": "[a]\n[a]",
    "bash": "ls\nif then",
    "sh": "ls\nfor",
}


@pytest.mark.parametrize("language", GOOD)
def test_a_valid_block_passes(pages: Pages, language: str) -> None:
    outcome = pages.run(f"```{language}\n{GOOD[language]}\n```\n")
    assert (outcome.faults, outcome.coverage) == ([], Coverage(validated=1))


@pytest.mark.parametrize("language", BAD)
def test_an_invalid_block_fails_at_the_line_within_it(pages: Pages, language: str) -> None:
    (fault,) = pages.faults(f"Text.\n\n```{language}\n{BAD[language]}\n```\n")
    # The text begins at line 4; yaml and sh notice at the end of what they read.
    assert fault.startswith(("page.md:5:", "page.md:6:"))


@pytest.mark.parametrize("language", ["bash", "sh", "shell"])
def test_a_session_in_a_block_for_scripts_is_a_fault(pages: Pages, language: str) -> None:
    text = f"```{language}\npwd\n$ ls\n```\n"
    assert pages.faults(text) == [
        "page.md:3:1: pages.syntax this is typed at a prompt: use `console`, so that it is run"
    ]
    assert not pages.faults(text.replace("$ ls", 'ls "$HOME" # costs 5 $ a month'))


def test_a_whole_python_file_is_linted(pages: Pages) -> None:
    page = (
        "```{code-block} python\n:caption: a.py\n\nimport os\n```\n\n```console\n$ ls\na.py\n```\n"
    )
    assert pages.faults(page) == ["page.md:4:8: pages.lint ruff F401: `os` imported but unused"]
    assert not pages.faults(page.replace("import os", "import os\n\nprint(os.sep)"))


def test_a_part_of_a_python_file_may_use_names_from_elsewhere(pages: Pages) -> None:
    assert not pages.faults("```python\nINSTALLED_APPS += [name]\n```\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```\nx\n```\n", "page.md:1:1: pages.language this code block has no language"),
        (
            "```{code-block}\nx\n```\n",
            "page.md:1:1: pages.language this code block has no language",
        ),
        (
            "```pyhton\nx\n```\n",
            "page.md:1:1: pages.language unknown language 'pyhton'; did you mean 'python'?",
        ),
        (
            "```sql\na;\n```\n",
            "page.md:1:1: pages.unchecked nothing checks a 'sql' block: name its file",
        ),
        (
            "```text\na\n```\n",
            "page.md:1:1: pages.unchecked nothing checks a 'text' block: name its file",
        ),
        ("```console\n```\n", "page.md:2:1: pages.session this session is empty"),
        ("```console\n$ \n```\n", "page.md:2:1: pages.session there is no command after '$ '"),
        (
            "```console\n$ ls \\\n  -l\n```\n",
            "page.md:2:1: pages.session the command ends in '\\': go on with '> '",
        ),
        ("```console\nls\n```\n", "page.md:2:1: pages.session this is no command: write '$ '"),
        (
            "```{code-block} console\n:caption: Mine\n\n$ ls\n```\n",
            "page.md:1:1: pages.caption the caption of a session names its terminal",
        ),
        (
            "```{code-block} json\n:caption: a.json\n\n{}\n```\n",
            "page.md:1:1: pages.unused-file nothing on the page uses a.json: no command",
        ),
        (
            "```{code-block} json\n:caption: ../a.json\n\n{}\n```\n\n```console\n$ ls\n```\n",
            "page.md:1:1: pages.caption ../a.json: a page writes files below the reader's home",
        ),
        (
            "```{code-block} ini\n:caption: a.ini (at the end)\n\n[a]\n```\n",
            "page.md:1:1: pages.caption (at the end): write '(add at the end)' or '(replace NAME)'",
        ),
        (
            "% test: port: 80\n\n```console\nout\n```\n",
            "page.md:3:1: pages.comment 'port' needs a command that starts the server",
        ),
        (
            "% test: port: 80\n% test: exit: 0\n\n```console\n$ serve\n```\n",
            "page.md:4:1: pages.comment 'exit' is for a server that the block ends with ^C",
        ),
        (
            "% test: port: 80\n\n```json\n{}\n```\n",
            "page.md:3:1: pages.comment 'port' is for console blocks",
        ),
    ],
)
def test_a_broken_rule_is_named_at_its_line(pages: Pages, text: str, fault: str) -> None:
    (found,) = pages.faults(text)
    assert found.startswith(fault)


def test_every_broken_rule_is_named_and_nothing_runs(pages: Pages) -> None:
    outcome = pages.run("```\nx\n```\n\n```json\n{\n```\n\n```console\n$ touch ran\n```\n")
    assert [fault.line for fault in outcome.faults] == [1, 7]
    assert outcome.commands == 0


def test_a_skipped_block_is_counted_with_its_reason(pages: Pages) -> None:
    outcome = pages.run("% test: skip: needs a real DNS name\n\n```console\n$ false\n```\n")
    assert [(skip.line, skip.reason) for skip in outcome.skips] == [(3, "needs a real DNS name")]
    assert (outcome.coverage, outcome.faults) == (Coverage(skipped=1), [])


def test_a_page_stops_where_the_machine_lacks_a_program(pages: Pages) -> None:
    text = """
        ```console
        $ true
        ```

        % test: requires: no-such-program

        ```console
        $ no-such-program
        ```

        ```console
        $ false
        ```
        """
    outcome = pages.run(text)
    assert outcome.commands == 1
    assert [skip.line for skip in outcome.skips] == [7, 11]
    assert "needs no-such-program" in outcome.skips[0].reason
    assert pages.run(text.replace("no-such-program", "sh")).commands == 2
