"""A program that makes virtual environments by copying what was made before.

``environments.py STORE venv DIRECTORY`` does what ``python -m venv DIRECTORY`` does, and
``environments.py STORE pip install …`` does in the active environment what pip does. Both take
seconds to minutes, and what comes out differs only by the path of the environment. (pip's own list
of its files keeps the hashes of scripts with the other path, which pip does not look at.)

What is copied is less than a day old: packages have new releases.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

__all__ = ["install", "make"]

DAY = 24 * 60 * 60
# Who makes an environment, and what is in it from the beginning.
PYTHON = f"{sys.version} {sys.base_prefix}"
FRESH = {"pip", "setuptools"}


def make(target: Path, store: Path) -> None:
    """Make an environment in a directory that does not exist.

    ``store`` is the folder of the environments that are copied, shared by many processes.
    """
    # The name of the directory is in the prompt of the environment.
    kept = _kept(store, "venv", target.name)
    if kept is None:
        subprocess.run([sys.executable, "-m", "venv", target], check=True)
        _keep(target, store, "venv", target.name)
    else:
        _copy(kept, target)


def install(arguments: list[str], environment: Path, store: Path) -> int:
    """Run pip with the arguments in an environment; return its exit status.

    Where nothing is installed yet, and the arguments name nothing on this disk, what pip installed
    before is copied.
    """
    pip = [str(environment / "bin" / "python3"), "-m", "pip"]
    if not _names_packages_only(arguments) or not _is_fresh(environment):
        return subprocess.call([*pip, *arguments])
    key = (environment.name, *arguments, _offered())
    kept = _kept(store, *key)
    if kept is None:
        if status := subprocess.call([*pip, *arguments]):
            return status
        _keep(environment, store, *key)
    else:
        _copy(kept, environment)
    return 0


def _names_packages_only(arguments: list[str]) -> bool:
    files = ("-r", "-e", "-c", ".", "/", "--requirement", "--editable", "--constraint")
    return arguments[:1] == ["install"] and not any(each.startswith(files) for each in arguments)


def _is_fresh(environment: Path) -> bool:
    installed = environment.glob("lib/python3*/site-packages/*.dist-info")
    return {path.name.partition("-")[0] for path in installed} <= FRESH


def _offered() -> str:
    """Return what tells apart the wheels of the project that pip prefers here."""
    folders = os.environ.get("PIP_FIND_LINKS", "").split()[:1]
    wheels = (wheel for folder in folders for wheel in sorted(Path(folder).glob("*.whl")))
    return " ".join(hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels)


def _kept(store: Path, *key: str) -> Path | None:
    """Return the environment that is kept under the key, if there is one and it is not too old."""
    entry = _entry(store, key)
    if not entry.exists() or time.time() - entry.lstat().st_mtime > DAY:
        return None
    return entry.readlink()


def _keep(environment: Path, store: Path, *key: str) -> None:
    """Keep a copy of the environment under the key, and let go of what is too old."""
    store.mkdir(parents=True, exist_ok=True)
    for old in store.iterdir():
        if time.time() - old.lstat().st_mtime > DAY:
            old.unlink() if old.is_symlink() else shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=store))
    _copy(environment, folder / environment.name)
    link = folder / "link"
    link.symlink_to(folder / environment.name)
    # Complete as soon as it is there.
    link.replace(_entry(store, key))


def _entry(store: Path, key: tuple[str, ...]) -> Path:
    return store / hashlib.sha256("\0".join((PYTHON, *key)).encode()).hexdigest()


def _copy(original: Path, target: Path) -> None:
    def ignore(folder: str, names: list[str]) -> list[str]:
        # What is there already is the same: it was copied from the same environment.
        there = target / Path(folder).relative_to(original)
        return [n for n in names if (there / n).is_symlink() or (there / n).is_file()]

    shutil.copytree(original, target, symlinks=True, dirs_exist_ok=True, ignore=ignore)
    for file in (target / "pyvenv.cfg", *(target / "bin").iterdir()):
        if not file.is_symlink():
            file.write_bytes(file.read_bytes().replace(os.fsencode(original), os.fsencode(target)))


if __name__ == "__main__":
    _, folder, what, *rest = sys.argv
    if what == "venv":
        make(Path(os.path.abspath(rest[0])), Path(folder))  # noqa: PTH100 - as venv does
    else:
        sys.exit(install(rest, Path(os.environ["VIRTUAL_ENV"]), Path(folder)))
