"""Standard streams that are closed, or that fail, keep no process from starting."""

from __future__ import annotations

import shlex
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.django_prodserver.site import BIN, Site, free_port

if TYPE_CHECKING:
    from django_prodserver.testing.running import Running

DOORS = {
    "manage.py": f"{shlex.quote(sys.executable)} manage.py prodserver",
    "the console script": shlex.quote(str(BIN / "prodserver")),
}
each_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
CLOSED = [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"]
FULL = "Cannot write to standard output: No space left on device."
# The system gives the lowest number that is free; a library may let other programs inherit it.
OPENS_A_FILE = """
import os
LOG = os.open(os.path.join(os.path.dirname(__file__), "log"), os.O_CREAT | os.O_RDWR)
os.set_inheritable(LOG, True)
"""
HANDLERS = """
import logging, os

class Kept(logging.Handler):
    def flush(self):
        open(f"flushed-{os.getpid()}", "w").close()

class Failing(logging.Handler):
    def flush(self):
        raise RuntimeError("nothing can be flushed")
"""
# What was made last is flushed first.
LOGGING = {
    "version": 1,
    "handlers": {"a": {"class": "handlers.Kept"}, "b": {"class": "handlers.Failing"}},
    "root": {"handlers": ["a", "b"]},
}


def _web(site: Site) -> int:
    port = free_port()
    entry = {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}"}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    return port


def _shell(line: str) -> tuple[str, ...]:
    return "/bin/sh", "-c", f"exec {line}"


def _ends(running: Running) -> int:
    running.until_it_serves().signal(signal.SIGTERM)
    return running.exit_code()


@each_door
@pytest.mark.parametrize("option", ["", "--all"])
@pytest.mark.parametrize("closed", CLOSED)
def test_a_process_starts_where_streams_are_closed(
    site: Site, door: str, option: str, closed: str
) -> None:
    port = _web(site)
    with site.start(*_shell(f"{door} {option} {closed}"), port=port) as running:
        assert _ends(running) == 0


@each_door
@pytest.mark.parametrize("option", ["", "--all"])
def test_nothing_is_written_into_a_file_that_has_the_number_of_a_closed_stream(
    site: Site, door: str, option: str
) -> None:
    port = _web(site)
    site.append("mysite/settings.py", OPENS_A_FILE)
    with site.start(*_shell(f"{door} {option} >&-"), port=port) as running:
        assert _ends(running) == 0

    assert (site.path / "mysite" / "log").read_bytes() == b""


@pytest.mark.parametrize("option", ["", "--all"])
def test_a_handler_of_logs_that_fails_keeps_neither_the_others_nor_the_start(
    site: Site, option: str
) -> None:
    port = _web(site)
    site.write("handlers.py", HANDLERS)
    site.configure(LOGGING=LOGGING)
    with site.start(*_shell(f"{DOORS['manage.py']} {option}"), port=port) as running:
        assert _ends(running) == 0
        assert (site.path / f"flushed-{running.pid}").exists()


@each_door
@pytest.mark.parametrize("words", ["--list", "--dry-run", "--export procfile", "--bash-completion"])
def test_what_cannot_be_printed_is_one_line_and_1(site: Site, door: str, words: str) -> None:
    _web(site)
    done = site.run(*_shell(f"{door} {words} >/dev/full"))

    assert (done.returncode, done.stderr) == (1, f"CommandError: {FULL}\n")


def test_a_character_that_cannot_be_printed_is_one_line_and_1(site: Site) -> None:
    site.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "gunicorn", "ARGS": {"name": "ä"}}})
    done = site.run(*_shell(f"{DOORS['manage.py']} --dry-run"), env={"PYTHONIOENCODING": "ascii"})

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: Cannot write to standard output: 'ascii' codec")
    assert done.stderr.count("\n") == 1


@each_door
@pytest.mark.parametrize("words", ["--list", "--dry-run", "--export procfile", "--bash-completion"])
def test_what_nobody_wants_printed_is_no_mistake(site: Site, door: str, words: str) -> None:
    _web(site)
    done = site.run(*_shell(f"{door} {words} >&-"))

    assert (done.returncode, done.stderr) == (0, "")


@each_door
@pytest.mark.parametrize("words", ["wbe", "--workres=2", "--grace=x"])
def test_a_mistake_that_nobody_can_read_ends_with_2(site: Site, door: str, words: str) -> None:
    _web(site)

    assert site.run(*_shell(f"{door} {words} 2>&-")).returncode == 2


def test_a_missing_project_that_nobody_can_read_of_ends_with_2(site: Site) -> None:
    done = site.run(*_shell(f"{BIN / 'prodserver'} web 2>&-"), cwd=site.home)

    assert (done.returncode, done.stdout) == (2, "")


def test_a_note_that_cannot_be_written_keeps_no_process_from_starting(site: Site) -> None:
    port = free_port()
    entry = {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}"}}
    site.configure(PRODUCTION_PROCESSES={"web": {**entry, "DEV": entry}})
    site.configure(DEBUG=False, ALLOWED_HOSTS=["*"])
    line = f"{shlex.quote(sys.executable)} manage.py devserver"
    with site.start(*_shell(f"{line} 2>/dev/full"), port=port) as running:
        running.until_it_serves()
