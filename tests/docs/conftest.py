from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.project_copy import Copy, copy_to

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The documentation with its joined site."""
    copy = copy_to(tmp_path_factory.mktemp("built"))
    result = copy.run("docset", "build")
    assert result.returncode == 0, result.stdout
    return copy


@pytest.fixture
def unbuilt(tmp_path: Path) -> Copy:
    """The documentation as it is after a clone."""
    return copy_to(tmp_path / "unbuilt")
