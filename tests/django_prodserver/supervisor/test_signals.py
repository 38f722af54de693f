"""Every signal arrives where it should."""

from __future__ import annotations

import re
import signal

import pytest

from tests.django_prodserver.supervisor.parents import (
    SLEEP,
    STUBBORN,
    Nursery,
    catch,
    catchers,
)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_signal_to_stop_reaches_every_process_as_it_is(nursery: Nursery, name: str) -> None:
    parent = catchers(nursery)
    parent.send(getattr(signal, name))

    assert parent.exit_code() == 0
    output = parent.output()
    assert re.findall(r"(\S+) +\| got (\w+)", output).count(("web", name)) == 1
    assert re.findall(r"(\S+) +\| got (\w+)", output).count(("worker", name)) == 1
    assert output.count("got") == 2
    assert f"prodserver | {name} received" in output


def test_another_signal_that_would_end_the_parent_stops_with_term(nursery: Nursery) -> None:
    parent = catchers(nursery)
    parent.send(signal.SIGALRM)

    assert parent.exit_code() == 0
    assert parent.output().count("got SIGTERM") == 2


@pytest.mark.parametrize("name", ["SIGHUP", "SIGUSR1", "SIGUSR2"])
def test_a_signal_that_is_no_end_reaches_every_process(nursery: Nursery, name: str) -> None:
    parent = catchers(nursery)
    parent.send(getattr(signal, name))
    parent.until(f"got {name}", times=2)
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert parent.output().count("got SIGTERM") == 2


def test_a_signal_that_is_no_end_ends_nobody(nursery: Nursery) -> None:
    parent = nursery.supervise(web=catch(), worker=SLEEP).until("ready", times=2)
    parent.send(signal.SIGHUP)
    parent.until("got SIGHUP").until("worker would end of SIGHUP, so it does not get it")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert "worker was killed by signal SIGTERM" in parent.output()


def test_a_signal_reaches_the_process_but_not_its_children(nursery: Nursery) -> None:
    code = "import subprocess, sys, time\n"
    code += f"worker = subprocess.Popen([sys.executable, '-u', '-c', {catch()!r}])\n"
    code += "try: time.sleep(100)\n"
    code += "except KeyboardInterrupt: worker.kill()"
    parent = nursery.supervise(web=code).until("ready")
    parent.send(signal.SIGINT)

    assert parent.exit_code() == 0
    assert "got" not in parent.output()


def test_an_ignored_signal_stays_ignored(nursery: Nursery) -> None:
    # As nohup has it.
    ignoring = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    parent = nursery.supervise(web=catch(), first=ignoring).until("ready")
    parent.send(signal.SIGHUP)
    parent.send(signal.SIGUSR1)
    parent.until("got SIGUSR1")

    assert "SIGHUP" not in parent.output()


def test_term_is_heard_although_it_was_ignored(nursery: Nursery) -> None:
    ignoring = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    parent = nursery.supervise(web=SLEEP, first=ignoring).until("ready")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_second_signal_to_stop_kills_at_once(nursery: Nursery, name: str) -> None:
    parent = nursery.supervise(web=STUBBORN, grace=1000).until("ready")
    parent.send(signal.SIGTERM)
    parent.until("SIGTERM received")
    parent.send(getattr(signal, name))

    assert parent.exit_code() == 128 + signal.SIGKILL
    assert "web is killed, for it has not stopped yet" in parent.output()
    assert not parent.left()


def test_whoever_does_not_stop_in_time_is_killed(nursery: Nursery) -> None:
    parent = nursery.supervise(web=STUBBORN, worker=SLEEP, grace=0.3).until("ready", times=2)
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 128 + signal.SIGKILL
    assert "worker was killed by signal SIGTERM" in parent.output()
    assert "web was killed by signal SIGKILL" in parent.output()
