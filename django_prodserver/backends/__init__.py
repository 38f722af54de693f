"""The servers and workers that can be started: one module each.

Built-in backends come in through the entry point group that packages of other people use.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from django_prodserver.exceptions import BackendClassError, BackendNotFound, ConfigurationError
from django_prodserver.processes import Process
from django_prodserver.project import Project
from django_prodserver.spelling import did_you_mean, one_line

from django_prodserver.backends.base import BaseProcessBackend

__all__ = ["GROUP", "backend_for", "find_backend"]

GROUP = "django_prodserver.backends"
"""The entry point group: short name = ``module:Class``."""


def find_backend(reference: str) -> type[BaseProcessBackend]:
    """Returns the backend class of a short name or a dotted path.

    Raises:
        BackendNotFound: no installed package offers the short name, or the path cannot be imported.
        BackendClassError: it is not a subclass of BaseProcessBackend.
    """
    found = _imported(reference) if "." in reference else _offered(reference)
    if not (isinstance(found, type) and issubclass(found, BaseProcessBackend)):
        raise BackendClassError(
            f"{reference!r} is not a backend class.",
            "A backend is a subclass of django_prodserver.backends.base.BaseServerBackend or BaseWorkerBackend.",
        )
    return found


def backend_for(
    project: Project, process: Process, overrides: Sequence[str] = ()
) -> BaseProcessBackend:
    """Returns the backend of a process, ready to launch.

    Raises:
        ConfigurationError: as for :func:`find_backend`.
    """
    try:
        backend_class = find_backend(process.backend)
    except ConfigurationError as error:
        raise type(error)(
            f"PRODUCTION_PROCESSES[{process.name!r}]: {error.message}", error.hint
        ) from error
    return backend_class(**process.entry).bind(project, process.name, tuple(overrides))


def _offered(name: str) -> object:
    offers = {point.name: point for point in entry_points(group=GROUP)}
    if name not in offers:
        raise BackendNotFound(f"There is no backend {one_line(name)}.", did_you_mean(name, offers))
    return _imported(_path(offers[name]))


def _imported(path: str) -> object:
    module, _, attribute = path.replace(":", ".").rpartition(".")
    try:
        return getattr(import_module(module), attribute)
    except Exception as error:  # noqa: BLE001 - a module of somebody else can fail in any way
        known = [_path(point) for point in entry_points(group=GROUP)]
        raise BackendNotFound(
            f"The backend {path!r} cannot be imported: {type(error).__name__}: {error}.",
            did_you_mean(path, known),
        ) from error


def _path(point: EntryPoint) -> str:
    return point.value.replace(":", ".")
