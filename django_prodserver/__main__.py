"""The console script ``prodserver``, and ``python -m django_prodserver``: ``manage.py prodserver`` without the set-up of Django.

The server sets Django up itself, so this door reads the settings only, and starts faster.
It runs no system checks, except for a process that runs inside this one and so needs Django anyway.

The settings are those of ``--settings``, else of the environment variable ``DJANGO_SETTINGS_MODULE``, else those that
``manage.py`` in the current directory names.
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

__all__ = ["main"]

VARIABLE = "DJANGO_SETTINGS_MODULE"


def main() -> None:
    """Runs the command with the words of ``sys.argv``.

    Raises:
        SystemExit: 1 for a mistake in the settings, 2 for one on the command line.
    """
    # Settings may add to the environment; the server does that again, from a clean one.
    environ = dict(os.environ)
    command = Command(environ)
    if not {"-h", "--help", "--version"} & set(_before_overrides(sys.argv[1:])):
        try:
            _load_settings(sys.argv[1:])
        except (UsageError, LaunchError) as error:
            sys.stderr.write(f"prodserver: {error}\n")
            sys.exit(error.exit_code)
    command.run_from_argv(["prodserver", "", *sys.argv[1:]])


def _load_settings(words: list[str]) -> None:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    options, _ = parser.parse_known_args(_before_overrides(words))
    if not options.settings and VARIABLE not in os.environ:
        options.settings = _named_by(Path("manage.py"))
    sys.path.insert(0, os.getcwd())  # noqa: PTH109
    handle_default_options(options)
    try:
        settings.INSTALLED_APPS  # noqa: B018 - the first access imports the module
    except (ImportError, ImproperlyConfigured) as error:
        if "--traceback" in words:
            raise
        raise LaunchError(
            f"The settings {os.environ[VARIABLE]!r} cannot be used: {error}."
        ) from error


def _named_by(manage: Path) -> str:
    """Returns the settings module that a manage.py names, read without running it."""
    if not manage.is_file():
        raise UsageError(
            f"There is no manage.py in {Path.cwd()}. "
            f"Change to the project's directory, or give --settings, or set {VARIABLE}."
        )
    for call in ast.walk(ast.parse(manage.read_bytes())):
        match call:
            case ast.Call(args=[ast.Constant(value=str(name)), ast.Constant(value=str(module))]):
                if name == VARIABLE:
                    return module
    raise UsageError(f"{manage.resolve()} does not set {VARIABLE}. Give --settings, or set it.")


def _before_overrides(words: list[str]) -> list[str]:
    return words[: words.index("--")] if "--" in words else words


if __name__ == "__main__":
    main()
