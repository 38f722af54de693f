"""Which application a server gets where neither APP nor a setting names one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.django_prodserver.site import free_port

if TYPE_CHECKING:
    from tests.django_prodserver.site import Site

SPLIT = "mysite.settings.production"


def split(site: Site) -> None:
    """Makes of the settings a package with a module for production, as many projects have it."""
    site.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "gunicorn"}}, WSGI_APPLICATION=None)
    folder = site.path / "mysite" / "settings"
    folder.mkdir()
    shutil.move(site.path / "mysite" / "settings.py", folder / "base.py")
    site.write("mysite/settings/__init__.py", "")
    site.write("mysite/settings/production.py", "from mysite.settings.base import *\n")


@pytest.mark.parametrize(
    ("module", "application"),
    [
        ("mysite/wsgi.py", "mysite.wsgi:application"),
        ("mysite/settings/wsgi.py", "mysite.settings.wsgi:application"),
        ("wsgi.py", "wsgi:application"),
    ],
)
def test_it_is_the_nearest_one_around_the_settings(
    site: Site, module: str, application: str
) -> None:
    split(site)
    shutil.move(site.path / "mysite" / "wsgi.py", site.path / module)

    assert site.dry_run("web", f"--settings={SPLIT}").split()[-1] == application


def test_one_that_is_nowhere_is_a_mistake_that_checks_find(site: Site) -> None:
    split(site)
    (site.path / "mysite" / "wsgi.py").unlink()
    places = "mysite.settings.wsgi or mysite.wsgi or wsgi"
    line = f"WSGI_APPLICATION is not set, and there is no module {places}."
    checked = site.manage("check", f"--settings={SPLIT}")
    started = site.manage("prodserver", "web", f"--settings={SPLIT}")

    assert checked.returncode == started.returncode == 1
    assert f"(prodserver.E013) {line}" in checked.stderr
    assert started.stderr.startswith(f"CommandError: {line} Write such a module, or ")


def test_a_server_for_asgi_serves_a_project_with_split_settings(site: Site) -> None:
    split(site)
    port = free_port()
    words = ("prodserver", "web", f"--settings={SPLIT}", f"--port={port}")
    site.append(
        "mysite/settings/production.py", "PRODUCTION_PROCESSES = {'web': {'BACKEND': 'uvicorn'}}"
    )
    with site.start(site.python, "manage.py", *words, port=port) as running:
        assert running.until_it_serves().get("/") == "hello"
