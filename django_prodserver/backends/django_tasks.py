"""Django Tasks, Django's own task framework with tasks in the database: django-tasks-db.

Everything that django-prodserver knows about its worker is in this module.
"""

import importlib.util
from dataclasses import replace
from typing import ClassVar

import django

from django_prodserver.backends.base import BaseWorkerBackend
from django_prodserver.backends.management import ManagementCommandBackend
from django_prodserver.options import OptionTable

__all__ = ["DjangoTasksWorker"]

# Options whose one value is a list, separated by commas; the parser does not say so.
COMMA_LISTS = frozenset({"queue_name", "exclude_queues"})


class DjangoTasksWorker(ManagementCommandBackend, BaseWorkerBackend):
    """The process is ``manage.py db_worker``."""

    label = "Django Tasks"
    package = "django-tasks-db"
    module = "django_tasks_db"
    # Before Django 6 the framework itself is a package, too.
    requirement = "django-tasks-db" if django.VERSION >= (6, 0) else "django-tasks-db[compat]"
    app = "django_tasks_db"
    command = "db_worker"
    # Where DEBUG is on it would run inside a process that watches the code, and cut tasks off.
    defaults: ClassVar = {"reload": False}
    development: ClassVar = {"reload": True}
    notices_changes = True

    def _has_package(self) -> bool:
        framework = django.VERSION >= (6, 0) or importlib.util.find_spec("django_tasks")
        return super()._has_package() and bool(framework)

    def read_options(self) -> OptionTable:
        """Returns the options of the installed command, from its own parser."""
        return OptionTable(
            replace(option, separator="," if COMMA_LISTS.intersection(option.names) else "")
            for option in super().read_options()
        )
