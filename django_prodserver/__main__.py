"""The console script ``prodserver``, and ``python -m django_prodserver``.

It does what ``manage.py prodserver`` does, but reads the settings without setting Django up: the
server does that itself, so this door is faster.
It runs no system checks, except for a process that runs inside it and so needs Django anyway.

The settings are those of ``--settings``, else of the environment variable
``DJANGO_SETTINGS_MODULE``, else those that ``manage.py`` in the current directory names.
The project is imported from ``--pythonpath`` and the current directory.
"""

import argparse
import ast
import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import handle_default_options

from django_prodserver.exceptions import LaunchError, UsageError
from django_prodserver.management.commands.prodserver import Command
from django_prodserver.spelling import in_one_line

__all__ = ["main"]

VARIABLE = "DJANGO_SETTINGS_MODULE"
# These work anywhere.
WITHOUT_SETTINGS = frozenset({"-h", "--help", "--version", "--bash-completion"})


def main() -> None:
    """Runs the command with the words of ``sys.argv``.

    Raises:
        SystemExit: 1 for a mistake in the settings, 2 for one on the command line.
    """
    # Settings may add to the environment; the server's own reading of them starts from a clean one.
    command = Command(dict(os.environ))
    words = sys.argv[1:]
    own = words[: words.index("--")] if "--" in words else words
    try:
        if not WITHOUT_SETTINGS.intersection(own):
            _load_settings(own)
    except (UsageError, LaunchError) as error:
        sys.stderr.write(f"prodserver: {error}\n")
        sys.exit(error.exit_code)
    command.run_from_argv(["prodserver", "", *words])


def _load_settings(words: list[str]) -> None:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    options, _ = parser.parse_known_args(words)
    if not options.settings and not os.environ.get(VARIABLE):
        options.settings = _named_by(Path("manage.py"))
    sys.path.insert(0, str(Path.cwd()))
    handle_default_options(options)
    try:
        settings.INSTALLED_APPS  # noqa: B018 - the first access imports the module
    except (ImportError, ImproperlyConfigured) as error:
        if "--traceback" in words:
            raise
        name = os.environ[VARIABLE]
        raise LaunchError(f"Settings {name!r} cannot be loaded: {in_one_line(error)}") from error


def _named_by(manage: Path) -> str:
    """Returns the settings module that a manage.py names, without running it."""
    if not manage.is_file():
        raise UsageError(
            f"There is no manage.py in {Path.cwd()}. "
            f"Change to the project's directory, or give --settings, or set {VARIABLE}."
        )
    for node in ast.walk(ast.parse(manage.read_bytes())):
        match node:
            case ast.Call(args=[ast.Constant(value=str(name)), ast.Constant(value=str(module))]):
                if name == VARIABLE:
                    return module
    raise UsageError(f"{manage.resolve()} names no settings. Give --settings, or set {VARIABLE}.")


if __name__ == "__main__":
    main()
