"""The reference against the product: each name is described, and nothing that is not there.

One side comes from the code and the tables of the distribution, the other from the built site.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any

import pytest
import sphobjinv
from bs4 import BeautifulSoup
from django.conf import global_settings
from django.core.management import find_commands, load_command_class
from django.core.management.base import BaseCommand

import django_prodserver
from django_prodserver import exceptions, processes
from django_prodserver.backends import find_backend
from django_prodserver.backends.base import BaseProcessBackend, ConsoleScriptBackend
from django_prodserver.backends.built_in import BUILT_IN
from django_prodserver.backends.celery import AUTHENTICATION
from django_prodserver.backends.moved import GONE, MOVED
from tests.docs.project_copy import REPOSITORY

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Collection, Iterable, Iterator

    from bs4 import Tag

    from tests.docs.project_copy import Copy

PACKAGE = Path(str(django_prodserver.__file__)).parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
BACKENDS = PROJECT["entry-points"]["django_prodserver.backends"]
# Modules that nobody else is to import: what they do is described under other names.
OWN = re.compile(
    r"django_prodserver\.("
    # The pages of backends, of commands, of system checks and of mistakes have these.
    r"apps|backends\.(?!base$|management$)\w+|checks|management(\.\w+)*|__main__|"
    # These are parts of the commands.
    r"completion|environment|exports(\.\w+)*|option_cache|overrides|plain_start|probes|"
    r"programs(\.\w+)*|scripts|settings_module|shadows|spelling|supervisor(\.\w+)*|texts|"
    # These are parts of the modules for tests.
    r"testing|testing\.contracts\.\w+|testing\.views)"
)
# Where a mapping of environment variables is read, and where one is made.
READ = re.compile(r"(\w+\.)*(_?environ|inherited)")
MADE = re.compile(r"_?env(ironment)?")


# ---- What the product has ----------------------------------------------------------------------


def settings_read() -> Iterator[str]:
    """Yield the names that are read from Django's settings and are not Django's own.

    A backend may read those of its package, which the package describes.
    """
    for tree in sources(without={"testing", "backends"}):
        yield from (name for name in read_from_settings(tree) if not hasattr(global_settings, name))


def read_from_settings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="settings"), attr=name) if name.isupper():
                yield name
            case ast.Call(
                func=ast.Name(id="getattr"),
                args=[ast.Name(id="settings"), ast.Constant(value=str(name)), *_],
            ):
                yield name


def keys_of_an_entry() -> Iterator[str]:
    yield from processes.KEYS


def commands() -> Iterator[str]:
    yield from find_commands(str(PACKAGE / "management"))
    yield from PROJECT["scripts"]


class EmptyCommand(BaseCommand):
    """Has the options that Django gives to every command."""

    requires_system_checks = ()


def options_of_commands() -> Iterator[str]:
    """Yield ``command.option`` for what a command adds to those of every Django command.

    A command that extends another one has the other's options, and the reference says so.
    """
    for name in find_commands(str(PACKAGE / "management")):
        command = load_command_class("django_prodserver", name)
        extended = load_command_class("django_prodserver", "prodserver")
        inherits = type(command) is not type(extended) and isinstance(command, type(extended))
        known = set(parsed_options(extended if inherits else EmptyCommand(), name))
        yield from (f"{name}.{option}" for option in set(parsed_options(command, name)) - known)


def parsed_options(command: BaseCommand, name: str) -> Iterator[str]:
    yield from option_names(command.create_parser("manage.py", name))
    # Where the command takes overrides, they follow these two hyphens.
    if "overrides" in command.stealth_options:
        yield "--"


def option_names(parser: ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield max(action.option_strings, key=len) if action.option_strings else str(action.metavar)


def check_ids() -> Iterator[str]:
    """Yield the ids of the mistakes, and any other that stands in the code."""
    yield from (found.id for found in vars(exceptions).values() if hasattr(found, "id"))
    for tree in sources():
        texts = (str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant))
        yield from (text for text in texts if re.fullmatch(r"prodserver\.[A-Z]\d{3}", text))


def exit_codes() -> Iterator[str]:
    yield "0"
    for found in vars(exceptions).values():
        if hasattr(found, "exit_code"):
            yield str(found.exit_code)


def environment_variables() -> Iterator[str]:
    for tree in sources():
        yield from variables_in(tree)
    yield from (f"FLOWER_{name.upper()}" for name in AUTHENTICATION)
    for path in BUILT_IN.values():
        yield from variables_before_defaults(find_backend(path))


def variables_before_defaults(backend: type[BaseProcessBackend]) -> Iterator[str]:
    """Yield the names of variables where a backend has a default of its own but for them."""
    if issubclass(backend, ConsoleScriptBackend) and backend.defaults:
        table = backend().read_options()
        keys = [table.key(name) for name in backend.defaults] if table else []
        yield from (name for key in keys if key for name in key.option.variables)


def variables_in(tree: ast.Module) -> Iterator[str]:
    """Yield the names that code reads from an environment or puts into one."""
    names = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        for key in environment_keys(node):
            value = names.get(key.id) if isinstance(key, ast.Name) else None
            value = key.value if isinstance(key, ast.Constant) else value
            if isinstance(value, str) and value.isupper():
                yield value


def environment_keys(node: ast.AST) -> Iterable[ast.expr | None]:
    match node:
        case ast.Call(func=ast.Attribute(value=mapping), args=[key, *_]) if is_environment(mapping):
            return [key]
        case ast.Subscript(value=mapping, slice=key) if is_environment(mapping):
            return [key]
        case ast.Compare(left=key, comparators=[mapping]) if is_environment(mapping):
            return [key]
        case ast.FunctionDef(name=name) if MADE.fullmatch(name):
            made = (inner for inner in ast.walk(node) if isinstance(inner, ast.Dict))
            return [key for inner in made for key in inner.keys]
        case ast.Dict(keys=keys, values=values):
            spread = [value for key, value in zip(keys, values, strict=True) if key is None]
            return keys if any(map(is_environment, spread)) else []
        case ast.keyword(arg=str(name), value=ast.Dict(keys=keys)) if MADE.fullmatch(name):
            return keys
    return []


def is_environment(mapping: ast.expr) -> bool:
    return READ.fullmatch(ast.unparse(mapping)) is not None


def sources(without: Collection[str] = ("testing",)) -> Iterator[ast.Module]:
    """Yield the modules of the product, without some folders: those for tests of backends."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not set(without) & set(path.relative_to(PACKAGE).parts):
            yield ast.parse(path.read_bytes())


def backends() -> Iterator[str]:
    for name, path in BACKENDS.items():
        yield f"{name} = {path.replace(':', '.')}"


def extras() -> Iterator[str]:
    yield from PROJECT["optional-dependencies"]


# ---- What the reference describes --------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """The built reference: its inventory and its pages."""

    folder: Path

    def described(self, domain: str, role: str) -> list[str]:
        objects = sphobjinv.Inventory(self.folder / "objects.inv").objects
        return [entry.name for entry in objects if (entry.domain, entry.role) == (domain, role)]

    def standard(self, role: str) -> list[str]:
        return self.described("std", role)

    def keys(self) -> list[str]:
        prefix = "production-processes-"
        labels = (name for name in self.standard("label") if name.startswith(prefix))
        return [label.removeprefix(prefix).upper() for label in labels]

    def options_of_commands(self) -> list[str]:
        commands = tuple(f"{name}." for name in self.standard("django-admin"))
        return [name for name in self.standard("cmdoption") if name.startswith(commands)]

    def backends(self) -> list[str]:
        """Return the short name and the path in the head of each page of a backend."""
        heads = (page.find("table") for page in self._pages_of_backends())
        rows = [dict(cells(row) for row in head.find_all("tr")) for head in heads if head]
        return [f"{row['Short name']} = {row['Backend path']}" for row in rows]

    def extras(self) -> set[str]:
        """Return the extras that the pages of backends name in their section on installation."""
        sections = (page.find(id="installation") for page in self._pages_of_backends())
        texts = (section.get_text() for section in sections if section)
        found = (re.findall(r"django-prodserver\[([\w,-]+)\]", text) for text in texts)
        return {extra for names in found for name in names for extra in name.split(",")}

    def moved_classes(self) -> list[str]:
        """Return the paths that begin a row of the tables about version 3."""
        page = BeautifulSoup(
            (self.folder / "django-prodserver" / "compatibility.html").read_text("utf-8"),
            "html.parser",
        )
        first = [cells(row)[0] for row in page.select("tbody tr") if len(row.find_all("td")) == 2]
        return [
            text for text in first if re.fullmatch(r"django_prodserver\.backends\.[\w.]+", text)
        ]

    def python_names(self) -> set[str]:
        """Return what stands directly below a described module."""
        modules = set(self.described("py", "module"))
        objects = sphobjinv.Inventory(self.folder / "objects.inv").objects
        names = {entry.name for entry in objects if entry.domain == "py"} - modules
        return {name for name in names if name.rpartition(".")[0] in modules}

    def public_names(self) -> set[str]:
        """Return what the described modules offer."""
        modules = self.described("py", "module")
        return {f"{path}.{name}" for path in modules for name in import_module(path).__all__}

    def _pages_of_backends(self) -> Iterator[Any]:
        for path in sorted((self.folder / "django-prodserver" / "backends").glob("*.html")):
            if path.stem != "index":
                page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
                yield page.find("article")


def cells(row: Tag) -> tuple[str, str]:
    first, second = (cell.get_text().strip() for cell in row.find_all(["th", "td"]))
    return first, second


@pytest.fixture(scope="session")
def reference(built: Copy) -> Reference:
    return Reference(built.site / "reference")


# ---- Both, side by side ------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One kind of names: what there is, and what is described."""

    name: str
    there: Callable[[], Iterable[str]]
    described: Callable[[Reference], Iterable[str]]

    def __str__(self) -> str:
        return self.name


KINDS = [
    Kind("setting", settings_read, lambda reference: reference.standard("setting")),
    Kind("key of an entry", keys_of_an_entry, Reference.keys),
    Kind("command", commands, lambda reference: reference.standard("django-admin")),
    Kind("option of a command", options_of_commands, Reference.options_of_commands),
    Kind("check", check_ids, lambda reference: reference.standard("check")),
    Kind("exit code", exit_codes, lambda reference: reference.standard("exit-code")),
    Kind("variable", environment_variables, lambda reference: reference.standard("envvar")),
    Kind("backend", backends, Reference.backends),
    Kind("extra", extras, Reference.extras),
    Kind("class of version 3", lambda: MOVED.keys() | GONE.keys(), Reference.moved_classes),
]

each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)


def differences(there: Iterable[str], described: Iterable[str]) -> list[str]:
    """Return a line for each name that is not described exactly once, or not there."""
    known, counts = set(there), Counter(described)
    return [
        *(f"{name} is not described" for name in sorted(known - counts.keys())),
        *(f"{name} is described, but not there" for name in sorted(counts.keys() - known)),
        *(f"{name} is described {count} times" for name, count in counts.items() if count > 1),
    ]


@each_kind
def test_everything_is_described_once_and_nothing_else(kind: Kind, reference: Reference) -> None:
    assert differences(kind.there(), kind.described(reference)) == []


def test_each_module_is_described_or_known_to_be_for_the_app_itself(reference: Reference) -> None:
    described = set(reference.described("py", "module"))
    there = {module.name for module in walk_packages([str(PACKAGE)], "django_prodserver.")}
    own = {name for name in there if OWN.fullmatch(name)}

    assert sorted(there - described - own) == []
    assert sorted(described & own) == []


def test_all_that_a_described_module_offers_is_described(reference: Reference) -> None:
    assert differences(reference.public_names(), reference.python_names()) == []
    assert "django_prodserver.backends.base.BaseServerBackend" in reference.python_names()


@each_kind
def test_a_missing_and_an_invented_name_would_be_noticed(kind: Kind, reference: Reference) -> None:
    there = set(kind.there())
    missing, *others = there

    found = differences(there, [*others, "invented", "invented"])

    assert found == [
        f"{missing} is not described",
        "invented is described, but not there",
        "invented is described 2 times",
    ]
    assert set(kind.described(reference)) & there


@pytest.mark.parametrize(
    "code",
    [
        "os.environ.get('NAME')",
        "os.environ['NAME']",
        "'NAME' in self._environ",
        "VARIABLE = 'NAME'\nos.environ.get(VARIABLE)",
        "def env(self):\n    return {'NAME': self.value}",
        "def _environment(launch):\n    return {'NAME': '1', **launch.env}",
        "Launch(argv, env={'NAME': '1'})",
        "inherited = {'NAME': '1', **self._environ}",
    ],
)
def test_a_variable_in_the_code_is_found(code: str) -> None:
    assert set(variables_in(ast.parse(code))) == {"NAME"}


@pytest.mark.parametrize("code", ["{'NAME': 1}['NAME']", "entry.get('NAME')", "NAME = 'NAME'"])
def test_another_name_in_capitals_is_no_variable(code: str) -> None:
    assert set(variables_in(ast.parse(code))) == set()


@pytest.mark.parametrize("code", ["settings.NAME", "getattr(settings, 'NAME', None)"])
def test_a_setting_in_the_code_is_found(code: str) -> None:
    assert set(read_from_settings(ast.parse(code))) == {"NAME"}
