"""Nothing is left behind, however the parent ends; a naive parent shows what would be."""

from __future__ import annotations

import os
import pty
import signal

import pytest

from tests.django_prodserver.site import wait_for
from tests.django_prodserver.supervisor.parents import (
    DAEMON,
    HEIR,
    PARENT,
    SLEEP,
    STUBBORN,
    Nursery,
    Parent,
    catch,
)


def _end(parent: Parent, way: str, reader: int) -> None:
    """Ends a parent whose child is ready; ``reader`` is what its output can be read from."""
    if way in {"the reader leaves", "the terminal closes"}:
        text = b""
        while b"ready" not in text:
            text += os.read(reader, 4096)
        os.close(reader)
        return
    parent.until("ready")
    if way != "an error":
        parent.send(getattr(signal, way))


def _outlet(way: str) -> tuple[int, int | None]:
    match way:
        case "the reader leaves":
            return os.pipe()
        case "the terminal closes":
            return pty.openpty()
    return -1, None


WAYS = {
    "SIGTERM": 0,
    "SIGINT": 0,
    "SIGQUIT": 0,
    "SIGALRM": 0,
    "SIGKILL": -signal.SIGKILL,
    "an error": 1,
    "the reader leaves": 128 + signal.SIGPIPE,
    "the terminal closes": 128 + signal.SIGHUP,
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_ends_the_parent_its_child_ends_too(nursery: Nursery, way: str) -> None:
    reader, stdout = _outlet(way)
    web, first = (STUBBORN, FAIL) if way == "an error" else (SLEEP, "")
    parent = nursery.supervise(web=web, first=first, stdout=stdout, grace=0.5)
    _end(parent, way, reader)

    assert parent.exit_code() == WAYS[way]
    wait_for(parent.nothing_is_left)


@pytest.mark.parametrize("way", WAYS)
def test_a_naive_parent_leaves_its_child_behind(nursery: Nursery, way: str) -> None:
    reader, stdout = _outlet(way)
    then = {"an error": "raise MemoryError", "the reader leaves": CHATTER}.get(way, "")
    parent = nursery.naive(web=SLEEP, stdout=stdout, then=then)
    _end(parent, way, reader)

    parent.exit_code()
    assert parent.left()


# An error in our own code, in the midst of things.
FAIL = """
from django_prodserver.supervisor.loop import Supervisor
show = Supervisor._show
def fail(self, name, lines):
    show(self, name, lines)
    if b"ready" in lines:
        self.output.answer(4)
        raise MemoryError
Supervisor._show = fail
"""
CHATTER = "while True: print(1, flush=True)"


def test_a_terminal_that_closes_ends_a_parent_that_writes_elsewhere(nursery: Nursery) -> None:
    terminal, slave = pty.openpty()
    path = os.ttyname(slave)
    first = f"fcntl.ioctl(os.open({path!r}, os.O_RDWR | os.O_NOCTTY), termios.TIOCSCTTY, 0)"
    parent = nursery.supervise(web=catch(), first=first).until("ready")
    os.close(slave)
    os.close(terminal)

    assert parent.exit_code() == 128 + signal.SIGHUP
    assert "got SIGTERM" in parent.output()
    assert not parent.left()


def test_what_outlives_its_parent_in_the_group_is_killed(nursery: Nursery) -> None:
    parent = nursery.supervise(web=HEIR, grace=0.5).until("ready")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert not parent.left()


def test_a_parent_that_kills_its_child_alone_leaves_the_grandchild(nursery: Nursery) -> None:
    nursery.naive(web=HEIR, then="children[0].kill()").until("ready")
    parent = nursery.parents[0]
    wait_for(lambda: len(parent.left()) == 1)

    parent.send(signal.SIGTERM)
    parent.exit_code()
    assert len(parent.left()) == 1


def test_what_left_the_group_is_killed(nursery: Nursery) -> None:
    parent = nursery.supervise(web=DAEMON, grace=0.5).until("ready")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert not parent.left()


def test_a_parent_that_kills_the_group_leaves_what_left_it(nursery: Nursery) -> None:
    kill_group = "import os; os.killpg(children[0].pid, signal.SIGKILL)"
    parent = nursery.naive(web=DAEMON, then=kill_group).until("ready")
    wait_for(lambda: len(parent.left()) == 1)

    parent.send(signal.SIGTERM)
    parent.exit_code()
    assert len(parent.left()) == 1


def test_an_ending_takes_the_rest_of_the_group_along(nursery: Nursery) -> None:
    heir = PARENT.replace("DETACHED", "False").replace("END", "time.sleep(0.2); sys.exit(3)")
    parent = nursery.supervise(web=heir, worker=SLEEP, grace=0.5)

    assert parent.exit_code() == 3
    assert not parent.left()
