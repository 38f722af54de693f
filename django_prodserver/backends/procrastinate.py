"""Procrastinate, a task queue in PostgreSQL: https://procrastinate.readthedocs.io.

Everything that django-prodserver knows about Procrastinate is in this module.
"""

import re
from dataclasses import replace

from django_prodserver.backends.base import BaseWorkerBackend
from django_prodserver.backends.management import ManagementCommandBackend
from django_prodserver.options import Option, OptionTable

__all__ = ["ProcrastinateWorker"]

# The flags that switch an option off; the parser keeps them to itself.
NEGATIVES = frozenset({"--one-shot", "--no-listen-notify"})


class ProcrastinateWorker(ManagementCommandBackend, BaseWorkerBackend):
    """The process is ``manage.py procrastinate worker``."""

    label = "Procrastinate"
    package = "procrastinate"
    requirement = "procrastinate[django]"
    app = "procrastinate.contrib.django"
    command = "procrastinate"
    subcommand = "worker"

    def read_options(self) -> OptionTable:
        """Returns the options of the installed command, from its own parser."""
        return OptionTable(map(_completed, super().read_options()))


def _completed(option: Option) -> Option:
    """Returns an option with what its help text alone says: its environment variable, its list."""
    return replace(
        option,
        flags=tuple(flag for flag in option.flags if flag not in NEGATIVES),
        negatives=tuple(flag for flag in option.flags if flag in NEGATIVES),
        separator="," if "queues" in option.names else "",
        variables=tuple(re.findall(r"\(env: (\w+)", option.meaning)),
    )
