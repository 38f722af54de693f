"""Gunicorn, a WSGI server for POSIX systems: https://gunicorn.org.

Everything that django-prodserver knows about Gunicorn is in this module.
"""

import contextlib
import importlib.util
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from django_prodserver.arguments import Arguments, translate
from django_prodserver.backends import find_backend
from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.exceptions import ConfigurationError
from django_prodserver.options import Option, OptionTable, Takes, Type
from django_prodserver.project import Project

__all__ = ["GunicornServer"]

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

# The names of the functions by which Gunicorn's parser reads a value.
TYPES: dict[str, Type] = {"int": "integer", "auto_int": "integer"}

# What Gunicorn's parser adds to its settings.
PARSER_OPTIONS = (
    Option(("-h", "--help"), takes=Takes.NOTHING),
    Option(("-v", "--version"), takes=Takes.NOTHING),
)


class GunicornServer(ConsoleScriptBackend, BaseServerBackend):
    """The process is ``gunicorn``, serving the project's WSGI application."""

    label = "Gunicorn"
    package = "gunicorn"
    script = "gunicorn"
    # It forks, and its configuration imports pwd and grp.
    runs_on_windows = False
    protocol = "wsgi"
    reload_signal = "HUP"
    notifies = True
    development: ClassVar[Mapping[str, object]] = {"reload": True}
    notices_changes = True

    def prep_server_args(self) -> list[str]:
        """Returns the application, then the options; raises as the base class does."""
        return [*super().prep_server_args(), *self._own_control_socket()]

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Gunicorn: ``gunicorn.config.KNOWN_SETTINGS``."""
        from gunicorn.config import KNOWN_SETTINGS  # noqa: PLC0415 - it may not be installed

        return OptionTable([*map(_option, KNOWN_SETTINGS), *PARSER_OPTIONS])

    @property
    def env(self) -> dict[str, str | None]:
        """The project's variables, and GUNICORN_CMD_ARGS without what ARGS switch off."""
        inherited = self._inherited
        left_out = {item.option for item in self.arguments.items if not item.words}
        kept = [item for item in inherited.items if item.option not in left_out]
        if len(kept) == len(inherited.items):
            return super().env
        words = [word for item in kept for word in item.words]
        return {**super().env, "GUNICORN_CMD_ARGS": shlex.join(words)}

    @property
    def _inherited(self) -> Arguments:
        """The options that the environment variable GUNICORN_CMD_ARGS sets."""
        value = self.project.environ.get("GUNICORN_CMD_ARGS")
        return translate(value, self.options, "GUNICORN_CMD_ARGS", self.name)

    def _own_control_socket(self) -> Iterator[str]:
        """Yields the option that gives the process a control socket of its own, where one is due.

        Since 25.1 every Gunicorn of a user listens on one ``gunicorn.ctl``, and the last one to
        fork takes it over: ``gunicornc`` would speak to a process that nobody chose.
        """
        if not (self.options and _has_several(self.project)) or self._sets_control_socket():
            return
        # Its default depends on the machine as it is now; a table that was kept would be older.
        table = self.read_options()
        if key := table.key("control_socket"):
            shared = Path(str(key.option.default))
            name = quote(f"{self.project.name}-{self.process_name}", safe=" ")
            yield f"{key.flag}={shared.with_name(f'{name}{shared.suffix}')}"

    def _sets_control_socket(self) -> bool:
        """Whether ARGS, the environment or the configuration file speak of the control socket."""
        inherited = self._inherited
        given = [item for part in (self.arguments, inherited) for item in part.items]
        names = {name for item in given if item.option for name in item.option.names}
        locations = [*self.arguments.values("config")[-1:], *inherited.values("config")[-1:]]
        location = next(iter(locations), "gunicorn.conf.py")
        return not names.isdisjoint(
            {"control_socket", "control_socket_disable"}
        ) or "control_socket" in _configuration(location, self.project.cwd)


def _has_several(project: Project) -> bool:
    return sum(_is_gunicorn(project, name) for name in project) > 1


def _is_gunicorn(project: Project, name: str) -> bool:
    try:
        return issubclass(find_backend(project.process(name).backend), GunicornServer)
    except ConfigurationError:
        return False


def _configuration(location: str, directory: Path) -> str:
    """Returns the text of a configuration file, in the notation of ``--config``.

    It is empty when there is no such file: what that means is for Gunicorn to say.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        if location.startswith("python:"):
            spec = importlib.util.find_spec(location.removeprefix("python:"))
            location = (spec and spec.origin) or ""
        return (directory / location.removeprefix("file:")).read_text(errors="replace")
    return ""


def _option(known: Any) -> Option:
    """Returns the option of one of Gunicorn's classes of settings."""
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
        type=TYPES.get(getattr(setting.type, "__name__", ""), "text"),
        meaning=_first_paragraph(setting.desc or ""),
        instead=_way_out(setting.name),
    )


def _first_paragraph(text: str) -> str:
    """Returns what stands before Gunicorn's lists, tables and notes on versions."""
    return " ".join(re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0].split())


def _takes(setting: Any) -> Takes:
    if setting.action in {"store_true", "store_const"}:
        return Takes.NOTHING
    return Takes.OPTIONAL if setting.nargs == "?" else Takes.VALUE


def _way_out(name: str) -> str:
    if name == "wsgi_app":
        return "Name the application under APP, beside BACKEND."
    return f"Set {name} in Gunicorn's configuration file, gunicorn.conf.py."
