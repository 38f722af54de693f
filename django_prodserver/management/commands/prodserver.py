"""``manage.py prodserver``: start a process of the project by its name."""

from collections.abc import Mapping
from typing import Any

import django
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_prodserver.backends import backend_for
from django_prodserver.backends.base import Kind
from django_prodserver.exceptions import ConfigurationError, LaunchError, UsageError
from django_prodserver.processes import Process
from django_prodserver.project import Project, import_directories

__all__ = ["Command"]


class Command(BaseCommand):
    """Starts one of ``PRODUCTION_PROCESSES``."""

    help = (
        "Start a process of PRODUCTION_PROCESSES: the server's own command takes this one's place."
    )
    stealth_options = ("overrides",)
    # They run once it is certain that the process itself is configured well; see handle().
    requires_system_checks = []

    def __init__(self, environ: Mapping[str, str] | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.environ = environ
        self.overrides: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.usage = "%(prog)s [NAME] [options] [-- options of the server]"
        parser.add_argument(
            "name",
            nargs="?",
            metavar="NAME",
            help="The process; not needed when there is only one.",
        )
        parser.add_argument("--list", action="store_true", help="List the processes and exit.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print the command that would run and exit."
        )
        parser.add_argument("--skip-checks", action="store_true", help="Skip system checks.")
        parser.epilog = (
            "What follows -- replaces options of ARGS for this run: prodserver web -- --workers=4"
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """Runs the command, with the words after ``--`` as overrides."""
        end = argv.index("--") if "--" in argv else len(argv)
        self.overrides = tuple(argv[end + 1 :])
        super().run_from_argv(argv[:end])

    def handle(self, *_: Any, **options: Any) -> None:  # noqa: ANN401
        """Lists, prints or starts; mistakes become one line."""
        try:
            self._handle(**options)
        except (ConfigurationError, UsageError, LaunchError) as error:
            raise CommandError(str(error), returncode=error.exit_code) from error

    def _handle(self, *, name: str | None, **options: Any) -> None:  # noqa: ANN401
        project = Project.from_settings(
            *import_directories(options["pythonpath"]), environ=self.environ
        )
        if options["list"]:
            self._list(project)
            return
        backend = backend_for(
            project, project.process(name), options.get("overrides", self.overrides)
        )
        launch = backend.launch()
        for note in launch.notes:
            self.stderr.write(note, self.style.WARNING)
        if options["dry_run"]:
            self.stdout.write(str(launch))
            return
        if backend.in_process and not apps.ready:
            django.setup()
        if apps.ready and not options["skip_checks"]:
            self.check()
        backend.start_server(*backend.prep_server_args())

    def _list(self, project: Project) -> None:
        """Prints servers and workers under headings; a process that cannot be told apart is a mistake, named below them."""
        lines: dict[Kind, list[tuple[str, str]]] = {kind: [] for kind in Kind}
        mistakes = []
        for name, entry in project:
            try:
                process = Process.from_entry(name, entry)
                lines[backend_for(project, process).kind].append((process.name, process.backend))
            except ConfigurationError as error:
                mistakes.append(error)
        width = max((len(name) for found in lines.values() for name, _ in found), default=0)
        for kind in (kind for kind in Kind if lines[kind]):
            self.stdout.write(f"{kind.value.capitalize()}s:", self.style.MIGRATE_HEADING)
            for name, backend in lines[kind]:
                self.stdout.write(f"  {name:{width}}  {backend}")
        if mistakes:
            raise CommandError("\n".join(map(str, mistakes)))
