"""Backends of other people are found and run like the built-in ones."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from django_prodserver.backends import GROUP, find_backend
from django_prodserver.backends.base import (
    BaseProcessBackend,
    BaseServerBackend,
    BaseWorkerBackend,
    ConsoleScriptBackend,
    Kind,
)
from django_prodserver.backends.built_in import BUILT_IN
from django_prodserver.backends.gunicorn import GunicornServer
from tests.django_prodserver.site import BIN, Site

ONLY_START_SERVER = """
from django_prodserver.backends.base import BaseServerBackend, BaseWorkerBackend

class Echo(BaseServerBackend):
    def start_server(self, *args):
        from django.contrib.auth.models import User  # needs a complete Django
        print("started with", *args)

class Prepared(Echo):
    def prep_server_args(self):
        return ["first", *self.args, "last"]

class Worker(BaseWorkerBackend):
    def start_server(self, *args):
        raise SystemExit(7)
"""


@pytest.fixture
def third_party(site: Site) -> Site:
    site.write("servers.py", ONLY_START_SERVER)
    args = {"bind": "0.0.0.0:8111", "some_flag": None, "many": ["a", "b"]}
    site.configure(
        PRODUCTION_PROCESSES={
            "echo": {"BACKEND": "servers.Echo", "ARGS": args},
            "prepared": {"BACKEND": "servers.Prepared", "ARGS": args},
            "worker": {"BACKEND": "servers.Worker"},
            "web": {"BACKEND": "gunicorn"},
        }
    )
    return site


WORDS = "--bind=0.0.0.0:8111 --some_flag --many=a --many=b"


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["echo"], f"started with {WORDS}\n"),
        (["prepared"], f"started with first {WORDS} last\n"),
        (["echo", "--", "--bind=:1"], "started with --some_flag --many=a --many=b --bind=:1\n"),
    ],
)
def test_a_backend_that_only_defines_start_server_runs(
    third_party: Site, words: list[str], printed: str
) -> None:
    done = third_party.manage("prodserver", *words)

    assert (done.stdout, done.stderr, done.returncode) == (printed, "", 0)


def test_the_console_script_sets_django_up_for_it(third_party: Site) -> None:
    done = third_party.run(BIN / "prodserver", "echo")

    assert (done.stdout, done.stderr, done.returncode) == (f"started with {WORDS}\n", "", 0)


EARLY = """
from django_prodserver.backends.base import BaseServerBackend

class Early(BaseServerBackend):
    def __init__(self, **entry):
        super().__init__(**entry)
        print("at first", *self.args)

    def start_server(self, *args):
        print("started with", *args)

class Own(Early):
    def __init__(self, **entry):
        super().__init__(**entry)
        self.args = ["own"]
"""


@pytest.mark.parametrize(
    ("kind", "command", "started"),
    [
        ("Early", "prodserver", "started with --port=1 --bind=new"),
        ("Early", "devserver", "started with --bind=dev --port=1"),
        ("Own", "prodserver", "started with own"),
    ],
)
def test_a_backend_may_look_at_its_arguments_before_it_knows_where_it_belongs(
    site: Site, kind: str, command: str, started: str
) -> None:
    site.write("early.py", EARLY)
    entry = {
        "BACKEND": f"early.{kind}",
        "ARGS": {"bind": "x", "port": 1},
        "DEV": {"ARGS": {"bind": "dev", "port": 1}},
    }
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    overrides = ["--", "--bind=new"] if command == "prodserver" else []
    done = site.manage(command, "web", *overrides)

    lines = done.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("at first --bind=x --port=1", started)


def test_an_app_that_fails_is_one_line_at_the_console_script(third_party: Site) -> None:
    third_party.write("broken/__init__.py", "raise ValueError('not\\ntoday')")
    third_party.install("broken")
    done = third_party.run(BIN / "prodserver", "echo")

    message = "CommandError: Django cannot be set up: ValueError: not today\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_its_exit_code_is_the_command_s(third_party: Site) -> None:
    assert third_party.manage("prodserver", "worker").returncode == 7


def test_its_dry_run_line_starts_it(third_party: Site) -> None:
    line = third_party.dry_run("echo", "--", "--many=it's")
    done = third_party.run("/bin/sh", "-c", line)

    assert done.stdout == "started with --bind=0.0.0.0:8111 --some_flag --many=it's\n"


def test_the_list_separates_servers_from_workers(third_party: Site) -> None:
    assert third_party.manage("prodserver", "--list").stdout == (
        "Servers:\n"
        "  echo      servers.Echo\n"
        "  prepared  servers.Prepared\n"
        "  web       gunicorn\n"
        "Workers:\n"
        "  worker    servers.Worker\n"
    )


def test_a_backend_without_start_server_says_what_is_missing() -> None:
    class Nothing(BaseServerBackend):
        pass

    with pytest.raises(NotImplementedError, match=r"Nothing does not define start_server\(\)"):
        Nothing().start_server()


def test_built_in_backends_stand_in_the_table_as_in_the_entry_points() -> None:
    points = entry_points(group=GROUP)
    ours = [each for each in points if each.dist and each.dist.name == "django-prodserver"]

    assert {each.name: each.value.replace(":", ".") for each in ours} == BUILT_IN
    assert find_backend("gunicorn") is GunicornServer


@pytest.mark.parametrize("separator", [".", ":"])
def test_a_backend_is_found_by_its_path(separator: str) -> None:
    assert find_backend(f"django_prodserver.backends.gunicorn{separator}GunicornServer") is (
        GunicornServer
    )


@pytest.mark.parametrize(
    ("base", "kind"),
    [
        (BaseProcessBackend, Kind.SERVER),
        (BaseServerBackend, Kind.SERVER),
        (BaseWorkerBackend, Kind.WORKER),
        (GunicornServer, Kind.SERVER),
    ],
)
def test_a_class_says_what_its_processes_are_for(
    base: type[BaseProcessBackend], kind: Kind
) -> None:
    assert base.kind is kind


def test_a_subclass_that_starts_the_server_itself_runs_in_process() -> None:
    class Own(GunicornServer):
        def start_server(self, *args: str) -> None:
            """Starts nothing."""

    assert Own().in_process
    assert not GunicornServer().in_process
    assert issubclass(Own, ConsoleScriptBackend)


@pytest.mark.parametrize("door", ["manage.py prodserver", "-m django_prodserver"])
def test_a_package_that_a_backend_of_its_own_needs_is_named_with_the_way_out(
    third_party: Site, door: str
) -> None:
    missing = "class Missing(Echo):\n    package = 'no-such-package'"
    third_party.write("servers.py", f"{ONLY_START_SERVER}\n{missing}")
    third_party.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "servers.Missing"}})
    done = third_party.run(third_party.python, *door.split(), "web")

    line = "Missing is not installed. Install it: python -m pip install no-such-package\n"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"CommandError: PRODUCTION_PROCESSES['web']: {line}"


def test_a_subclass_can_add_arguments_to_gunicorn(site: Site) -> None:
    site.write(
        "servers.py",
        "from django_prodserver.backends.gunicorn import GunicornServer\n"
        "class Named(GunicornServer):\n"
        "    def prep_server_args(self):\n"
        "        return [*super().prep_server_args(), '--name=mine']\n",
    )
    site.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "servers.Named"}})

    assert site.dry_run("web").endswith("/gunicorn mysite.wsgi:application --name=mine")
