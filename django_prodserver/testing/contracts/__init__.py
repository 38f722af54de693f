"""Ready-made tests of a backend: subclass one together with :class:`unittest.TestCase`."""

from django_prodserver.testing.contracts.process import OnHup, ProcessContract, Typed
from django_prodserver.testing.contracts.server import ServerContract
from django_prodserver.testing.contracts.worker import WorkerContract

__all__ = ["OnHup", "ProcessContract", "ServerContract", "Typed", "WorkerContract"]
