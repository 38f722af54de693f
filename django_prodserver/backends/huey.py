"""Huey, a small task queue: https://huey.readthedocs.io.

Everything that django-prodserver knows about Huey is in this module.
"""

from dataclasses import replace
from typing import ClassVar

from django_prodserver.arguments import Arguments
from django_prodserver.backends.base import BaseWorkerBackend
from django_prodserver.backends.management import ManagementCommandBackend
from django_prodserver.options import OptionTable

__all__ = ["HueyWorker"]


class HueyWorker(ManagementCommandBackend, BaseWorkerBackend):
    """The process is ``manage.py run_huey``."""

    label = "Huey"
    package = "huey"
    app = "huey.contrib.djhuey"
    command = "run_huey"
    reload_signal = "HUP"
    # Whoever stops a process sends TERM, and Huey's own default interrupts the tasks then.
    # A release without this option keeps its ways.
    defaults: ClassVar = {"graceful_signal": "TERM"}

    def read_options(self) -> OptionTable:
        """Returns the options of the installed command, from its own parser."""
        return OptionTable(
            replace(option, separator=",") if "extra_locks" in option.names else option
            for option in super().read_options()
        )

    @property
    def _defaults(self) -> Arguments:
        # Gunicorn looks at the class, and does without the settings of Django.
        from django.conf import settings  # noqa: PLC0415

        # The command line beats the setting HUEY, but a default of ours must not.
        huey = getattr(settings, "HUEY", None)
        consumer = huey.get("consumer", {}) if isinstance(huey, dict) else {}
        return Arguments() if "graceful_signal" in consumer else super()._defaults
