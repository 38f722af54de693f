"""The system checks: every backend checks its own entry, here they are only gathered."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's name

from django_prodserver.backends import backend_for
from django_prodserver.exceptions import ConfigurationError, PackageMissing
from django_prodserver.project import Project, import_directories

__all__ = ["as_message", "check_deployment", "check_production_processes"]


def check_production_processes(**_: Any) -> list[CheckMessage]:
    """Returns every mistake in ``PRODUCTION_PROCESSES``."""
    try:
        project = Project.from_settings(*import_directories(None))
    except ConfigurationError as error:
        return [as_message(error)]
    return [message for name in project for message in _check(project, name)]


def check_deployment(**_: Any) -> list[CheckMessage]:
    """Returns what works in ``PRODUCTION_PROCESSES`` and should not be so in production.

    Mistakes are left to :func:`check_production_processes`.
    """
    try:
        project = Project.from_settings(*import_directories(None))
    except ConfigurationError:
        return []
    return [message for name in project for message in _risks(project, name)]


def as_message(problem: ConfigurationError) -> CheckMessage:
    """Returns a mistake as Django's system checks show it."""
    level = Warning if problem.id.partition(".")[2].startswith("W") else Error
    return level(problem.message, hint=problem.hint or None, id=problem.id)


def _risks(project: Project, name: str) -> list[CheckMessage]:
    try:
        backend = backend_for(project, name)
        return [] if backend.problems() else [as_message(risk) for risk in backend.risks()]
    except ConfigurationError:
        return []


def _check(project: Project, name: str) -> list[CheckMessage]:
    messages = _messages(project, name)
    if messages or "DEV" not in project.entries[name]:
        return messages
    # Where the project is not developed, the packages for that may be missing.
    in_development = _messages(project, name, development=True)
    return [message for message in in_development if message.id != PackageMissing.id]


def _messages(project: Project, name: str, *, development: bool = False) -> list[CheckMessage]:
    try:
        return backend_for(project, name, development=development).check()
    except ConfigurationError as error:
        return [as_message(error)]
