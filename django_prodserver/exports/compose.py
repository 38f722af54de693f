"""A file for Docker Compose: one service for each process, in the image of the project.

What is installed in the image has other paths than here.
So a command of a package goes by its name, and directories of the project are relative to it:
the working directory of the image must be the one that the process starts in here.
"""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from django_prodserver.exports.files import STOP_SECONDS, File, variables
from django_prodserver.launch import Launch
from django_prodserver.scripts import script_directories

__all__ = ["entry", "files"]

HEADER = """\
# Each service runs in the image that the Dockerfile beside this file builds.
# A server must listen on 0.0.0.0 there; publish its port with "ports".
services:
"""
ENTRY = """\
  {name}:
    build: .
    command: {command}
    environment: {environment}
    init: true
    restart: unless-stopped
    stop_signal: SIGTERM
    # Longer than the longest request or task.
    stop_grace_period: {seconds}s
"""
# Characters that JSON leaves as they are and YAML does not allow, or takes for line breaks.
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def entry(_project: str, name: str, launch: Launch) -> str:
    """Returns the service of one process."""
    given, removed = variables(launch)
    options = [word for key in removed for word in ("-u", key)]
    if "PYTHONPATH" in given:
        given["PYTHONPATH"] = _directories(given["PYTHONPATH"], launch.cwd)
    words = _command(launch.argv)
    return ENTRY.format(
        name=_scalar(name),
        command=_sequence(["env", *options, *words] if removed else words),
        environment=_sequence([f"{key}={value}" for key, value in given.items()]),
        seconds=STOP_SECONDS,
    )


def files(_project: str, entries: Mapping[str, str]) -> list[File]:
    """Returns the one file."""
    return [File("compose.yaml", HEADER + "".join(entries.values()))]


def _command(argv: Sequence[str]) -> list[str]:
    words = list(argv)
    if words[0] == sys.executable:
        words[0] = "python"
        if len(words) > 1 and _is_script(words[1]):
            del words[0]
    if _is_script(words[0]):
        words[0] = Path(words[0]).name.removesuffix(".exe")
    return words


def _is_script(word: str) -> bool:
    return Path(word).is_absolute() and Path(word).parent in script_directories()


def _directories(pythonpath: str, base: Path) -> str:
    """Returns a search path for Linux, with the directories of the project relative to it."""
    places = [Path(place) for place in pythonpath.split(os.pathsep)]
    return ":".join(
        place.relative_to(base).as_posix() if place.is_relative_to(base) else str(place)
        for place in places
    )


def _sequence(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_scalar, texts))}]"


def _scalar(text: str) -> str:
    """Returns a string of JSON, which is one of YAML too; Compose expands every single "$"."""
    written = json.dumps(text.replace("$", "$$"), ensure_ascii=False)
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
