"""What README.md shows a user is what happens, with the wheel that is built from this tree."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from django_prodserver.testing.projects import FreshProject
from django_prodserver.testing.running import free_port
from tests.packaging.test_installation import environment_with

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = "## Start a server\n"


class Shown(NamedTuple):
    """What the section about a first start shows."""

    requirement: str
    settings: str
    start: list[str]


def shown(repository: Path) -> Shown:
    section = (
        (repository / "README.md").read_text("utf-8").partition(TITLE)[2].partition("\n## ")[0]
    )
    blocks = BLOCK.findall(section)
    assert [language for language, _ in blocks] == ["console", "python", "console"]
    install, start = (shlex.split(text.removeprefix("$ ")) for _, text in blocks[::2])
    assert install[:2] == ["pip", "install"]
    return Shown(install[-1], blocks[1][1], start)


def test_the_first_start_that_the_readme_shows_serves_the_project(
    repository: Path, wheel: Path, tmp_path: Path
) -> None:
    requirement, settings, (python, *start) = shown(repository)
    name, _, extra = requirement.partition("[")
    environment = environment_with(f"{wheel}[{extra}", tmp_path)
    project = FreshProject.create(tmp_path)
    plain = project.path / "mysite" / "settings.py"
    plain.write_text(plain.read_text().replace("INSTALLED_APPS += ['django_prodserver']", settings))
    port = free_port()
    # The port of the text may be taken on this machine.
    words: list[str | Path] = [environment / "bin" / python, *start, f"--bind=127.0.0.1:{port}"]
    with project.start(*words, port=port) as server:
        server.until_it_serves()
        assert server.get("/") == "hello"
        assert "Starting gunicorn" in server.output()
    assert name == "django-prodserver"
