"""What manage.py does before Django starts is done for every process that Django runs inside."""

from __future__ import annotations

import shlex
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management.base import BaseCommand, CommandParser

from django_prodserver.testing.running import free_port
from tests.django_prodserver.site import BIN
from tests.django_prodserver.typing_in import type_in

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject

ROOT = Path("/")
# The app is found because of a line in manage.py alone, as in projects made by cookiecutter-django.
APPS = (
    "import sys\nfrom pathlib import Path\nsys.path.append(str(Path(__file__).parent / 'apps'))\n"
)
SINGLE_FILE = """
import sys
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["django_prodserver"],
    PRODUCTION_PROCESSES=PROCESSES,
)
urlpatterns = [path("", lambda request: HttpResponse("hello"))]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
"""


def processes(port: int) -> dict[str, object]:
    """One process that is a management command, and one that is no command of its own."""
    args = {"addrport": f"127.0.0.1:{port}", "noreload": True}
    web = {"BACKEND": "runserver", "ARGS": args}
    tasks = {"BACKEND": "dummy-worker"}
    return {"web": {**web, "DEV": web}, "tasks": {**tasks, "DEV": {}}}


@pytest.fixture
def shop(site: FreshProject) -> FreshProject:
    """A project that only its own manage.py can start."""
    site.write("apps/shop/__init__.py", "")
    site.install("shop")
    manage = site.path / "manage.py"
    manage.write_text(APPS + manage.read_text())
    return site


@pytest.mark.parametrize("command", ["prodserver", "devserver"])
def test_all_starts_what_only_the_project_s_own_script_can_start(
    shop: FreshProject, command: str
) -> None:
    port = free_port()
    shop.configure(PRODUCTION_PROCESSES=processes(port))
    with shop.start(sys.executable, "manage.py", command, "--all", port=port) as running:
        running.until_it_serves()
        running.until(lambda: "tasks: started" in running.output())
        running.signal(signal.SIGTERM)
        running.exit_code()


@pytest.mark.parametrize(("name", "sign"), [("web", "development server at"), ("tasks", "started")])
def test_an_exported_line_starts_it_from_another_directory(
    shop: FreshProject, name: str, sign: str
) -> None:
    shop.environ["PYTHONUNBUFFERED"] = "1"
    shop.configure(PRODUCTION_PROCESSES=processes(free_port()))
    words = (sys.executable, shop.path / "manage.py", "prodserver", name, "--export", "procfile")
    line = shop.run(*words, cwd=ROOT).stdout.partition(": ")[2]
    assert line.startswith("cd / && ")
    with shop.start("/bin/sh", "-c", line, cwd=ROOT) as running:
        running.until(lambda: sign in running.output())


def test_a_process_is_developed_with_what_the_script_does(shop: FreshProject) -> None:
    port = free_port()
    shop.configure(PRODUCTION_PROCESSES=processes(port))
    with shop.start(
        sys.executable, shop.path / "manage.py", "devserver", "web", port=port, cwd=ROOT
    ) as running:
        running.until_it_serves()


def test_a_project_in_a_single_file_starts_all_and_is_exported(site: FreshProject) -> None:
    port = free_port()
    site.write("app.py", f"PROCESSES = {processes(port)!r}\n{SINGLE_FILE}")
    with site.start(sys.executable, "app.py", "prodserver", "--all", port=port) as running:
        assert running.until_it_serves().get() == "hello"
        running.until(lambda: "tasks: started" in running.output())
    exported = site.run(sys.executable, "app.py", "prodserver", "--export", "systemd")

    assert f"{site.path}/app.py prodserver tasks\n" in exported.stdout
    assert "# app-web.service\n" in exported.stdout


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        ("PYTHON manage.py prodserver", ("manage.py qcluster", "manage.py prodserver dummy")),
        ("PYTHON link.py prodserver", ("manage.py qcluster", "manage.py prodserver dummy")),
        ("PYTHON -m django prodserver", ("-m django qcluster", "-m django_prodserver dummy")),
        ("django-admin prodserver", ("-m django qcluster", "-m django_prodserver dummy")),
        ("prodserver", ("-m django qcluster", "-m django_prodserver dummy")),
        ("./prodserver", ("-m django qcluster", "-m django_prodserver dummy")),
        ("PYTHON -m django_prodserver", ("-m django qcluster", "-m django_prodserver dummy")),
        ("PYTHON program.py", ("-m django qcluster", "-m django_prodserver dummy")),
    ],
)
def test_only_a_script_that_runs_the_project_s_commands_is_run_again(
    site: FreshProject, door: str, expected: tuple[str, str]
) -> None:
    entries = {"q": {"BACKEND": "django-q2"}, "dummy": {"BACKEND": "dummy"}}
    site.install("django_q")
    site.configure(PRODUCTION_PROCESSES=entries)
    site.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    site.environ["PYTHONPATH"] = str(site.path)
    (site.path / "link.py").symlink_to("manage.py")
    # As pip leaves it where --target names a directory.
    (site.path / "prodserver").write_text((BIN / "prodserver").read_text())
    (site.path / "prodserver").chmod(0o755)
    site.write(
        "program.py",
        "import django\nfrom django.core.management import call_command\n"
        "django.setup()\ncall_command('prodserver', all=True, dry_run=True)\n",
    )
    program, *words = door.split()
    places = {"PYTHON": Path(sys.executable), "./prodserver": site.path / "prodserver"}
    done = site.run(places.get(program, BIN / program), *words, "--all", "--dry-run")

    lines = [shlex.split(line) for line in done.stdout.splitlines()]
    script = str(site.path / "manage.py")
    assert [" ".join(line[line.index(sys.executable) + 1 :]) for line in lines] == [
        each.replace("manage.py", script) for each in expected
    ], done.stderr


def test_settings_that_were_typed_stay_those_of_a_script_that_names_others(
    site: FreshProject,
) -> None:
    manage = site.path / "manage.py"
    named = "os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'"
    manage.write_text(manage.read_text().replace("    try:", f"    {named}\n    try:", 1))
    tasks = {"tasks": {"BACKEND": "dummy-worker"}}
    site.write("other.py", f"from mysite.settings import *\nPRODUCTION_PROCESSES = {tasks}\n")
    words = (sys.executable, "manage.py", "prodserver", "--all", "--settings=other")
    with site.start(*words) as running:
        running.until(lambda: "tasks: started" in running.output())


def test_a_program_that_is_no_script_of_the_project_is_not_run_again() -> None:
    """As these tests here are none."""
    done = type_in("prodserver", "--dry-run", PRODUCTION_PROCESSES={"web": {"BACKEND": "dummy"}})

    assert done.stdout.endswith(" -m django_prodserver web\n")


def test_a_library_may_add_an_option_to_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """As django-configurations 2.5 does it: the method that it puts in has these parameters."""
    original = BaseCommand.create_parser

    def create_parser(self: BaseCommand, prog_name: str, subcommand: str) -> CommandParser:
        parser = original(self, prog_name, subcommand)
        parser.add_argument("--configuration")
        return parser

    monkeypatch.setattr(BaseCommand, "create_parser", create_parser)
    words = ["web", "--configuration", "Production", "--python=x", "--dry-run"]
    done = type_in("prodserver", *words, PRODUCTION_PROCESSES={"web": {"BACKEND": "gunicorn"}})

    assert done.stdout.endswith(" --python=x\n"), done.stderr
