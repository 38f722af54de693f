"""Documentations to build, and processes that build them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conf.engine.docs import Docs, two_roots
from tests.conf.engine.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """A process that builds without the cost of starting one."""
    with Warm() as runner:
        yield runner


@pytest.fixture
def docs(warm: Warm, tmp_path: Path) -> Docs:
    """Two roots, ``left`` and ``right``, each of which refers to the other."""
    docs = Docs(tmp_path / "project", warm)
    docs.write(two_roots())
    return docs
