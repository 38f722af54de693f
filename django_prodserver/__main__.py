"""The console script ``prodserver``, and ``python -m django_prodserver``.

It does what ``manage.py prodserver`` does, but reads the settings without setting Django up: the
server does that itself, so this door is faster.
It runs no system checks, except for a process that runs inside it and so needs Django anyway.

The settings are those of ``--settings``, else of the environment variable
``DJANGO_SETTINGS_MODULE``, else those that ``manage.py`` in the current directory names.
The project is imported from ``--pythonpath`` and the current directory.
"""

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django_prodserver.exceptions import LaunchError, UsageError
from django_prodserver.plain_start import start_plainly
from django_prodserver.settings_module import VARIABLE, choose, load
from django_prodserver.spelling import reason

__all__ = ["main", "read"]

# These work anywhere.
WITHOUT_SETTINGS = frozenset({"-h", "--help", "--version", "--bash-completion"})
# Options with a value that are needed before Django's own parser can be.
VALUES = ("--settings", "--pythonpath")


def main() -> None:
    """Runs the command with the words of ``sys.argv``.

    Raises:
        SystemExit: 1 for a mistake in the settings, 2 for one on the command line.
    """
    # Settings may add to the environment; the server's own reading of them starts from a clean one.
    environ = dict(os.environ)
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    own, overrides = words[:end], words[end + 1 :]
    typed = read(own)
    try:
        if not WITHOUT_SETTINGS.intersection(own):
            settings = _loaded(typed, own)
            if not typed.others:
                start_plainly(settings, environ, typed.name, typed.pythonpath, overrides)
    except (UsageError, LaunchError) as error:
        # It may be closed, or fail.
        with contextlib.suppress(AttributeError, OSError):
            sys.stderr.write(f"prodserver: {error}\n")
        sys.exit(error.exit_code)
    # It takes a while to import, and a process that has been started is not here any more.
    from django_prodserver.management.commands.prodserver import Command  # noqa: PLC0415

    Command(environ).run_from_argv(["prodserver", "", *words])


class Typed(NamedTuple):
    """What every start needs of the words that were typed."""

    name: str | None
    settings: str | None
    pythonpath: str | None
    others: list[str]
    """The words that ask for something else."""


def read(words: Iterable[str]) -> Typed:
    """Returns what the words say; argparse would do it too, and takes long to import."""
    found: dict[str, str | None] = {}
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        flag, equals, value = word.partition("=")
        if flag in VALUES:
            given = value if equals else next(rest, "-")
            if equals or not given.startswith("-"):
                found[flag] = given
            else:
                others += [flag, given]
        elif word.startswith("-") or "name" in found:
            # Here the checks are skipped anyway.
            others += [word] if word != "--skip-checks" else []
        else:
            found["name"] = word
    settings, pythonpath = (found.get(flag) for flag in VALUES)
    return Typed(found.get("name"), settings, pythonpath, others)


def _loaded(typed: Typed, words: Sequence[str]) -> Any:
    choose(typed.settings, typed.pythonpath)
    try:
        return load()
    # Settings are anybody's code, and may fail in any way.
    except Exception as error:
        if "--traceback" in words:
            raise
        name = os.environ[VARIABLE]
        raise LaunchError(f"Settings {name!r} cannot be loaded: {reason(error)}") from error


if __name__ == "__main__":
    main()
