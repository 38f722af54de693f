"""What holds for every process, be it a server or a worker."""

import atexit
import functools
import json
import os
import pickle
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django_prodserver.option_cache import VARIABLE as OPTION_TABLES
from django_prodserver.testing.environments import python_without
from django_prodserver.testing.projects import FreshProject, argv_of
from django_prodserver.testing.running import PATIENCE, PROCESSES, Running, catches, free_port

__all__ = ["OnHup", "ProcessContract", "Typed"]

if TYPE_CHECKING:
    from unittest import TestCase
else:
    TestCase = object

PID_1 = ("unshare", "--fork", "--pid", "--mount-proc")
MISSING = "which this machine does not have"

# One process prints them all: a command for each would take half a second.
DRY_RUNS = """
import contextlib, io, json, pickle, runpy, sys
from django.conf import settings
name, entries = pickle.load(open({path!r}, "rb"))
sys.argv = ["manage.py", "prodserver", name, "--dry-run"]
lines = []
for entry in entries:
    settings.PRODUCTION_PROCESSES = {{name: entry}}
    with contextlib.redirect_stdout(io.StringIO()) as line:
        runpy.run_path("manage.py", run_name="__main__")
    lines.append(line.getvalue())
print(json.dumps(lines))
"""

Typed = Sequence[tuple[object, str]]
"""Values of ARGS as a whole, each with the options that a user would type for it."""


class OnHup(Enum):
    """What a process makes of SIGHUP."""

    RELOADS = "it goes on with the settings and the code as they are now"
    ENDS = "it ends, with the exit code of the native server"
    IGNORES = "it goes on as before"


class ProcessContract(TestCase):
    """The promises that every backend keeps.

    A subclass says how the server is started natively; the tests start both, and compare.
    Where the attribute that a test needs is empty, the class does not have that test.
    """

    BACKEND: ClassVar[str]
    """The value of BACKEND in the settings."""
    ENTRY: ClassVar[Mapping[str, object]] = {}
    """What else the entry of ``PRODUCTION_PROCESSES`` needs, such as APP."""
    NAME: ClassVar[str] = "web"
    """The name of the process."""
    PACKAGE: ClassVar[str] = ""
    """The distribution without which the process cannot start."""
    INSTALL: ClassVar[str] = ""
    """What to install then; empty: ``PACKAGE``."""
    MISTAKE: ClassVar[tuple[str, str] | None] = None
    """A misspelled key of ARGS, and the key that the message must suggest."""
    TYPED: ClassVar[Typed] = ()
    """Values of ARGS, each with the options that a user would type for it."""
    EVERY_KIND: ClassVar[Sequence[tuple[Mapping[str, object], str]]] = ()
    """ARGS of every kind that the server takes, each with the options that a user would type.

    One process is started with all of them; ``{port}`` in a text becomes the port that a server has
    to listen on.
    """
    READY: ClassVar[str] = ""
    """What the process prints when it can be used."""
    IN_PROCESS: ClassVar[bool] = False
    """The process stays the command ``prodserver``, instead of becoming another command."""
    STOPS_AS_PID_1: ClassVar[bool] = True
    """SIGTERM ends it where it is the first process of a container."""
    ON_HUP: ClassVar[OnHup] = OnHup.RELOADS
    HUP_ARGS: ClassVar[Mapping[str, object]] = {}
    """What it needs in ARGS for that."""
    EXIT_CODES: ClassVar[Mapping[str, tuple[int, int]]] = {}
    """Where exit codes differ on purpose: ours and the native one.

    The keys are ``term``, ``hup``, ``port in use``, ``broken application``, ``broken project`` and
    ``broker down``.
    """

    optional: ClassVar[dict[str, str]] = {
        "test_a_misspelled_key_is_refused_with_the_nearest_known_one": "MISTAKE",
        "test_a_missing_package_is_one_line_with_the_command_that_installs_it": "PACKAGE",
        "test_args_become_what_a_user_would_type": "TYPED",
        "test_every_kind_of_value_reaches_the_started_process": "EVERY_KIND",
    }
    """The attribute without which a class does not have a test."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # A contract keeps all its tests: its subclasses say which of them they have.
        if issubclass(cls, unittest.TestCase):
            for test, attribute in cls.optional.items():
                setattr(cls, test, _inherited(cls, test) if getattr(cls, attribute) else None)

    def args(self, port: int) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """Returns ARGS; a server has to listen on this port of 127.0.0.1."""
        return {}

    def options(self, port: int) -> list[str]:  # noqa: ARG002 - for subclasses
        """Returns the words that a user would type for ``args(port)``."""
        return []

    def native(self, *options: str) -> list[str]:
        """Returns the command that a user would type, with these options.

        The first word is ``python``, or a command that an installed package brings.
        """
        raise NotImplementedError

    def shown(self, *options: str) -> list[str]:
        """Returns what ``--dry-run`` prints, and the process's command line then is.

        It is the native command, unless a subclass says otherwise.
        """
        return self.native(*options)

    def prepare(self, project: FreshProject) -> None:
        """Makes of a fresh project what the process needs."""

    def is_ready(self, running: Running) -> bool:
        """Returns whether the process can be used."""
        return self.READY in running.output()

    # What the tests are made of; a subclass may use it for tests of its own.

    def project(self) -> FreshProject:
        """Returns a project that is prepared, and lives until the end of the test."""
        project = self.enterContext(FreshProject.temporary())
        project.environ[OPTION_TABLES] = _option_tables()
        self.prepare(project)
        return project

    def entry(self, port: int, **args: object) -> dict[str, object]:
        """Returns an entry of ``PRODUCTION_PROCESSES``, with more ARGS."""
        return {"BACKEND": self.BACKEND, **self.ENTRY, "ARGS": {**self.args(port), **args}}

    def start(self, project: FreshProject, port: int = 0, **args: object) -> Running:
        """Returns the process of this backend, started by ``prodserver`` until the test ends."""
        project.configure(PRODUCTION_PROCESSES={self.NAME: self.entry(port, **args)})
        return self.start_configured(project, port)

    def start_configured(
        self, project: FreshProject, port: int = 0, before: Sequence[str] = ()
    ) -> Running:
        """Returns the process as it stands in the settings; ``before`` comes before the command.

        The command is the one that does not set Django up: how a process begins, the tests that
        name ``manage.py`` show, and what it does then is the same.
        """
        command: tuple[str | Path, ...] = (project.python, "-m", "django_prodserver", self.NAME)
        words = (*before, *command)
        return self.enterContext(project.start(*words, port=port))

    def start_native(self, project: FreshProject, port: int = 0) -> Running:
        """Returns the native server for the same ARGS, started until the test ends."""
        words = project.resolved(self.native(*self.options(port)))
        return self.enterContext(project.start(*words, port=port, env=project.variables))

    def until_ready(self, *processes: Running) -> None:
        """Returns when these processes can be used.

        Raises:
            TimeoutError: one of them cannot, in time.
            ProcessLookupError: one of them has ended.
        """
        for running in processes:
            running.until(lambda running=running: self.is_ready(running))  # type: ignore[misc]

    def assert_same_exit_code(self, event: str, ours: Running, native: Running) -> None:
        """Asserts that both end, with one exit code or with those of ``EXIT_CODES``."""
        codes = ours.exit_code(), native.exit_code()
        expected = self.EXIT_CODES.get(event, (codes[1], codes[1]))
        self.assertEqual(codes, expected, f"{event}: {ours.output()}\n{native.output()}")

    def assert_one_line(self, done: subprocess.CompletedProcess[str], text: str) -> None:
        """Asserts that a command has failed with exit code 1, and one line that has this text."""
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(text, done.stderr)

    def assert_on_hup(
        self,
        project: FreshProject,
        tell: Callable[[FreshProject, str], None],
        told: Callable[[FreshProject, Running], str],
    ) -> None:
        """Asserts ``ON_HUP``, with a function that changes the project and one that asks for it."""
        port = free_port()
        tell(project, "old")
        running = self.start(project, port, **self.HUP_ARGS)
        self.until_ready(running)
        self.assertEqual(told(project, running), "old")
        if self.ON_HUP is OnHup.ENDS:
            native = self.start_native(project, free_port())
            self.until_ready(native)
            for each in (running, native):
                each.signal(signal.SIGHUP)
            self.assert_same_exit_code("hup", running, native)
            return
        tell(project, "new")
        running.signal(signal.SIGHUP)
        if self.ON_HUP is OnHup.RELOADS:
            running.until(lambda: told(project, running) == "new")
        else:
            # Nothing tells that a signal has arrived and was ignored.
            time.sleep(1)
            # One that reloads after all may answer nobody for a while.
            running.until(lambda: bool(told(project, running)))
            self.assertEqual(told(project, running), "old")

    def assert_works(self, project: FreshProject, running: Running) -> None:
        """Asserts that a process which is ready does what it is there for."""

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        """Asserts that a process which is ready does what ``EVERY_KIND`` asks for."""

    # The promises.

    def test_in_a_fresh_project_the_started_process_is_the_native_one_and_works(self) -> None:
        """One process, with the command line that ``--dry-run`` prints and a user would type.

        A project as ``startproject`` makes it has no ``ASGI_APPLICATION``.
        """
        if not PROCESSES.is_dir():
            self.skipTest(f"needs {PROCESSES}, {MISSING}")
        project, port = self.project(), free_port()
        project.configure(PRODUCTION_PROCESSES={self.NAME: self.entry(port)})
        words = (project.python, "manage.py", "prodserver", self.NAME)
        running = self.enterContext(project.start(*words, port=port))
        self.until_ready(running)
        expected = project.resolved(self.shown(*self.options(port)))
        settings = (project.path / "mysite" / "settings.py").read_text()

        self.assertNotIn("ASGI_APPLICATION", settings)

        self.assertEqual(argv_of(project.dry_run(self.NAME)), expected)
        if self.IN_PROCESS:
            expected = [*map(str, words)]
        else:
            commands = running.descendants().values()
            self.assertEqual([argv for argv in commands if "prodserver" in argv], [])
        self.assertEqual(running.argv(), expected)
        self.assert_works(project, running)

    def test_several_processes_run_side_by_side_wherever_they_are_started(self) -> None:
        """One from the root directory, and one by a relative path of ``manage.py``."""
        project = self.project()
        ports = {self.NAME: free_port(), "other": free_port()}
        entries = {name: self.entry(port) for name, port in ports.items()}
        project.configure(PRODUCTION_PROCESSES=entries)
        places = (
            (Path("/"), project.path / "manage.py"),
            (project.path.parent, Path(project.path.name, "manage.py")),
        )
        processes = []
        for (cwd, manage), (name, port) in zip(places, ports.items(), strict=True):
            words = (project.python, manage, "prodserver", name)
            processes.append(self.enterContext(project.start(*words, port=port, cwd=cwd)))

        self.until_ready(*processes)
        self.assertEqual([running.process.poll() for running in processes], [None, None])

    def test_term_stops_it_as_the_first_process_of_a_container(self) -> None:
        """Nobody but the process itself handles a signal there."""
        if not _can_be_pid_1():
            self.skipTest(f"needs unshare and the right to use it, {MISSING}")
        project, port = self.project(), free_port()
        project.configure(PRODUCTION_PROCESSES={self.NAME: self.entry(port)})
        running = self.start_configured(project, port, before=PID_1)
        self.until_ready(running)
        (process,) = running.children()
        if self.STOPS_AS_PID_1:
            # It may say that it is ready a moment before it handles signals.
            running.until(lambda: catches(process, signal.SIGTERM))
            os.kill(process, signal.SIGTERM)
            running.exit_code(5)
        else:
            os.kill(process, signal.SIGTERM)
            with self.assertRaises(TimeoutError):
                running.exit_code(2)

    def test_a_misspelled_key_is_refused_with_the_nearest_known_one(self) -> None:
        """In one line, and before anything starts."""
        misspelled, known = self.MISTAKE or ("", "")
        project = self.project()
        entry = self.entry(free_port(), **{misspelled: "1"})
        project.configure(PRODUCTION_PROCESSES={self.NAME: entry})
        done = project.manage("prodserver", self.NAME)

        self.assert_one_line(done, f"Did you mean {known!r}?")
        self.assertIn(f"PRODUCTION_PROCESSES[{self.NAME!r}]['ARGS']", done.stderr)
        self.assertIn(repr(misspelled), done.stderr)

    def test_a_missing_package_is_one_line_with_the_command_that_installs_it(self) -> None:
        """The project is an unprepared one, which needs nothing of that package."""
        project = self.enterContext(FreshProject.temporary())
        project.python = python_without(self.PACKAGE, project.home / "environment")
        project.configure(PRODUCTION_PROCESSES={self.NAME: self.entry(free_port())})
        done = project.manage("prodserver", self.NAME)

        install = f"python -m pip install {self.INSTALL or self.PACKAGE}\n"
        self.assert_one_line(done, install)

    def test_args_become_what_a_user_would_type(self) -> None:
        """For every kind of value."""
        project = self.project()
        file = project.home / "entries"
        typed = (*self.TYPED, self._every_kind(free_port()))
        entries = [{"BACKEND": self.BACKEND, **self.ENTRY, "ARGS": args} for args, _ in typed]
        file.write_bytes(pickle.dumps((self.NAME, entries)))
        lines = json.loads(project.shell(DRY_RUNS.format(path=str(file))))

        for (args, words), line in zip(typed, lines, strict=True):
            with self.subTest(args=args):
                self.assertEqual(argv_of(line), project.resolved(self.shown(*shlex.split(words))))

    def test_every_kind_of_value_reaches_the_started_process(self) -> None:
        """All of them together, and it does what they say.

        Of a process inside the command ``prodserver``, only what it does shows what has reached it.
        """
        if not PROCESSES.is_dir():
            self.skipTest(f"needs {PROCESSES}, {MISSING}")
        project, port = self.project(), free_port()
        args, typed = self._every_kind(port)
        entry = {"BACKEND": self.BACKEND, **self.ENTRY, "ARGS": args}
        # What repr() shows of a lazy text, say, is not the same value.
        entries = pickle.dumps({self.NAME: entry})
        setting = f"import pickle\nPRODUCTION_PROCESSES = pickle.loads({entries!r})"
        project.append("mysite/settings.py", setting)
        running = self.start_configured(project, port)
        self.until_ready(running)

        if not self.IN_PROCESS:
            self.assertEqual(running.argv(), project.resolved(self.shown(*shlex.split(typed))))
        self.assert_has_taken(project, running)

    def _every_kind(self, port: int) -> tuple[dict[str, object], str]:
        args = {key: value for part, _ in self.EVERY_KIND for key, value in part.items()}
        typed = " ".join(options for _, options in self.EVERY_KIND)
        return {key: _on_port(value, port) for key, value in args.items()}, _on_port(typed, port)


def _on_port(value: Any, port: int) -> Any:
    """Returns a value with the port in each of its texts that asks for it."""
    match value:
        case str():
            return value.replace("{port}", str(port))
        case list() | tuple():
            return type(value)(_on_port(item, port) for item in value)
    return value


def _inherited(cls: type, test: str) -> object:
    """Returns a test of a class, although a class between may not have had it."""
    return next(filter(None, (vars(base).get(test) for base in cls.__mro__)))


@functools.cache
def _option_tables() -> str:
    """Returns where all projects keep option tables, so that each is read from its server once."""
    directory = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


def _can_be_pid_1() -> bool:
    if not shutil.which(PID_1[0]):
        return False
    done = subprocess.run((*PID_1, "true"), check=False, capture_output=True, timeout=PATIENCE)
    return done.returncode == 0
