"""Gunicorn: the contract of a server, what only Gunicorn has, and what is known of its options."""

from __future__ import annotations

import argparse
import signal
import sys
import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import psutil
import pytest
from django.utils.translation import gettext_lazy
from gunicorn.config import KNOWN_SETTINGS, Config

from django_prodserver.backends.gunicorn import GunicornServer
from django_prodserver.options import Takes
from django_prodserver.testing.contracts import ServerContract, Typed
from tests.django_prodserver.answers import answer_over
from tests.django_prodserver.imagined import imagined
from tests.django_prodserver.round_trip import assert_reads_back
from tests.django_prodserver.site import BIN, Running, Site, free_port, wait_for

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from django_prodserver.project import Project
    from django_prodserver.testing.projects import FreshProject

WSGI = "mysite.wsgi:application"


class TestGunicorn(ServerContract, unittest.TestCase):
    BACKEND = "gunicorn"
    PACKAGE = "gunicorn"
    MISTAKE = ("bindd", "bind")
    ENVIRONMENT: ClassVar = {"GUNICORN_CMD_ARGS": "--bind=127.0.0.1:{port}"}
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"bind": "0.0.0.0:8000"}, "--bind=0.0.0.0:8000"),
        ({"bind": [":8000", "unix:/run/x.sock"]}, "--bind=:8000 --bind=unix:/run/x.sock"),
        ({"workers": 4, "threads": 2}, "--workers=4 --threads=2"),
        ({"worker-class": "gthread", "timeout": 60}, "--worker-class=gthread --timeout=60"),
        ({"access-logfile": "-", "error-logfile": "-"}, "--access-logfile=- --error-logfile=-"),
        ({"accesslog": "-", "loglevel": "debug"}, "--access-logfile=- --log-level=debug"),
        ({"preload": True, "reload": False}, "--preload"),
        ({"preload_app": None}, "--preload"),
        ({"sendfile": False}, "--no-sendfile"),
        ({"env": {"A": "1", "B": "x y"}}, "--env=A=1 '--env=B=x y'"),
        ({"forwarded_allow_ips": ["10.0.0.1", "::1"]}, "--forwarded-allow-ips=10.0.0.1,::1"),
        ({"limit_request_field_size": 4096}, "--limit-request-field_size=4096"),
        ({"proxy-protocol": True, "keepalive": 5}, "--proxy-protocol --keep-alive=5"),
        ({"reload_extra_files": [Path("/a.html")]}, "--reload-extra-file=/a.html"),
        ({"pidfile": Path("/run/x.pid")}, "--pid=/run/x.pid"),
        ({"umask": 0o022, "name": "it's mine"}, '--umask=18 "--name=it\'s mine"'),
        ("-w 4 --bind :8000", "-w 4 --bind :8000"),
        (["-w", "4", "--bind", ":8000"], "-w 4 --bind :8000"),
    )

    EVERY_KIND: ClassVar = (
        (
            {"bind": ["127.0.0.1:{port}", "unix:second.sock"]},
            "--bind=127.0.0.1:{port} --bind=unix:second.sock",
        ),
        ({"workers": 2, "worker-class": "gthread"}, "--workers=2 --worker-class=gthread"),
        (
            {"env": {"SAID": "a b", "RATE": 0.5, "PRICE": Decimal("1E+3")}},
            "'--env=SAID=a b' --env=RATE=0.5 --env=PRICE=1000",
        ),
        ({"accesslog": Path("access.log")}, "--access-logfile=access.log"),
        ({"access-logformat": gettext_lazy("Yes")}, "--access-logformat=Yes"),
        ({"preload": True, "capture-output": None}, "--preload --capture-output"),
        ({"sendfile": False, "reload": False}, "--no-sendfile"),
        ({"forwarded_allow_ips": ("10.0.0.1", "::1")}, "--forwarded-allow-ips=10.0.0.1,::1"),
        ({"dogstatsd-tags": ""}, "--dogstatsd-tags="),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        environ = running.facts()["environ"]

        assert answer_over(project.path / "second.sock") == "hello"
        running.until(lambda: len(running.children()) == 2)
        assert [environ[name] for name in ("SAID", "RATE", "PRICE")] == ["a b", "0.5", "1000"]
        running.until(lambda: "Yes\n" in (project.path / "access.log").read_text())

    def args(self, port: int) -> dict[str, Any]:
        return {"bind": f"127.0.0.1:{port}"}

    def options(self, port: int) -> list[str]:
        return [f"--bind=127.0.0.1:{port}"]

    def native(self, *options: str) -> list[str]:
        return ["gunicorn", WSGI, *options]


def test_usr2_starts_a_second_master_that_takes_over(site: Site) -> None:
    with site.serve() as running:
        running.signal(signal.SIGUSR2)
        new = wait_for(lambda: _second_master(running))
        wait_for(new.children)
        running.signal(signal.SIGTERM)
        assert running.exit_code() == 0

        wait_for(lambda: running.facts()["parent"] == new.pid)


def test_two_processes_of_one_project_have_a_control_socket_each(site: Site) -> None:
    ports = {"web": free_port(), "admin": free_port()}
    site.configure(
        PRODUCTION_PROCESSES={
            name: {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}"}}
            for name, port in ports.items()
        }
    )
    manage = [sys.executable, "manage.py", "prodserver"]
    with (
        site.start(*manage, "web", port=ports["web"]) as web,
        site.start(*manage, "admin", port=ports["admin"]) as admin,
    ):
        for running in (web, admin):
            running.until_it_serves()
        sockets = {
            name: site.home / ".gunicorn" / f"mysite-{name}.ctl" for name in ("web", "admin")
        }
        wait_for(lambda: all(path.exists() for path in sockets.values()))

        assert str(web.pid) in _asked(site, sockets["web"])
        assert str(admin.pid) in _asked(site, sockets["admin"])


def test_two_plain_gunicorns_share_one_control_socket(site: Site) -> None:
    """The reason for the test above: natively the second takes the socket of the first."""
    shared = site.home / ".gunicorn" / "gunicorn.ctl"
    with _plain(site) as first:
        wait_for(lambda: "Control socket listening" in first.output())
        with _plain(site) as second:
            wait_for(lambda: "Control socket listening" in second.output())

            assert str(second.pid) in _asked(site, shared)


def test_settings_beat_native_environment_variables_which_beat_defaults(site: Site) -> None:
    site.environ = {
        "WEB_CONCURRENCY": "3",
        "GUNICORN_CMD_ARGS": "--bind=127.0.0.1:1 --name=from-environment",
    }
    with site.serve(ARGS={"print-config": False}) as running:
        wait_for(lambda: len(running.children()) == 3)
        assert running.get() == "hello"


def _second_master(running: Running) -> psutil.Process | None:
    for child in psutil.Process(running.pid).children():
        if child.children():
            return child
    return None


def _plain(site: Site) -> AbstractContextManager[Running]:
    return site.start(sys.executable, BIN / "gunicorn", WSGI, f"--bind=127.0.0.1:{free_port()}")


def _asked(site: Site, socket: Path) -> str:
    """What the process behind a control socket says of itself."""
    done = site.run(BIN / "gunicornc", "--socket", socket, "--command", "show all")
    assert done.returncode == 0, done.stderr
    return done.stdout


def _project(entries: dict[str, Any] | None = None, **fields: Any) -> Project:
    return imagined(entries or {"web": {"BACKEND": "gunicorn"}}, **fields)


def _words(args: object, *overrides: str, **fields: Any) -> list[str]:
    backend = GunicornServer(ARGS=args).bind(_project(**fields), "web", overrides)
    return backend.prep_server_args()


def test_gunicorn_reads_back_exactly_the_values_of_args() -> None:
    assert_reads_back(
        GunicornServer,
        lambda words: vars(Config().parser().parse_args(words)),
        environ={"GUNICORN_CMD_ARGS": "--no-control-socket"},
    )


def test_every_option_of_the_installed_gunicorn_is_known() -> None:
    table = GunicornServer().read_options()
    actions = [a for a in Config().parser()._actions if a.option_strings]

    assert {flag for o in table for flag in (*o.flags, *o.negatives)} == {
        flag for action in actions for flag in action.option_strings
    }
    for action in actions:
        option = table.flag(action.option_strings[0])
        assert option is not None
        assert option.repeats is isinstance(action, argparse._AppendAction)
        assert (option.takes is Takes.NOTHING) is (action.nargs == 0)


def test_settings_without_a_flag_are_refused_with_the_configuration_file_as_the_way_out() -> None:
    unflagged = [known.name for known in KNOWN_SETTINGS if not known.cli]
    backend = GunicornServer(ARGS=dict.fromkeys(unflagged, "x"))
    problems = backend.problems()

    assert len(unflagged) > 20
    assert [problem.id for problem in problems] == ["prodserver.E011"] * len(unflagged)
    hints = {problem.hint for problem in problems}
    assert "Set post_fork in Gunicorn's configuration file, gunicorn.conf.py." in hints
    assert "Name the application under APP, beside BACKEND." in hints


@pytest.mark.parametrize(
    ("setting", "application"),
    [
        ("mysite.wsgi.application", "mysite.wsgi:application"),
        ("a.b.c.app", "a.b.c:app"),
    ],
)
def test_the_application_is_the_one_of_the_settings(setting: str, application: str) -> None:
    assert _words({}, applications={"wsgi": setting}) == [application]


@pytest.mark.parametrize(
    ("entry", "overrides"),
    [
        ({"APP": "other:app"}, []),
        ({"ARGS": "other:app"}, []),
        ({"ARGS": {}}, ["other:app"]),
        ({"APP": "first:app"}, ["other:app"]),
    ],
)
def test_another_application_can_be_named(entry: dict[str, Any], overrides: list[str]) -> None:
    assert GunicornServer(**entry).bind(_project(), "web", overrides).prep_server_args() == [
        "other:app"
    ]


TWO = {
    "web": {"BACKEND": "gunicorn"},
    "ad/min": {"BACKEND": "django_prodserver.backends.gunicorn.GunicornServer"},
}


def test_each_of_several_gunicorns_gets_a_control_socket() -> None:
    shared = Path(str(Config().settings["control_socket"].get()))
    words = GunicornServer().bind(_project(TWO), "ad/min").prep_server_args()

    assert words == [WSGI, f"--control-socket={shared.parent}/mysite-ad%2Fmin.ctl"]


def test_a_single_gunicorn_keeps_the_control_socket_that_gunicornc_expects() -> None:
    assert _words({}) == [WSGI]


@pytest.mark.parametrize(
    ("args", "environ"),
    [
        ({"control-socket": "/run/x.ctl"}, {}),
        ({"no-control-socket": True}, {}),
        ({"config": "conf.py"}, {}),
        ({"config": "file:conf.py"}, {}),
        ({"config": "python:tests.django_prodserver.settings_of_gunicorn"}, {}),
        ({}, {"GUNICORN_CMD_ARGS": "--control-socket /run/x.ctl"}),
        ({}, {"GUNICORN_CMD_ARGS": "-c conf.py"}),
    ],
)
def test_a_control_socket_that_the_user_chose_stays(
    tmp_path: Path, args: dict[str, Any], environ: dict[str, str]
) -> None:
    (tmp_path / "conf.py").write_text("control_socket = '/run/x.ctl'")
    words = _words(args, entries=TWO, environ=environ, cwd=tmp_path)

    assert not any(word.startswith("--control-socket=") and "mysite" in word for word in words)


@pytest.mark.parametrize("location", ["missing.py", "python:missing.module", "file:", "."])
def test_a_configuration_file_that_cannot_be_read_is_left_to_gunicorn(
    tmp_path: Path, location: str
) -> None:
    words = _words({"config": location}, entries=TWO, environ={}, cwd=tmp_path)

    assert words[-1].endswith("/mysite-web.ctl")


def test_a_release_whose_options_cannot_be_read_starts_with_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("gunicorn.config.KNOWN_SETTINGS")
    backend = GunicornServer(ARGS={"bind": ":1"}).bind(_project(), "web", ["--workers=2"])

    assert backend.prep_server_args() == [WSGI, "--bind=:1", "--workers=2"]
    assert [problem.id for problem in backend.problems()] == ["prodserver.W004"]
    assert "ARGS are passed on unchecked." in backend.launch().notes[0]


def test_windows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    (problem,) = GunicornServer().bind(_project(), "web").problems()

    assert problem.id == "prodserver.W003"
    assert str(problem).startswith("PRODUCTION_PROCESSES['web']: Gunicorn does not run on Windows.")


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (problem,) = GunicornServer().bind(_project(), "web").problems()

    assert problem.id == "prodserver.W002"
    assert problem.hint == "Install it: python -m pip install gunicorn"
