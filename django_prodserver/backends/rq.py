"""RQ, a task queue on Redis, through Django-RQ: https://python-rq.org.

Everything that django-prodserver knows about RQ is in this module.
"""

from dataclasses import replace

from django_prodserver.backends.base import BaseWorkerBackend
from django_prodserver.backends.management import ManagementCommandBackend
from django_prodserver.options import OptionTable

__all__ = ["RQWorker"]


class RQWorker(ManagementCommandBackend, BaseWorkerBackend):
    """The process is ``manage.py rqworker``."""

    label = "RQ"
    package = "django-rq"
    module = "django_rq"
    # RQ forks a process for each task.
    runs_on_windows = False
    app = "django_rq"
    command = "rqworker"

    def read_options(self) -> OptionTable:
        """Returns the options of the installed command, from its own parser.

        Its parser calls the queues ``args``.
        """
        return OptionTable(
            replace(option, names=("queues",)) if option.positional else option
            for option in super().read_options()
        )
