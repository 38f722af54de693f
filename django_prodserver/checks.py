"""The system checks: every backend checks its own entry, here they are only gathered."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage

from django_prodserver.backends import backend_for
from django_prodserver.backends.base import as_message
from django_prodserver.exceptions import ConfigurationError
from django_prodserver.processes import Process
from django_prodserver.project import Project

__all__ = ["check_production_processes"]


def check_production_processes(**_: Any) -> list[CheckMessage]:  # noqa: ANN401
    """Returns every mistake in ``PRODUCTION_PROCESSES``."""
    try:
        project = Project.from_settings()
    except ConfigurationError as error:
        return [as_message(error)]
    return [message for entry in project for message in _check(project, *entry)]


def _check(project: Project, name: object, entry: object) -> Iterator[CheckMessage]:
    try:
        backend = backend_for(project, Process.from_entry(name, entry))
    except ConfigurationError as error:
        yield as_message(error)
    else:
        yield from backend.check()
