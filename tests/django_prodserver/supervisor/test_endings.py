"""The exit code comes back, and who ends may start again."""

from __future__ import annotations

import re
import signal
import sys

import pytest

from django_prodserver.supervisor.endings import Backoff, describe, exit_code
from tests.django_prodserver.supervisor.parents import (
    PARENT,
    SLEEP,
    Nursery,
    catch,
)


@pytest.mark.parametrize(
    ("ending", "code", "words"),
    [
        ("sys.exit(0)", 0, "exited with code 0"),
        ("sys.exit(3)", 3, "exited with code 3"),
        ("os.kill(os.getpid(), 11)", 139, "was killed by signal SIGSEGV"),
    ],
)
def test_one_that_ends_stops_the_others_and_gives_the_exit_code(
    nursery: Nursery, ending: str, code: int, words: str
) -> None:
    parent = nursery.supervise(web=catch(4), worker=f"import os, sys, time\n{ending}")

    assert parent.exit_code() == code
    assert f"worker {words}" in parent.output()
    assert re.search(r"web (exited with code 4|was killed by signal SIGTERM)", parent.output())


@pytest.mark.parametrize(("web", "code"), [(0, 0), (4, 4), (128 + signal.SIGTERM, 0)])
def test_stopped_as_asked_the_code_is_that_of_who_ended_badly(
    nursery: Nursery, web: int, code: int
) -> None:
    parent = nursery.supervise(web=catch(web), worker=catch()).until("ready", times=2)
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == code


def test_one_that_ends_starts_again_while_the_others_go_on(nursery: Nursery) -> None:
    parent = nursery.supervise(web="print('hello')", worker=SLEEP, on_exit="restart")
    parent.until("web starts again in 2 s")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert "web starts again in 1 s" in parent.output()
    assert parent.output().count("web        | hello") == 2
    assert parent.output().count("worker started") == 1


def test_it_starts_again_only_when_nothing_of_it_is_left(nursery: Nursery) -> None:
    # It listens to nothing but KILL, which comes 1.5 s after the end; the pause is over by then.
    heir = PARENT.replace("DETACHED", "False").replace("END", "time.sleep(0.3)")
    parent = nursery.supervise(web=heir, on_exit="restart", grace=1.5, first=CENSUS)
    parent.until("web started", times=2)

    assert "0 of web were left" in parent.output()


# Notes how many of the group exist whenever a child is started.
CENSUS = """
from django_prodserver.supervisor.child import Child
start = Child.start
def count(self, now):
    if self._process:
        print(len(os.popen(f"ps -o pid= -g {self._process.pid}").readlines()), "of web were left")
        sys.stdout.flush()
    start(self, now)
Child.start = count
"""


@pytest.mark.parametrize(
    ("argv", "cwd", "code", "words"),
    [
        ("/missing/program", None, 127, "/missing/program cannot be started: No such file"),
        ("/etc/passwd", None, 126, "/etc/passwd cannot be started: Permission denied"),
        (sys.executable, "/missing/folder", 127, "web cannot be started: .*/missing/folder"),
    ],
)
def test_what_cannot_be_started_is_one_line_and_stops_the_others(
    nursery: Nursery, argv: str, cwd: str | None, code: int, words: str
) -> None:
    parent = nursery.supervise(web=[argv], worker=SLEEP, cwd=cwd)

    assert parent.exit_code() == code
    assert re.search(words, parent.output())
    assert "Traceback" not in parent.output()


def test_what_cannot_be_started_is_tried_again(nursery: Nursery) -> None:
    parent = nursery.supervise(web=["/missing"], cwd="/missing/folder", on_exit="restart")
    parent.until("web starts again in 2 s")


def test_pauses_grow_up_to_a_limit_and_begin_anew_after_a_long_run() -> None:
    backoff = Backoff(first=1, limit=10)

    assert [backoff.pause(ran=0.1) for _ in range(6)] == [1, 2, 4, 8, 10, 10]
    assert [backoff.pause(ran=10), backoff.pause(ran=9)] == [1, 2]


def test_a_return_code_is_told_in_words_and_as_a_shell_does() -> None:
    assert [exit_code(returncode) for returncode in (0, 3, -9)] == [0, 3, 137]
    assert describe(3) == "exited with code 3"
    assert describe(-15) == "was killed by signal SIGTERM"
    assert describe(-40) == "was killed by signal number 40"
