"""A fresh Django project for a subject, and the ways to start that subject in it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.elder import Elder
    from benchmarks.subjects import Subject

__all__ = ["Command", "Project"]

SCRIPTS = Path(sysconfig.get_path("scripts"))

SETTINGS = """
import os

import django

INSTALLED_APPS += ["django_prodserver"]
{settings}
PRODUCTION_PROCESSES = {{
    "web": {{
        "BACKEND": os.environ["BENCH_BACKEND"],
        "ARGS": {{
            name: text.format(port=os.environ["BENCH_PORT"]) for name, text in {args}.items()
        }},
        {app}
    }}
}}
"""

# What manage.py does before any command of its own, and then another program in its place.
SET_UP = """
import os
import sys

import django
from django.core import management

os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
django.setup()
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True)
class Command:
    """A command line, with the environment that it runs in."""

    argv: tuple[str, ...]
    environ: Mapping[str, str]
    directory: Path


@dataclass(frozen=True)
class Project:
    """What ``startproject`` makes, with the setting and the modules that a subject needs."""

    subject: Subject
    directory: Path
    broker: str = ""
    """The address where the subject finds its tasks."""

    @classmethod
    def make(cls, directory: Path, subject: Subject, broker: str = "") -> Project:
        """Return a project of its own in a directory that does not exist yet."""
        directory.mkdir()
        project = cls(subject, directory, broker)
        project.run(sys.executable, "-m", "django", "startproject", "mysite", ".")
        app = f'"APP": {subject.app!r},' if subject.app else ""
        settings = SETTINGS.format(settings=subject.settings, args=dict(subject.args), app=app)
        with (directory / "mysite/settings.py").open("a", encoding="utf-8") as file:
            file.write(settings)
        for name, text in subject.files.items():
            (directory / name).write_text(text, "utf-8")
        words = shlex.join(map(str, project._native("$BENCH_PORT")))
        (directory / "Procfile").write_text(f"web: {words.replace(chr(39), '')}\n", "utf-8")
        if subject.migrated:
            project.run(sys.executable, "manage.py", "migrate", "--verbosity=0")
        return project

    def run(self, *argv: str) -> None:
        """Run a command in the project.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        environ = self.environ(0)
        subprocess.run(argv, cwd=self.directory, env=environ, check=True, timeout=120)

    def environ(self, port: int) -> dict[str, str]:
        """Return the environment of a fresh log-in, and the variables that the settings read."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.directory),
            "LC_ALL": "C.UTF-8",
            "BENCH_BACKEND": self.subject.backend,
            "BENCH_PORT": str(port),
            **({self.subject.broker: self.broker} if self.broker else {}),
        }

    def native(self, port: int) -> Command:
        """Return the command of the subject's own package."""
        return self._command(port, *self._native(str(port)))

    def manage(self, port: int) -> Command:
        """Return the management command."""
        return self._command(port, sys.executable, "manage.py", "prodserver", "web")

    def after_set_up(self, port: int) -> Command:
        """Return the command of the subject's own package, run by what manage.py does before."""
        return self._command(port, sys.executable, "-c", SET_UP, *self._native(str(port)))

    def console(self, port: int) -> Command:
        """Return the console script."""
        return self._command(port, SCRIPTS / "prodserver", "web")

    def everything(self, port: int) -> Command:
        """Return the supervisor of all processes."""
        return self._command(port, SCRIPTS / "prodserver", "--all")

    def honcho(self, port: int) -> Command:
        """Return honcho, with the native command in its Procfile."""
        return self._command(port, SCRIPTS / "honcho", "start")

    def elder(self, elder: Elder, port: int) -> Command:
        """Return the management command of the public package."""
        command = self._command(port, elder.python, "manage.py", "server", "web")
        environ = {**command.environ, "BENCH_BACKEND": self.subject.elder}
        return Command(command.argv, environ, command.directory)

    def _native(self, port: str) -> tuple[str | Path, ...]:
        name, *words = self.subject.native.format(port=port).split()
        first = (sys.executable, name) if name == "manage.py" else (SCRIPTS / name,)
        return (*first, *words)

    def _command(self, port: int, *words: str | Path) -> Command:
        return Command(tuple(map(str, words)), self.environ(port), self.directory)
