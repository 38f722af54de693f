"""The console script ``prodserver``, and ``python -m django_prodserver``.

It does what ``manage.py prodserver`` does, but reads the settings without setting Django up: the
server does that itself, so this door is faster.
It runs no system checks, except for a process that runs inside it and so needs Django anyway.

The settings are those of ``--settings``, else of the environment variable
``DJANGO_SETTINGS_MODULE``, else those that ``manage.py`` in the current directory names.
The project is imported from ``--pythonpath`` and the current directory.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from django_prodserver.exceptions import LaunchError, UsageError
from django_prodserver.plain_start import start_plainly
from django_prodserver.settings_module import VARIABLE, choose, load
from django_prodserver.spelling import reason

__all__ = ["main"]

# These work anywhere.
WITHOUT_SETTINGS = frozenset({"-h", "--help", "--version", "--bash-completion"})


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
    options, others = _parsed(own)
    try:
        if not WITHOUT_SETTINGS.intersection(own):
            settings = _loaded(options, own)
            if not others:
                start_plainly(settings, environ, options.name, options.pythonpath, overrides)
    except (UsageError, LaunchError) as error:
        sys.stderr.write(f"prodserver: {error}\n")
        sys.exit(error.exit_code)
    # It takes a while to import, and a process that has been started is not here any more.
    from django_prodserver.management.commands.prodserver import Command  # noqa: PLC0415

    Command(environ).run_from_argv(["prodserver", "", *words])


def _parsed(words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Returns what every start needs, and the words that ask for something else."""
    parser = argparse.ArgumentParser(
        add_help=False,
        allow_abbrev=False,
        # Without a width it would import shutil, to ask the terminal.
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=80),
    )
    parser.add_argument("name", nargs="?")
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    # Here the checks are skipped anyway.
    parser.add_argument("--skip-checks", action="store_true")
    return parser.parse_known_args(words)


def _loaded(options: argparse.Namespace, words: Sequence[str]) -> Any:
    choose(options.settings, options.pythonpath)
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
