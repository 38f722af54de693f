"""As the first process of a container, a parent hears signals and reaps orphans."""

from __future__ import annotations

import signal
import subprocess
import sys

import psutil
import pytest

from tests.django_prodserver.supervisor.parents import (
    ORPHANER,
    PATIENCE,
    SLEEP,
    Nursery,
    Parent,
)


def _container() -> tuple[str, ...]:
    words = ("--user", "--map-root-user", "--fork", "--pid", "--mount-proc", "--kill-child")
    command = ("unshare", *words)
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("this user may not make a process id namespace")
    return command


def _zombies(parent: Parent) -> list[psutil.Process]:
    below = psutil.Process(parent.process.pid).children(recursive=True)
    return [process for process in below if process.status() == psutil.STATUS_ZOMBIE]


def _first(parent: Parent) -> psutil.Process:
    """The process that has the id 1 inside."""
    return psutil.Process(parent.process.pid).children()[0]


def test_only_a_proc_of_its_own_is_believed() -> None:
    code = "from django_prodserver.supervisor import orphans; print(orphans.proc_is_ours())"
    mounted = _container()
    foreign = tuple(word for word in mounted if word != "--mount-proc")

    answers = [
        subprocess.check_output([*prefix, sys.executable, "-c", code], text=True, timeout=PATIENCE)
        for prefix in ((), mounted, foreign)
    ]
    assert answers == ["True\n", "True\n", "False\n"]


def test_the_first_process_of_a_container_hears_term(nursery: Nursery) -> None:
    parent = nursery.supervise(web=SLEEP, prefix=_container()).until("ready")
    _first(parent).send_signal(signal.SIGTERM)

    assert parent.exit_code() == 0


def test_a_naive_first_process_of_a_container_is_deaf_to_term(nursery: Nursery) -> None:
    parent = nursery.naive(web=SLEEP, prefix=_container()).until("ready")
    _first(parent).send_signal(signal.SIGTERM)

    with pytest.raises(subprocess.TimeoutExpired):
        parent.process.wait(0.5)


def test_the_first_process_of_a_container_reaps_orphans(nursery: Nursery) -> None:
    parent = nursery.supervise(web=ORPHANER, prefix=_container()).until("ready")

    assert not _zombies(parent)


def test_a_naive_first_process_of_a_container_collects_zombies(nursery: Nursery) -> None:
    parent = nursery.naive(web=ORPHANER, prefix=_container()).until("ready")

    assert _zombies(parent)
