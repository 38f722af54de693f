"""Option tables that are kept on disk: to read one from a server imports it, which takes long.

A table holds as long as every file that it was read from is as it was, so nothing else tells how
old it is: an editable installation is read again after each edit.
Nothing here ever fails. A table that cannot be kept, or not be trusted, is read from the server.
"""

import contextlib
import json
import os
import sys
from binascii import crc32
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django_prodserver.options import Option, OptionTable, Takes

__all__ = ["VARIABLE", "directory", "known"]

VARIABLE = "PRODSERVER_CACHE_DIR"
NAME = "django-prodserver"
BLANK = Option()
TUPLES = frozenset(field.name for field in fields(Option) if field.default == ())

Stamp = list[int]


def known(backend: type, module: str, read: Callable[[], OptionTable | None]) -> OptionTable | None:
    """Returns what ``read`` would return for a backend whose package has this module.

    Raises:
        Exception: whatever ``read`` raises.
    """
    spec, place = find_spec(module), directory(os.environ)
    # What has been imported is read at once, and what it was read from cannot be told.
    if not (place and spec and spec.origin) or module in sys.modules:
        return read()
    key = [f"{backend.__module__}.{backend.__name__}", sys.version, spec.origin]
    path = place / f"{key[0].rpartition('.')[2]}-{crc32(repr(key).encode()):08x}.json"
    table = _kept(path, key)
    if table is None:
        before = set(sys.modules)
        table = read()
        if table:
            # A module from an archive has a file that is none.
            with contextlib.suppress(OSError):
                stamps = _sources({*sys.modules} - before, backend)
                _keep(path, {"key": key, "stamps": stamps, "options": [*map(_encoded, table)]})
    return table


def directory(environ: Mapping[str, str], *, platform: str = sys.platform) -> Path | None:
    """Returns where the tables of this user are; None: nowhere.

    That is the variable ``PRODSERVER_CACHE_DIR``, which switches them off where it is empty, else a
    directory in the one that the operating system has for caches.
    """
    if VARIABLE in environ:
        return Path(environ[VARIABLE]) if environ[VARIABLE] else None
    if platform == "win32":
        return Path(environ["LOCALAPPDATA"], NAME) if "LOCALAPPDATA" in environ else None
    caches = Path(environ.get("XDG_CACHE_HOME", ""))
    if caches.is_absolute():
        return caches / NAME
    with contextlib.suppress(RuntimeError):
        caches = Path.home() / ("Library/Caches" if platform == "darwin" else ".cache")
        return caches / NAME if Path.home().is_dir() else None
    return None


def _kept(path: Path, key: list[str]) -> OptionTable | None:
    # Whatever somebody has written there, it is not worth an error.
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        with path.open("rb") as file:
            if not _is_private(os.fstat(file.fileno())):
                return None
            kept = json.load(file)
        if kept["key"] == key and all(_stamp(path) == was for path, was in kept["stamps"].items()):
            return OptionTable([_decoded(option) for option in kept["options"]])
    return None


def _keep(path: Path, content: Mapping[str, Any]) -> None:
    import tempfile  # noqa: PLC0415 - most starts find a table

    with contextlib.suppress(OSError, ValueError, TypeError):
        nearest = next(each for each in path.parents if each.exists())
        # With the rights of root and the home of a user, nothing of root's is left there.
        if not _is_own(nearest.stat()):
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps(content)
        number, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(number, "w", encoding="ascii") as file:
                file.write(text)
            # Several processes may start at once: each finds a whole table, or none.
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


def _sources(modules: Iterable[str], backend: type) -> dict[str, Stamp]:
    """Returns the stamp of each file that these modules come from, and of their directories."""
    ours = (backend.__module__, "django_prodserver.options", "django_prodserver.parsers")
    named = {*modules, *ours} & set(sys.modules)
    # Python's own belong to its version.
    foreign = [each for each in named if each.partition(".")[0] not in sys.stdlib_module_names]
    # A module that a compiled one brings along has no file.
    files = {each: getattr(sys.modules[each], "__file__", None) for each in foreign}
    # An installation changes the directory: that of a package which was imported before, too.
    tops = [file for each, file in files.items() if file and "." not in each]
    directories = {str(Path(file).parent.parent) for file in tops}
    return {path: _stamp(path) for path in [*filter(None, files.values()), *directories]}


def _stamp(path: str) -> Stamp:
    status = Path(path).stat()
    return [status.st_mtime_ns, status.st_size]


def _is_own(status: os.stat_result) -> bool:
    # On Windows, the directory is the user's alone.
    return sys.platform == "win32" or status.st_uid == os.geteuid()


def _is_private(status: os.stat_result) -> bool:
    return sys.platform == "win32" or (_is_own(status) and not status.st_mode & 0o022)


def _encoded(option: Option) -> dict[str, Any]:
    """Returns what distinguishes an option from a blank one, as JSON has it."""
    values = {field.name: getattr(option, field.name) for field in fields(option)}
    changed = {name: value for name, value in values.items() if value != getattr(BLANK, name)}
    default = changed.get("default")
    if not isinstance(default, str | int | float | list):
        changed.pop("default", None)
    return {**changed, "takes": option.takes.name}


def _decoded(values: dict[str, Any]) -> Option:
    lists = {name: tuple(value) for name, value in values.items() if name in TUPLES}
    read: dict[str, Any] = {**values, **lists, "takes": Takes[values["takes"]]}
    return Option(**read)
