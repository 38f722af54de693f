"""Python that readers type: each statement runs, and what it prints is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.pages.coverage import Coverage
from docset.pages.outcome import updated
from docset.pages.session import PYTHON, read_session

if TYPE_CHECKING:
    from tests.conf.pages.conftest import Pages


def test_statements_have_their_output_and_keep_their_names(pages: Pages) -> None:
    outcome = pages.run(
        """
        ```pycon
        >>> import sys
        >>> numbers = [1, 2]
        >>> for number in numbers:
        ...     print(number)
        ...
        1
        2
        >>> def double(n):
        ...     return 2 * n
        ```

        Text.

        ```pycon
        >>> double(numbers[1])
        4
        >>> print("no", file=sys.stderr)
        no
        >>> 1 / 0
        Traceback (most recent call last):
        ...
        ZeroDivisionError: division by zero
        >>> double
        <function double at 0x7f0000000000>
        >>> sys.version
        ...
        ```
        """
    )
    assert outcome.faults == []
    assert (outcome.coverage, outcome.commands) == (Coverage(executed=2), 9)


def test_other_output_fails_at_its_line_with_what_was_typed(pages: Pages) -> None:
    text = "```pycon\n>>> for n in (1, 2):\n...     n\n...\n1\n3\n```\n"
    (fault,) = pages.faults(text)
    assert fault.splitlines()[:3] == [
        "page.md:5:1: pages.output >>> for n in (1, 2):",
        "...     n",
        "The output is not what the page shows:",
    ]
    assert "-3\n+2" in fault
    assert not pages.faults(text.replace("\n3\n", "\n2\n"))


@pytest.mark.parametrize("statement", ["x = 1", "1", "print(1)"])
def test_output_that_the_page_does_not_show_fails(pages: Pages, statement: str) -> None:
    faults = pages.faults(f"```pycon\n>>> {statement}\n```\n")
    assert bool(faults) == (statement != "x = 1")


@pytest.mark.parametrize("indent", ["", "   ", "> "])
def test_output_is_written_into_the_page(pages: Pages, indent: str) -> None:
    lines = ["```pycon", ">>> 1", "2", ">>> for n in (3, 4):", "...     n", "...", "```", ""]
    path = pages.write("1. First\n\n" + "\n".join(f"{indent}{line}" for line in lines))
    outcome = pages.run(path.read_text(), update=True)
    assert outcome.faults == []
    want = [*lines[:2], "1", *lines[3:6], "3", "4", *lines[6:]]
    new = updated(path.read_text(), outcome.updates)
    assert [line.rstrip() for line in new.split("\n")[2:]] == [
        f"{indent}{line}".rstrip() for line in want
    ]


def test_the_python_is_the_one_of_the_terminal(pages: Pages) -> None:
    assert not pages.faults(
        """
        ```console
        $ python3 -m venv --without-pip .venv
        $ source .venv/bin/activate
        $ mkdir a && cd a
        ```

        ```pycon
        >>> import os, sys
        >>> sys.prefix, os.getcwd()
        ('/home/you/.venv', '/home/you/a')
        >>> sys.argv = []
        ```

        % test: setup: true

        ```console
        $ echo still here
        still here
        ```

        ```pycon
        >>> os
        Traceback (most recent call last):
          ...
        NameError: name 'os' is not defined...
        ```
        """
    )


def test_a_statement_that_takes_too_long_is_stopped(pages: Pages) -> None:
    text = "% test: timeout: 0.5\n\n```pycon\n>>> import time\n>>> time.sleep(60)\n```\n"
    (fault,) = pages.faults(text)
    assert fault.splitlines() == [
        "page.md:5:1: pages.timeout >>> time.sleep(60)",
        "it did not end within 0.5 s",
        "It printed nothing.",
    ]
    assert not pages.faults(text.replace("(60)", "(0)"))


def test_the_end_of_the_interpreter_is_no_fault(pages: Pages) -> None:
    assert not pages.faults("```pycon\n>>> exit()\n>>> 1\n1\n```\n")


def test_what_cannot_be_read_is_a_fault_of_the_session(pages: Pages) -> None:
    (fault,) = pages.faults("```pycon\nx = 1\n```\n")
    assert (
        fault
        == "page.md:2:1: pages.session this is no Python that is typed: write '>>> ' before it"
    )


def test_three_dots_alone_are_output_where_the_statement_is_complete() -> None:
    (step,) = read_session(">>> x\n...\n", 1, PYTHON)
    assert (step.command, step.shown.lines) == ("x\n", ("...",))
    (step,) = read_session(">>> if x:\n...     y\n...\nout\n", 1, PYTHON)
    assert (step.command, step.shown.lines) == ("if x:\n    y\n\n", ("out",))
