"""What the console script starts is the server itself, as if its own command had been typed."""

from __future__ import annotations

import signal
import sys

import pytest

from tests.django_prodserver.site import BIN, Site, free_port, wait_for


def test_an_application_that_cannot_be_imported_ends_as_gunicorn_ends(site: Site) -> None:
    port = free_port()
    site.configure(PRODUCTION_PROCESSES=_web(port))
    site.append("mysite/wsgi.py", "import nothing_of_this_name")
    native = (BIN / "gunicorn", "mysite.wsgi:application", f"--bind=127.0.0.1:{free_port()}")
    with (
        site.start(sys.executable, "-m", "django_prodserver") as ours,
        site.start(*native, env=site.variables) as theirs,
    ):
        assert [ours.exit_code(), theirs.exit_code()] == [3, 3]


@pytest.mark.parametrize("door", [["manage.py", "prodserver"], ["-m", "django_prodserver"]])
def test_hup_reads_a_variable_anew_that_settings_fill_in(site: Site, door: list[str]) -> None:
    """As from a .env file, which does not overwrite what the environment has."""
    port = free_port()
    site.configure(PRODUCTION_PROCESSES=_web(port))
    site.append("mysite/settings.py", "import os; os.environ.setdefault('FILLED_IN', 'old')")
    with site.start(site.python, *door, port=port) as running:
        running.until_it_serves()
        assert running.facts()["environ"]["FILLED_IN"] == "old"
        settings = site.path / "mysite" / "settings.py"
        settings.write_text(settings.read_text().replace("'old'", "'new'"))
        running.signal(signal.SIGHUP)
        wait_for(lambda: running.facts()["environ"]["FILLED_IN"] == "new")


def test_a_variable_is_handed_on_that_manage_py_itself_has_set(site: Site) -> None:
    """The server runs no manage.py, so it cannot set the variable again."""
    port = free_port()
    site.configure(PRODUCTION_PROCESSES=_web(port))
    manage = (site.path / "manage.py").read_text()
    site.write("manage.py", f"import os\nos.environ['FILLED_IN'] = 'here'\n{manage}")
    with site.start(site.python, "manage.py", "prodserver", port=port) as running:
        assert running.until_it_serves().facts()["environ"]["FILLED_IN"] == "here"


def _web(port: int) -> dict[str, object]:
    return {"web": {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}"}}}
