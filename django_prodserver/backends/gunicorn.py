"""Gunicorn, a WSGI server for POSIX systems: https://gunicorn.org.

Everything that django-prodserver knows about Gunicorn is in this module.
"""

import importlib.util
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from django_prodserver.backends import find_backend
from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.exceptions import ConfigurationError
from django_prodserver.options import Option, OptionTable, Takes
from django_prodserver.processes import Process

if TYPE_CHECKING:
    from gunicorn.config import Setting

__all__ = ["GunicornServer"]

CONTROL_SOCKET = "control_socket"


class GunicornServer(ConsoleScriptBackend, BaseServerBackend):
    """The process is ``gunicorn``, serving the project's WSGI application."""

    label = "Gunicorn"
    package = "gunicorn"
    script = "gunicorn"
    # It forks, and its configuration module imports pwd and grp.
    runs_on_windows = False

    def prep_server_args(self) -> list[str]:
        """Returns the application and then the options.

        The application comes first, because ``--proxy-protocol`` would take a word behind it for its value.

        Raises:
            ConfigurationError: ARGS, APP or WSGI_APPLICATION has a mistake.
            UsageError: an override has one.
        """
        arguments = self.arguments
        return [
            *(arguments.positionals or [self._application]),
            *arguments.options,
            *self._own_control_socket(),
        ]

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Gunicorn, from ``gunicorn.config.KNOWN_SETTINGS``."""
        from gunicorn.config import KNOWN_SETTINGS  # noqa: PLC0415

        return OptionTable([*map(_option, KNOWN_SETTINGS), *PARSER_OPTIONS])

    @property
    def _application(self) -> str:
        return self.entry.get("APP") or self.project.application("wsgi")

    def _own_control_socket(self) -> Iterator[str]:
        """Yields the option that gives this process a control socket of its own, where several would share one.

        Since 25.1 every Gunicorn of a user listens on one ``gunicorn.ctl``, and the last one to fork takes it over:
        ``gunicornc`` would speak to a process that nobody chose.
        """
        default = next(
            (str(o.default) for o in self.options or () if CONTROL_SOCKET in o.names), ""
        )
        if default and self._has_siblings() and not self._sets_control_socket():
            name = quote(f"{self.project.name}-{self.process_name}", safe=" ")
            yield f"--control-socket={Path(default).with_name(f'{name}.ctl')}"

    def _has_siblings(self) -> bool:
        return sum(_is_gunicorn(name, entry) for name, entry in self.project) > 1

    def _sets_control_socket(self) -> bool:
        """Whether ARGS, the environment or the configuration file already speaks of the control socket."""
        inherited = self.project.environ.get("GUNICORN_CMD_ARGS", "")
        written = any(
            item.option and {CONTROL_SOCKET, "control_socket_disable"} & set(item.option.names)
            for item in self.arguments.items
        )
        return (
            written
            or "control-socket" in inherited
            or CONTROL_SOCKET in self._configuration_file(shlex.split(inherited))
        )

    def _configuration_file(self, inherited: list[str]) -> str:
        """Returns the text of the file that Gunicorn will read, or an empty text.

        Its order: ``--config`` of the command line, of GUNICORN_CMD_ARGS, ``gunicorn.conf.py`` in the working directory.
        """
        parser = ArgumentParser(add_help=False, allow_abbrev=False)
        parser.add_argument("-c", "--config")
        options = [
            parser.parse_known_args(words)[0] for words in (self.arguments.options, inherited)
        ]
        location = options[0].config or options[1].config or "gunicorn.conf.py"
        if location.startswith("python:"):
            spec = importlib.util.find_spec(location.removeprefix("python:"))
            location = (spec and spec.origin) or ""
        path = self.project.cwd / location.removeprefix("file:")
        return path.read_text(errors="replace") if path.is_file() else ""


def _is_gunicorn(name: object, entry: object) -> bool:
    try:
        return issubclass(find_backend(Process.from_entry(name, entry).backend), GunicornServer)
    except ConfigurationError:
        return False


# Settings whose one value is a list, separated by commas; Gunicorn's table does not say so.
COMMA_LISTS = frozenset(
    {
        "dogstatsd_tags",
        "forwarded_allow_ips",
        "forwarder_headers",
        "http_protocols",
        "proxy_allow_ips",
        "pythonpath",
        "uwsgi_allow_ips",
    }
)
# Settings whose values are NAME=VALUE.
PAIRS = frozenset({"raw_env", "raw_paste_global_conf"})

# What Gunicorn's parser adds to its settings.
PARSER_OPTIONS = (
    Option(("-h", "--help"), takes=Takes.NOTHING),
    Option(("-v", "--version"), takes=Takes.NOTHING),
)


def _option(known: "type[Setting]") -> Option:
    """Returns the option of one of Gunicorn's settings."""
    setting = known()
    flags = tuple(setting.cli or ())
    switches_off = setting.action == "store_const" and setting.const is False
    return Option(
        flags=() if switches_off else flags,
        negatives=flags if switches_off else (),
        names=(setting.name,),
        takes=_takes(setting),
        repeats=setting.action == "append",
        separator="," if setting.name in COMMA_LISTS else "",
        pairs=setting.name in PAIRS,
        default=setting.default,
        convert=setting.type,
        instead=_way_out(setting.name),
    )


def _takes(setting: "Setting") -> Takes:
    if setting.action in {"store_true", "store_const"}:
        return Takes.NOTHING
    return Takes.OPTIONAL if setting.nargs == "?" else Takes.VALUE


def _way_out(name: str) -> str:
    if name == "wsgi_app":
        return "Name the application under APP, beside BACKEND."
    return f"Set {name} in Gunicorn's configuration file, gunicorn.conf.py."
