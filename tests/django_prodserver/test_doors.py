"""Every way to type the command ends in the same process."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from django_prodserver import parsers
from django_prodserver.__main__ import read
from tests.django_prodserver.site import BIN, Site, free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path("/")


def _web(site: Site, **args: object) -> int:
    port = free_port()
    entry = {"BACKEND": "gunicorn", "ARGS": {"bind": f"127.0.0.1:{port}", **args}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    return port


DOORS: dict[str, Callable[[Site], tuple[list[str | Path], Path]]] = {
    "manage.py by its absolute path, from the root directory": lambda site: (
        [sys.executable, site.path / "manage.py", "prodserver", "web"],
        ROOT,
    ),
    "manage.py by a relative path": lambda site: (
        [sys.executable, Path(site.path.name, "manage.py"), "prodserver", "web"],
        site.path.parent,
    ),
    "manage.py through a symbolic link": lambda site: (
        [sys.executable, _link(site), "prodserver", "web"],
        site.home,
    ),
    "python -m django": lambda site: (
        [sys.executable, "-m", "django", *_explicit(site)],
        ROOT,
    ),
    "django-admin": lambda site: ([BIN / "django-admin", *_explicit(site)], ROOT),
    "the console script": lambda site: ([BIN / "prodserver", "web"], site.path),
    "the console script from elsewhere": lambda site: (
        [BIN / "prodserver", *_explicit(site)[1:]],
        ROOT,
    ),
    "python -m django_prodserver": lambda site: (
        [sys.executable, "-m", "django_prodserver", "web"],
        site.path,
    ),
}


def _link(site: Site) -> Path:
    link = site.home / "manage.py"
    link.symlink_to(site.path / "manage.py")
    return link


def _explicit(site: Site) -> list[str]:
    path = str(site.path.relative_to("/"))
    return ["prodserver", "web", "--settings", "mysite.settings", "--pythonpath", path]


@pytest.mark.parametrize("door", DOORS)
def test_the_project_is_found_however_the_command_is_typed(site: Site, door: str) -> None:
    port = _web(site)
    argv, cwd = DOORS[door](site)
    with site.start(*argv, port=port, cwd=cwd) as running:
        facts = running.until_it_serves().facts()

        assert facts["parent"] == running.pid
        assert facts["cwd"] == str(cwd)


@pytest.mark.parametrize("words", [["manage.py", "prodserver"], ["-m", "django_prodserver"]])
def test_the_server_gets_the_settings_that_were_asked_for(site: Site, words: list[str]) -> None:
    port = _web(site)
    site.write("other.py", "from mysite.settings import *\nGREETING = 'other'")
    argv = [sys.executable, *words, "web", "--settings=other"]
    with site.start(*argv, port=port) as running:
        facts = running.until_it_serves().facts()

        assert (facts["settings"], facts["greeting"]) == ("other", "other")


def test_the_only_process_needs_no_name(site: Site) -> None:
    port = _web(site)
    with site.start(BIN / "prodserver", port=port) as running:
        assert running.until_it_serves().get() == "hello"


@pytest.mark.parametrize("pasted_into", ["project", "root"])
def test_the_printed_line_starts_the_same_process(site: Site, pasted_into: str) -> None:
    port = _web(site, name='it\'s a $name with `quotes` and "more"', env={"TEXT": "$HOME *;"})
    line = site.dry_run("web")
    cwd = site.path if pasted_into == "project" else ROOT
    with site.start("/bin/sh", "-c", line, port=port, cwd=cwd) as running:
        facts = running.until_it_serves().facts()

        assert facts["environ"]["TEXT"] == "$HOME *;"
        assert facts["settings"] == "mysite.settings"
    printed = [word for word in shlex.split(line) if not word.startswith(("DJANGO", "PYTHON"))]
    with site.start(*_manage("web"), port=port) as running:
        running.until_it_serves()
        assert _command_line(running.pid) == printed


def test_both_doors_print_the_same_line(site: Site) -> None:
    _web(site)
    scripted = site.run(sys.executable, BIN / "prodserver", "web", "--dry-run", "--", "--threads=2")

    assert scripted.stdout.strip() == site.dry_run("web", "--", "--threads=2")


def test_a_translation_among_args_is_translated_through_both_doors(site: Site) -> None:
    """Only Django that is set up can translate, and the console script does without at first."""
    args = "{'name': gettext_lazy('Yes')}"
    site.append(
        "mysite/settings.py",
        "from django.utils.translation import gettext_lazy\n"
        "LANGUAGE_CODE = 'de'\n"
        f"PRODUCTION_PROCESSES = {{'web': {{'BACKEND': 'gunicorn', 'ARGS': {args}}}}}",
    )
    scripted = site.run(BIN / "prodserver", "web", "--dry-run")

    assert scripted.stdout.split()[-1] == "--name=Ja", scripted.stderr
    assert site.dry_run("web").split()[-1] == "--name=Ja"


def test_printing_needs_no_system_checks(site: Site) -> None:
    _web(site)
    site.configure(ROOT_URLCONF="nowhere_to_be_found")

    assert "mysite.wsgi:application" in site.dry_run("web")


def test_options_that_only_the_server_knows_need_no_dashes(site: Site) -> None:
    _web(site, workers=2, access_logfile="-")
    port = free_port()
    words = ["-b", f"127.0.0.1:{port}", "--workers=1"]
    with site.start(*_manage("web", *words), port=port) as running:
        running.until_it_serves()

        assert _command_line(running.pid)[3:] == ["--access-logfile=-", *words]
    assert site.dry_run("--threads=3", "web", "-w", "1", "--", "-t", "9").endswith(
        " --threads=3 -w 1 -t 9"
    )


def test_no_option_of_the_server_is_taken_for_a_shortened_one_of_the_command(site: Site) -> None:
    _web(site)
    assert site.dry_run("web", "--python=x").endswith(" --python=x")
    assert "nor Gunicorn has an option '--dry'" in site.manage("prodserver", "web", "--dry").stderr


def test_words_after_two_dashes_replace_the_options_of_the_settings(site: Site) -> None:
    _web(site, workers=2, access_logfile="-")
    port = free_port()
    words = ["--", "-b", f"127.0.0.1:{port}", "-w1"]
    with site.start(*_manage("web", *words), port=port) as running:
        running.until_it_serves()

        assert _command_line(running.pid)[3:] == ["--access-logfile=-", *words[1:]]


def test_words_after_two_dashes_are_the_server_s_even_where_django_has_the_same(
    site: Site,
) -> None:
    _web(site)
    line = site.dry_run("web", "--", "--pythonpath=/elsewhere", "--version")

    assert f"PYTHONPATH={site.path} " in line
    assert line.endswith(" --pythonpath=/elsewhere --version")


def test_a_manage_py_that_changes_the_directory_is_still_found(site: Site) -> None:
    _web(site)
    manage = site.path / "manage.py"
    manage.write_text(f"import os\nos.chdir('/')\n{manage.read_text()}")
    done = site.run(
        sys.executable, "project/manage.py", "prodserver", "web", "--dry-run", cwd=site.path.parent
    )

    assert f"PYTHONPATH={site.path} " in done.stdout


def test_a_failing_system_check_keeps_the_process_from_starting(site: Site) -> None:
    _web(site)
    site.configure(ROOT_URLCONF="nowhere_to_be_found")
    done = site.manage("prodserver", "web")

    assert done.returncode == 1
    assert "nowhere_to_be_found" in done.stderr


def test_skip_checks_starts_it_all_the_same(site: Site) -> None:
    port = _web(site)
    site.configure(ROOT_URLCONF="nowhere_to_be_found")
    with site.start(*_manage("web", "--skip-checks"), port=port) as running:
        wait_for(lambda: "Booting worker" in running.output())


def test_the_console_script_names_the_way_out_when_there_is_no_project(site: Site) -> None:
    done = site.run(BIN / "prodserver", "web", cwd=site.home)

    assert done.returncode == 2
    assert done.stderr == (
        f"prodserver: There is no manage.py in {site.home}. Change to the project's directory, "
        "or give --settings, or set DJANGO_SETTINGS_MODULE.\n"
    )


def test_the_console_script_says_in_one_line_that_settings_are_missing(site: Site) -> None:
    done = site.run(BIN / "prodserver", "web", "--settings=mysite.nothing")

    assert done.returncode == 1
    assert done.stderr == (
        "prodserver: Settings 'mysite.nothing' cannot be loaded: No module named 'mysite.nothing'\n"
    )


def test_the_console_script_does_not_set_django_up(site: Site) -> None:
    """It starts although an app is broken, which only the set-up would notice."""
    port = _web(site)
    site.append("mysite/settings.py", "INSTALLED_APPS += ['no_such_app']")
    site.write(
        "mysite/wsgi.py",
        "def application(environ, start):\n    start('200 OK', [])\n    return [b'plain']",
    )
    with site.start(BIN / "prodserver", "web", port=port) as running:
        assert running.until_it_serves().get() == "plain"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", (None, None, None, [])),
        ("web", ("web", None, None, [])),
        ("web --settings=a.b --pythonpath /srv", ("web", "a.b", "/srv", [])),
        ("--skip-checks --settings a=b web", ("web", "a=b", None, [])),
        ("--settings= web", ("web", "", None, [])),
        ("web more", ("web", None, None, ["more"])),
        ("web --workers=2 -b :80", ("web", None, None, ["--workers=2", "-b", ":80"])),
        ("web --settings", ("web", None, None, ["--settings", "-"])),
        ("--settings --list", (None, None, None, ["--settings", "--list"])),
        ("--setting x", ("x", None, None, ["--setting"])),
    ],
)
def test_what_every_start_needs_is_read_without_a_parser(
    words: str, expected: tuple[str | None, str | None, str | None, list[str]]
) -> None:
    assert read(words.split()) == expected


def test_what_argparse_leaves_out_is_known_without_it() -> None:
    assert parsers.SUPPRESS == argparse.SUPPRESS


def test_the_console_script_starts_what_needs_django_to_be_set_up(site: Site) -> None:
    port = free_port()
    entry = {"BACKEND": "runserver", "ARGS": {"addrport": f"127.0.0.1:{port}"}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    with site.start(BIN / "prodserver", "web", "--noreload", port=port) as running:
        assert running.until_it_serves().get() == "hello"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--version"], "4.0.0.dev0\n"),
        (["--list"], "Servers:\n  web    gunicorn\n  admin  gunicorn\n"),
    ],
)
def test_the_command_tells(site: Site, words: list[str], expected: str) -> None:
    gunicorn = {"BACKEND": "gunicorn"}
    site.configure(PRODUCTION_PROCESSES={"web": gunicorn, "admin": gunicorn})
    scripted = site.run(BIN / "prodserver", *words)
    managed = site.manage("prodserver", *words)

    assert scripted.stdout == managed.stdout == expected
    assert scripted.returncode == managed.returncode == 0


def _manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", "prodserver", *words]


def _command_line(pid: int) -> list[str]:
    return psutil.Process(pid).cmdline()
