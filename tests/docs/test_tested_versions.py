"""The table of versions: the oldest ones of pyproject.toml beside the ones that uv.lock pins."""

from __future__ import annotations

from typing import Any

import pytest
from tested_versions import rows

LOCK: dict[str, Any] = {
    "package": [
        {"name": "django", "version": "5.2.8"},
        {"name": "django", "version": "6.0"},
        {"name": "celery", "version": "5.7.0"},
        {"name": "ours"},
    ]
}


def project(*needs: str) -> dict[str, Any]:
    extras = {"celery": [*needs], "flower": [*needs]}
    return {"project": {"dependencies": ["django>=5.2"], "optional-dependencies": extras}}


def test_a_package_has_its_extras_and_every_locked_version() -> None:
    assert list(rows(project("celery[redis]>=5.5"), LOCK)) == [
        ("django", "none", "5.2", "5.2.8, 6.0"),
        ("celery", "`celery`, `flower`", "5.5", "5.7.0"),
    ]


def test_a_package_of_any_version_is_refused() -> None:
    with pytest.raises(ValueError, match="'celery' names no oldest version"):
        list(rows(project("celery"), LOCK))
