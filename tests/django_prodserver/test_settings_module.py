"""The console script reads the settings as Django would, and as little of Django as it can."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from django.conf import global_settings

from django_prodserver.project import Project
from tests.django_prodserver.site import BIN

if TYPE_CHECKING:
    from tests.django_prodserver.site import Site

GUNICORN = {"web": {"BACKEND": "gunicorn"}}

# Starts the process, and prints what the command has imported instead of becoming the server.
IMPORTED = """
import os, sys
def tell(program, argv, environ):
    slow = {"argparse", "asyncio", "django.conf", "django.db"}
    print(*argv[2:], *sorted(slow & set(sys.modules)))
    sys.stdout.flush()
    os._exit(0)
os.execve = tell
sys.argv = ["prodserver", "web"]
from django_prodserver.__main__ import main
main()
"""


def _imported(site: Site) -> list[str]:
    done = site.run(sys.executable, "-c", IMPORTED)
    assert done.stderr == ""
    return done.stdout.split()


def test_a_plain_start_needs_no_settings_of_django(site: Site) -> None:
    site.configure(PRODUCTION_PROCESSES=GUNICORN)

    # The first start imports Gunicorn, to keep the table of its options.
    assert _imported(site) == ["mysite.wsgi:application", "argparse"]
    assert _imported(site) == ["mysite.wsgi:application"]


@pytest.mark.parametrize(
    "line",
    [
        "from django.conf import global_settings",
        "from django.conf import settings; ZONED = settings.USE_TZ",
        "URLIZE_ASSUME_HTTPS = True",
    ],
)
def test_settings_that_need_django_get_it(site: Site, line: str) -> None:
    settings = site.path / "mysite/settings.py"
    settings.write_text(f"{line}\n{settings.read_text()}")
    site.configure(PRODUCTION_PROCESSES=GUNICORN)

    assert _imported(site)[:1] == ["mysite.wsgi:application"]
    assert "django.conf" in _imported(site)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ALLOWED_HOSTS = 'example.com'", "The ALLOWED_HOSTS setting must be a list or a tuple."),
        ("INSTALLED_APPS = None", "The INSTALLED_APPS setting must be a list or a tuple."),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("TIME_ZONE = 'Moon'", "ValueError: Incorrect timezone setting: Moon"),
        ("SECRET_KEY = __import__('os').environ['NO_SUCH']", "KeyError: 'NO_SUCH'"),
    ],
)
def test_the_reason_why_settings_cannot_be_loaded_is_django_s(
    site: Site, line: str, reason: str
) -> None:
    site.configure(PRODUCTION_PROCESSES=GUNICORN)
    site.append("mysite/settings.py", line)
    done = site.run(BIN / "prodserver", "web")

    assert done.returncode == 1
    assert done.stderr == f"prodserver: Settings 'mysite.settings' cannot be loaded: {reason}\n"


def test_what_settings_leave_out_is_what_django_says() -> None:
    empty, whole = (
        Project.from_settings(settings=settings, environ={})
        for settings in (
            type("Empty", (), {"PRODUCTION_PROCESSES": GUNICORN}),
            type("Whole", (), {**vars(global_settings), "PRODUCTION_PROCESSES": GUNICORN}),
        )
    )

    assert empty.allowed_hosts == whole.allowed_hosts
    assert empty.proxy_ssl_header == whole.proxy_ssl_header
    assert empty.applications == whole.applications
