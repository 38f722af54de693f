"""What is installed with the wheel, into an environment where nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

APP = "django_prodserver"


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment_with(str(wheel), tmp_path_factory.mktemp("clean"))


def test_the_wheel_brings_django_and_what_django_needs(environment: Path) -> None:
    assert installed(environment) == {"django-prodserver"} | closure(environment, "django")


def test_the_app_is_imported_from_the_wheel(environment: Path) -> None:
    code = f"import {APP}; print({APP}.__file__)"
    path = Path(run(environment, "python", "-I", "-c", code).strip())
    assert path.is_relative_to(environment)


def test_nothing_of_the_documentation_can_be_imported(environment: Path) -> None:
    names = ("docset", "shared", "conf", "tests", "tutorials", "sphinx", "gunicorn")
    code = (
        "from importlib.util import find_spec\n"
        f"print([name for name in {names} if find_spec(name)], bool(find_spec({APP!r})))"
    )
    assert run(environment, "python", "-I", "-c", code).strip() == "[] True"


def test_the_console_script_runs(environment: Path) -> None:
    assert "usage: prodserver" in run(environment, "prodserver", "--help")


def test_an_extra_brings_more_than_django(wheel: Path, tmp_path: Path) -> None:
    """The twin of the test above: what comes with it is seen."""
    environment = environment_with(f"{wheel}[gunicorn]", tmp_path)
    assert "gunicorn" in installed(environment) - closure(environment, "django")


def environment_with(requirement: str, folder: Path) -> Path:
    """Return a new virtual environment into which uv has installed the requirement."""
    environment = folder / "venv"
    uv(folder, "venv", "--quiet", "--python", sys.executable, str(environment))
    uv(folder, "pip", "install", "--quiet", "--python", str(environment), requirement)
    return environment


def uv(folder: Path, *arguments: str) -> str:
    """Return what uv prints, run outside this repository: pages show that pip does the same."""
    command = [find_uv_bin(), *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, timeout=120, stdout=subprocess.PIPE, text=True
    ).stdout


def installed(environment: Path) -> set[str]:
    """Return the names of the distributions that are there."""
    listed = uv(environment, "pip", "list", "--format=json", "--python", str(environment))
    return {str(canonicalize_name(item["name"])) for item in json.loads(listed)}


def closure(environment: Path, name: str) -> set[str]:
    """Return a distribution and everything that it requires on this system, by its own metadata."""
    code = f"from importlib.metadata import requires; print(*(requires({name!r}) or []), sep='\\n')"
    required = map(Requirement, run(environment, "python", "-I", "-c", code).splitlines())
    needed = [item.name for item in required if not item.marker or item.marker.evaluate()]
    return {name}.union(*(closure(environment, item) for item in needed))


def run(environment: Path, program: str, *arguments: str) -> str:
    """Return what a program of the environment prints, run outside this repository."""
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    return subprocess.run(
        [scripts / program, *arguments],
        cwd=environment,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=180,
        check=True,
    ).stdout
