"""Option tables are kept on disk, and are never older than what they were read from."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from django_prodserver.backends import find_backend
from django_prodserver.backends.base import ConsoleScriptBackend
from django_prodserver.backends.built_in import BUILT_IN
from django_prodserver.option_cache import VARIABLE, directory

if TYPE_CHECKING:
    from tests.django_prodserver.site import Site

# A server whose options stand in one file, and a backend of ours for it.
READ = """
import sys
from django_prodserver import option_cache
from django_prodserver.options import Option, OptionTable, Takes

class Toy: pass
Toy.__module__ = "django_prodserver.backends.gunicorn"

def read():
    import toy
    print("read", end=" ")
    options = [Option((f"--{name}",), takes=Takes.NOTHING, default=True) for name in toy.OPTIONS]
    return OptionTable(options)

import django_prodserver.backends.gunicorn
print(*(option.flags[0] for option in option_cache.known(Toy, "toy", read)))
"""


class Machine:
    """A user's home, and an installed server with options."""

    def __init__(self, path: Path) -> None:
        self.home, self.packages = path / "home", path / "packages"
        self.home.mkdir()
        self.install(self.packages, "one")
        self.environ = {"HOME": str(self.home), "PYTHONPATH": str(self.packages)}

    def install(self, packages: Path, *options: str) -> None:
        (packages / "toy").mkdir(parents=True, exist_ok=True)
        (packages / "toy/__init__.py").write_text(f"OPTIONS = {options}")

    def options(self, **environ: str) -> str:
        done = subprocess.run(
            [sys.executable, "-B", "-c", READ],
            env=self.environ | environ,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.strip()

    @property
    def cache(self) -> Path:
        return self.home / ".cache/django-prodserver"

    @property
    def kept(self) -> Path:
        (file,) = self.cache.iterdir()
        return file


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if sys.platform != "linux":
        pytest.skip("looks where Linux has its caches")
    return Machine(tmp_path)


def test_a_table_is_read_from_the_server_once(machine: Machine) -> None:
    assert machine.options() == "read --one"
    assert machine.options() == "--one"


def test_a_file_that_has_changed_is_read_again(machine: Machine) -> None:
    machine.options()
    machine.install(machine.packages, "one", "two")

    assert machine.options() == "read --one --two"
    assert machine.options() == "--one --two"


def test_an_installation_beside_it_makes_a_table_be_read_again(machine: Machine) -> None:
    machine.options()
    (machine.packages / "another").mkdir()

    assert machine.options() == "read --one"


def test_each_environment_has_its_own_table(machine: Machine, tmp_path: Path) -> None:
    machine.options()
    machine.install(tmp_path / "other", "three")

    assert machine.options(PYTHONPATH=str(tmp_path / "other")) == "read --three"
    assert machine.options() == "--one"
    assert machine.options(PYTHONPATH=str(tmp_path / "other")) == "--three"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"key": 5}', "\xff"])
def test_a_file_that_is_no_table_is_written_anew(machine: Machine, text: str) -> None:
    machine.options()
    machine.kept.write_text(text, "latin-1")

    assert machine.options() == "read --one"
    assert machine.options() == "--one"


def test_a_table_with_options_that_nobody_knows_is_written_anew(machine: Machine) -> None:
    machine.options()
    content = json.loads(machine.kept.read_text())
    content["options"][0]["color"] = "red"
    machine.kept.write_text(json.dumps(content))

    assert machine.options() == "read --one"
    assert machine.options() == "--one"


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_table_that_others_may_write_is_not_trusted(machine: Machine, mode: int) -> None:
    machine.options()
    machine.kept.chmod(mode)

    assert machine.options() == "read --one"
    assert machine.kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give")
def test_a_table_of_another_user_is_not_trusted(machine: Machine) -> None:
    machine.options()
    os.chown(machine.kept, 1234, 1234)

    assert machine.options() == "read --one"
    assert machine.options() == "--one"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give")
def test_root_leaves_nothing_in_the_home_of_another_user(machine: Machine) -> None:
    os.chown(machine.home, 1234, 1234)

    assert machine.options() == "read --one"
    assert list(machine.home.iterdir()) == []


@pytest.mark.parametrize("home", ["/nonexistent", "/proc"])
def test_a_home_that_cannot_be_written_is_no_error(machine: Machine, home: str) -> None:
    assert machine.options(HOME=home) == "read --one"
    assert machine.options(HOME=home) == "read --one"


def test_a_file_in_the_place_of_the_directory_is_no_error(machine: Machine) -> None:
    (machine.home / ".cache").touch()

    assert machine.options() == "read --one"


def test_the_directory_can_be_deleted_at_any_time(machine: Machine) -> None:
    machine.options()
    shutil.rmtree(machine.cache)

    assert machine.options() == "read --one"
    assert machine.options() == "--one"


def test_an_empty_variable_keeps_nothing(machine: Machine) -> None:
    assert machine.options(PRODSERVER_CACHE_DIR="") == "read --one"
    assert list(machine.home.iterdir()) == []


def test_the_variable_names_another_directory(machine: Machine, tmp_path: Path) -> None:
    assert machine.options(PRODSERVER_CACHE_DIR=str(tmp_path / "tables")) == "read --one"
    assert machine.options(PRODSERVER_CACHE_DIR=str(tmp_path / "tables")) == "--one"
    assert list(machine.home.iterdir()) == []


def test_several_processes_at_once_leave_one_whole_table(machine: Machine) -> None:
    command = [sys.executable, "-c", READ]
    processes = [
        subprocess.Popen(command, env=machine.environ, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    printed = {process.communicate(timeout=60)[0].strip() for process in processes}

    assert printed <= {"read --one", "--one"}
    assert [process.returncode for process in processes] == [0] * 4
    assert machine.kept.suffix == ".json"


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({VARIABLE: "", "XDG_CACHE_HOME": "/x"}, "linux", None),
        ({VARIABLE: "/tables", "XDG_CACHE_HOME": "/x"}, "linux", Path("/tables")),
        ({"XDG_CACHE_HOME": "/x"}, "linux", Path("/x/django-prodserver")),
        ({}, "linux", Path.home() / ".cache/django-prodserver"),
        ({}, "darwin", Path.home() / "Library/Caches/django-prodserver"),
        ({"LOCALAPPDATA": "/x", "XDG_CACHE_HOME": "/y"}, "win32", Path("/x/django-prodserver")),
        ({VARIABLE: "/tables", "LOCALAPPDATA": "/x"}, "win32", Path("/tables")),
        ({"XDG_CACHE_HOME": "/y"}, "win32", None),
    ],
)
def test_the_place_is_where_the_user_or_the_system_says(
    environ: dict[str, str], platform: str, expected: Path | None
) -> None:
    assert directory(environ, platform=platform) == expected


def test_a_kept_table_makes_the_same_line(site: Site) -> None:
    entry = {"BACKEND": "gunicorn", "ARGS": {"accesslog": "-", "reload": False, "workers": 2}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    first = site.dry_run("web")

    assert site.dry_run("web") == first


def test_options_before_the_subcommand_are_known_from_a_kept_table(site: Site) -> None:
    entry = {"BACKEND": "celery", "APP": "mysite.celery.app", "ARGS": {"quiet": True, "beat": True}}
    site.configure(PRODUCTION_PROCESSES={"worker": entry})
    command = [sys.executable, "-X", "importtime", "manage.py", "prodserver", "worker", "--dry-run"]
    first, second = (site.run(*command) for _ in range(2))

    assert "--quiet worker --beat" in first.stdout
    assert second.stdout == first.stdout
    assert ["celery.bin" in run.stderr for run in (first, second)] == [True, False]


SHOWN = """
import json, sys
from dataclasses import replace
from django_prodserver.backends import find_backend
backend = find_backend(sys.argv[1])()
for option in backend.options:
    # A default that is no plain value is not kept: nothing but the documentation shows it.
    plain = isinstance(option.default, (str, int, float, list))
    print(replace(option, default=json.loads(json.dumps(option.default)) if plain else None))
print(backend.notes, backend.package in sys.modules)
"""


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in BUILT_IN
        if issubclass(find_backend(name), ConsoleScriptBackend) and find_backend(name).package
    ],
)
def test_every_backend_finds_in_a_kept_table_what_its_server_says(name: str, site: Site) -> None:
    first, second = (
        site.run(sys.executable, "-c", SHOWN, name).stdout.splitlines() for _ in range(2)
    )

    assert first[:-1] == second[:-1]
    assert len(first) > 10
    assert first[-1].startswith("() ")
    assert second[-1] == "() False"
    assert first[-1] == "() True"


def test_a_mistake_is_found_in_a_kept_table_too(site: Site) -> None:
    entry = {"BACKEND": "gunicorn", "ARGS": {"bnd": ":1"}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    first, second = (site.manage("prodserver", "web", "--dry-run") for _ in range(2))

    assert "Did you mean 'bind'?" in first.stderr
    assert second.stderr == first.stderr
