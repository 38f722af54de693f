from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conf.formatter.written import Written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Written:
    """A project of one root, in which pages are written and formatted."""
    return Written(tmp_path, capsys)
