"""Celery's worker and scheduler, and its monitor Flower: https://docs.celeryq.dev.

Everything that django-prodserver knows about Celery is in this module; it imports the installed
Celery, never the project's own application.
"""

import importlib
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from django_prodserver.arguments import Argument
from django_prodserver.backends.base import (
    BaseServerBackend,
    BaseWorkerBackend,
    ConsoleScriptBackend,
)
from django_prodserver.backends.flower import flower_options
from django_prodserver.exceptions import AccessOpen, ConfigurationError
from django_prodserver.options import Option, OptionTable, Takes
from django_prodserver.parsers import click_options

__all__ = ["CeleryBeat", "CeleryFlower", "CeleryWorker"]

# What Click adds to every command.
HELP = Option(("--help",), takes=Takes.NOTHING)

# The types of Click's parameters that hold a list in one value, separated by commas.
COMMA_LISTS = frozenset({"Autoscale", "CommaSeparatedList"})

# The options of Flower by which it asks visitors who they are.
AUTHENTICATION = ("auth", "basic_auth", "auth_provider")


class CeleryBackend(ConsoleScriptBackend):
    """The process is ``celery -A APP [global options] SUBCOMMAND [options]``."""

    package = "celery"
    script = "celery"
    subcommand: ClassVar[str]
    """The word that stands between the global options and the others."""

    def prep_server_args(self) -> list[str]:
        """Returns the words after ``celery``.

        Raises:
            ConfigurationError: the entry has a mistake, or nothing names the application.
            UsageError: an override has one.
        """
        items = [item for item in self.arguments.items if not item.is_positional]
        before = [word for item in items if _is_outer(item) for word in item.words]
        after = [word for item in items if not _is_outer(item) for word in item.words]
        positionals = self.arguments.positionals
        return [*self._named_application(), *before, self.subcommand, *after, *positionals]

    @property
    def env(self) -> dict[str, str | None]:
        """The environment variables that the process needs, also where nobody else sets them."""
        return {**super().env, **self._naming_variable()}

    def read_options(self) -> OptionTable:
        """Returns the options of the subcommand, and then the global ones."""
        command = importlib.import_module("celery.bin.celery").celery
        outer = click_options(command.params, prefix="CELERY")
        return OptionTable(
            [*self.read_own_options(), *(replace(option, outer=True) for option in outer)]
        )

    def read_own_options(self) -> list[Option]:
        """Returns the options of the subcommand, which stand after it."""
        # Celery's package has a function of the same name as each of these modules.
        module = importlib.import_module(f"celery.bin.{self.subcommand}")
        command = getattr(module, self.subcommand)
        prefix = f"CELERY_{self.subcommand.upper()}"
        return [*click_options(command.params, prefix=prefix, separator=_separator), HELP]

    def _named_application(self) -> list[str]:
        """Returns the option that names the application, where ARGS and variables do not name it.

        Celery reads the variables itself, and ``-A`` wins over them.
        """
        named = self.arguments.values("app") or self._naming_variable()
        return [] if named else ["-A", self.application]

    def _naming_variable(self) -> dict[str, str]:
        """Returns the variable that names the application where the entry does not; or none."""
        key = self.options.key("app") if self.options and not self._app else None
        variables = key.option.variables if key else ()
        found = ((name, self.inherited[name]) for name in variables if self.inherited.get(name))
        return dict(itertools.islice(found, 1))


def _is_outer(item: Argument) -> bool:
    # Where the options cannot be read, all of them belong to the subcommand.
    return bool(item.option and item.option.outer)


class CeleryWorker(CeleryBackend, BaseWorkerBackend):
    """The process is ``celery worker``, which does the tasks of the project."""

    label = "Celery"
    subcommand = "worker"
    # Without a terminal only: in one, it ends the worker. On macOS it does nothing.
    reload_signal = "HUP"


class CeleryBeat(CeleryBackend, BaseWorkerBackend):
    """The process is ``celery beat``, which sends tasks at their times."""

    label = "Celery beat"
    subcommand = "beat"


class CeleryFlower(CeleryBackend, BaseServerBackend):
    """The process is ``celery flower``, a website that shows workers and tasks."""

    label = "Flower"
    package = "flower"
    subcommand = "flower"

    def read_own_options(self) -> list[Option]:
        """Returns the options of the installed Flower; Flower ignores any other."""
        return flower_options()

    def risks(self) -> Iterator[ConfigurationError]:
        """Iterates over what should not be so in production: anybody may stop tasks."""
        yield from super().risks()
        if not self._asks_who_comes():
            yield AccessOpen(
                f"{self.where}: Flower lets anybody who reaches it stop tasks and workers.",
                "Set basic_auth or auth among its ARGS, or address to '127.0.0.1'.",
            )

    def _asks_who_comes(self) -> bool:
        """Whether something is said of who may see Flower, or it can be reached from here alone."""
        local = {"127.0.0.1", "::1", "localhost"}.intersection(self.arguments.values("address"))
        said = [*filter(None, map(self.arguments.values, AUTHENTICATION))]
        inherited = {f"FLOWER_{name.upper()}" for name in AUTHENTICATION} & {*self.inherited}
        # What a configuration file says is for its author to know.
        file = (self.arguments.values("conf") or ["flowerconfig.py"])[-1]
        return bool(local or said or inherited or (self.project.cwd / file).is_file())


def _separator(parameter: Any) -> str:
    return "," if type(parameter.type).__name__ in COMMA_LISTS else ""
