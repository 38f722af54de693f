"""Projects of which no file is there: for what is decided without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_prodserver.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["imagined"]


def imagined(entries: Mapping[str, Any], **fields: Any) -> Project:
    """Returns a project ``mysite`` with these processes."""
    applications = {name: f"mysite.{name}.application" for name in ("wsgi", "asgi")}
    return Project(entries, "mysite.settings", **{"applications": applications, **fields})
