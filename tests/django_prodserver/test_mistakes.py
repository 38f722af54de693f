"""Every mistake is one line for whoever starts a process, and a system check with an id."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from django_prodserver import exceptions
from django_prodserver.exceptions import ConfigurationError
from django_prodserver.management.commands.prodserver import Command
from tests.django_prodserver.site import BIN, Site

GUNICORN = {"BACKEND": "gunicorn"}

# id, the value of PRODUCTION_PROCESSES, how the message begins, how the hint begins
MISTAKES: list[tuple[str, Any, str, str]] = [
    ("W001", None, "PRODUCTION_PROCESSES is missing or empty.", "Add PRODUCTION_PROCESSES = {"),
    ("W001", {}, "PRODUCTION_PROCESSES is missing or empty.", "Add PRODUCTION_PROCESSES = {"),
    ("E001", ["web"], "PRODUCTION_PROCESSES is ['web'], not a dictionary.", "Write PRODUCTION_"),
    ("E002", {5: GUNICORN}, "PRODUCTION_PROCESSES: 5 is not a name", "Use a string such as 'web'."),
    ("E002", {"": GUNICORN}, "PRODUCTION_PROCESSES: '' is not a name", "Use a string such as"),
    ("E002", {"-w": GUNICORN}, "PRODUCTION_PROCESSES: '-w' is not a name", "Use a string such as"),
    ("E003", {"web": "gunicorn"}, "PRODUCTION_PROCESSES['web'] is 'gunicorn', not a", "Write {'B"),
    (
        "E003",
        {"web": {"BACKEND": None}},
        "PRODUCTION_PROCESSES['web']['BACKEND'] is None",
        "Write a",
    ),
    ("E003", {"web": {**GUNICORN, "APP": 1}}, "PRODUCTION_PROCESSES['web']['APP'] is 1", "Write a"),
    ("E004", {"web": {}}, "PRODUCTION_PROCESSES['web'] has no BACKEND.", "Add 'BACKEND': "),
    (
        "E005",
        {"web": {**GUNICORN, "ARG": {}}},
        "PRODUCTION_PROCESSES['web']: unknown key 'ARG'.",
        "Did you mean 'ARGS'?",
    ),
    (
        "E005",
        {"web": {"backend": "gunicorn"}},
        "PRODUCTION_PROCESSES['web']: unknown key 'backend'.",
        "Did you mean 'BACKEND'?",
    ),
    (
        "E006",
        {"web": {"BACKEND": "gunicron"}},
        "PRODUCTION_PROCESSES['web']: There is no backend 'gunicron'.",
        "Did you mean 'gunicorn'?",
    ),
    (
        "E006",
        {"web": {"BACKEND": "django_prodserver.backends.gunicron.GunicornServer"}},
        (
            "PRODUCTION_PROCESSES['web']: The backend 'django_prodserver.backends.gunicron."
            "GunicornServer' cannot be imported (ModuleNotFoundError: No module named"
        ),
        "Did you mean 'django_prodserver.backends.gunicorn.GunicornServer'?",
    ),
    (
        "E006",
        {"web": {"BACKEND": "django_prodserver.backends.gunicorn.Gunicorn"}},
        (
            "PRODUCTION_PROCESSES['web']: The backend "
            "'django_prodserver.backends.gunicorn.Gunicorn' cannot be imported (AttributeError: "
        ),
        "Did you mean 'django_prodserver.backends.gunicorn.GunicornServer'?",
    ),
    (
        "E006",
        {"web": {"BACKEND": "tests.django_prodserver.broken_backend.Server"}},
        (
            "PRODUCTION_PROCESSES['web']: The backend "
            "'tests.django_prodserver.broken_backend.Server' cannot be imported (ZeroDivision"
        ),
        "Mend the module.",
    ),
    (
        "E006",
        {"web": {"BACKEND": "no.such.Thing"}},
        "PRODUCTION_PROCESSES['web']: The backend 'no.such.Thing' cannot be imported (Module",
        "Correct the path, or mend the module.",
    ),
    (
        "E006",
        {"web": {"BACKEND": "zzz"}},
        "PRODUCTION_PROCESSES['web']: There is no backend 'zzz'.",
        "Name one of celery, celery-beat, daphne, ",
    ),
    (
        "E009",
        {"web": {**GUNICORN, "ARGS": {"zzzzqqqq": 1}}},
        "PRODUCTION_PROCESSES['web']['ARGS']: Gunicorn has no option 'zzzzqqqq'.",
        "The documentation of Gunicorn lists them.",
    ),
    (
        "E009",
        {"web": {**GUNICORN, "ARGS": {7: 1}}},
        "PRODUCTION_PROCESSES['web']['ARGS']: 7 is not the name of an option.",
        "Write the name as a string, without the hyphens before it.",
    ),
    (
        "E007",
        {"web": {"BACKEND": "gunicorn.app.wsgiapp.WSGIApplication"}},
        "PRODUCTION_PROCESSES['web']: 'gunicorn.app.wsgiapp.WSGIApplication' is not a backend",
        "Name a subclass of django_prodserver.backends.base.BaseServerBackend.",
    ),
    (
        "E007",
        {"web": {"BACKEND": "django_prodserver.backends.base.BaseServerBackend"}},
        "PRODUCTION_PROCESSES['web']: 'django_prodserver.backends.base.BaseServerBackend' does",
        "Define it, or name a subclass.",
    ),
    (
        "E008",
        {"web": {**GUNICORN, "ARGS": 5}},
        "PRODUCTION_PROCESSES['web']['ARGS'] is 5.",
        "Use a",
    ),
    (
        "E008",
        {"web": {**GUNICORN, "ARGS": "--name='x"}},
        "PRODUCTION_PROCESSES['web']['ARGS'] cannot be split like a command line",
        "Close the quotes",
    ),
    (
        "E009",
        {"web": {**GUNICORN, "ARGS": {"worker": 2}}},
        "PRODUCTION_PROCESSES['web']['ARGS']: Gunicorn has no option 'worker'.",
        "Did you mean 'workers'?",
    ),
    (
        "E009",
        {"web": {**GUNICORN, "ARGS": {"bindd": ""}}},
        "PRODUCTION_PROCESSES['web']['ARGS']: Gunicorn has no option 'bindd'.",
        "Did you mean 'bind'?",
    ),
    (
        "E014",
        {"web": {"BACKEND": "celery"}},
        "PRODUCTION_PROCESSES['web'] has no APP, and Celery needs one.",
        "Add 'APP': 'mysite', say: the module that holds it.",
    ),
    (
        "E015",
        {"web": {"BACKEND": "huey"}},
        "PRODUCTION_PROCESSES['web']: 'huey.contrib.djhuey' is not in INSTALLED_APPS.",
        "Add 'huey.contrib.djhuey' to INSTALLED_APPS.",
    ),
    (
        "E010",
        {"web": {**GUNICORN, "ARGS": {"workers": "four"}}},
        "PRODUCTION_PROCESSES['web']['ARGS']['workers'] is 'four', which --workers does not take",
        "Give it a value of the right kind.",
    ),
    (
        "E010",
        {"web": {**GUNICORN, "ARGS": {"bind": {"host": "::1"}}}},
        "PRODUCTION_PROCESSES['web']['ARGS']['bind'] is {'host': '::1'}, which cannot stand",
        "Use a string or a number.",
    ),
    (
        "E011",
        {"web": {**GUNICORN, "ARGS": {"on_exit": "x"}}},
        "PRODUCTION_PROCESSES['web']['ARGS']: 'on_exit' is not an option of Gunicorn's command",
        "Set on_exit in Gunicorn's configuration file, gunicorn.conf.py.",
    ),
    (
        "E012",
        {"web": {**GUNICORN, "ARGS": {"accesslog": "-", "access-logfile": "-"}}},
        "PRODUCTION_PROCESSES['web']['ARGS']: 'accesslog' and 'access-logfile' are the same",
        "Keep one of them.",
    ),
]


@pytest.mark.parametrize(("number", "setting", "message", "hint"), MISTAKES)
def test_starting_shows_the_mistake_in_one_line(
    number: str, setting: object, message: str, hint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with override_settings(PRODUCTION_PROCESSES=setting), pytest.raises(SystemExit) as ended:
        Command(no_color=True).run_from_argv(["manage.py", "prodserver"])
    shown = capfd.readouterr()

    assert ended.value.code == 1
    assert shown.out == ""
    assert shown.err.startswith(f"CommandError: {message}")
    assert hint
    assert hint in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(("number", "setting", "message", "hint"), MISTAKES)
def test_the_system_checks_find_the_same_mistake(
    number: str, setting: object, message: str, hint: str
) -> None:
    with override_settings(PRODUCTION_PROCESSES=setting):
        (found,) = run_checks()

    assert found.id == f"prodserver.{number}"
    assert found.msg.startswith(message)
    assert found.hint
    assert found.hint.startswith(hint)
    assert found.is_serious() is number.startswith("E")


@override_settings(PRODUCTION_PROCESSES={"web": GUNICORN})
def test_the_system_checks_are_silent_where_all_is_well() -> None:
    assert run_checks() == []


@override_settings(PRODUCTION_PROCESSES={"web": GUNICORN}, WSGI_APPLICATION="application")
def test_an_application_setting_that_is_no_path_is_found() -> None:
    (found,) = run_checks()

    assert found.id == "prodserver.E013"
    assert found.msg == "WSGI_APPLICATION is 'application', not the path of an object."


def test_every_mistake_of_every_process_is_found_at_once() -> None:
    entries = {
        "web": {**GUNICORN, "ARGS": {"bindd": 1, "workers": []}},
        "admin": {},
        "good": GUNICORN,
    }
    with override_settings(PRODUCTION_PROCESSES=entries):
        assert [found.id for found in run_checks()] == [
            "prodserver.E009",
            "prodserver.E010",
            "prodserver.E004",
        ]


def test_every_id_is_used_once_and_explained() -> None:
    mistakes = ConfigurationError.__subclasses__()
    ids = [mistake.id for mistake in mistakes]

    assert len(ids) == len(set(ids))
    assert all(mistake.__doc__ for mistake in mistakes)
    assert {mistake.__name__ for mistake in mistakes} < set(exceptions.__all__)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["wbe"], "PRODUCTION_PROCESSES has no process 'wbe'. Did you mean 'web'?"),
        (["worker"], "PRODUCTION_PROCESSES has no process 'worker'. Known: admin, web."),
        ([], "Which process? Name one of: web, admin."),
        (
            ["web", "--", "--bnd=:1"],
            "After --: Gunicorn has no option '--bnd=:1'. Did you mean 'bind'?",
        ),
        (["web", "--", "--bind"], "After --: --bind needs a value. Write --bind=VALUE."),
    ],
)
@override_settings(PRODUCTION_PROCESSES={"web": GUNICORN, "admin": GUNICORN})
def test_a_wrong_command_is_one_line_and_exit_code_2(
    words: list[str], line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command(no_color=True).run_from_argv(["manage.py", "prodserver", *words])

    assert ended.value.code == 2
    assert capfd.readouterr().err == f"CommandError: {line}\n"


@override_settings(PRODUCTION_PROCESSES={"web": {**GUNICORN, "ARGS": 5}})
def test_traceback_shows_where_it_comes_from() -> None:
    with pytest.raises(Exception, match="ARGS") as raised:
        Command().run_from_argv(["manage.py", "prodserver", "--traceback"])

    assert isinstance(raised.value.__cause__, ConfigurationError)


@override_settings(PRODUCTION_PROCESSES={"web": GUNICORN, "admin": {}})
def test_the_list_names_what_is_wrong_after_what_is_well(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command(no_color=True).run_from_argv(["manage.py", "prodserver", "--list"])
    shown = capfd.readouterr()

    assert ended.value.code == 1
    assert shown.out == "Servers:\n  web    gunicorn\n"
    assert shown.err.startswith("CommandError: PRODUCTION_PROCESSES['admin'] has no BACKEND.")


def test_a_real_project_shows_the_same_through_all_doors(site: Site) -> None:
    site.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "gunicorn", "ARGS": {"bindd": ":1"}}})
    mistake = "PRODUCTION_PROCESSES['web']['ARGS']: Gunicorn has no option 'bindd'."
    line = f"CommandError: {mistake} Did you mean 'bind'?\n"
    managed, scripted = site.manage("prodserver", "web"), site.run(BIN / "prodserver", "web")
    checked = site.manage("check")

    assert (managed.returncode, managed.stderr) == (1, line)
    assert (scripted.returncode, scripted.stderr) == (1, line)
    assert checked.returncode == 1
    assert f"?: (prodserver.E009) {mistake}\n\tHINT: Did you mean 'bind'?" in checked.stderr


def test_a_mistake_elsewhere_does_not_hide_behind_skip_checks(site: Site) -> None:
    """Another process's mistake is the system checks' business, and they can be skipped."""
    site.configure(PRODUCTION_PROCESSES={"web": GUNICORN, "admin": {}})
    checked = site.manage("prodserver", "web")

    assert checked.returncode == 1
    assert "(prodserver.E004)" in checked.stderr
    assert "mysite.wsgi:application" in site.dry_run("web")
