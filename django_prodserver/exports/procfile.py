"""A Procfile, for Honcho and Foreman: one line of shell for each process."""

import shlex
from collections.abc import Mapping

from django_prodserver.exports.files import File, Inexpressible, variables
from django_prodserver.launch import Launch
from django_prodserver.spelling import quoted

__all__ = ["entry", "files"]


def entry(_project: str, name: str, launch: Launch) -> str:
    """Returns the line of one process.

    ``exec`` lets the process take the place of the shell, so signals reach it.

    Raises:
        Inexpressible: a word has a line break.
    """
    given, removed = variables(launch)
    options = [word for key in removed for word in ("-u", key)]
    command = ["env", *options, *(f"{key}={given[key]}" for key in given), *launch.argv]
    for word in (str(launch.cwd), *command):
        # Honcho splits where Python does, which is at more characters than the line feed.
        if len(f"{word}.".splitlines()) > 1:
            raise Inexpressible(f"{quoted(word)} has a line break.")
    return f"{name}: cd {shlex.quote(str(launch.cwd))} && exec {shlex.join(command)}\n"


def files(_project: str, entries: Mapping[str, str]) -> list[File]:
    """Returns the one file."""
    return [File("Procfile", "".join(entries.values()))]
