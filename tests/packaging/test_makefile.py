"""Every target of the Makefile sets up what it needs, from Python, make and git alone."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# What `make` itself and an outer `make test` hand down to programs that they start.
OUTER = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "ARGS"}


@pytest.fixture
def tree(tracked: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tracked, tmp_path / "clone")


def make(tree: Path, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in OUTER}
    if path:
        environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        ["make", *arguments],
        cwd=tree,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
        check=False,
    )


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def targets(tree: Path) -> list[str]:
    [names] = re.findall(r"(?m)^\.PHONY: (help .*)$", (tree / "Makefile").read_text("utf-8"))
    return str(names).split()


def test_help_prints_one_line_for_each_target(repository: Path) -> None:
    lines = make(repository, "help").stdout.splitlines()
    assert [line.split()[1] for line in lines] == targets(repository)
    assert all(re.fullmatch(r"make [\w-]+ +\S.{10,}", line) for line in lines)
    assert make(repository).stdout.splitlines() == lines


@pytest.mark.parametrize("python", ["false", "no-such-python"])
def test_a_python_that_is_too_old_or_missing_is_one_clear_line(tree: Path, python: str) -> None:
    result = make(tree, f"PYTHON={python}", "docs")
    assert result.returncode != 0
    assert f"make: '{python}' is not Python 3.11 or newer; name one that is" in result.stdout
    assert not (tree / ".venv").exists()


class TestWithoutEnsurepip:
    """Debian's Python without the package that venv needs."""

    @pytest.fixture
    def python(self, tmp_path: Path) -> Path:
        real = shlex.quote(sys.executable)
        here = shlex.quote(str(tmp_path))
        return script(
            tmp_path / "python",
            f'test "$2" = "import ensurepip" && exec test -e {here}/installed\n'
            f'test "$2" = venv && exit 9\n'
            f'exec {real} "$@"',
        )

    @property
    def package(self) -> str:
        return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"

    def test_the_missing_package_is_named(self, tree: Path, python: Path) -> None:
        for program in ("apt-get", "sudo"):
            script(python.parent / program, "exit 1")
        result = make(tree, f"PYTHON={python}", "docs", path=python.parent)
        assert result.returncode != 0
        assert f"install it first: sudo apt-get install {self.package}" in result.stdout

    def test_it_is_installed_where_that_is_allowed(self, tree: Path, python: Path) -> None:
        log = python.parent / "installed"
        script(python.parent / "apt-get", f'echo "$*" >> {shlex.quote(str(log))}')
        script(python.parent / "sudo", 'test "$1" = -n && shift && exec "$@"')
        result = make(tree, f"PYTHON={python}", "docs", path=python.parent)
        assert log.read_text("utf-8") == f"install -y -qq {self.package}\n"
        assert "install it first" not in result.stdout


def without_compiling(tree: Path) -> None:
    """Leave out of the set-up what takes most of its time and is not tested here."""
    makefile = tree / "Makefile"
    text = makefile.read_text("utf-8")
    assert text.count(" --compile-bytecode") == 1
    makefile.write_text(text.replace(" --compile-bytecode", ""), "utf-8")


def test_an_interrupted_set_up_heals_itself_and_a_finished_one_is_kept(tree: Path) -> None:
    without_compiling(tree)
    environment = tree / ".venv"
    (environment / "bin").mkdir(parents=True)
    script(environment / "bin" / "python", "exit 1")
    first = make(tree, f"PYTHON={sys.executable}", ".venv/.installed")
    assert first.returncode == 0, first.stdout
    assert "==> Creating .venv" in first.stdout
    assert (environment / "bin" / "docset").exists()

    assert "==>" not in make(tree, ".venv/.installed").stdout
    (tree / "uv.lock").touch()
    assert "==> Updating .venv" in make(tree, ".venv/.installed").stdout
