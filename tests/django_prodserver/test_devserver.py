"""What ``devserver`` starts: the same processes, as they are wanted while someone writes code."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from django_prodserver.testing.running import free_port, wait_for
from tests.django_prodserver.typing_in import Done, type_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running

# No two changes have the same time, or the second of them would not be noticed.
SECONDS = itertools.count(2, 2)
BROKEN = "def hello(:\n"
VIEWS = """
from django.http import HttpResponse

def hello(request):
    return HttpResponse("TEXT")
"""
URLS = """
from django.urls import path
from mysite import views

urlpatterns = [path("", views.hello)]
"""


@contextlib.contextmanager
def developed(site: FreshProject, port: int, **entry: object) -> Iterator[Running]:
    """Starts the development server of a project whose one view answers ``first``."""
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    change(site, VIEWS.replace("TEXT", "first"), second=0)
    site.write("mysite/urls.py", URLS)
    with site.start(sys.executable, "manage.py", "devserver", port=port) as running:
        running.until_it_serves()
        assert running.get() == "first"
        yield running


def change(site: FreshProject, text: str, second: int) -> None:
    """Writes the views with a time that is so many seconds later than the first one."""
    site.write("mysite/views.py", text)
    file = site.path / "mysite/views.py"
    os.utime(file, (1_700_000_000 + second, 1_700_000_000 + second))


def save_until(site: FreshProject, text: str, what: Callable[[], bool]) -> None:
    """Writes the views until something happens.

    A server that looks at its files once a second misses what was saved before its first look.
    It is given longer each time: what is saved while it starts anew lets it start once more.
    """
    for attempt in range(5):
        change(site, text, next(SECONDS))
        with contextlib.suppress(TimeoutError):
            wait_for(what, seconds=1.5 * 2**attempt)
            return
    raise AssertionError(text)


def answers(running: Running, text: str) -> bool:
    with contextlib.suppress(OSError):
        return running.get() == text
    return False


def test_a_server_gives_way_to_django_s_own_which_survives_broken_code(site: FreshProject) -> None:
    port = free_port()
    # Where it listens is no business of Gunicorn's here, so the port is Django's own default.
    site.write(
        "sitecustomize.py",
        "from django.core.management.commands.runserver import Command\n"
        f"Command.default_port = '{port}'\n",
    )
    site.environ["PYTHONPATH"] = str(site.path)
    with developed(site, port, BACKEND="gunicorn", ARGS={"workers": 3}) as running:
        save_until(site, BROKEN, lambda: "SyntaxError" in running.output())
        save_until(site, VIEWS.replace("TEXT", "mended"), lambda: answers(running, "mended"))
        assert running.argv()[1:] == [str(site.path / "manage.py"), "runserver"]
        # As Ctrl+C does it.
        os.killpg(running.pid, signal.SIGINT)

        assert running.exit_code() == 0
        wait_for(lambda: not running.descendants())


@pytest.mark.parametrize("backend", ["gunicorn", "uvicorn"])
def test_a_server_that_is_wanted_in_development_takes_over_changed_code(
    site: FreshProject, backend: str
) -> None:
    port = free_port()
    args = {"port": port} if backend == "uvicorn" else {"bind": f"127.0.0.1:{port}"}
    with developed(site, port, BACKEND=backend, DEV={"ARGS": args}) as running:
        save_until(site, VIEWS.replace("TEXT", "second"), lambda: answers(running, "second"))


def test_prodserver_reads_nothing_of_dev(site: FreshProject) -> None:
    entry = {"BACKEND": "gunicorn", "ARGS": {"workers": 3}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    plain = site.dry_run("web")
    site.configure(PRODUCTION_PROCESSES={"web": entry | {"DEV": {"ARGS": {"workers": 1}}}})

    assert site.dry_run("web") == plain
    assert "--workers=3" in plain


@pytest.mark.parametrize(
    ("dev", "words"),
    [
        # The words after the path of the command.
        ({}, "gunicorn mysite.wsgi:application --reload --workers=3 --threads=2"),
        (
            {"ARGS": {"workers": 1}},
            "gunicorn mysite.wsgi:application --reload --threads=2 --workers=1",
        ),
        (
            {"ARGS": {"reload": False}},
            "gunicorn mysite.wsgi:application --workers=3 --threads=2",
        ),
        (
            {"APP": "other:app"},
            "gunicorn other:app --reload --workers=3 --threads=2",
        ),
        ({"BACKEND": "uvicorn"}, "uvicorn mysite.asgi:application --reload"),
        ({"BACKEND": "runserver", "ARGS": ["0.0.0.0:80"]}, "django runserver 0.0.0.0:80"),
    ],
)
def test_dev_says_what_differs(dev: dict[str, object], words: str) -> None:
    entry = {"BACKEND": "gunicorn", "ARGS": {"workers": 3, "threads": 2}, "DEV": dev}
    line = develop("web", "--dry-run", web=entry).stdout.strip()

    assert line.endswith((f"/{words}", f" {words}"))


def develop(*words: str, **processes: object) -> Done:
    """Types ``manage.py devserver`` in a project of this name."""
    return type_in(
        "devserver",
        *words,
        PRODUCTION_PROCESSES=processes,
        WSGI_APPLICATION="mysite.wsgi.application",
        ASGI_APPLICATION="mysite.asgi.application",
    )


def test_the_command_line_counts_more_than_dev() -> None:
    entry = {"BACKEND": "gunicorn", "DEV": {"ARGS": {"workers": 3}}}
    done = develop("web", "--workers=4", "--dry-run", web=entry)

    assert done.stdout.strip().endswith("/gunicorn mysite.wsgi:application --reload --workers=4")


def test_workers_stay_what_they_are_and_say_so_when_they_do_not_notice_changes() -> None:
    done = develop("tasks", "--dry-run", tasks={"BACKEND": "celery", "APP": "mysite"})

    assert done.stdout.strip().endswith("/celery -A mysite worker")
    assert done.stderr == "Celery does not notice changed code: start it again.\n"


@pytest.mark.parametrize(
    ("entry", "noticed"),
    [
        ({"BACKEND": "granian", "DEV": {"ARGS": {"reload": True}}}, True),
        ({"BACKEND": "granian", "DEV": {"ARGS": {"workers": 1}}}, False),
        # Its --reload does not watch what Django imports late.
        ({"BACKEND": "hypercorn", "DEV": {"ARGS": {"reload": True}}}, False),
    ],
)
def test_a_server_that_is_asked_to_notice_changes_is_not_said_to_overlook_them(
    entry: dict[str, object], noticed: bool
) -> None:
    done = develop("web", "--dry-run", web=entry)

    assert done.returncode == 0
    assert ("does not notice changed code" in done.stderr) is not noticed


def test_all_starts_what_each_is_in_development() -> None:
    processes = {
        "web": {"BACKEND": "gunicorn"},
        "tasks": {"BACKEND": "dummy-worker", "DEV": {"ARGS": {"a": 1}}},
    }
    lines = develop("--all", "--dry-run", **processes).stdout.splitlines()

    assert lines[0].endswith(" -m django runserver")
    assert lines[1].endswith(" -m django devserver tasks")
    assert develop("--list", **processes).stdout == (
        "Servers:\n  web    runserver\nWorkers:\n  tasks  dummy-worker\n"
    )


def test_a_process_without_a_command_of_its_own_is_developed_under_all(
    site: FreshProject,
) -> None:
    site.configure(
        PRODUCTION_PROCESSES={"tasks": {"BACKEND": "dummy-worker", "DEV": {"ARGS": {"a": 1}}}}
    )
    with site.start(sys.executable, "manage.py", "devserver", "--all") as running:
        running.until(lambda: "--a=1" in running.output())
        running.signal(signal.SIGTERM)

        assert running.exit_code() == 0


def test_settings_without_debug_are_remarked_upon(site: FreshProject) -> None:
    entry = {"BACKEND": "dummy"}
    site.configure(DEBUG=False, PRODUCTION_PROCESSES={"web": {**entry, "DEV": {}}})
    with site.start(sys.executable, "manage.py", "devserver") as running:
        running.until(lambda: "web: started" in running.output())

        assert "DEBUG is False: errors show no details" in running.output()


def test_nothing_is_exported_for_production() -> None:
    done = develop("--export", "systemd", web={"BACKEND": "gunicorn", "DEV": {}})

    assert done.returncode == 2
    assert "has no process 'systemd'" in done.stderr


@pytest.mark.parametrize(
    ("dev", "number", "message"),
    [
        (5, "E003", "PRODUCTION_PROCESSES['web']['DEV'] is 5, not a dictionary."),
        ({"DEV": {}}, "E005", "PRODUCTION_PROCESSES['web']['DEV']: unknown key 'DEV'."),
        ({"ARG": {}}, "E005", "PRODUCTION_PROCESSES['web']['DEV']: unknown key 'ARG'."),
        ({"BACKEND": 5}, "E003", "PRODUCTION_PROCESSES['web']['DEV']['BACKEND'] is 5, not a str"),
        ({"BACKEND": "x"}, "E006", "PRODUCTION_PROCESSES['web']['DEV']: There is no backend 'x'."),
        (
            {"ARGS": {"work": 1}},
            "E009",
            "PRODUCTION_PROCESSES['web']['DEV']['ARGS']: Gunicorn has no option 'work'.",
        ),
        (
            {"BACKEND": "uvicorn", "ARGS": {"bind": 1}},
            "E009",
            "PRODUCTION_PROCESSES['web']['DEV']['ARGS']: Uvicorn has no option 'bind'.",
        ),
    ],
)
def test_the_system_checks_find_mistakes_in_dev(dev: object, number: str, message: str) -> None:
    entry = {"BACKEND": "gunicorn", "DEV": dev}
    with override_settings(PRODUCTION_PROCESSES={"web": entry}):
        (found,) = run_checks()

    assert found.id == f"prodserver.{number}"
    assert found.msg.startswith(message)


def test_a_package_for_development_may_be_missing_until_it_is_wanted(
    site: FreshProject, tmp_path: Path
) -> None:
    entry = {"BACKEND": "gunicorn", "DEV": {"BACKEND": "mysite.backends.Missing"}}
    site.write(
        "mysite/backends.py",
        "from django_prodserver.backends.gunicorn import GunicornServer\n\n"
        "class Missing(GunicornServer):\n    label = 'Missing'\n    package = 'no-such-package'\n",
    )
    site.configure(PRODUCTION_PROCESSES={"web": entry})

    checked = site.manage("check")
    assert checked.returncode == 0
    assert "no issues" in checked.stdout
    done = site.manage("devserver", "web")
    assert done.returncode == 1
    assert "PRODUCTION_PROCESSES['web']['DEV']: Missing is not installed." in done.stderr
