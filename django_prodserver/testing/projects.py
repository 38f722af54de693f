"""A fresh Django project in a directory of its own, and what is run in it."""

import atexit
import contextlib
import functools
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Self

from django_prodserver.testing.running import PATIENCE, Running, started

__all__ = ["FreshProject", "argv_of", "script"]

URLS = """
from django_prodserver.testing.views import urlpatterns as answers

urlpatterns += answers
"""
SETTINGS = "INSTALLED_APPS += ['django_prodserver']"

# Runs one piece of code for each line of its input, and answers each with a line.
INTERPRETER = """
import contextlib, io, json, sys, traceback
import django

def run(code):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {})
    return printed.getvalue()

django.setup()
for line in sys.stdin:
    try:
        answer = {"printed": run(json.loads(line))}
    except BaseException:
        answer = {"failed": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
"""


@dataclass
class FreshProject:
    """A project ``mysite`` as ``startproject`` makes it, with ``django_prodserver`` installed.

    It answers ``hello`` to ``/``, and to what else is in :mod:`django_prodserver.testing.views`.
    """

    path: Path
    """The directory of ``manage.py``."""
    home: Path
    """The home directory of what runs in it, and the place of its logs."""
    environ: dict[str, str] = field(default_factory=dict)
    """Environment variables that come on top of :meth:`env`."""
    python: Path = Path(sys.executable)
    """The interpreter of ``manage.py``."""

    @classmethod
    def create(cls, directory: Path) -> Self:
        """Returns a project in this directory, as ``project`` and ``home``."""
        path, home = directory / "project", directory / "home"
        shutil.copytree(_template(), path)
        home.mkdir()
        return cls(path, home)

    @classmethod
    @contextlib.contextmanager
    def temporary(cls) -> Iterator[Self]:
        """Makes a project in a directory that is removed at the end."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
            yield cls.create(Path(directory).resolve())

    def configure(self, **settings: object) -> None:
        """Adds settings at the end of ``mysite/settings.py``, each as the ``repr()`` of a value."""
        lines = [f"{name} = {value!r}" for name, value in settings.items()]
        self.append("mysite/settings.py", "\n".join(lines))

    def install(self, *apps: str) -> None:
        """Adds apps to ``INSTALLED_APPS``."""
        self.append("mysite/settings.py", f"INSTALLED_APPS += {list(apps)!r}")

    def write(self, name: str, text: str) -> None:
        """Writes a file of the project; its directory is made where it is missing."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def append(self, name: str, text: str) -> None:
        """Adds lines at the end of a file of the project."""
        with (self.path / name).open("a") as file:
            file.write(f"\n{text}\n")

    def env(self) -> dict[str, str]:
        """Returns an environment as of a fresh log-in: no virtual environment is activated."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environ,
        }

    @property
    def variables(self) -> dict[str, str]:
        """What a server's own command needs in order to find this project."""
        directories = [str(self.path), *filter(None, [self.environ.get("PYTHONPATH")])]
        return {
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
            "PYTHONPATH": os.pathsep.join(directories),
        }

    def run(
        self,
        *argv: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> subprocess.CompletedProcess[str]:
        """Returns a command that has ended, with what it printed.

        ``env`` comes on top of :meth:`env`, and ``patience`` is how many seconds it may take.

        Raises:
            subprocess.TimeoutExpired: it has not ended in time, and was killed.
        """
        return subprocess.run(
            argv,
            cwd=cwd or self.path,
            env={**self.env(), **(env or {})},
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Returns ``manage.py`` with these words, when it has ended."""
        return self.run(self.python, "manage.py", *words)

    def shell(self, code: str) -> str:
        """Returns what Python code prints in this project, Django being set up.

        Raises:
            AssertionError: it failed; the text is what it printed.
        """
        with self.interpreter() as run:
            return run(code)

    @contextlib.contextmanager
    def interpreter(self) -> Iterator[Callable[[str], str]]:
        """Starts Python with Django set up, and gives what :meth:`shell` is, without the start.

        What a piece of code has defined, the next one does not know.
        """
        with subprocess.Popen(
            (self.python, "-c", INTERPRETER),
            cwd=self.path,
            env={**self.env(), **self.variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield functools.partial(_answer, process)
            finally:
                process.kill()

    def resolved(self, command: Sequence[str]) -> list[str]:
        """Returns the words of the process that a user gets who types this command here.

        Its first word is ``python``, or a command that is installed for this interpreter; a
        ``manage.py`` is that of the project.
        """
        name, *rest = command
        program = [] if name == "python" else [str(script(name))]
        words = [str(self.path / word) if word == "manage.py" else word for word in rest]
        return [str(self.python), *program, *words]

    def dry_run(self, *words: str) -> str:
        """Returns the line that ``manage.py prodserver --dry-run`` prints for a process.

        Raises:
            AssertionError: it failed; the text is what it printed.
        """
        done = self.manage("prodserver", "--dry-run", *words)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        return done.stdout.strip()

    @contextlib.contextmanager
    def start(
        self,
        *argv: str | Path,
        port: int = 0,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Iterator[Running]:
        """Starts a process in a process group of its own, and kills all of it at the end.

        ``env`` comes on top of :meth:`env`; ``port`` is where the process is to answer requests.
        """
        log = self.home / f"{time.monotonic_ns()}.log"
        environment = {**self.env(), **(env or {})}
        with started(argv, cwd=cwd or self.path, env=environment, log=log, port=port) as running:
            yield running


def _answer(process: subprocess.Popen[str], code: str) -> str:
    """Returns what code prints in an interpreter; raises AssertionError if it fails."""
    asked, answers, errors = process.stdin, process.stdout, process.stderr
    if not (asked and answers and errors):
        raise AssertionError("The interpreter has no pipes.")
    timer = Timer(PATIENCE, process.kill)
    timer.start()
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(code), file=asked, flush=True)
    line = answers.readline()
    timer.cancel()
    answer = json.loads(line) if line else {"failed": errors.read()}
    if "failed" in answer:
        raise AssertionError(answer["failed"])
    return str(answer["printed"])


def argv_of(line: str) -> list[str]:
    """Returns the words of a line of ``--dry-run``, without the variables before them."""
    words = shlex.split(line)
    if words[:1] == ["env"]:
        del words[0]
    while words[:1] == ["-u"]:
        del words[:2]
    while words and "=" in words[0] and not words[0].startswith("/"):
        del words[0]
    return words


def script(name: str) -> Path:
    """Returns the path of a command that is installed for this interpreter.

    Raises:
        FileNotFoundError: there is none.
    """
    path = Path(sysconfig.get_path("scripts"), name)
    if not path.is_file():
        raise FileNotFoundError(f"There is no command {path}.")
    return path


@functools.cache
def _template() -> Path:
    """Returns the project that all are copies of; it lives as long as this process."""
    directory = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    path = Path(directory, "project")
    path.mkdir()
    command = (sys.executable, "-m", "django", "startproject", "mysite", str(path))
    # In an empty directory: startproject refuses a name that can be imported.
    subprocess.run(command, check=True, timeout=PATIENCE, cwd=directory, env={"PATH": os.defpath})
    project = FreshProject(path, path)
    project.append("mysite/settings.py", SETTINGS)
    project.append("mysite/urls.py", URLS)
    return path
