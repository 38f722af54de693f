"""A file that a page shows is used by something on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.pages.uses import is_used

if TYPE_CHECKING:
    from tests.conf.pages.conftest import Pages


@pytest.mark.parametrize(
    ("path", "typed", "others"),
    [
        ("a.json", "$ cat a.json", ""),
        ("site/a.json", "$ cd site && python -m json.tool a.json", ""),
        ("site/a.json", "$ ls site\na.json", ""),
        ("a.json", "$ start", "include a.json;"),
        (".env", "$ docker run --env-file=.env", ""),
        ("shop/greet.py", "$ python -c 'from shop.greet import greet'", ""),
        ("shop/backends.py", "$ true", 'BACKEND = "shop.backends.Cheroot"'),
        ("shop/__init__.py", "$ python -m shop", ""),
        ("shop/settings.py", "$ python manage.py check", ""),
        ("shop/urls.py", "$ DJANGO_SETTINGS_MODULE=shop.settings prodserver web", ""),
        ("shop/migrations/0001_first.py", "$ python manage.py migrate", ""),
        ("pyproject.toml", "$ pip install --editable .", ""),
        ("Caddyfile", "$ caddy validate", ""),
    ],
)
def test_a_file_is_used_where_it_is_named_or_looked_for(path: str, typed: str, others: str) -> None:
    assert is_used(path, typed, others)


@pytest.mark.parametrize(
    ("path", "typed", "others"),
    [
        ("a.json", "$ true", ""),
        ("a.json", "$ cat data.json", ""),
        ("a.json", "$ cat a.json.bak", ""),
        (".env", "$ source prod.env; cat .env.example", ""),
        ("shop/greet.py", "$ python manage.py check", "greeting, greet-all"),
        ("shop/settings.py", "$ ls", "manage.py reads them"),
        ("pyproject.toml", "$ pipx list", ""),
        ("Caddyfile", "$ python manage.py prodserver web", ""),
    ],
)
def test_a_file_is_not_used_by_what_does_not_know_it(path: str, typed: str, others: str) -> None:
    assert not is_used(path, typed, others)


JSON = "```{code-block} json\n:caption: a.json\n\n{}\n```\n"
RUN = "\n```console\n$ COMMAND\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        JSON + RUN.replace("COMMAND", "true"),
        RUN.replace("COMMAND", "ls a.json || true") + JSON + RUN.replace("COMMAND", "true"),
        JSON
        + JSON.replace("a.json", "a.json (add at the end)").replace("{}", '"a.json"')
        + RUN.replace("COMMAND", "true"),
    ],
)
def test_a_command_that_only_comes_after_a_file_does_not_use_it(pages: Pages, text: str) -> None:
    faults = pages.faults(text)
    assert {fault.partition(": ")[2] for fault in faults} == {
        "pages.unused-file no command after a.json uses it, and no other block names it"
    }


@pytest.mark.parametrize(
    "use",
    [
        RUN.replace("COMMAND", "cat a.json\n{}"),
        "\n% test: setup: test -s a.json\n",
        '\n```json\n["a.json"]\n```\n' + RUN.replace("COMMAND", "true"),
        "\n% test: skip: this needs a real server\n"
        + RUN.replace("COMMAND", "load a.json")
        + RUN.replace("COMMAND", "true"),
    ],
)
def test_a_command_or_another_block_that_names_a_file_uses_it(pages: Pages, use: str) -> None:
    assert pages.faults(JSON + use) == []


def test_a_file_whose_own_program_has_read_it_need_not_be_used(pages: Pages) -> None:
    text = "```{code-block} text\n:caption: requirements.txt\n\ndjango\n```\n"
    text += RUN.replace("COMMAND", "true")
    assert pages.faults(text) == []
    (fault,) = pages.faults(text.replace("requirements.txt", "notes.txt"))
    assert "no command after notes.txt uses it" in fault
