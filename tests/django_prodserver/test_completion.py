"""What bash offers after ``prodserver``."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.django_prodserver.site import BIN

if TYPE_CHECKING:
    from tests.django_prodserver.site import Site

# What pressing the tab key does: bash calls the function and takes what it leaves.
PRESS_TAB = """
eval "$(prodserver --bash-completion)"
COMP_WORDS=(prodserver "$1")
COMP_CWORD=1
_prodserver
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ["web", "admin", "tasks"]),
        ("a", ["admin"]),
        ("x", []),
        ("--dr", ["--dry-run"]),
        ("--ex", ["--export"]),
    ],
)
def test_bash_offers_names_and_options(site: Site, typed: str, offered: list[str]) -> None:
    server, worker = {"BACKEND": "gunicorn"}, {"BACKEND": "dummy-worker"}
    site.configure(PRODUCTION_PROCESSES={"web": server, "tasks": worker, "admin": server})

    assert _press_tab(site, typed) == offered


def test_outside_of_a_project_bash_offers_no_names_and_prints_nothing(site: Site) -> None:
    assert _press_tab(site, "", cwd="home") == []
    assert _press_tab(site, "--dr", cwd="home") == ["--dry-run"]


def _press_tab(site: Site, typed: str, cwd: str = "project") -> list[str]:
    done = subprocess.run(
        ["bash", "-c", PRESS_TAB, "bash", typed],
        cwd=site.path.parent / cwd,
        env={**site.env(), "PATH": f"{BIN}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()
