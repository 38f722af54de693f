"""No backend is without the tests that every backend has."""

from __future__ import annotations

import ast
import unittest
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from django.utils.functional import Promise

from django_prodserver.backends import GROUP, backend_for, find_backend
from django_prodserver.backends.base import ConsoleScriptBackend
from django_prodserver.testing.contracts import ProcessContract
from tests.django_prodserver.imagined import imagined

MODULES = [
    import_module(f"tests.django_prodserver.backends.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.name != Path(__file__).name
]
CONTRACTS = {
    each.BACKEND: each
    for module in MODULES
    for each in vars(module).values()
    if isinstance(each, type)
    and issubclass(each, ProcessContract)
    and issubclass(each, unittest.TestCase)
}
# They take any option, and show it: there is no command and no parser to compare with.
DUMMIES = {"dummy", "dummy-worker"}
BACKENDS = {
    point.name: point.value.partition(":")[2]
    for point in entry_points(group=GROUP)
    if point.value.startswith("django_prodserver.") and point.name not in DUMMIES
}

each_backend = pytest.mark.parametrize("backend", BACKENDS)


def _read_back() -> set[str]:
    """Returns the names that stand in the tests of what the server's own parser reads."""
    functions = (
        node
        for module in MODULES
        for node in ast.parse(Path(str(module.__file__)).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and "_reads_back_exactly" in node.name
    )
    return {name.id for each in functions for name in ast.walk(each) if isinstance(name, ast.Name)}


@each_backend
def test_a_real_process_of_it_keeps_the_contract(backend: str) -> None:
    assert backend in CONTRACTS


# No harmless option of these takes such a value.
LACKING = {
    "celery-beat": {"float", "list"},
    "daphne": {"None"},
    "django-q2": {"str", "float", "list", "''"},
    "dramatiq": {"float"},
    "hypercorn": {"None"},
    "procrastinate": {"Path", "None", "''"},
    "rq": {"float"},
    "runserver": {"int", "float", "list", "''"},
    "waitress": {"Path"},
}


def _kinds(value: object) -> set[str]:
    """Returns what kind of value it is, and what those in it are."""
    match value:
        case Promise():
            return {"lazy text"}
        case None | bool() | "":
            return {repr(value)}
        case Path():
            return {"Path"}
        case dict():
            return {"dict"}.union(*map(_kinds, value.values()))
        case list() | tuple():
            return {"list"}.union(*map(_kinds, value))
    return {type(value).__name__}


@each_backend
def test_a_real_process_of_it_gets_every_kind_of_value(backend: str) -> None:
    parts = (value for args, _ in CONTRACTS[backend].EVERY_KIND for value in args.values())
    every = {"str", "int", "float", "Decimal", "Path", "lazy text", "list"}
    every |= {"True", "None", "False", "''"}

    assert every - set().union(*map(_kinds, parts)) == LACKING.get(backend, set())


@each_backend
def test_fifteen_values_of_args_are_compared_with_what_a_user_would_type(backend: str) -> None:
    values = [repr(args) for args, _ in CONTRACTS[backend].TYPED]

    assert len(set(values)) >= 15


# In the test of generated values, the options of all others are False, too.
@pytest.mark.parametrize(
    "backend", [name for name in BACKENDS if issubclass(find_backend(name), ConsoleScriptBackend)]
)
def test_false_is_no_crash_for_any_option_wherever_it_is_asked_for(backend: str) -> None:
    entry = {"BACKEND": backend, **CONTRACTS[backend].ENTRY}
    table = find_backend(backend)(**entry).read_options()
    assert table
    for key in (key for option in table for key in option.keys):
        project = imagined({"web": {**entry, "ARGS": {key: False}}, "other": entry})
        for process in (backend_for(project, name) for name in project):
            for found in process.problems() or process.risks():
                assert found.message


@each_backend
def test_its_server_s_own_parser_reads_generated_values_back(backend: str) -> None:
    assert BACKENDS[backend] in _read_back()
