"""What a backend is: a class that makes a process of an entry of ``PRODUCTION_PROCESSES``."""

from django_prodserver.backends.console import ConsoleScriptBackend
from django_prodserver.backends.process import BaseProcessBackend, Kind

__all__ = [
    "BaseProcessBackend",
    "BaseServerBackend",
    "BaseWorkerBackend",
    "ConsoleScriptBackend",
    "Kind",
]


class BaseServerBackend(BaseProcessBackend):
    """A process that answers requests."""

    kind = Kind.SERVER


class BaseWorkerBackend(BaseProcessBackend):
    """A process that works off tasks."""

    kind = Kind.WORKER
