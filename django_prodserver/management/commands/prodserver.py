"""``manage.py prodserver``: start a process of the project by its name."""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.exceptions import AppRegistryNotReady
from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_prodserver import __version__
from django_prodserver.backends import backend_for
from django_prodserver.backends.base import BaseProcessBackend, Kind
from django_prodserver.completion import bash_script
from django_prodserver.environment import before_settings
from django_prodserver.exceptions import ConfigurationError, LaunchError, UsageError
from django_prodserver.exports import FORMATS, export, printed, write
from django_prodserver.launch import Launch
from django_prodserver.management.streams import Answers, Remarks
from django_prodserver.overrides import OpenParser, refuse_strays
from django_prodserver.probes import check_health as probe
from django_prodserver.processes import where
from django_prodserver.project import Project, import_directories, management_script
from django_prodserver.spelling import reason
from django_prodserver.supervisor.endings import GRACE, OnExit

__all__ = ["Command"]

# What each of these options is a part of.
PARTS = {"output": "export", "on_exit": "all", "grace": "all"}
# Each of these does something of its own.
ACTIONS = ("list", "check_health", "export", "all")
NO_DEBUG = "DEBUG is False: errors show no details, and runserver serves no static files."


class Command(BaseCommand):
    """Starts one of ``PRODUCTION_PROCESSES``, or all of them; prints or exports what it starts."""

    help = "Start a process of PRODUCTION_PROCESSES; the server takes the place of this command."
    stealth_options = ("overrides",)
    # They run when it is certain that this process is configured well: see _start().
    requires_system_checks = ()

    kind: Kind | None = None
    """The only kind of processes that the command starts; None: every kind."""
    development: bool = False
    """Whether it starts them for development."""

    def __init__(self, environ: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """The process inherits ``environ``; None: what it is when the command runs."""
        super().__init__(**kwargs)
        self.stdout = Answers(kwargs.get("stdout") or sys.stdout)
        self.stderr = Remarks(kwargs.get("stderr") or sys.stderr)
        self.stderr.style_func = self.style.ERROR
        self.environ = environ
        self.overrides: tuple[str, ...] = ()
        self.flags: list[str] = []
        self.script: Path | None = None

    def get_version(self) -> str:
        """Returns the version of django-prodserver."""
        return __version__

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Returns a parser that leaves what it does not know for the server."""
        # Others replace Django's method, and the one of django-configurations takes no options.
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # An option of the server must not be taken for one of ours that is cut short.
        parser.allow_abbrev = False
        # Django leaves a command no choice of its parser.
        parser.__class__ = OpenParser
        self.flags = [flag for flag in parser._option_string_actions if flag.startswith("--")]  # noqa: SLF001 - argparse has no public way
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds NAME and the options."""
        # The console script has no subcommand behind its name.
        parser.prog = parser.prog.strip()
        parser.usage = "%(prog)s [NAME] [options] [options of the server] [-- more of them]"
        parser.epilog = "Options of the server replace those of ARGS: prodserver web --workers=4"
        parser.add_argument(
            "name", nargs="?", metavar="NAME", help="The process; may be left out if it is alone."
        )
        parser.add_argument("--list", action="store_true", help="List the processes, and exit.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be run, and exit."
        )
        parser.add_argument("--skip-checks", action="store_true", help="Skip system checks.")
        parser.add_argument(
            "--bash-completion", action="store_true", help="Print a script for bash, and exit."
        )
        _add_supervision(parser)
        if not self.development:
            _add_export(parser)
        parser.add_argument(
            "--check-health", metavar="URL", help="Exit with 0 if the URL answers 200, else with 1."
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """Runs the command, with the words after ``--`` as overrides."""
        if self.environ is None:
            self.environ = before_settings()
        end = argv.index("--") if "--" in argv else len(argv)
        self.overrides = tuple(argv[end + 1 :])
        # The console script has no subcommand behind its name, and runs no other command.
        self.script = management_script() if argv[1] else None
        super().run_from_argv(argv[:end])

    def handle(self, *_: Any, **options: Any) -> None:
        """Lists, prints, exports, asks or starts.

        Raises:
            CommandError: what keeps it from doing so, in one line.
        """
        if options["bash_completion"]:
            self.stdout.write(bash_script(self.flags), ending="")
            return
        options["overrides"] = (*options["unknown"], *options.get("overrides", self.overrides))
        try:
            project = Project.from_settings(
                *import_directories(options["pythonpath"]),
                environ=self.environ,
                script=self.script,
                settings_typed=bool(options["settings"]),
            )
            self._action(options)(project, **options)
        except (ConfigurationError, UsageError, LaunchError) as error:
            raise CommandError(str(error), returncode=error.exit_code) from error

    def _action(self, options: Mapping[str, Any]) -> Callable[..., None]:
        """Returns the method that does what the options ask for."""
        _refuse_idle(options)
        for asked, action in (
            (options["list"], self._list),
            (options["check_health"], self._check_health),
        ):
            if asked and options["overrides"]:
                raise UsageError(f"{options['overrides'][0]} is for a server, and none is started.")
            if asked:
                return action
        if options.get("export"):
            return self._export
        return self._start_all if options["all"] else self._start

    def _start(self, project: Project, *, name: str | None, **options: Any) -> None:
        backend = self._backend(project, name, **options)
        launch = self._launch(backend)
        if options["dry_run"]:
            self.stdout.write(str(launch))
            return
        if self.development and not project.debug:
            self.stderr.write(NO_DEBUG, self.style.WARNING)
        self._check(**options)
        backend.start_server(*backend.prep_server_args())

    def _start_all(self, project: Project, **options: Any) -> None:
        launches = self._launches(project, **options)
        if options["dry_run"]:
            for launch in launches.values():
                self.stdout.write(str(launch))
            return
        self._check(**options)
        # It takes a while to import, and most starts are of one process.
        from django_prodserver.supervisor.handover import hand_over  # noqa: PLC0415
        from django_prodserver.supervisor.job import Job  # noqa: PLC0415

        no_color, force_color = options["no_color"], options["force_color"]
        job = Job(
            launches,
            on_exit=OnExit(options["on_exit"] or OnExit.STOP),
            grace=GRACE if options["grace"] is None else options["grace"],
            color=force_color if no_color or force_color else None,
        )
        hand_over(job, project.environ)

    def _export(self, project: Project, **options: Any) -> None:
        files = export(options["export"], project.name, self._launches(project, **options))
        if options["output"]:
            write(files, options["output"])
        else:
            self.stdout.write(printed(files), ending="")

    def _check_health(
        self, project: Project, *, name: str | None, check_health: str, **_: Any
    ) -> None:
        if name:
            project.process(name)
        probe(check_health, headers=project.probe_headers(check_health))

    def _list(self, project: Project, **_: Any) -> None:
        lines: dict[Kind, list[str]] = {kind: [] for kind in Kind}
        mistakes = []
        width = max(len(str(name)) for name in project)
        for name in project:
            try:
                backend = backend_for(project, name, development=self.development)
            except ConfigurationError as error:
                mistakes.append(str(error))
            else:
                lines[backend.kind].append(f"  {name:{width}}  {backend.entry['BACKEND']}")
        for kind in filter(lines.get, [self.kind] if self.kind else Kind):
            self.stdout.write(f"{kind.value.capitalize()}s:", self.style.MIGRATE_HEADING)
            self.stdout.write("\n".join(lines[kind]))
        if mistakes:
            raise CommandError("\n".join(mistakes))

    def _launches(self, project: Project, *, name: str | None, **options: Any) -> dict[str, Launch]:
        """Returns the launch of each process, or of the named one, by its name."""
        if options["all"] and name:
            raise UsageError("--all starts every process: leave out the name.")
        names = [name] if name else list(project)
        backends = {
            each: backend_for(project, each, development=self.development) for each in names
        }
        chosen = {each: b for each, b in backends.items() if self.kind in {None, b.kind}}
        if len(chosen) != 1 and options["overrides"]:
            raise UsageError(f"{options['overrides'][0]} is for one process: name it.")
        if not chosen:
            raise UsageError(f"PRODUCTION_PROCESSES has no {self.kind and self.kind.value}.")
        return {each: self._launch(self._backend(project, each, **options)) for each in chosen}

    def _backend(
        self,
        project: Project,
        name: str | None,
        *,
        overrides: Sequence[str],
        unknown: Sequence[str],
        **_: Any,
    ) -> BaseProcessBackend:
        backend = backend_for(project, name, overrides, development=self.development)
        if self.kind not in {None, backend.kind}:
            raise UsageError(
                f"{where(backend.process_name)} is a {backend.kind.value}. "
                f"Type prodserver {backend.process_name}"
            )
        if unknown:
            _set_up_for(backend)
            refuse_strays(unknown, backend, self.flags)
        return backend

    def _launch(self, backend: BaseProcessBackend) -> Launch:
        launch = _launch_of(backend)
        for note in launch.notes:
            self.stderr.write(note, self.style.WARNING)
        return launch

    def _check(self, *, skip_checks: bool, **_: Any) -> None:
        # In development, what is wrong is about to be mended, and runserver runs checks itself.
        if apps.ready and not skip_checks and not self.development:
            self.check()


def _refuse_idle(options: Mapping[str, Any]) -> None:
    """Refuses options that would do nothing beside the others, or without another one."""
    for part, whole in PARTS.items():
        if options.get(part) is not None and not options.get(whole):
            raise UsageError(f"{_flag(part)} belongs to {_flag(whole)}, which is not there.")
    actions = [_flag(each) for each in ACTIONS if options.get(each)]
    if "--export" in actions:
        # It is of all processes unless one is named.
        actions = [each for each in actions if each != "--all"]
    if options["dry_run"] and actions != ["--all"]:
        actions.append("--dry-run")
    if len(actions) > 1:
        raise UsageError(f"{' and '.join(actions)} do not go together: leave out one of them.")


def _flag(option: str) -> str:
    return f"--{option.replace('_', '-')}"


def _launch_of(backend: BaseProcessBackend) -> Launch:
    _set_up_for(backend)
    try:
        return backend.launch()
    except AppRegistryNotReady:
        # A lazy text among ARGS, such as a translation.
        _set_up(backend)
        return backend.launch()


def _set_up_for(backend: BaseProcessBackend) -> None:
    """Sets Django up where the console script has not done so and the process needs it."""
    if backend.in_process and not apps.ready:
        _set_up(backend)


def _set_up(backend: BaseProcessBackend) -> None:
    try:
        django.setup()
    # An app is anybody's code, and may fail in any way.
    except Exception as error:
        # It may have failed on what is missing.
        for obstacle in backend.obstacles():
            raise obstacle from error
        raise LaunchError(f"Django cannot be set up: {reason(error)}") from error


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise ValueError
    return seconds


# argparse names it in its message.
_seconds.__name__ = "number of seconds"


def _add_supervision(parser: CommandParser) -> None:
    parser.add_argument("--all", action="store_true", help="Start every process, side by side.")
    parser.add_argument(
        "--on-exit",
        choices=[each.value for each in OnExit],
        help="With --all: what happens to the others when one process ends; by default, they stop.",
    )
    parser.add_argument(
        "--grace",
        type=_seconds,
        metavar="SECONDS",
        help=f"With --all: how long a process may take to stop; then it is killed ({GRACE:g}).",
    )


def _add_export(parser: CommandParser) -> None:
    parser.add_argument(
        "--export", metavar="FORMAT", help=f"Print a file for: {', '.join(FORMATS)}; and exit."
    )
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="With --export: write into this directory."
    )
