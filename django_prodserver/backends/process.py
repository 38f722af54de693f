"""What holds for every process, however it starts."""

import importlib.util
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django_prodserver.arguments import Arguments, translate
from django_prodserver.backends.deployment import risks_of, watching
from django_prodserver.exceptions import (
    ApplicationMissing,
    ConfigurationError,
    OptionsUnreadable,
    PackageHidden,
    PackageMissing,
    PlatformUnsupported,
    UsageError,
)
from django_prodserver.launch import Launch
from django_prodserver.options import OptionTable
from django_prodserver.processes import where
from django_prodserver.project import Project
from django_prodserver.shadows import shadow_behind, shadow_of
from django_prodserver.spelling import in_one_line

if TYPE_CHECKING:
    import django.core.checks

__all__ = ["BaseProcessBackend", "Kind"]


class Kind(Enum):
    """What a process is there for."""

    SERVER = "server"
    """It answers requests."""
    WORKER = "worker"
    """It works off tasks."""


class BaseProcessBackend:
    """One configured process, however it starts.

    Subclass :class:`~django_prodserver.backends.base.BaseServerBackend` or
    :class:`~django_prodserver.backends.base.BaseWorkerBackend`, which say what it is for.
    """

    kind: ClassVar[Kind] = Kind.SERVER
    """What the process is there for."""
    label: ClassVar[str] = ""
    """The name of the server in messages; empty: the name of the class."""
    package: ClassVar[str] = ""
    """The distribution that must be installed; empty: none."""
    module: ClassVar[str] = ""
    """The module by which the package is recognized; empty: the name of the package."""
    requirement: ClassVar[str] = ""
    """What ``pip install`` needs to install the package; empty: the name of the package."""
    protocol: ClassVar[str] = ""
    """``wsgi`` or ``asgi`` for a server of the project's application; empty for others."""
    defaults: ClassVar[Mapping[str, object]] = {}
    """ARGS where neither the settings nor the environment say something else."""
    development: ClassVar[Mapping[str, object]] = {}
    """The same in development, on top of :attr:`defaults`: what makes it notice changed code."""
    notices_changes: ClassVar[bool | None] = None
    """Whether the server starts anew with changed code in development; None: where it is asked."""
    development_only: ClassVar[bool] = False
    """Whether the server is not made for production."""
    runs_on_windows: ClassVar[bool] = True
    """Whether the server runs on Windows."""
    reload_signal: ClassVar[str] = ""
    """The signal on which the server takes over changed code, such as ``HUP``; empty: none."""
    notifies: ClassVar[bool] = False
    """Whether the server tells systemd when it is ready."""

    process_name: str = ""
    """The name of the process; empty for a backend that belongs to no project."""
    overrides: Sequence[str] = ()
    """Words of the server's command line: they replace options of ARGS, for this run."""
    in_development: bool = False
    """Whether ``devserver`` runs it."""
    _args: list[str] | None = None

    def __init__(self, **entry: Any) -> None:
        self.entry = entry

    def bind(self, project: Project, name: str, overrides: Sequence[str] = ()) -> Self:
        """Tells the backend where it belongs, and returns it."""
        self.project = project
        self.process_name = name
        self.overrides = overrides
        self.where = where(name)
        self._forget()
        return self

    def place(self, where: str, *, development: bool) -> Self:
        """Tells the backend where its entry stands and whether it is for development."""
        self.where = where
        self.in_development = development
        self._forget()
        return self

    def _forget(self) -> None:
        """Forgets what was read of ARGS before the backend knew where it belongs."""
        for name in ("arguments", "_configured", "_options"):
            self.__dict__.pop(name, None)

    def start_server(self, *args: str) -> None:
        """Runs the process; returns when it has ended, or never.

        It is called with what :meth:`prep_server_args` returns.

        Raises:
            NotImplementedError: the subclass does not say how the process starts.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define start_server().")

    def prep_server_args(self) -> list[str]:
        """Returns the words for :meth:`start_server`: those of ARGS, and what a subclass adds.

        Raises:
            ConfigurationError: ARGS has a mistake.
            UsageError: an override has one.
        """
        return self.args

    def read_options(self) -> OptionTable | None:
        """Returns the options of the installed server; None: every key is passed on.

        It may fail with any exception when a release looks different from those known: every key
        is passed on then, with a warning.
        """
        return None

    def launch(self) -> Launch:
        """Returns the command that starts this process.

        For a process that runs inside the command ``prodserver``, it is that command.

        Raises:
            ConfigurationError: the entry of this process has a mistake.
            UsageError: an override has one.
        """
        for obstacle in self.obstacles():
            raise obstacle
        self.prep_server_args()
        overrides = ("--", *self.overrides) if self.overrides else ()
        return Launch(
            (sys.executable, *self._own_command(), self.process_name, *overrides),
            env=self.env,
            cwd=self.project.cwd,
            notes=self.notes,
        )

    def _own_command(self) -> tuple[str, ...]:
        """Returns the words behind ``python`` that run the command this process runs inside."""
        if not (self.in_development or self.project.script):
            # It does without django_prodserver among INSTALLED_APPS.
            return ("-m", "django_prodserver")
        return self.project.management("devserver" if self.in_development else "prodserver")

    @property
    def in_process(self) -> bool:
        """Whether the process runs inside the command, which must then have set Django up."""
        return True

    def check(self) -> "list[django.core.checks.CheckMessage]":
        """Returns every mistake in the entry of this process, for ``manage.py check``."""
        # Who checks has loaded Django's checks; who starts a process does without.
        from django_prodserver.checks import as_message  # noqa: PLC0415

        return [as_message(problem) for problem in self.problems()]

    def problems(self) -> list[ConfigurationError]:
        """Returns the mistakes in the entry of this process.

        What makes the process impossible here, such as a missing package, comes alone.
        """
        try:
            return list(self.obstacles()) or list(self._mistakes())
        # It shows when the options are read, which obstacles do without.
        except PackageHidden as error:
            return [error]

    def obstacles(self) -> Iterator[ConfigurationError]:
        """Iterates over the reasons why this process cannot run on this machine."""
        if sys.platform == "win32" and not self.runs_on_windows:
            yield PlatformUnsupported(
                f"{self.where}: {self.name} does not run on Windows.",
                "Start it on Linux or macOS, in WSL or in a container.",
            )
        elif not self._has_package():
            requirement = shlex.quote(self.requirement or self.package)
            yield PackageMissing(
                f"{self.where}: {self.name} is not installed.",
                f"Install it: python -m pip install {requirement}",
            )
        elif shadow := self.package and shadow_of(self._module, self.project.directories):
            yield self._hidden_by(shadow)

    @property
    def _module(self) -> str:
        return self.module or self.package

    def _has_package(self) -> bool:
        return not self.package or bool(importlib.util.find_spec(self._module))

    def _hidden_by(self, shadow: Path) -> PackageHidden:
        name = shadow.name.partition(".")[0]
        return PackageHidden(
            f"{self.where}: {shadow} hides the installed module {name!r}, which {self.name} needs.",
            "Rename it, also where ARGS name it.",
        )

    def risks(self) -> Iterator[ConfigurationError]:
        """Iterates over what works and should not be so in production: ``check --deploy``."""
        yield from risks_of(self)

    @cached_property
    def project(self) -> Project:
        """The project that the process belongs to."""
        return Project.from_settings()

    @property
    def name(self) -> str:
        """The name of the server, for messages."""
        return self.label or type(self).__name__

    @cached_property
    def where(self) -> str:
        """The place of the entry in the settings, for messages."""
        return self.name

    @property
    def application(self) -> str:
        """What the process runs: APP, or the project's own application of the protocol.

        Raises:
            ApplicationMissing: there is no APP, and the server needs one.
            ApplicationError: the project's own cannot be told from its settings.
        """
        if app := self._app:
            return str(app)
        if self.protocol:
            return self.project.application(self.protocol)
        raise ApplicationMissing(
            f"{self.where} has no APP, and {self.name} needs one.",
            "Add 'APP': 'mysite', say: the module that holds it.",
        )

    @property
    def env(self) -> dict[str, str | None]:
        """The environment variables that the process needs; None: must not have."""
        unset = self.project.environ.keys() - self.inherited.keys()
        return {**self.project.env, **dict.fromkeys(sorted(unset))}

    @property
    def inherited(self) -> dict[str, str]:
        """The environment of the project, without the variables of what ARGS leave unset."""
        unset = self.arguments.unset_variables
        return {name: value for name, value in self.project.environ.items() if name not in unset}

    @property
    def args(self) -> list[str]:
        """ARGS as the words of a command line, with the overrides of this run.

        A subclass may set them.

        Raises:
            ConfigurationError: the first mistake in ARGS.
            UsageError: the first mistake in the overrides.
        """
        if self._args is not None:
            return self._args
        return [*self.arguments.options, *self.arguments.positionals]

    @args.setter
    def args(self, words: list[str]) -> None:
        self._args = words

    @cached_property
    def arguments(self) -> Arguments:
        """ARGS as options and other words, with the overrides of this run; raises as ``args``."""
        if self._configured.errors:
            raise self._configured.errors[0]
        overrides = translate(list(self.overrides), self.options, "After --", self.name)
        if overrides.errors:
            raise UsageError(str(overrides.errors[0]))
        return self._defaults.overridden_by(self._configured).overridden_by(overrides)

    @property
    def options(self) -> OptionTable | None:
        """The options of the installed server, as far as they can be read.

        Raises:
            PackageHidden: a file of the project stands in place of what the server imports.
        """
        return self._options[0]

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that a reader of the command line should know."""
        problems = tuple(str(problem) for problem in self._options[1])
        if not self.in_development or self._notices_changes():
            return problems
        return (*problems, f"{self.name} does not notice changed code: start it again.")

    def _notices_changes(self) -> bool:
        return (
            any(watching(self.arguments)) if self.notices_changes is None else self.notices_changes
        )

    @property
    def _defaults(self) -> Arguments:
        options = self.options
        if options is None:
            return Arguments()
        defaults = {**self.defaults, **(self.development if self.in_development else {})}
        keys = {name: options.key(name) for name in defaults}
        chosen = {
            name: defaults[name]
            for name, key in keys.items()
            if key and not any(each in self.project.environ for each in key.option.variables)
        }
        return translate(chosen, options, "defaults", self.name)

    @property
    def _app(self) -> object:
        dev = (self.entry.get("DEV") or {}) if self.in_development else {}
        return dev.get("APP", self.entry.get("APP"))

    @cached_property
    def _configured(self) -> Arguments:
        args = self._translated(self.entry, self.where)
        if not self.in_development:
            return args
        dev = self._translated(self.entry.get("DEV") or {}, f"{self.where}['DEV']")
        return replace(args.overridden_by(dev), errors=(*args.errors, *dev.errors))

    def _translated(self, entry: Mapping[str, Any], place: str) -> Arguments:
        return translate(entry.get("ARGS"), self.options, f"{place}['ARGS']", self.name)

    @cached_property
    def _options(self) -> tuple[OptionTable | None, list[ConfigurationError]]:
        try:
            return self._read_options(), []
        # Whatever a new release of a server has changed, it must still start.
        except Exception as error:
            if shadow := shadow_behind(error, self.project.directories):
                raise self._hidden_by(shadow) from error
            problem = OptionsUnreadable(
                f"{self.where}: the options of this {self.name} cannot be read "
                f"({type(error).__name__}: {in_one_line(error)}).",
                "ARGS are passed on unchecked.",
            )
            return None, [problem]

    def _read_options(self) -> OptionTable | None:
        return self.read_options()

    def _mistakes(self) -> Iterator[ConfigurationError]:
        yield from self._options[1]
        yield from self._configured.errors
        if not self._configured.errors:
            try:
                self.prep_server_args()
            except ConfigurationError as error:
                yield error
