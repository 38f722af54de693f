"""Prints, as JSON, the options that backends read from the installed packages.

``option_tables`` runs this program in a process of its own: what one backend imports and sets up is
gone before the next one is read, and Sphinx imports none of it.

A default may come from the machine: a home directory, the number of its processors, a variable.
So the backends are read in two worlds that differ in everything of that kind. What comes out alike
in both is the package's own, and builds the same page everywhere.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import itertools
import json
import os
import socket
import sys
import tempfile
from enum import Enum
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import django
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["World", "common_words", "differences", "main"]

GROUP = "django_prodserver.backends"


@dataclasses.dataclass(frozen=True)
class World:
    """A machine: its name, and the number that it gives for processors and users."""

    name: str
    number: int

    def enter(self, folder: Path) -> None:
        """Make this process believe that it runs there, with the folder as home."""
        home = folder / self.name
        home.mkdir()
        os.chdir(home)
        os.environ.clear()
        os.environ.update(
            {"HOME": str(home), "TMPDIR": str(home), "USER": self.name, "LOGNAME": self.name}
        )
        tempfile.tempdir = None
        for function in ("getuid", "geteuid", "getgid", "getegid", "cpu_count"):
            setattr(os, function, lambda: self.number)
        for function in ("process_cpu_count", "sched_getaffinity"):
            if hasattr(os, function):
                setattr(os, function, self._processors(function))
        socket.gethostname = socket.getfqdn = lambda *_: self.name

    def _processors(self, function: str) -> Any:
        if function == "sched_getaffinity":
            return lambda _: set(range(self.number))
        return lambda: self.number


WORLDS = (World("here", 3), World("there", 61))


def main(arguments: list[str]) -> None:
    """Print the tables of the classes, one for each, or what was wrong with them.

    The answer is ``{"tables": […]}`` or ``{"error": "…"}``.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--app", action="append", default=[])
    parser.add_argument("--facts", action="store_true", help="no options, only attributes")
    parser.add_argument("classes", nargs="+")
    options = parser.parse_args(arguments)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *options.app],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        SECRET_KEY="for reading options",  # noqa: S106 - it keeps nothing secret
    )
    if options.facts:
        json.dump({"tables": [_facts(path) for path in options.classes]}, sys.stdout)
        return
    for path in options.classes:
        _import_surroundings(path)
    with tempfile.TemporaryDirectory() as folder:
        children = [_ask(world, options, Path(folder)) for world in WORLDS]
        here, there = (json.loads(_heard(*child)) for child in children)
    json.dump(here if "error" in here else _common(here, there), sys.stdout)


def _import_surroundings(path: str) -> None:
    """Import the package of the class's module once for both worlds: it knows of no machine."""
    package = path.rpartition(".")[0].rpartition(".")[0]
    if package:
        # What is wrong with it is for the worlds to say.
        with contextlib.suppress(Exception):
            import_module(package)


def _ask(world: World, options: argparse.Namespace, folder: Path) -> tuple[int, int]:
    """Have a child read the tables in a world; return its id and the pipe that it answers on."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(world, options, folder, writing)
    os.close(writing)
    return child, reading


def _heard(child: int, pipe: int) -> str:
    with os.fdopen(pipe, encoding="utf-8") as file:
        answer = file.read()
    os.waitpid(child, 0)
    return answer


def _answer(world: World, options: argparse.Namespace, folder: Path, pipe: int) -> NoReturn:
    # Whatever a package prints is no answer.
    os.dup2(2, 1)
    world.enter(folder)
    try:
        if options.app:
            django.setup()
        # A default that is no plain value, such as a function, is nothing to show either.
        tables = [_table(path) for path in options.classes]
        answer = json.dumps({"tables": tables}, default=lambda _: None)
    # A backend may be anybody's, and fail in any way.
    except Exception as error:  # noqa: BLE001
        answer = json.dumps({"error": f"{type(error).__name__}: {error}"})
    with os.fdopen(pipe, "w", encoding="utf-8") as file:
        file.write(answer)
    # Nothing that a package left for the end of the process is done.
    os._exit(0)


def _table(path: str) -> dict[str, Any]:
    backend = _class(path)()
    package = _distribution(backend.package)
    options = backend.read_options() or ()
    return {
        "program": _short_name(path),
        "name": backend.name,
        "version": package.version if package else "",
        "files": sorted({*_sources(path), *_metadata(package)}),
        "options": [_option(option, backend.defaults) for option in options],
    }


def _facts(path: str) -> dict[str, Any]:
    """Return what a class says of itself, without its package."""
    backend = _class(path)
    return {
        "program": _short_name(path),
        "kind": backend.kind.value,
        "protocol": backend.protocol.upper(),
        "windows": backend.runs_on_windows,
        "reload": backend.reload_signal,
        "notifies": backend.notifies,
        "files": _sources(path),
    }


def _class(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _distribution(package: str) -> Any:
    with contextlib.suppress(PackageNotFoundError, ValueError):
        return distribution(package)
    return None


def _metadata(package: Any) -> list[str]:
    """Return the file that another version of the package replaces."""
    files = (package and package.files) or ()
    return [str(file.locate()) for file in files if file.match("*.dist-info/METADATA")]


def _short_name(path: str) -> str:
    for point in entry_points(group=GROUP):
        if point.value.replace(":", ".") == path:
            return point.name
    return path


def _sources(path: str) -> list[str]:
    """Return the files of the backend's own package that were read for the table."""
    package = path.partition(".")[0]
    modules = {name: module for name, module in sys.modules.items() if name.startswith(package)}
    return [file for module in modules.values() if (file := getattr(module, "__file__", None))]


def _option(option: Any, defaults: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields of an option, its keys, and the value that our own defaults give it."""
    values = {field.name: getattr(option, field.name) for field in dataclasses.fields(option)}
    shown = {name: v.name if isinstance(v, Enum) else v for name, v in values.items()}
    folded = {key.replace("_", "-") for key in option.keys}
    ours = [value for key, value in defaults.items() if key.replace("_", "-") in folded]
    return {**shown, "keys": list(option.keys), "varies": False, "ours": ours}


def _common(here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    if wrong := differences(here, there):
        return {"error": f"the machine decides about {', '.join(wrong)}"}
    for table, other in zip(here["tables"], there["tables"], strict=True):
        for option, twin in zip(table["options"], other["options"], strict=True):
            if option["default"] != twin["default"]:
                option.update(default=None, varies=True)
            option["meaning"] = common_words(option["meaning"], twin["meaning"])
    return here


def common_words(here: str, there: str) -> str:
    """Return a text with dots for what it has different, such as a number; words stay words."""
    pairs = zip(here.split(" "), there.split(" "), strict=False)
    return " ".join(one if one == other else _common_ends(one, other) for one, other in pairs)


def _common_ends(one: str, other: str) -> str:
    start = _common_start(one, other)
    end = _common_start(one[len(start) :][::-1], other[len(start) :][::-1])[::-1]
    return f"{start}…{end}"


def _common_start(one: str, other: str) -> str:
    pairs = zip(one, other, strict=False)
    return "".join(a for a, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def differences(here: dict[str, Any], there: dict[str, Any]) -> list[str]:
    """Return what two readings have different, other than defaults and what is said of them."""
    one, other = _lasting(here), _lasting(there)
    if one.keys() != other.keys():
        return ["which options there are"]
    return [name for name, option in one.items() if option != other[name]]


def _lasting(reading: dict[str, Any]) -> dict[str, Any]:
    """Return the options by name, with what no machine may change."""
    return {
        f"{table['program']} {' '.join(option['keys'] or option['flags'])}": {
            **option,
            "default": None,
            "meaning": len(option["meaning"].split(" ")),
        }
        for table in reading.get("tables", ())
        for option in table["options"]
    }


if __name__ == "__main__":
    main(sys.argv[1:])
