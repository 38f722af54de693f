"""The contracts, used by somebody else: good backends keep them, and each broken promise shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from django_prodserver.testing.environments import python_without
from django_prodserver.testing.projects import script
from django_prodserver.testing.running import PATIENCE

if TYPE_CHECKING:
    from tests.django_prodserver.site import Site

TOY = Path(__file__).parent / "toy"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the toys installed as a wheel, and without pytest."""
    found = python_without("pytest", tmp_path_factory.mktemp("environment"))
    offline = ["--offline", "--no-index", "--no-deps", "--no-build-isolation", "--no-cache"]
    install = [str(script("uv")), "pip", "install", "--quiet", *offline, "--python", str(found)]
    subprocess.run([*install, TOY / "server", TOY / "backend"], check=True, timeout=60)
    return found


@pytest.fixture
def project(python: Path, site: Site) -> Site:
    site.python = python
    return site


def test_a_third_party_backend_is_started_by_its_short_name(project: Site) -> None:
    project.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "toy", "ARGS": {"port": 1}}})

    assert project.dry_run("web").endswith("/bin/toyserver mysite.wsgi:application --port=1")


# What every process promises, the tests of the server show; those of the worker add its own.
@pytest.mark.parametrize(
    ("kind", "chosen", "number"),
    [("ServerTests", ["test"], 12), ("WorkerTests", ["fresh", "task", "hup", "broker"], 4)],
)
def test_good_backends_keep_the_contract_under_unittest(
    project: Site, kind: str, chosen: list[str], number: int
) -> None:
    words = [word for part in chosen for word in ("-k", part)]
    command = ["-m", "unittest", "-v", f"prodserver_toy.tests.{kind}", *words]
    # These are a dozen tests, each with a limit of its own.
    done = project.run(project.python, *command, patience=10 * PATIENCE)

    assert done.returncode == 0, done.stderr
    assert done.stderr.count(" ... ok") == number


def test_the_contract_runs_under_manage_py_test(project: Site) -> None:
    test = "test_an_unreachable_broker_ends_with_the_native_exit_code"
    done = project.manage("test", f"prodserver_toy.tests.WorkerTests.{test}")

    assert done.returncode == 0, done.stderr
    assert "Ran 1 test" in done.stderr


# Backend, test, and what the failure says.
BROKEN = [
    ("AddsAnOption", "Server", "in_a_fresh_project_the_started_process_is", "'--quiet'"),
    ("StartsAChild", "Server", "in_a_fresh_project_the_started_process_is", "manage.py"),
    ("TakesAnyKey", "Server", "a_misspelled_key_is_refused_with_the_nearest_known_one", ""),
    ("NeedsItsPackage", "Server", "a_missing_package_is_one_line", "Traceback"),
    ("JoinsLists", "Server", "args_become_what_a_user_would_type", "--header=a,b"),
    ("JoinsLists", "Server", "every_kind_of_value_reaches_the_started_process", "--header=a,"),
    ("ForgetsTheProject", "Server", "several_processes_run_side_by_side", "No module named"),
    ("IgnoresTerm", "Server", "term_stops_it_as_the_first_process", "TimeoutError"),
    ("Cuts", "Server", "term_lets_a_slow_request_finish", "[False, True] != [True, True]"),
    ("SaysAllIsWell", "Server", "a_port_in_use", "(0, 1) != (1, 1)"),
    ("SaysAllIsWell", "Server", "a_broken_application", "(0, 1) != (1, 1)"),
    ("IgnoresHup", "Server", "hup_does_what_the_backend_says", "TimeoutError"),
    ("ToyServer", "Ignoring", "hup_does_what_the_backend_says", "'new' != 'old'"),
    ("HidesTheEnvironment", "Server", "its_own_environment_variables_are_read", "TimeoutError"),
    ("CutsTasks", "Worker", "term_lets_a_task_finish", "(-15, 0) != (0, 0)"),
    ("Idles", "Worker", "in_a_fresh_project_the_started_process_is", "TimeoutError"),
    ("WorkerIgnoresHup", "Worker", "hup_does_what_the_backend_says", "TimeoutError"),
    ("WorkerSaysAllIsWell", "Worker", "an_unreachable_broker", "(0, 7) != (7, 7)"),
]


@pytest.mark.parametrize(("backend", "kind", "test", "failure"), BROKEN)
def test_a_broken_promise_fails_its_test(
    project: Site, backend: str, kind: str, test: str, failure: str
) -> None:
    # Where it fails by waiting in vain, it need not wait long; elsewhere the machine may be busy.
    patience = {"TOY_PATIENCE": "4"} if failure == "TimeoutError" else {}
    done = _tested(project, backend, kind, test, **patience)

    assert done.returncode == 1
    assert failure in done.stderr


def test_a_promise_that_the_class_takes_back_does_not_fail(project: Site) -> None:
    assert _tested(project, "IgnoresHup", "Ignoring", "hup_does_what").returncode == 0


def _tested(
    project: Site, backend: str, kind: str, test: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    project.environ = {"TOY_BACKEND": f"prodserver_toy.backends.{backend}", **environ}
    words = ["-m", "unittest", f"prodserver_toy.tests.{kind}Tests", "-k", f"test_{test}"]
    done = project.run(project.python, *words)
    assert "Ran 1 test" in done.stderr
    return done


def test_at_the_end_nothing_runs_of_what_was_started(site: Site) -> None:
    fork = "import os, time; os.fork(); print(os.getpid(), flush=True); time.sleep(60)"
    with site.start(sys.executable, "-c", fork) as running:
        running.until(lambda: len(running.output().splitlines()) == 2)
        pids = [int(line) for line in running.output().splitlines()]
        assert running.children() == [pid for pid in pids if pid != running.pid]

    assert [pid for pid in pids if psutil.pid_exists(pid) and _runs(pid)] == []


def _runs(pid: int) -> bool:
    return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_what_runs_in_a_project_knows_nothing_of_this_environment(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "other.settings")
    printed = site.run("/usr/bin/env").stdout

    assert f"HOME={site.home}\n" in printed
    assert "VIRTUAL_ENV" not in printed
    assert "DJANGO_SETTINGS_MODULE" not in printed


def test_an_environment_lacks_one_package_only(python: Path) -> None:
    found = "import django, importlib.util; print(importlib.util.find_spec('pytest'))"
    done = subprocess.run([python, "-c", found], capture_output=True, text=True, check=True)

    assert done.stdout == "None\n"


def test_waiting_for_a_process_that_has_ended_shows_what_it_printed(site: Site) -> None:
    failing = "raise SystemExit('no such luck')"
    with (
        site.start(sys.executable, "-c", failing) as running,
        pytest.raises(ProcessLookupError) as e,
    ):
        running.until_it_serves()

    assert str(e.value) == "exit code 1: no such luck\n"
