"""What a console block says."""

from __future__ import annotations

import pytest
from docset.pages.faults import PageError
from docset.pages.session import Shown, Step, read_session


def test_commands_have_their_output_and_their_lines() -> None:
    assert read_session("$ a\none\n\ntwo\n$ b\n$ c\n", 10) == (
        Step("a", 10, Shown(("one", "", "two"), 11)),
        Step("b", 14, Shown((), 15)),
        Step("c", 15, Shown((), 16)),
    )


def test_a_continued_command_is_one_command() -> None:
    (step,) = read_session("$ a \\\n>   b \\\n> c\nout\n", 1)
    assert step == Step("a \\\n  b \\\nc", 1, Shown(("out",), 4))


def test_a_mark_at_the_start_of_output_is_output() -> None:
    (step,) = read_session("$ a\n> b\n", 1)
    assert step.shown.lines == ("> b",)


def test_output_without_a_command_belongs_to_what_runs() -> None:
    assert read_session("out\n$ a\n", 5) == (
        Step(None, 5, Shown(("out",), 5)),
        Step("a", 6, Shown((), 7)),
    )


def test_control_c_divides_the_output() -> None:
    (step,) = read_session("$ a\nup\n^Cdown\ngone\n", 1)
    assert step == Step("a", 1, Shown(("up",), 2), Shown(("down", "gone"), 3))


@pytest.mark.parametrize("body", ["$ a \\\n", "$ a \\\nb\n"])
def test_a_command_that_stops_in_the_middle_is_a_fault_at_its_line(body: str) -> None:
    with pytest.raises(PageError, match="go on with '> '") as raised:
        read_session(body, 7)
    assert raised.value.fault.line == 7
