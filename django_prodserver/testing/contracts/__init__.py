"""Ready-made tests of a backend: subclass one together with :class:`unittest.TestCase`.

The tests of a backend for Gunicorn begin so::

    class GunicornTests(ServerContract, unittest.TestCase):
        BACKEND = "gunicorn"
        PACKAGE = "gunicorn"
        MISTAKE = ("bindd", "bind")

        def args(self, port):
            return {"bind": f"127.0.0.1:{port}"}

        def options(self, port):
            return [f"--bind=127.0.0.1:{port}"]

        def native(self, *options):
            return ["gunicorn", "mysite.wsgi:application", *options]
"""

from django_prodserver.testing.contracts.process import OnHup, ProcessContract, Typed
from django_prodserver.testing.contracts.server import ServerContract
from django_prodserver.testing.contracts.worker import WorkerContract

__all__ = ["OnHup", "ProcessContract", "ServerContract", "Typed", "WorkerContract"]
