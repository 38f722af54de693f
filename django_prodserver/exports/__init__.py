"""Launches as files for the programs that keep processes running.

An exporter is a module with two functions.
``entry(project, name, launch)`` returns the text of one process, and ``files(project, entries)``
the files that hold such texts, by the name of their process.
Exporters write nothing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from django_prodserver.exceptions import UsageError
from django_prodserver.exports import compose, procfile, supervisor, systemd
from django_prodserver.exports.files import File, Inexpressible, printed, variables, write
from django_prodserver.launch import Launch
from django_prodserver.processes import where
from django_prodserver.spelling import did_you_mean, quoted

__all__ = ["FORMATS", "File", "Format", "export", "printed", "write"]


class Format(Protocol):
    """An exporter."""

    def entry(self, project: str, name: str, launch: Launch) -> str:
        """Returns the text of one process."""

    def files(self, project: str, entries: Mapping[str, str]) -> list[File]:
        """Returns the files that hold the texts of these processes."""


FORMATS: Mapping[str, Format] = {
    "compose": compose,
    "procfile": procfile,
    "supervisor": supervisor,
    "systemd": systemd,
}
# What every format takes for the name of a process, and every file system for that of a file.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# What every operating system takes, and a shell too.
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def export(format_name: str, project: str, launches: Mapping[str, Launch]) -> list[File]:
    """Returns the files that make another program run these launches, each under its name.

    ``project`` is the name that the processes have in common, such as ``mysite``.

    Raises:
        UsageError: the format is unknown, or it cannot express one of the launches.
    """
    if format_name not in FORMATS:
        raise UsageError(
            f"There is no format {quoted(format_name)}. {did_you_mean(format_name, FORMATS)}"
        )
    if not NAME.fullmatch(project):
        raise UsageError(f"{quoted(project)} is no name for files. {_allowed()}")
    entries = {name: _entry(format_name, project, name, launches[name]) for name in launches}
    return FORMATS[format_name].files(project, entries)


def _entry(format_name: str, project: str, name: str, launch: Launch) -> str:
    try:
        _check(name, launch)
        return FORMATS[format_name].entry(project, name, launch)
    except Inexpressible as error:
        raise UsageError(f"{where(name)} cannot be exported as {format_name}: {error}") from None


def _check(name: str, launch: Launch) -> None:
    for problem in _problems(name, launch):
        raise Inexpressible(problem)


def _problems(name: str, launch: Launch) -> Iterator[str]:
    """Iterates over what no format can express."""
    if not NAME.fullmatch(name):
        yield f"its name. {_allowed()}"
    for variable in launch.env:
        if not VARIABLE.fullmatch(variable):
            yield f"the variable {quoted(variable)} has no name that a shell takes."
    # With "=" in its path, env(1) would take the program for a variable.
    if "=" in launch.argv[0]:
        yield f"the path of the program, {quoted(launch.argv[0])}, has a '='."
    given, _ = variables(launch)
    for text in (*launch.argv, *given.values(), str(launch.cwd)):
        if re.search("[\0\ud800-\udfff]", text):
            yield f"{quoted(text)} is not text in UTF-8."


def _allowed() -> str:
    return "Use letters from a to z, digits, '-' and '_'."
