from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from docset import lock

from tests.docs.project_copy import ROOTS, Copy, copy_to

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The documentation with its joined site, which no test may change: workers share it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with lock.held(folder / "built.lock", lambda _: None):
        made = (folder / "built").exists()
        copy = Copy(folder / "built") if made else copy_to(folder / "built")
        result = copy.run("docset", "build")
    assert result.returncode == 0, result.stdout
    return copy


@pytest.fixture
def unbuilt(tmp_path: Path) -> Copy:
    """The documentation as it is after a clone."""
    return copy_to(tmp_path / "unbuilt")


@pytest.fixture
def bare(unbuilt: Copy) -> Copy:
    """The documentation without its pages: for tests that write their own."""
    unbuilt.empty()
    return unbuilt


@pytest.fixture
def joined(built: Copy, unbuilt: Copy) -> Copy:
    """The documentation with the inventories of a joined build, for tests that add a page."""
    for root in ROOTS:
        inventory = f"{root}/objects.inv"
        (unbuilt.site / root).mkdir(parents=True)
        shutil.copy(built.site / inventory, unbuilt.site / inventory)
    return unbuilt
