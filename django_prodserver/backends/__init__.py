"""The servers and workers that can be started: one module each.

Those of other packages come in through an entry point group. The names of the built-in ones stand
there too, and in a table: asking what is installed takes longer than all the rest of a start.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from django_prodserver.backends.base import BaseProcessBackend, Kind
from django_prodserver.backends.built_in import BUILT_IN
from django_prodserver.backends.moved import GONE, MOVED
from django_prodserver.exceptions import BackendClassError, BackendNotFound, ConfigurationError
from django_prodserver.processes import Process
from django_prodserver.project import Project
from django_prodserver.spelling import did_you_mean, in_one_line, quoted

__all__ = ["GROUP", "backend_for", "find_backend"]

GROUP = "django_prodserver.backends"
"""The entry point group: short name = ``module:Class``."""
DEVELOPMENT_SERVER = "runserver"
"""The backend of every server in development that the settings do not say something else about."""


def backend_for(
    project: Project, name: str | None, overrides: Sequence[str] = (), *, development: bool = False
) -> BaseProcessBackend:
    """Returns the backend of a process; without a name, of the only process.

    ``overrides`` are words of the server's command line, which replace options of ARGS.
    In ``development`` it is the backend that DEV names; where nothing is said about development, a
    server gives way to Django's own.

    Raises:
        UsageError: there is no such process, or no name was given and there are several.
        ConfigurationError: the entry is wrong, or its backend cannot be found.
    """
    process = project.process(name)
    if development:
        process = process.in_development(_development_backend(process))
    backend = _class_of(process)(**process.entry).bind(project, process.name, overrides)
    return backend.place(process.where, development=process.development)


def _development_backend(process: Process) -> str:
    """Returns the backend with which a process runs in development where nothing else is said."""
    if process.entry.get("DEV") is None and _class_of(process).kind is Kind.SERVER:
        return DEVELOPMENT_SERVER
    return process.backend


def _class_of(process: Process) -> type[BaseProcessBackend]:
    try:
        return find_backend(process.backend)
    except ConfigurationError as error:
        raise type(error)(f"{process.where}: {error.message}", error.hint) from error


def find_backend(reference: str) -> type[BaseProcessBackend]:
    """Returns the backend class of a short name or a dotted path.

    Raises:
        BackendNotFound: no installed package offers the name, or the path cannot be imported.
        BackendClassError: it is not a backend class, or cannot start anything.
    """
    if reference in GONE:
        raise BackendNotFound(f"The backend {reference!r} is no more.", GONE[reference])
    path = MOVED.get(reference, reference)
    found = _imported(path) if "." in path else _offered(path)
    if not (isinstance(found, type) and issubclass(found, BaseProcessBackend)):
        raise BackendClassError(
            f"{reference!r} is not a backend class.",
            "Name a subclass of django_prodserver.backends.base.BaseServerBackend.",
        )
    if found.start_server is BaseProcessBackend.start_server:
        raise BackendClassError(
            f"{reference!r} does not define start_server().", "Define it, or name a subclass."
        )
    return found


def _offered(name: str) -> object:
    if name in BUILT_IN:
        return _imported(BUILT_IN[name])
    offers = _offers()
    if name not in offers:
        names = f"Name one of {', '.join(sorted(offers))}; or the dotted path of a class."
        raise BackendNotFound(
            f"There is no backend {quoted(name)}.", did_you_mean(name, offers, names)
        )
    return _imported(offers[name])


def _imported(path: str) -> object:
    module, _, attribute = path.replace(":", ".").rpartition(".")
    try:
        return getattr(import_module(module), attribute)
    # The module may be anybody's, and fail in any way.
    except Exception as error:
        reason = f"{type(error).__name__}: {in_one_line(error)}"
        hint = "Mend the module."
        if isinstance(error, ImportError | AttributeError | ValueError):
            hint = did_you_mean(path, _offers().values(), "Correct the path, or mend the module.")
        raise BackendNotFound(
            f"The backend {path!r} cannot be imported ({reason}).", hint
        ) from error


@cache
def _offers() -> dict[str, str]:
    """Returns the dotted path of the class for each short name that an installed package offers."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - see above

    return {point.name: point.value.replace(":", ".") for point in entry_points(group=GROUP)}
