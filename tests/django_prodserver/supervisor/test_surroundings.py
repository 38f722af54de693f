"""A process finds what one started by hand finds, where this runs at all."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys

import pytest

from django_prodserver.exceptions import UsageError
from django_prodserver.launch import Launch
from django_prodserver.supervisor.handover import hand_over
from django_prodserver.supervisor.job import Job
from tests.django_prodserver.supervisor.parents import (
    PATIENCE,
    Nursery,
)

FACTS = """
import json, os, sys
json.dump({
    "environ": dict(os.environ),
    "session": os.getsid(0) == os.getpgid(0) == os.getpid(),
    "stdin": sys.stdin.read(),
    "cwd": os.getcwd(),
}, sys.stdout)
"""


def test_a_process_finds_the_surroundings_of_one_started_by_hand(nursery: Nursery) -> None:
    # Not in Python, which ignores two signals itself.
    code = ["/bin/sh", "-c", "grep -E 'Sig(Ign|Blk)' /proc/self/status"]
    parent = nursery.supervise(web=code)

    assert parent.exit_code() == 0
    masks = dict(re.findall(r"Sig(\w+):\s+(\w+)$", parent.output(), re.MULTILINE))
    assert masks.keys() == {"Blk", "Ign"}
    # The C library keeps two signals to itself, and make leaves these ignored.
    known = sum(1 << (number - 1) for number in signal.valid_signals())
    assert [name for name, mask in masks.items() if int(mask, 16) & known] == []


def test_a_process_has_a_session_no_input_and_the_environment_of_its_launch(
    nursery: Nursery,
) -> None:
    parent = nursery.supervise(web=FACTS, env={"GREETING": "hello", "PATH": None})

    assert parent.exit_code() == 0
    facts = json.loads(re.findall(r"\{.*\}", parent.output())[0])
    assert facts["session"]
    assert (facts["stdin"], facts["cwd"]) == ("", str(nursery.path))
    assert facts["environ"]["GREETING"] == "hello"
    assert facts["environ"]["MARK"] == parent.mark
    assert "PATH" not in facts["environ"]
    assert facts["environ"]["PYTHONUNBUFFERED"] == "1"


def test_a_choice_about_buffering_stands(nursery: Nursery) -> None:
    parent = nursery.supervise(web=FACTS, env={"PYTHONUNBUFFERED": ""})

    assert parent.exit_code() == 0
    assert '"PYTHONUNBUFFERED": ""' in parent.output()


def test_on_windows_it_says_what_to_do_instead() -> None:
    with pytest.raises(UsageError, match=r"Windows.*Start each on its own: prodserver web"):
        hand_over(Job({"web": Launch(("web",))}), {}, platform="win32")


def test_it_can_be_imported_where_posix_names_are_missing() -> None:
    # What CPython lacks on Windows, of the modules that are used here.
    code = """
import os, select, signal, subprocess
for module, names in (
    (os, "WNOHANG killpg getppid"), (select, "poll POLLIN POLLOUT POLLERR POLLHUP PIPE_BUF"),
    (signal, "SIGKILL SIGHUP SIGQUIT SIGALRM SIGCHLD SIGPIPE SIGUSR1 SIGUSR2"),
):
    for name in names.split():
        delattr(module, name)
import django_prodserver.supervisor.family
import django_prodserver.supervisor.handover
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
