"""The distributions of the project, built as wheels, and the proof that a page installed these."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from docset.pages.ports import WAIT, locked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["BuildError", "Built", "Wheel", "build", "foreign", "sources"]

PRIVATE = "Private :: Do Not Upload"


class BuildError(Exception):
    """A distribution of the project could not be built."""


@dataclass(frozen=True)
class Wheel:
    """A built distribution; ``name`` is normalized, ``hashes`` are those of RECORD by path."""

    path: Path
    name: str
    version: str
    hashes: Mapping[str, str]

    @property
    def constraint(self) -> str:
        """The line of a constraints file that makes pip take this version, pre-release or not.

        A constraint to the file itself would be stricter, but pip 23.2 forgets it where the page
        asks for an extra, and takes the public package.
        """
        return f"{self.name}=={self.version}"


@dataclass(frozen=True)
class Built:
    """Every wheel of the project, in one directory, and a file of constraints to their versions."""

    wheels: tuple[Wheel, ...]
    directory: Path
    constraints: Path


def sources(project: Path) -> list[Path]:
    """Return the directories of the project whose distributions are published.

    These are the project itself and the members of its uv workspace, without those that carry the
    classifier "Private :: Do Not Upload", which package indexes refuse.
    """
    workspace = _table(project).get("tool", {}).get("uv", {}).get("workspace", {})
    members = (d for pattern in workspace.get("members", ()) for d in sorted(project.glob(pattern)))
    return [directory for directory in (project, *members) if _published(directory)]


def _published(directory: Path) -> bool:
    table = _table(directory).get("project")
    return table is not None and PRIVATE not in table.get("classifiers", ())


def _table(directory: Path) -> dict[str, Any]:
    file = directory / "pyproject.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def build(directories: Sequence[Path], target: Path) -> Built:
    """Build a wheel of each source directory, once for all processes that share the target.

    Raise BuildError with what the build printed.
    """
    constraints = target / "constraints.txt"
    target.mkdir(parents=True, exist_ok=True)
    with locked(target / "lock", WAIT):
        if not constraints.exists():
            for directory in directories:
                _build_one(directory, target)
            lines = (f"{_read(path).constraint}\n" for path in sorted(target.glob("*.whl")))
            constraints.write_text("".join(lines))
    wheels = tuple(_read(path) for path in sorted(target.glob("*.whl")))
    return Built(wheels, target, constraints)


def _build_one(directory: Path, target: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    result = subprocess.run(
        [*command, str(target), str(directory)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        raise BuildError(f"the wheel of {directory} cannot be built:\n{result.stdout}")


def _read(path: Path) -> Wheel:
    with zipfile.ZipFile(path) as archive:
        info = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(info).decode())
        record = archive.read(info.replace("METADATA", "RECORD")).decode()
    return Wheel(path, canonicalize_name(metadata["Name"]), metadata["Version"], _hashes(record))


def _hashes(record: str) -> dict[str, str]:
    """Return the hash of each file in the text of a RECORD.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    return {path: digest for path, digest, _ in csv.reader(io.StringIO(record)) if digest}


def foreign(home: Path, wheels: Sequence[Wheel]) -> Iterator[str]:
    """Yield what is wrong with each installed distribution that has a name of ours, but is not."""
    ours = {wheel.name: wheel for wheel in wheels}
    for info in _installed(home):
        name, _, version = info.name.removesuffix(".dist-info").partition("-")
        if wheel := ours.get(canonicalize_name(name)):
            if version != wheel.version:
                yield f"{wheel.name} {version} is installed, not our own {wheel.version}"
            elif different := _differences(info, wheel):
                files = ", ".join(different[:3])
                yield f"the installed {wheel.name} {version} is not our own build: {files} differs"


def _installed(home: Path) -> Iterator[Path]:
    for folder, names, _ in os.walk(home):
        if Path(folder).name in ("site-packages", "dist-packages"):
            yield from sorted(Path(folder).glob("*.dist-info"))
            names.clear()


def _differences(info: Path, wheel: Wheel) -> list[str]:
    """Return the files that are not as the wheel has them, and those that came from elsewhere."""
    packages = info.parent
    changed = [path for path, h in wheel.hashes.items() if _digest(packages / path) != h]
    recorded = _hashes((info / "RECORD").read_text("utf-8"))
    added = [path for path in recorded if path not in wheel.hashes and not _made_by_pip(path, info)]
    return changed + added


def _made_by_pip(path: str, info: Path) -> bool:
    return path.startswith(("../", f"{info.name}/")) or "__pycache__/" in path


def _digest(file: Path) -> str:
    if not file.is_file():
        return ""
    digest = hashlib.sha256(file.read_bytes()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
