"""Environment variables of the servers: they reach them, and what ARGS say is stronger."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from django_prodserver.backends import backend_for
from django_prodserver.environment import before_settings
from django_prodserver.testing.running import free_port
from tests.django_prodserver.imagined import imagined

if TYPE_CHECKING:
    from pathlib import Path

    from tests.django_prodserver.site import Site

# An option that is False, the variable that would set it, and what then is in its place.
SWITCHED_OFF = [
    ({"BACKEND": "uvicorn", "ARGS": {"reload": False}}, {"UVICORN_RELOAD": "1"}, None),
    ({"BACKEND": "granian", "ARGS": {"ws": False}}, {"GRANIAN_WEBSOCKETS": "1"}, "1"),
    (
        {"BACKEND": "granian", "ARGS": {"ssl_certificate": False}},
        {"GRANIAN_SSL_CERTIFICATE": "x"},
        None,
    ),
    (
        {"BACKEND": "celery", "APP": "mysite", "ARGS": {"purge": False}},
        {"CELERY_WORKER_PURGE": "1"},
        None,
    ),
    ({"BACKEND": "flower", "APP": "mysite", "ARGS": {"port": False}}, {"FLOWER_PORT": "1"}, None),
    (
        {"BACKEND": "gunicorn", "ARGS": {"reload": False}},
        {"GUNICORN_CMD_ARGS": "--reload --workers=2"},
        "--workers=2",
    ),
]


@pytest.mark.parametrize(("entry", "environ", "left"), SWITCHED_OFF)
def test_an_option_that_is_false_takes_its_variable_away(
    entry: dict[str, object], environ: dict[str, str], left: str | None
) -> None:
    [name] = environ

    def environment(entry: dict[str, object]) -> dict[str, str]:
        project = imagined({"x": entry}, environ=environ)
        return backend_for(project, "x").launch().environment(environ)

    assert environment(entry).get(name) == left
    assert environment({**entry, "ARGS": {}})[name] == environ[name]


def test_a_process_does_not_get_the_variable_of_an_option_that_is_false(site: Site) -> None:
    site.environ["UVICORN_RELOAD"] = "1"
    for args, found in (({"reload": False}, None), ({}, "1")):
        port = free_port()
        entry = {"BACKEND": "uvicorn", "ARGS": {"port": port, **args}}
        site.configure(PRODUCTION_PROCESSES={"web": entry})
        with site.start(site.python, "-m", "django_prodserver", "web", port=port) as running:
            facts = running.until_it_serves().facts()

            assert facts["environ"].get("UVICORN_RELOAD") == found
            assert ("Started reloader process" in running.output()) is bool(found)


def test_the_printed_line_takes_the_variable_away_too(site: Site) -> None:
    site.environ["UVICORN_RELOAD"] = "1"
    port = free_port()
    entry = {"BACKEND": "uvicorn", "ARGS": {"port": port, "reload": False}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    line = site.dry_run("web")
    assert shlex.split(line)[:3] == ["env", "-u", "UVICORN_RELOAD"]
    with site.start("/bin/sh", "-c", line, port=port) as running:
        assert "UVICORN_RELOAD" not in running.until_it_serves().facts()["environ"]


@pytest.mark.parametrize(
    ("line", "handed_on"),
    [
        ("print('No environment variable?')", "inherited"),
        ("os.environ.setdefault(\n    'DJANGO_SETTINGS_MODULE', 'mysite.settings'\n)", "inherited"),
        ("os.environ['NAME'] = 'set'", "set"),
        ("import dotenv", "set"),
        ("import importlib\nimportlib.import_module('variables')", "set"),
        ("from .paths import read", "set"),
    ],
)
def test_what_settings_have_set_is_handed_on_only_where_the_script_may_have_done_so(
    tmp_path: Path, line: str, handed_on: str
) -> None:
    """The other half of the script does what settings do: it sets the variable."""
    script = tmp_path / "manage.py"
    script.write_text(f"import os\n{line}\n")
    code = "sys.modules['__main__'].__file__ = sys.argv[1]; os.environ['NAME'] = 'set'"
    command = f"import os, sys; {code}; from django_prodserver.environment import before_settings"
    printed = subprocess.check_output(
        [sys.executable, "-c", f"{command}; print(before_settings()['NAME'])", script],
        env={**os.environ, "NAME": "inherited"},
        text=True,
    )

    assert printed.strip() == handed_on


@pytest.mark.parametrize(
    ("known", "variables"),
    [
        (b"A=1\0B=a=b\0A=2\0", {"A": "1", "B": "a=b"}),
        (b"", {}),
        # A short title of the process, a long one, and one that leaves the end of a variable.
        (b"\0\0\0\0", None),
        (b"mysite: serves\0\0\0", None),
        (b"mysite\0/bin:/usr/bin\0HOME=/root\0", None),
        (b"A=1\0B=2", None),
    ],
)
def test_variables_that_were_overwritten_are_those_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bytes, variables: dict[str, str] | None
) -> None:
    (tmp_path / "environ").write_bytes(known)
    (tmp_path / "manage.py").touch()
    monkeypatch.setattr("django_prodserver.environment.INITIAL", tmp_path / "environ")
    script = str(tmp_path / "manage.py")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", script, raising=False)

    assert before_settings() == (dict(os.environ) if variables is None else variables)
