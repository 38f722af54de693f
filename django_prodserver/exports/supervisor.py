"""A configuration file for Supervisor: one program for each process, and a group for all."""

import re
from collections.abc import Mapping

from django_prodserver.exports.files import STOP_SECONDS, File, Inexpressible, variables
from django_prodserver.launch import Launch
from django_prodserver.spelling import quoted

__all__ = ["entry", "files"]

ENTRY = """\
[program:{project}-{name}]
process_name={name}
; The user that the process runs as; without it, the user of supervisord.
;user=www-data
directory={directory}
environment={environment}
command={command}
autorestart=unexpected
stopsignal=TERM
; Longer than the longest request or task; after it, KILL ends the whole group of processes.
stopwaitsecs={seconds}
killasgroup=true
"""

# Supervisor's values of variables know quotes but no escapes.
PLAIN_VALUE = re.compile(r"""(?:[^\s"'%;#]| )*""")
PLAIN_WORD = re.compile(r"[A-Za-z0-9_@+=:,./-]+")
# Inside single quotes. Supervisor reads the file in three steps: " ;" and " #" begin comments, and
# a line that begins with a space continues the one before; "%(here)s" is replaced, even behind
# another "%"; then "%" is expanded. Only then the words are split as a shell would.
ESCAPES = str.maketrans(
    {"'": "'\"'\"'", ";": "'';", "#": "''#", "%": "%%''", "\n": "'\"\n \"'"},
)


def entry(project: str, name: str, launch: Launch) -> str:
    """Returns the section of one program.

    Raises:
        Inexpressible: a word has a carriage return, or the directory cannot be written.
    """
    given, removed = variables(launch)
    plain = {key: value for key, value in given.items() if PLAIN_VALUE.fullmatch(value)}
    words = [word for key in removed for word in ("-u", key)]
    words += [f"{key}={value}" for key, value in given.items() if key not in plain]
    command = ["/usr/bin/env", *words, *launch.argv] if words else launch.argv
    return ENTRY.format(
        project=project,
        name=name,
        directory=_directory(str(launch.cwd)),
        environment=",".join(f'{key}="{value}"' for key, value in plain.items()),
        command=" ".join(map(_word, command)),
        seconds=STOP_SECONDS,
    )


def files(project: str, entries: Mapping[str, str]) -> list[File]:
    """Returns the one file."""
    programs = ",".join(f"{project}-{name}" for name in entries)
    group = f"[group:{project}]\nprograms={programs}\n"
    return [File(f"{project}.conf", "\n".join([*entries.values(), group]))]


def _word(text: str) -> str:
    if "\r" in text:
        raise Inexpressible(f"{quoted(text)} has a carriage return.")
    return text if PLAIN_WORD.fullmatch(text) else f"'{text.translate(ESCAPES)}'"


def _directory(path: str) -> str:
    if path != path.strip() or re.search(r"[\r\n]|\s[;#]|%\(here\)s", path):
        raise Inexpressible(
            f"the directory {quoted(path)} has characters that it has no escape for."
        )
    return path.replace("%", "%%")
