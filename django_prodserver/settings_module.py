"""The settings module of the project, found and loaded for the console script.

``django.conf`` loads asyncio, which takes longer than all the rest of a start.
So the module is imported without it where both give the same: a module that Django takes without a
word needs nothing of Django's to be read.
"""

import ast
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from django_prodserver.exceptions import UsageError

__all__ = ["VARIABLE", "choose", "load"]

VARIABLE = "DJANGO_SETTINGS_MODULE"

# What Django looks at while it loads settings: they must be lists, and the zone must exist.
LISTS = ("ALLOWED_HOSTS", "INSTALLED_APPS", "LOCALE_PATHS", "SECRET_KEY_FALLBACKS", "TEMPLATE_DIRS")
ZONES = Path("/usr/share/zoneinfo")
# Settings about which some release of Django has a warning.
TRANSITIONAL = ("FORMS_URLFIELD_ASSUME_HTTPS", "URLIZE_ASSUME_HTTPS")


def choose(settings: str | None, pythonpath: str | None) -> None:
    """Makes ``--settings`` and ``--pythonpath`` those of this process.

    Without the first, the settings are those of the environment, else of ``manage.py`` here.

    Raises:
        UsageError: there is neither.
    """
    chosen = settings or os.environ.get(VARIABLE) or _named_by(Path("manage.py"))
    os.environ[VARIABLE] = chosen
    sys.path[:0] = [*filter(None, [pythonpath]), str(Path.cwd())]


def load() -> Any:
    """Returns the settings: the module itself where that is enough, else those of Django.

    Raises:
        ImportError: the module, or what it imports, cannot be imported.
        ImproperlyConfigured: Django does not take the settings.
    """
    if "django.conf" not in sys.modules:
        module = import_module(os.environ[VARIABLE])
        if "django.conf" not in sys.modules and _is_plain(vars(module)):
            return module
    settings = import_module("django.conf").settings
    # A module that has asked for a setting while it was imported has loaded half of itself.
    settings._setup()  # noqa: SLF001 - only Django itself may load settings twice
    return settings


def _is_plain(values: dict[str, Any]) -> bool:
    """Whether Django takes these settings as they are, without an error or a warning."""
    return (
        all(isinstance(values.get(name, []), list | tuple) for name in LISTS)
        and not any(name in values for name in TRANSITIONAL)
        and _is_zone(values.get("TIME_ZONE"))
    )


def _is_zone(name: object) -> bool:
    return not name or (isinstance(name, str) and ((ZONES / name).exists() or not ZONES.exists()))


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
