"""``manage.py prodserver``: start a process of the project by its name."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import django
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_prodserver.backends import backend_for
from django_prodserver.backends.base import Kind
from django_prodserver.exceptions import ConfigurationError, LaunchError, UsageError
from django_prodserver.project import Project, import_directories

__all__ = ["Command"]


class Command(BaseCommand):
    """Starts one of ``PRODUCTION_PROCESSES``."""

    help = "Start a process of PRODUCTION_PROCESSES; the server takes the place of this command."
    stealth_options = ("overrides",)
    # They run when it is certain that this process is configured well: see _start().
    requires_system_checks = ()

    def __init__(self, environ: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """The process inherits ``environ``; None: what it is when the command runs."""
        super().__init__(**kwargs)
        self.environ = environ
        self.overrides: tuple[str, ...] = ()

    def get_version(self) -> str:
        """Returns the version of django-prodserver."""
        return version("django-prodserver")

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds NAME and the options."""
        # The console script has no subcommand behind its name.
        parser.prog = parser.prog.strip()
        parser.usage = "%(prog)s [NAME] [options] [-- options of the server]"
        parser.epilog = "What follows -- replaces options of ARGS: prodserver web -- --workers=4"
        parser.add_argument(
            "name", nargs="?", metavar="NAME", help="The process; may be left out if it is alone."
        )
        parser.add_argument("--list", action="store_true", help="List the processes, and exit.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be run, and exit."
        )
        parser.add_argument("--skip-checks", action="store_true", help="Skip system checks.")

    def run_from_argv(self, argv: list[str]) -> None:
        """Runs the command, with the words after ``--`` as overrides."""
        end = argv.index("--") if "--" in argv else len(argv)
        self.overrides = tuple(argv[end + 1 :])
        super().run_from_argv(argv[:end])

    def handle(self, *_: Any, **options: Any) -> None:
        """Lists, prints or starts.

        Raises:
            CommandError: what keeps it from doing so, in one line.
        """
        try:
            project = Project.from_settings(
                *import_directories(options["pythonpath"]), environ=self.environ
            )
            if options["list"]:
                self._list(project)
            else:
                self._start(project, **options)
        except (ConfigurationError, UsageError, LaunchError) as error:
            raise CommandError(str(error), returncode=error.exit_code) from error

    def _start(self, project: Project, *, name: str | None, **options: Any) -> None:
        backend = backend_for(project, name, options.get("overrides", self.overrides))
        if backend.in_process and not apps.ready:
            django.setup()
        launch = backend.launch()
        for note in launch.notes:
            self.stderr.write(note, self.style.WARNING)
        if options["dry_run"]:
            self.stdout.write(str(launch))
            return
        if apps.ready and not options["skip_checks"]:
            self.check()
        backend.start_server(*backend.prep_server_args())

    def _list(self, project: Project) -> None:
        lines: dict[Kind, list[str]] = {kind: [] for kind in Kind}
        mistakes = []
        width = max(len(str(name)) for name in project)
        for name in project:
            try:
                kind, backend = backend_for(project, name).kind, project.process(name).backend
            except ConfigurationError as error:
                mistakes.append(str(error))
            else:
                lines[kind].append(f"  {name:{width}}  {backend}")
        for kind in filter(lines.get, Kind):
            self.stdout.write(f"{kind.value.capitalize()}s:", self.style.MIGRATE_HEADING)
            self.stdout.write("\n".join(lines[kind]))
        if mistakes:
            raise CommandError("\n".join(mistakes))
