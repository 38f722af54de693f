from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.django_prodserver.supervisor.parents import Nursery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    with contextlib.closing(Nursery(tmp_path)) as nursery:
        yield nursery
