"""A project with one root, whose pages a test writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset import project

if TYPE_CHECKING:
    from pathlib import Path

    from docset.project import Project


@pytest.fixture
def site(tmp_path: Path) -> Project:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.docset]\ntitle = "A"\nurl = "b"\n\n[[tool.docset.roots]]\nname = "a"\npath = "a"\n'
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "conf.py").touch()
    return project.load(tmp_path)
