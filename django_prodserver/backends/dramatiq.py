"""Dramatiq, a task queue for RabbitMQ and Redis: https://dramatiq.io.

Everything that django-prodserver knows about Dramatiq is in this module.
"""

from django_prodserver.backends.base import BaseWorkerBackend, ConsoleScriptBackend
from django_prodserver.options import OptionTable
from django_prodserver.parsers import argparse_options

__all__ = ["DramatiqWorker"]


class DramatiqWorker(ConsoleScriptBackend, BaseWorkerBackend):
    """The process is ``dramatiq``, with the modules that APP names.

    Dramatiq does not know Django: the first module must set it up.
    """

    label = "Dramatiq"
    package = "dramatiq"
    script = "dramatiq"
    reload_signal = "HUP"

    def prep_server_args(self) -> list[str]:
        """Returns the modules and then the options; raises as the base class does.

        The modules come first: behind ``--queues`` they would be taken for queues.
        """
        modules = self.arguments.positionals or self.application.split()
        return [*modules, *self.arguments.options]

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Dramatiq: ``dramatiq.cli``'s parser."""
        from dramatiq.cli import make_argument_parser  # noqa: PLC0415 - it may not be installed

        parser = make_argument_parser()  # type: ignore[no-untyped-call]  # it has no types
        return OptionTable(argparse_options(parser, without=["broker", "modules"]))
