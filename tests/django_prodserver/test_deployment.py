"""What ``check --deploy`` says of processes that work, and should not work so in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.checks import run_checks
from django.test import override_settings

if TYPE_CHECKING:
    from tests.django_prodserver.site import Site

RISKS: list[tuple[str, dict[str, object], str]] = [
    (
        "W005",
        {"BACKEND": "runserver"},
        "PRODUCTION_PROCESSES['x']: runserver is not made for production.",
    ),
    ("W005", {"BACKEND": "dummy-worker"}, "PRODUCTION_PROCESSES['x']: Dummy is not made for"),
    (
        "W006",
        {"BACKEND": "gunicorn", "ARGS": {"reload": True}},
        "PRODUCTION_PROCESSES['x']: --reload restarts the process whenever a file changes.",
    ),
    ("W006", {"BACKEND": "uvicorn", "ARGS": "--reload"}, "PRODUCTION_PROCESSES['x']: --reload"),
    (
        "W006",
        {"BACKEND": "dramatiq", "APP": "mysite", "ARGS": {"watch": "/srv"}},
        "PRODUCTION_PROCESSES['x']: --watch=/srv restarts",
    ),
    (
        "W007",
        {"BACKEND": "flower", "APP": "mysite"},
        "PRODUCTION_PROCESSES['x']: Flower lets anybody who reaches it stop tasks and workers.",
    ),
    (
        "W007",
        {"BACKEND": "flower", "APP": "mysite", "ARGS": {"address": "0.0.0.0"}},
        "PRODUCTION_PROCESSES['x']: Flower lets anybody",
    ),
]
FIT: list[dict[str, object]] = [
    {"BACKEND": "gunicorn"},
    {"BACKEND": "gunicorn", "ARGS": {"reload": False}},
    {"BACKEND": "gunicorn", "ARGS": {"reload-engine": "poll"}},
    {"BACKEND": "gunicorn", "DEV": {"ARGS": {"reload": True}}},
    {"BACKEND": "gunicorn", "DEV": {"BACKEND": "runserver"}},
    {"BACKEND": "granian", "ARGS": {"reload": False}},
    {"BACKEND": "dramatiq", "APP": "mysite"},
    {"BACKEND": "flower", "APP": "mysite", "ARGS": {"basic_auth": "you:example-password"}},
    {"BACKEND": "flower", "APP": "mysite", "ARGS": {"auth": ".*@example.com"}},
    {"BACKEND": "flower", "APP": "mysite", "ARGS": {"address": "127.0.0.1"}},
    # What is wrong is no risk: the other checks speak of it.
    {"BACKEND": "gunicorn", "ARGS": {"reload": True, "worker": 2}},
    {"BACKEND": "gunicron"},
]


def deployment_ids(entry: dict[str, object], *, deploy: bool = True) -> list[tuple[str, str]]:
    with override_settings(PRODUCTION_PROCESSES={"x": entry}):
        found = run_checks(include_deployment_checks=deploy)
    numbers = ("prodserver.W005", "prodserver.W006", "prodserver.W007")
    return [(str(each.id), each.msg) for each in found if each.id in numbers]


@pytest.mark.parametrize(("number", "entry", "message"), RISKS)
def test_a_risk_is_told_before_a_deployment(
    number: str, entry: dict[str, object], message: str
) -> None:
    ((found, text),) = deployment_ids(entry)

    assert found == f"prodserver.{number}"
    assert text.startswith(message)
    assert deployment_ids(entry, deploy=False) == []


@pytest.mark.parametrize("backend", ["uvicorn", "granian"])
def test_a_variable_that_watches_the_code_is_a_risk_too(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"{backend.upper()}_RELOAD"
    for value, args, risky in (("1", {}, True), ("0", {}, False), ("1", {"reload": False}, False)):
        monkeypatch.setenv(variable, value)
        found = deployment_ids({"BACKEND": backend, "ARGS": args})
        assert [text for _, text in found] == [
            f"PRODUCTION_PROCESSES['x']: {variable} restarts the process whenever a file changes."
        ] * risky


@pytest.mark.parametrize("entry", FIT)
def test_what_is_fit_for_production_is_not_remarked_upon(entry: dict[str, object]) -> None:
    assert deployment_ids(entry) == []


def test_a_variable_or_a_file_may_say_who_can_see_flower(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    entry: dict[str, object] = {"BACKEND": "flower", "APP": "mysite"}
    directory = tmp_path_factory.mktemp("project")
    monkeypatch.chdir(directory)
    assert deployment_ids(entry)

    monkeypatch.setenv("FLOWER_BASIC_AUTH", "you:example-password")
    assert not deployment_ids(entry)
    monkeypatch.delenv("FLOWER_BASIC_AUTH")
    (directory / "flowerconfig.py").write_text("basic_auth = ['you:example-password']\n")
    assert not deployment_ids(entry)


def test_no_risk_keeps_a_process_from_starting(site: Site) -> None:
    with site.serve(ARGS={"reload": True}) as running:
        assert running.get() == "hello"
    done = site.manage("check", "--deploy")

    # Django 6.1 has an error of its own for a fresh project.
    _, _, warnings = done.stderr.partition("WARNINGS:")
    assert "(prodserver.W006) PRODUCTION_PROCESSES['web']: --reload restarts" in warnings
    assert "prodserver.E" not in done.stderr
