"""Commands that stand in the middle of a text are there, though no test runs them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.core.management import find_commands
from docset.cli import parser
from docset.project import ProjectError, load
from docset.prose.site import of_project
from docset.prose.spans import spans

import django_prodserver
from django_prodserver import exceptions
from tests.docs.project_copy import REPOSITORY
from tests.docs.test_completeness import settings_read

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGETS = set(re.findall(r"^([\w-]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
IDS = {found.id for found in vars(exceptions).values() if hasattr(found, "id")}
OURS = re.compile(r"PRODUCTION_\w+")
# Those of Django, of its apps, and ours.
COMMANDS = {
    name
    for package in (django, django_prodserver)
    for folder in Path(str(package.__file__)).parent.glob("**/management")
    for name in find_commands(str(folder))
}
FILES = ("README.md", "CONTRIBUTING.md")


def code() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each piece of code inside a sentence or a table."""
    for page in of_project(load(REPOSITORY)).pages:
        for prose in page.prose():
            for span in spans(prose.source):
                if not span.role:
                    yield f"{page.path}:{prose.line}", span.content
    for name in FILES:
        for number, line in enumerate((REPOSITORY / name).read_text("utf-8").split("\n"), start=1):
            for span in spans(line):
                yield f"{name}:{number}", span.content


def mistake(text: str) -> str:
    """Return what is wrong with a piece of code; empty when nothing is, or nothing is known."""
    try:
        words = shlex.split(text)
    except ValueError:
        return ""
    match words:
        case ["make", *names]:
            unknown = [name for name in names if "=" not in name and name not in TARGETS]
            return f"make has no {unknown[0]}" if unknown else ""
        case [("docset" | ".venv/bin/docset"), name, *rest] if not name.startswith("-"):
            return _of_docset([name, *rest])
        case [".venv/bin/pytest", *rest]:
            paths = [word for word in rest if "/" in word]
            missing = [path for path in paths if not (REPOSITORY / path).exists()]
            return f"there is no {missing[0]}" if missing else ""
        case [("manage.py" | "python"), *rest] if "manage.py" in words[:2]:
            name = [*rest, ""][0 if words[0] == "manage.py" else 1]
            return "" if not name.islower() or name in COMMANDS else f"no command {name}"
        case [word] if word.startswith("prodserver.") and word[-3:].isdigit():
            return "" if word in IDS else "there is no such check"
        case [word] if OURS.fullmatch(word):
            return "" if word in set(settings_read()) else "there is no such setting"
    return ""


def _of_docset(words: list[str]) -> str:
    # Words in capitals stand for what a reader chooses.
    chosen = {"MODE": "how-to", "SECONDS": "1", "TITLE": "t"}
    words = [chosen.get(word, word) for word in words if not word.startswith("[")]
    try:
        parser().parse_args(words)
    except ProjectError as error:
        # A sentence may name a command without what it needs.
        return "" if "required" in str(error) else str(error)
    return ""


def test_every_command_and_name_in_a_sentence_is_there() -> None:
    found = [(place, text, wrong) for place, text in code() if (wrong := mistake(text))]

    assert found == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("make tset", "make has no tset"),
        (".venv/bin/docset prosee", "invalid choice: 'prosee'"),
        ("docset prose --measur-e", "unrecognized"),
        (".venv/bin/pytest tests/nowhere.py", "there is no tests/nowhere.py"),
        ("manage.py prodserverr --list", "no command prodserverr"),
        ("python manage.py prodserverr", "no command prodserverr"),
        ("prodserver.E999", "there is no such check"),
        ("PRODUCTION_PROCESES", "there is no such setting"),
    ],
)
def test_a_mistake_would_be_noticed(text: str, part: str) -> None:
    assert part in mistake(text)


@pytest.mark.parametrize(
    "text",
    ["make test", "docset new MODE TITLE", "manage.py prodserver NAME", "prodserver.W002", "a 'b"],
)
def test_what_is_there_is_no_mistake(text: str) -> None:
    assert mistake(text) == ""


def test_commands_are_looked_at_in_pages_and_other_texts() -> None:
    places = {place.partition(":")[0] for place, text in code() if text.startswith("make ")}

    assert {"CONTRIBUTING.md", str(Path("how-to/contribute/run-the-checks.md"))} <= places
