"""What the commands do besides starting one process."""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import psutil
import pytest

from django_prodserver.backends import find_backend
from django_prodserver.backends.moved import GONE, MOVED
from django_prodserver.exceptions import BackendClassError, BackendNotFound
from django_prodserver.testing.running import free_port
from tests.django_prodserver.typing_in import type_in

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject

WORKER = {"BACKEND": "dummy-worker"}


def _web(port: int) -> dict[str, object]:
    return {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}"}}


def test_all_processes_start_and_stop_together(site: FreshProject) -> None:
    port = free_port()
    site.configure(PRODUCTION_PROCESSES={"web": _web(port), "tasks": WORKER})
    with site.start(sys.executable, "manage.py", "prodserver", "--all", port=port) as running:
        running.until_it_serves()
        children = psutil.Process(running.pid).children(recursive=True)
        running.signal(signal.SIGINT)

        assert running.exit_code() == 0
        assert len(children) >= 3
        assert not any(child.is_running() for child in children)
        assert "web        | " in running.output()
        assert "prodserver | tasks started" in running.output()


def test_all_prints_one_line_for_each_process(site: FreshProject) -> None:
    site.configure(PRODUCTION_PROCESSES={"web": _web(8000), "tasks": WORKER})
    lines = site.manage("prodserver", "--all", "--dry-run").stdout.splitlines()

    assert lines == [site.dry_run("web"), site.dry_run("tasks")]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prodserver", "web", "--all"], "--all starts every process: leave out the name."),
        (
            ["prodserver", "--all", "--", "--reload"],
            "--reload is for one process: name it.",
        ),
        (
            ["prodserver", "web", "--dry-rnu"],
            "Neither prodserver nor Gunicorn has an option '--dry-rnu'. Did you mean '--dry-run'?",
        ),
        (
            ["prodserver", "web", "--workres=2"],
            "Neither prodserver nor Gunicorn has an option '--workres'. Did you mean '--workers'?",
        ),
        (
            ["prodserver", "web", "tasks"],
            (
                "'tasks' is one word too many: name one process. "
                "A word for Gunicorn that is no option goes after --."
            ),
        ),
        (
            ["prodserver", "web", "--workers"],
            "The command line: --workers needs a value. Write --workers=VALUE.",
        ),
        (
            ["prodserver", "--list", "--workers=2"],
            "--workers=2 is for a server, and none is started.",
        ),
        (
            ["prodworker", "web"],
            "PRODUCTION_PROCESSES['web'] is a server. Type prodserver web",
        ),
        (
            ["server", "tasks"],
            "PRODUCTION_PROCESSES['tasks'] is a worker. Type prodserver tasks",
        ),
        (
            ["prodserver", "--export", "sytemd"],
            "There is no format 'sytemd'. Did you mean 'systemd'?",
        ),
        (
            ["prodserver", "web", "--dry-run", "--output", "files"],
            "--output belongs to --export, which is not there.",
        ),
        (
            ["prodserver", "web", "--dry-run", "--on-exit=restart"],
            "--on-exit belongs to --all, which is not there.",
        ),
        (
            ["prodserver", "web", "--dry-run", "--grace=0"],
            "--grace belongs to --all, which is not there.",
        ),
        (
            ["prodserver", "--list", "--all"],
            "--list and --all do not go together: leave out one of them.",
        ),
        (
            ["prodserver", "--check-health", "http://127.0.0.1:1/", "--dry-run"],
            "--check-health and --dry-run do not go together: leave out one of them.",
        ),
        (
            ["prodserver", "wbe", "--check-health", "http://127.0.0.1:1/"],
            "PRODUCTION_PROCESSES has no process 'wbe'. Did you mean 'web'?",
        ),
        (
            ["prodserver", "--check-health", "localhost"],
            "'localhost' is not a whole URL. Write http://127.0.0.1:8000/health/ready, say.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words: list[str], message: str) -> None:
    done = type_in(*words, PRODUCTION_PROCESSES={"web": _web(8000), "tasks": WORKER})

    assert (done.returncode, done.stderr) == (2, f"CommandError: {message}\n")


@pytest.mark.parametrize("grace", ["-1", "nan", "soon"])
def test_a_time_that_is_none_is_refused(grace: str) -> None:
    processes = {"web": _web(8000)}
    done = type_in("prodserver", "--all", f"--grace={grace}", PRODUCTION_PROCESSES=processes)

    assert done.returncode == 2
    assert f"argument --grace: invalid number of seconds value: '{grace}'" in done.stderr


@pytest.mark.parametrize(("command", "name"), [("server", "web"), ("worker", "tasks")])
def test_the_commands_of_version_3_start_what_prodserver_starts(
    site: FreshProject, command: str, name: str
) -> None:
    site.configure(PRODUCTION_PROCESSES={"web": _web(8000), "tasks": WORKER})

    assert site.manage(command, name, "--dry-run").stdout.strip() == site.dry_run(name)


def test_prodworker_lists_and_starts_workers_alone(site: FreshProject) -> None:
    site.configure(PRODUCTION_PROCESSES={"web": _web(8000), "tasks": WORKER})

    assert site.manage("prodworker", "--list").stdout == "Workers:\n  tasks  dummy-worker\n"
    done = site.manage("prodworker", "--all", "--dry-run")
    assert done.stdout.strip() == site.dry_run("tasks")


def test_exports_are_printed_or_written(site: FreshProject) -> None:
    site.configure(PRODUCTION_PROCESSES={"web": _web(8000)})
    printed = site.manage("prodserver", "--export", "procfile")
    written = site.manage("prodserver", "--export", "procfile", "--output", "files")

    assert written.returncode == 0, written.stderr
    assert printed.stdout == (site.path / "files" / "Procfile").read_text()
    assert "mysite.wsgi:application --bind=127.0.0.1:8000" in printed.stdout


def test_health_is_asked_with_a_host_that_the_project_allows(site: FreshProject) -> None:
    port = free_port()
    site.configure(
        PRODUCTION_PROCESSES={"web": _web(port)}, DEBUG=False, ALLOWED_HOSTS=["example.com"]
    )
    url = f"http://127.0.0.1:{port}/"
    asked = ["prodserver", "web", "--check-health", url]
    assert site.manage(*asked).stderr == f"CommandError: {url}: nothing listens there.\n"
    with site.start(sys.executable, "manage.py", "prodserver", "web", port=port) as running:
        running.until(lambda: "Booting worker" in running.output())
        done = site.manage(*asked)

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_runserver_serves_the_project(site: FreshProject) -> None:
    port = free_port()
    entry = {"BACKEND": "runserver", "ARGS": {"noreload": True, "addrport": f"127.0.0.1:{port}"}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    with site.start(sys.executable, "manage.py", "prodserver", "web", port=port) as running:
        running.until_it_serves()

        assert running.get() == "hello"
        assert running.argv()[1:] == ["manage.py", "prodserver", "web"]


# The classes of version 3.0.0, by the modules where they can be imported.
VERSION_3 = {
    "_runserver_base": "BaseRunserverBackend",
    "base": "BaseProcessBackend BaseServerBackend BaseWorkerBackend",
    "celery": "CeleryBeat CeleryWorker",
    "daphne": "DaphneRunserver",
    "dev.daphne": "DaphneRunserver",
    "dev.django_runserver": "DjangoRunserver",
    "dev.werkzeug": "RunserverPlus WerkzeugRunserver",
    "django_q2": "DjangoQ2Worker",
    "django_runserver": "DjangoRunserver",
    "django_tasks": "DjangoTasksWorker",
    "granian": "GranianASGIServer GranianServerBase GranianWSGIServer",
    "gunicorn": "GunicornServer",
    "servers.flower": "CeleryFlower",
    "servers.granian": "GranianASGIServer GranianServerBase GranianWSGIServer",
    "servers.gunicorn": "GunicornServer",
    "servers.uvicorn": "UvicornServer UvicornWSGIServer",
    "servers.waitress": "WaitressServer",
    "uvicorn": "UvicornServer UvicornWSGIServer",
    "waitress": "WaitressServer",
    "werkzeug": "RunserverPlus WerkzeugRunserver",
    "workers.celery": "CeleryBeat CeleryWorker",
    "workers.django_q2": "DjangoQ2Worker",
    "workers.django_tasks": "DjangoTasksWorker",
}


@pytest.mark.parametrize(
    "path", [f"{module}.{name}" for module, names in VERSION_3.items() for name in names.split()]
)
def test_every_class_of_version_3_is_found_or_refused_with_a_way_out(path: str) -> None:
    whole = f"django_prodserver.backends.{path}"
    if whole in GONE:
        with pytest.raises(BackendNotFound):
            find_backend(whole)
    elif path.startswith("base."):
        # They are there to be extended, and define nothing that could be started.
        with pytest.raises(BackendClassError, match=r"does not define start_server\(\)"):
            find_backend(whole)
    else:
        assert find_backend(whole).__name__ == path.rpartition(".")[2]


def test_every_moved_path_leads_to_a_class() -> None:
    for path in MOVED:
        found = find_backend(path)
        module = import_module(MOVED[path].rpartition(".")[0])
        assert found is getattr(module, found.__name__)


@pytest.mark.parametrize("path", GONE)
def test_a_path_that_is_gone_is_refused_with_the_way_out(path: str) -> None:
    with pytest.raises(BackendNotFound) as refusal:
        find_backend(path)

    assert refusal.value.hint == GONE[path]
