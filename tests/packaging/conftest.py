"""The distributions, built once from what git tracks."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.packaging.wheels import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def repository(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.rootpath


@pytest.fixture(scope="session")
def tracked(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files that git tracks: what a fresh clone has, and nothing that lies around."""
    copy = tmp_path_factory.mktemp("tracked")
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=repository, text=True)
    for name in filter(None, listed.split("\0")):
        if (repository / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repository / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def dist(tracked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the sdist and the wheel, both built from the tree."""
    folder = tmp_path_factory.mktemp("dist")
    build(tracked, folder, "--sdist", "--wheel")
    return folder


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    [found] = dist.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def sdist(dist: Path) -> Path:
    [found] = dist.glob("*.tar.gz")
    return found
