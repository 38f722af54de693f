"""The command becomes a supervisor that has nothing of the project in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from django_prodserver.launch import Launch
from django_prodserver.supervisor.endings import OnExit
from django_prodserver.supervisor.job import Job
from tests.django_prodserver.site import BIN
from tests.django_prodserver.supervisor.parents import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.django_prodserver.site import Site

DOORS = {
    "manage.py": [sys.executable, "manage.py", "prodserver"],
    "the console script": [str(BIN / "prodserver")],
}
each_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)

# What it runs has no Django in it.
BACKEND = """
import sys
from django_prodserver.backends.base import BaseWorkerBackend
from django_prodserver.launch import Launch

class Sleeper(BaseWorkerBackend):
    def start_server(self):
        raise NotImplementedError

    def launch(self):
        code = "import time; print('ready'); time.sleep(100)"
        return Launch((sys.executable, "-c", code), cwd=self.project.cwd)
"""
RESTLESS_APP = """
import signal, threading, time
from django.apps import AppConfig

class Restless(AppConfig):
    name = "restless"

    def ready(self):
        print("set up", flush=True)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        threading.Thread(target=self.tick).start()

    def tick(self):
        while True:
            print("tick", flush=True)
            time.sleep(0.01)
"""


def _sleepers(site: Site) -> None:
    site.write("sleeping.py", BACKEND)
    entry = {"BACKEND": "sleeping.Sleeper"}
    site.configure(PRODUCTION_PROCESSES={"one": entry, "two": entry})


@each_door
def test_what_an_app_has_begun_ends_when_the_supervisor_begins(site: Site, door: list[str]) -> None:
    _sleepers(site)
    site.write("restless/__init__.py", "")
    site.write("restless/apps.py", RESTLESS_APP)
    site.install("restless")
    with site.start(*door, "--all") as running:
        running.until(lambda: running.output().count("ready") == 2)
        threads = psutil.Process(running.pid).num_threads()
        running.signal(signal.SIGTERM)

        assert running.exit_code() == 0
        assert threads == 1
        before, *after = re.split("^(?=prodserver)", running.output(), flags=re.MULTILINE)
        assert before.startswith("set up\ntick\n")
        assert "tick" not in "".join(after)


@each_door
def test_the_supervisor_loads_nothing_of_django(site: Site, door: list[str]) -> None:
    _sleepers(site)
    with site.start(*door, "--all") as running:
        running.until(lambda: running.output().count("ready") == 2)
        files = {each.path for each in psutil.Process(running.pid).memory_maps()}
        memory = psutil.Process(running.pid).memory_info().rss

        # Django brings asyncio and decimal, which have such modules.
        assert not [path for path in files if re.search(r"/_(asyncio|decimal|ssl)\.", path)]
        assert memory < 25 << 20


@each_door
def test_the_supervisor_does_what_the_options_say(site: Site, door: list[str]) -> None:
    _sleepers(site)
    with site.start(*door, "--all", "--on-exit=restart", "--force-color") as running:
        running.until(lambda: running.output().count("ready") == 2)
        psutil.Process(running.pid).children()[0].kill()
        running.until(lambda: "starts again in 1 s" in running.output())

        assert "\033[0;1mprodserver |\033[0m" in running.output()


SINGLE_FILE = """
import sys
from django.conf import settings
from django.core.management import execute_from_command_line

entry = {"BACKEND": "sleeping.Sleeper"}
settings.configure(
    INSTALLED_APPS=["django_prodserver"], PRODUCTION_PROCESSES={"one": entry, "two": entry}
)
execute_from_command_line(sys.argv)
"""


def test_a_project_of_a_single_file_is_supervised_too(site: Site) -> None:
    _sleepers(site)
    site.write("app.py", SINGLE_FILE)
    with site.start(sys.executable, "app.py", "prodserver", "--all") as running:
        running.until(lambda: running.output().count("ready") == 2)
        running.signal(signal.SIGTERM)

        assert running.exit_code() == 0


HANDING_OVER = """
import os, sys
from pathlib import Path
from django_prodserver.launch import Launch
from django_prodserver.supervisor.handover import hand_over
from django_prodserver.supervisor.job import Job
code = "import os, sys; print([os.fsencode(sys.argv[1]), os.environb[b'ODD']])"
odd = sys.argv[1]
FIRST
hand_over(Job({"web": Launch((sys.executable, "-c", code, odd), {"ODD": odd})}), os.environ)
"""
ODD = b" \xff\xc3\xa4\xe2\x82 '\"$\n"


@pytest.mark.parametrize(
    "environ",
    [
        {"LC_ALL": "C.UTF-8"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "1"},
    ],
)
def test_a_text_that_is_none_arrives_as_it_was(environ: dict[str, str]) -> None:
    output = _handed_over("", {**environ, "PATH": os.defpath}, ODD)

    assert f"| [{ODD!a}, {ODD!a}]" in output


@pytest.mark.parametrize("utf8", ["0", "1"])
def test_a_text_arrives_as_it_was_where_the_system_has_another_encoding(
    tmp_path: Path, utf8: str
) -> None:
    locale = ["localedef", "-i", "en_US", "-f", "ISO-8859-1", str(tmp_path / "latin")]
    try:
        subprocess.run(locale, check=True, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("this system cannot make a locale")
    environ = {"LOCPATH": str(tmp_path), "LC_ALL": "latin", "PYTHONUTF8": utf8}
    output = _handed_over("", {**environ, "PATH": os.defpath}, ODD)

    assert f"| [{ODD!a}, {ODD!a}]" in output


def test_where_nothing_can_be_kept_in_memory_alone_a_file_will_do() -> None:
    output = _handed_over("del os.memfd_create", {"PATH": os.defpath}, b"odd")

    assert "| [b'odd', b'odd']" in output


def test_a_directory_that_hides_the_standard_library_is_not_in_the_way(tmp_path: Path) -> None:
    for name in ("json", "select", "pathlib", "django_prodserver"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('the wrong module')")
    first = f"os.environ['PYTHONPATH'] = {str(tmp_path)!r}; os.chdir({str(tmp_path)!r})"
    output = _handed_over(first, {"PATH": os.defpath}, b"odd")

    assert "| [b'odd', b'odd']" in output


def _handed_over(first: str, environ: dict[str, str], odd: bytes) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HANDING_OVER.replace("FIRST", first), odd],
        env=environ,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_a_job_comes_back_as_it_was(tmp_path: Path) -> None:
    launch = Launch(("/bin/x", "\udcff", "ü\n"), {"A": None, "B": "\udc80"}, tmp_path)
    job = Job({"wéb": launch, "\udc81": launch}, OnExit.RESTART, grace=0.25, color=False)

    assert Job.loads(job.dumps()) == job


@pytest.mark.parametrize("words", [[], ["web"], ["99"], ["0"]])
def test_the_program_of_the_supervisor_is_not_for_typing(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django_prodserver.supervisor", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == "This program is a part of django-prodserver. Type prodserver --all\n"
