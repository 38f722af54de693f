"""A file of the project that has the name of a module which the server imports."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from django_prodserver.shadows import shadow_of
from django_prodserver.testing.environments import python_without
from tests.django_prodserver.site import BIN, Site, free_port

if TYPE_CHECKING:
    from collections.abc import Callable

DOORS: dict[str, list[str | Path]] = {
    "manage.py": [sys.executable, "manage.py", "prodserver"],
    "--all": [sys.executable, "manage.py", "prodserver", "--all"],
    "an override": [sys.executable, "manage.py", "prodserver", "--workers=2"],
    "the console script": [BIN / "prodserver"],
}
# What hides a module for a server: the server, the file, and the way to it in the message.
SHADOWS = [
    ("gunicorn", "gunicorn.py", "gunicorn.py"),
    ("gunicorn", "gunicorn/__init__.py", "gunicorn"),
    # Here the server's own package is found, and then imports one that is not.
    ("uvicorn", "click.py", "click.py"),
    ("celery", "kombu.py", "kombu.py"),
]


def configure(site: Site, backend: str) -> None:
    app = {"APP": "mysite"} if backend == "celery" else {}
    args = {"ARGS": {"config": "gunicorn.py"}} if backend == "gunicorn" else {}
    site.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": backend, **app, **args}})


@pytest.mark.parametrize(("backend", "file", "shown"), SHADOWS)
def test_it_is_named_in_one_line(site: Site, backend: str, file: str, shown: str) -> None:
    configure(site, backend)
    site.write(file, "workers = 2\n")
    done = site.manage("prodserver")

    hidden = Path(shown).stem
    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: PRODUCTION_PROCESSES['web']: {site.path / shown} hides the installed "
        f"module {hidden!r}, which {backend.capitalize()} needs. "
        "Rename it, also where ARGS name it.\n"
    )
    assert f"(prodserver.E016) PRODUCTION_PROCESSES['web']: {site.path / shown} hides " in (
        site.manage("check").stderr
    )


@pytest.mark.parametrize("door", DOORS)
def test_it_is_named_through_every_door(site: Site, door: str) -> None:
    configure(site, "gunicorn")
    site.write("gunicorn.py", "workers = 2\n")
    done = site.run(*DOORS[door])

    assert done.returncode == 1
    assert f"{site.path / 'gunicorn.py'} hides the installed module 'gunicorn'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_is_found_in_the_directory_of_pythonpath(site: Site) -> None:
    configure(site, "gunicorn")
    site.write("conf/gunicorn.py", "workers = 2\n")

    assert "'gunicorn'" not in site.dry_run()
    done = site.manage("prodserver", "--pythonpath=conf")
    assert f"{site.path / 'conf/gunicorn.py'} hides the installed module" in done.stderr


def folder_of_files(site: Site) -> None:
    site.write("gunicorn/production.py", "workers = 2\n")


def target(site: Site) -> None:
    """Leaves what ``pip install --target . gunicorn`` does."""
    found = distribution("gunicorn")
    for name in {file.parts[0] for file in found.files or () if ".." not in file.parts}:
        shutil.copytree(str(found.locate_file(name)), site.path / name)


def environment(site: Site) -> None:
    site.python = python_without("pytest", site.path / ".venv")
    shutil.copy(BIN / "gunicorn", site.python.parent)


@pytest.mark.parametrize("there", [folder_of_files, target, environment])
def test_what_hides_nothing_is_not_accused(site: Site, there: Callable[[Site], None]) -> None:
    there(site)
    port = free_port()
    entry = {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}"}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    with site.start(site.python, "manage.py", "prodserver", port=port) as running:
        assert running.until_it_serves().get() == "hello"


def test_a_server_of_the_project_itself_is_not_accused(site: Site) -> None:
    site.write("ours.py", "")
    site.write(
        "mysite/backends.py",
        "from django_prodserver.backends.dummy import DummyBackend\n\n"
        "class Ours(DummyBackend):\n    package = 'ours'\n",
    )
    site.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "mysite.backends.Ours"}})

    assert site.dry_run().endswith(" prodserver web")


def test_a_module_inside_a_package_is_hidden_by_what_hides_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("config", "django"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()

    assert shadow_of("gunicorn.config", [str(tmp_path)]) is None
    assert shadow_of("django.config", [str(tmp_path)]) == tmp_path / "django"


def test_an_empty_folder_elsewhere_is_no_installed_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    (project / "served").mkdir(parents=True)
    (project / "served" / "__init__.py").touch()
    (elsewhere / "served").mkdir(parents=True)
    monkeypatch.syspath_prepend(elsewhere)
    monkeypatch.syspath_prepend(project)

    assert shadow_of("served", [str(project)]) is None
