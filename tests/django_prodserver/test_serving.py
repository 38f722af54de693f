"""A started process is the server itself, as if its own command had been typed."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.django_prodserver.site import BIN, Running, Site, free_port, wait_for

if TYPE_CHECKING:
    from pathlib import Path


def test_the_project_answers(site: Site) -> None:
    with site.serve() as running:
        assert running.get() == "hello"


def test_the_started_process_becomes_the_server(site: Site) -> None:
    with site.serve() as running:
        command = psutil.Process(running.pid).cmdline()
        facts = running.facts()

        assert command[:3] == [sys.executable, str(BIN / "gunicorn"), "mysite.wsgi:application"]
        assert facts["parent"] == running.pid
        assert len(psutil.Process(running.pid).children()) == 1


def test_term_lets_a_slow_request_finish_and_exits_with_0(site: Site) -> None:
    answers: list[str] = []
    with site.serve() as running:
        request = threading.Thread(target=lambda: answers.append(running.get("/slow/")))
        request.start()
        wait_for((site.path / "slow-started").exists)
        running.signal(signal.SIGTERM)
        request.join()

        assert answers == ["finished"]
        assert running.exit_code() == 0


def test_hup_takes_over_changed_settings_views_and_models(site: Site) -> None:
    site.configure(GREETING="old")
    site.append("mysite/settings.py", "INSTALLED_APPS += ['mysite']")
    site.write("mysite/models.py", MODEL.format(field="old_name"))
    site.append("mysite/urls.py", FIELDS)
    with site.serve() as running:

        def answers() -> tuple[str, ...]:
            return str(running.facts()["greeting"]), running.get("/fields/"), running.get()

        assert answers() == ("old", "id old_name", "hello")
        site.configure(GREETING="new")
        site.write("mysite/models.py", MODEL.format(field="new_name"))
        site.append("mysite/urls.py", NEW_HELLO)
        running.signal(signal.SIGHUP)
        # While old and new workers overlap, either may answer.
        wait_for(lambda: answers() == ("new", "id new_name", "changed"))


def test_usr2_starts_a_second_master_that_takes_over(site: Site) -> None:
    with site.serve() as running:
        running.signal(signal.SIGUSR2)
        new = wait_for(lambda: _second_master(running))
        wait_for(new.children)
        running.signal(signal.SIGTERM)
        assert running.exit_code() == 0

        wait_for(lambda: running.facts()["parent"] == new.pid)


def test_a_port_in_use_ends_as_gunicorn_ends(site: Site) -> None:
    with site.serve() as running:
        assert _exit_codes(site, ["manage.py", "prodserver", "web"], running.port) == [1, 1]


@pytest.mark.parametrize("words", [["manage.py", "prodserver", "web"], ["-m", "django_prodserver"]])
def test_an_application_that_cannot_be_imported_ends_as_gunicorn_ends(
    site: Site, words: list[str]
) -> None:
    port = free_port()
    site.configure(PRODUCTION_PROCESSES=_web(port))
    site.append("mysite/wsgi.py", "import nothing_of_this_name")
    assert _exit_codes(site, words, port) == [3, 3]


def test_two_processes_of_one_project_run_side_by_side(site: Site) -> None:
    ports = {"web": free_port(), "admin": free_port()}
    site.configure(PRODUCTION_PROCESSES={name: _web(port)["web"] for name, port in ports.items()})
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
    with _native(site, free_port()) as first:
        wait_for(lambda: "Control socket listening" in first.output())
        with _native(site, free_port()) as second:
            wait_for(lambda: "Control socket listening" in second.output())

            assert str(second.pid) in _asked(site, shared)


def test_settings_beat_native_environment_variables_which_beat_defaults(site: Site) -> None:
    site.environ = {
        "WEB_CONCURRENCY": "3",
        "GUNICORN_CMD_ARGS": "--bind=127.0.0.1:1 --name=from-environment",
    }
    with site.serve(ARGS={"print-config": False}) as running:
        wait_for(lambda: len(psutil.Process(running.pid).children()) == 3)
        assert running.get() == "hello"


def test_hup_reads_a_variable_anew_that_settings_fill_in(site: Site) -> None:
    """As from a .env file, which does not overwrite what the environment has."""
    port = free_port()
    site.configure(PRODUCTION_PROCESSES=_web(port))
    site.append("mysite/settings.py", "import os; os.environ.setdefault('FILLED_IN', 'old')")
    with site.start(BIN / "prodserver", port=port) as running:
        running.until_it_serves()
        assert running.facts()["environ"]["FILLED_IN"] == "old"
        settings = site.path / "mysite" / "settings.py"
        settings.write_text(settings.read_text().replace("'old'", "'new'"))
        running.signal(signal.SIGHUP)
        wait_for(lambda: running.facts()["environ"]["FILLED_IN"] == "new")


MODEL = """
from django.db import models

class Thing(models.Model):
    {field} = models.TextField()
"""

FIELDS = """
from mysite.models import Thing

def fields(request):
    return HttpResponse(" ".join(field.name for field in Thing._meta.get_fields()))

urlpatterns.append(path("fields/", fields))
"""

NEW_HELLO = 'urlpatterns[0] = path("", lambda request: HttpResponse("changed"))'


def _web(port: int) -> dict[str, object]:
    return {"web": {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}"}}}


def _second_master(running: Running) -> psutil.Process | None:
    for child in psutil.Process(running.pid).children():
        if child.children():
            return child
    return None


def _native(site: Site, port: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    bind = f"--bind=127.0.0.1:{port}"
    return site.start(sys.executable, BIN / "gunicorn", "mysite.wsgi:application", bind, port=port)


def _exit_codes(site: Site, words: list[str], port: int) -> list[int]:
    """The exit codes of our command and of Gunicorn's own, for the same project."""
    with site.start(sys.executable, *words) as ours, _native(site, port) as native:
        return [ours.exit_code(), native.exit_code()]


def _asked(site: Site, socket: Path) -> str:
    """What the process behind a control socket says of itself."""
    done = site.run(BIN / "gunicornc", "--socket", socket, "--command", "show all")
    assert done.returncode == 0, done.stderr
    return done.stdout
