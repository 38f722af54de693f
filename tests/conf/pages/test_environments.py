"""Copied virtual environments: as good as what ``python -m venv`` makes, and faster."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from docset.pages import environments
from docset.pages.wheels import build

from tests.conf.pages.test_wheels import NAME, write_distribution

PYTHON = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")


def run(store: Path, *arguments: str | Path, **variables: str) -> str:
    command: list[str | Path] = [PYTHON, str(environments.__file__), store, *arguments]
    done = subprocess.run(
        command,
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
        env={**os.environ, "PIP_NO_INDEX": "1", **variables},
    )
    return done.stdout


def copied(target: Path, store: Path) -> None:
    run(store, "venv", target)


def content(folder: Path) -> dict[str, object]:
    """Return every file and symbolic link.

    Compiled modules know their time, and RECORD has the hashes of pip's scripts: nobody looks.
    """
    return {
        str(path.relative_to(folder)): path.readlink()
        if path.is_symlink()
        else (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.suffix != ".pyc" and path.name != "RECORD" and (path.is_symlink() or path.is_file())
    }


def test_a_copy_is_what_venv_would_have_made_there(tmp_path: Path) -> None:
    target = tmp_path / "home" / ".venv"
    subprocess.run([PYTHON, "-m", "venv", target], check=True, timeout=60)
    original = content(target)
    shutil.rmtree(target)
    copied(tmp_path / "other" / ".venv", tmp_path / "store")

    copied(target, tmp_path / "store")

    assert content(target) == original


def test_pip_of_a_copy_installs_into_the_copy(tmp_path: Path) -> None:
    for name in ("one", "other"):
        copied(tmp_path / name / ".venv", tmp_path / "store")

    for name in ("one", "other"):
        pip = tmp_path / name / ".venv" / "bin" / "pip"
        said = subprocess.run([pip, "--version"], capture_output=True, text=True, check=True)
        assert f" from {tmp_path / name / '.venv'}/" in said.stdout


@dataclass(frozen=True)
class Shop:
    """A wheel that pip may install, and an environment to install it in."""

    folder: Path

    def release(self, source: str) -> None:
        write_distribution(self.folder / source, "1.0", f"WHOSE = {source!r}\n")
        build([self.folder / source], self.folder / f"built-{source}", self.folder)
        (self.folder / "wheels").mkdir(exist_ok=True)
        for wheel in (self.folder / f"built-{source}").glob("*.whl"):
            shutil.copy(wheel, self.folder / "wheels")

    def install(self, name: str, *arguments: str) -> str:
        """Install into a new environment of that name; return what pip printed."""
        environment = self.folder / name / ".venv"
        copied(environment, self.folder / "store")
        return run(
            self.folder / "store",
            "pip",
            "install",
            *arguments,
            VIRTUAL_ENV=str(environment),
            PIP_FIND_LINKS=str(self.folder / "wheels"),
        )

    def whose(self, name: str) -> str:
        python = self.folder / name / ".venv/bin/python"
        command = [str(python), "-c", "import example_of_ours as e; print(e.WHOSE, e.__file__)"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert str(self.folder / name) in said
        return said.split()[0]


def test_what_pip_installed_before_is_copied(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.release("ours")
    assert "Successfully installed" in shop.install("one", NAME)
    assert shop.install("two", NAME) == ""
    assert (shop.whose("one"), shop.whose("two")) == ("ours", "ours")
    # Others install anew: other arguments, another wheel, and what is too old.
    assert "Successfully installed" in shop.install("three", f"{NAME}==1.0")
    shop.release("newer")
    assert "Successfully installed" in shop.install("four", NAME)
    assert shop.whose("four") == "newer"
    for entry in (tmp_path / "store").iterdir():
        os.utime(entry, (0, 0), follow_symlinks=False)
    assert "Successfully installed" in shop.install("five", NAME)
    assert len(list((tmp_path / "store").iterdir())) == 4


def test_an_environment_with_packages_in_it_is_left_to_pip(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.release("ours")
    shop.install("one", NAME)
    environment = tmp_path / "one" / ".venv"
    said = run(tmp_path / "store", "pip", "install", NAME, VIRTUAL_ENV=str(environment))
    assert "Requirement already satisfied" in said
