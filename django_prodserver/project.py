"""The Django project as its settings describe it. The only module that reads settings."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django_prodserver.exceptions import (
    ApplicationError,
    SettingMissing,
    SettingTypeError,
    UsageError,
)
from django_prodserver.processes import Process
from django_prodserver.scripts import script_directories
from django_prodserver.spelling import did_you_mean, quoted

__all__ = ["Project", "import_directories", "management_script"]

# Commands of packages, which pip may put into any directory.
COMMANDS = frozenset({"django-admin", "prodserver"})
EXAMPLE = "PRODUCTION_PROCESSES = {'web': {'BACKEND': 'gunicorn'}}"


@dataclass(frozen=True)
class Project:
    """Everything that starting a process depends on."""

    entries: Mapping[str, Any]
    """``PRODUCTION_PROCESSES``, unchecked: a wrong entry must not keep the others from starting."""
    settings_module: str
    """``DJANGO_SETTINGS_MODULE``; empty when settings were configured by hand."""
    applications: Mapping[str, object] = field(default_factory=dict)
    """``WSGI_APPLICATION`` and ``ASGI_APPLICATION``, under the names ``wsgi`` and ``asgi``."""
    directories: tuple[str, ...] = ()
    """Absolute directories that the process must be able to import from."""
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    """The environment that the process inherits."""
    cwd: Path = field(default_factory=Path.cwd)
    """The directory in which the command was typed."""
    allowed_hosts: tuple[str, ...] = ()
    """``ALLOWED_HOSTS``."""
    proxy_ssl_header: tuple[str, str] | None = None
    """``SECURE_PROXY_SSL_HEADER``."""
    debug: bool = False
    """``DEBUG``."""
    script: Path | None = None
    """The project's own script that runs the command, such as ``manage.py``; None: another does."""
    settings_typed: bool = False
    """Whether the settings module was named on the command line."""

    @classmethod
    def from_settings(
        cls,
        *directories: str,
        environ: Mapping[str, str] | None = None,
        settings: object = None,
        script: Path | None = None,
        settings_typed: bool = False,
    ) -> "Project":
        """Returns the project of these settings; None: of those that Django has loaded.

        ``settings`` need not have Django's defaults: a settings module will do.

        Raises:
            SettingMissing: ``PRODUCTION_PROCESSES`` is missing or empty.
            SettingTypeError: it is not a dictionary.
        """
        settings = settings or import_module("django.conf").settings
        return cls(
            entries=_entries(getattr(settings, "PRODUCTION_PROCESSES", None)),
            settings_module=os.environ.get("DJANGO_SETTINGS_MODULE", ""),
            applications={
                "wsgi": getattr(settings, "WSGI_APPLICATION", None),
                "asgi": getattr(settings, "ASGI_APPLICATION", None),
            },
            directories=directories,
            allowed_hosts=tuple(getattr(settings, "ALLOWED_HOSTS", ())),
            proxy_ssl_header=getattr(settings, "SECURE_PROXY_SSL_HEADER", None),
            debug=bool(getattr(settings, "DEBUG", False)),
            environ=dict(os.environ if environ is None else environ),
            script=script,
            settings_typed=settings_typed,
        )

    def __iter__(self) -> Iterator[str]:
        """Iterates over the names of the processes, in the order of the setting."""
        return iter(self.entries)

    def process(self, name: str | None) -> Process:
        """Returns the process of that name; without a name, the only one.

        Raises:
            UsageError: there is no such process, or no name was given and there are several.
            ConfigurationError: its entry is wrong.
        """
        names = [str(known) for known in self]
        if name is None and len(names) > 1:
            raise UsageError(f"Which process? Name one of: {', '.join(names)}.")
        if name is None:
            name = next(iter(self))
        elif name not in self.entries:
            raise UsageError(
                f"PRODUCTION_PROCESSES has no process {quoted(name)}. {did_you_mean(name, names)}"
            )
        return Process.from_entry(name, self.entries[name])

    @property
    def name(self) -> str:
        """The name of the package that holds the settings; without one, that of the script."""
        return self.settings_module.partition(".")[0] or (self.script.stem if self.script else "")

    def management(self, command: str) -> tuple[str, ...]:
        """Returns the words behind ``python`` that run a management command of the project.

        What the project's own script does first, only that script does: ``sys.path``, ``.env``.
        """
        if not self.script:
            return ("-m", "django", command)
        # A script that names settings itself may not look at the environment.
        settings = (f"--settings={self.settings_module}",) if self.settings_typed else ()
        return (str(self.script), command, *settings)

    def application(self, protocol: str) -> str:
        """Returns ``module:attribute`` of the application for ``wsgi`` or ``asgi``.

        Unset, it is ``application`` in the module ``wsgi`` or ``asgi`` of the package that holds
        the settings, as ``startproject`` writes it, or of the nearest one around that has it.

        Raises:
            ApplicationError: the setting is not the dotted path of an object, or it is unset and
                there is no such module.
        """
        path = self.applications.get(protocol)
        if path is None:
            return f"{self._module_beside_settings(protocol)}:application"
        module, _, attribute = path.rpartition(".") if isinstance(path, str) else ("", "", "")
        if not module or not attribute:
            raise ApplicationError(
                f"{protocol.upper()}_APPLICATION is {quoted(path)}, not the path of an object.",
                f"Write '{self.name or 'mysite'}.{protocol}.application'.",
            )
        return f"{module}:{attribute}"

    def _module_beside_settings(self, name: str) -> str:
        packages = self.settings_module.split(".")[:-1]
        places = [".".join([*packages[:end], name]) for end in range(len(packages), -1, -1)]
        for place in places:
            # What stands before the last dot is a package that the settings are in.
            if find_spec(place):
                return place
        raise ApplicationError(
            f"{name.upper()}_APPLICATION is not set, and there is no module {' or '.join(places)}.",
            f"Write such a module, or set {name.upper()}_APPLICATION.",
        )

    def probe_headers(self, url: str) -> dict[str, str]:
        """Returns the headers with which the project answers a probe of this URL."""
        from django_prodserver.probes import headers_for  # noqa: PLC0415 - few ask for it

        return headers_for(url, self.allowed_hosts, self.proxy_ssl_header)

    @property
    def env(self) -> dict[str, str]:
        """The variables without which another program cannot import the project."""
        inherited = self.environ.get("PYTHONPATH", "")
        directories = [*self.directories, *filter(None, [inherited])]
        variables = {
            "DJANGO_SETTINGS_MODULE": self.settings_module,
            "PYTHONPATH": os.pathsep.join(dict.fromkeys(directories)),
        }
        return {name: value for name, value in variables.items() if value}


def import_directories(pythonpath: str | None) -> tuple[str, ...]:
    """Returns the absolute directories that this command imports from and another would not.

    These are ``--pythonpath``, and the directory of ``manage.py``; for an installed command such
    as ``prodserver``, and for ``python -m``, the current directory.
    """
    script = management_script()
    first = script.parent if script else Path.cwd()
    directories = [Path.cwd() / pythonpath, first] if pythonpath else [first]
    return tuple(dict.fromkeys(os.path.normpath(directory) for directory in directories))


def management_script() -> Path | None:
    """Returns the project's own script that is running, such as ``manage.py``.

    None: what runs is an installed command, or ``python -m``.
    """
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) or not getattr(main, "__file__", None):
        return None
    script = Path(str(main.__file__)).resolve()
    installed = {place.resolve() for place in script_directories()}
    return None if script.parent in installed or script.stem in COMMANDS else script


def _entries(value: object) -> Mapping[str, Any]:
    if value is None or value == {}:
        raise SettingMissing(
            "PRODUCTION_PROCESSES is missing or empty.", f"Add {EXAMPLE} to the settings."
        )
    if not isinstance(value, Mapping):
        raise SettingTypeError(
            f"PRODUCTION_PROCESSES is {quoted(value)}, not a dictionary.", f"Write {EXAMPLE}."
        )
    return value
