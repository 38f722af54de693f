"""The contracts, used by somebody else: good backends keep them, and each broken promise shows."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from django_prodserver.testing.environments import python_without
from django_prodserver.testing.projects import script

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


@pytest.mark.parametrize("kind", ["ServerTests", "WorkerTests"])
def test_good_backends_keep_the_contract_under_unittest(project: Site, kind: str) -> None:
    done = project.run(project.python, "-m", "unittest", "-v", f"prodserver_toy.tests.{kind}")

    assert done.returncode == 0, done.stderr
    assert done.stderr.count(" ... ok") == {"ServerTests": 11, "WorkerTests": 10}[kind]


def test_the_contract_runs_under_manage_py_test(project: Site) -> None:
    done = project.manage("test", "prodserver_toy.tests.WorkerTests.test_a_task_is_done")

    assert done.returncode == 0, done.stderr
    assert "Ran 1 test" in done.stderr


# Backend, test, and what the failure says.
BROKEN = [
    ("AddsAnOption", "Server", "the_started_process_is_the_native_one", "'--quiet'"),
    ("StartsAChild", "Server", "the_started_process_is_the_native_one", "manage.py"),
    ("TakesAnyKey", "Server", "a_misspelled_key_is_refused_with_the_nearest_known_one", ""),
    ("NeedsItsPackage", "Server", "a_missing_package_is_one_line", "Traceback"),
    ("JoinsLists", "Server", "args_become_what_a_user_would_type", "--header=a,b"),
    ("ForgetsTheProject", "Server", "several_processes_run_side_by_side", "No module named"),
    ("IgnoresTerm", "Server", "term_stops_it_as_the_first_process", "TimeoutError"),
    ("Cuts", "Server", "term_lets_a_slow_request_finish", "[False, True] != [True, True]"),
    ("SaysAllIsWell", "Server", "a_port_in_use", "(0, 1) != (1, 1)"),
    ("SaysAllIsWell", "Server", "a_broken_application", "(0, 1) != (1, 1)"),
    ("IgnoresHup", "Server", "hup_does_what_the_backend_says", "TimeoutError"),
    ("HidesTheEnvironment", "Server", "its_own_environment_variables_are_read", "TimeoutError"),
    ("CutsTasks", "Worker", "term_lets_a_task_finish", "(-15, 0) != (0, 0)"),
    ("Idles", "Worker", "a_task_is_done", "TimeoutError"),
    ("WorkerIgnoresHup", "Worker", "hup_does_what_the_backend_says", "TimeoutError"),
    ("WorkerSaysAllIsWell", "Worker", "an_unreachable_broker", "(0, 7) != (7, 7)"),
]


@pytest.mark.parametrize(("backend", "kind", "test", "failure"), BROKEN)
def test_a_broken_promise_fails_its_test(
    project: Site, backend: str, kind: str, test: str, failure: str
) -> None:
    project.environ = {"TOY_BACKEND": f"prodserver_toy.backends.{backend}", "TOY_PATIENCE": "4"}
    words = ["-m", "unittest", f"prodserver_toy.tests.{kind}Tests", "-k", f"test_{test}"]
    done = project.run(project.python, *words)

    assert done.returncode == 1
    assert "Ran 1 test" in done.stderr
    assert failure in done.stderr
