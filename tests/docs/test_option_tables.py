"""The tables of options: what they are made of, and that they build alike on every machine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import sphobjinv
from bs4 import BeautifulSoup
from option_tables import Option, ReadingError, first_sentences, read

from django_prodserver.backends.gunicorn import GunicornServer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.project_copy import Copy

GUNICORN = "django_prodserver.backends.gunicorn.GunicornServer"
HELP = "Reads *all* of ``it``, :ref:`here` and :ref:`there <a-b>`, <b>as</b> --it 'is'; ` is one."
READ = "Reads *all* of it, here and there, <b>as</b> --it 'is'; ` is one."

# A package with a backend of its own, whose options have every form.
PLANTED = f'''
import os
from pathlib import Path
from django.apps import apps
from django_prodserver.backends.base import BaseServerBackend
from django_prodserver.options import Option, OptionTable, Takes


class Server(BaseServerBackend):
    label = "Planted"
    package = "planted"
    defaults = {{"number": 4}}

    def read_options(self):
        return OptionTable([
            Option(("-p", "--plain"), names=("simple",), default="so"),
            Option(("--on",), ("--off",), takes=Takes.NOTHING, default=True),
            Option(("--many",), repeats=True, default=["a"]),
            Option(("--joined",), separator=","),
            Option(("--pairs",), pairs=True, repeats=True),
            Option(names=("hook",), instead="Set it elsewhere."),
            Option(("--home",), default=str(Path.home())),
            Option(("--here",), default=os.getcwd()),
            Option(
                ("--processes",),
                default=os.cpu_count(),
                meaning=f"How many (default: {{os.cpu_count()}}).",
            ),
            Option(("--user",), default=os.getuid()),
            Option(("--from-variable",), default=os.environ.get("PLANTED", "unset")),
            Option(("--escaped",), meaning={HELP!r}),
            Option(("--level",), type="choice", choices=("low", "high"), variables=("LEVEL",)),
            Option(("--number",), type="integer", default=3),
            Option(("--whether",), type="boolean"),
            Option(("--words",), takes=Takes.SEVERAL),
            Option(names=("queue",), positional=True, takes=Takes.SEVERAL),
            Option(("--perhaps",), takes=Takes.OPTIONAL, default=\'say "so"\'),
            Option(names=("function",), default=print, instead="Write it."),
        ])


class Twin(Server):
    """The same options."""


class Other(Server):
    def read_options(self):
        return OptionTable([Option(("--other",))])


class WithApp(Server):
    def read_options(self):
        apps.get_app_config("messages")
        return super().read_options()


class Unstable(Server):
    def read_options(self):
        return OptionTable([Option((f"--of-{{os.getuid()}}",))])
'''


def plant(folder: Path, version: str = "1.0") -> None:
    """Install the package into a folder of modules."""
    folder.mkdir(exist_ok=True)
    (folder / "planted.py").write_text(PLANTED)
    for old in folder.glob("planted-*.dist-info"):
        shutil.rmtree(old)
    info = folder / f"planted-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: planted\nVersion: {version}\n")
    (info / "RECORD").write_text(f"planted.py,,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n")


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def options(path: str, *apps: str) -> dict[str, Option]:
    [table] = read([path], apps)
    return {option.key: option for option in table.options}


def page_with(copy: Copy, *directive: str) -> None:
    text = "\n".join(directive)
    copy.write("explanation/page.md", f"```{{option-table}} {text}\n```")


def rows(folder: Path) -> dict[str, list[str]]:
    """Return the cells of each row of the page's table, by the row's id."""
    page = BeautifulSoup((folder / "page.html").read_text("utf-8"), "html.parser")
    return {
        str(row["id"]): [cell.get_text().strip() for cell in row.find_all("td")]
        for row in page.select("table.option-table tbody tr")
    }


def described(folder: Path) -> dict[str, str]:
    """Return where the inventory of a root has each option."""
    objects = sphobjinv.Inventory(folder / "objects.inv").objects
    return {entry.name: entry.uri for entry in objects if entry.role == "cmdoption"}


def test_a_table_holds_every_option_of_the_installed_package() -> None:
    [table] = read([GUNICORN])

    known = {option.keys for option in GunicornServer().read_options()}
    assert {tuple(option.keys) for option in table.options} == known
    assert (table.program, table.name) == ("gunicorn", "Gunicorn")


def test_the_inventory_answers_for_every_option_of_a_page(built: Copy) -> None:
    names = described(built.site / "reference")
    assert {"gunicorn.bind", "gunicorn.accesslog", "gunicorn.no-sendfile"} <= names.keys()
    page = (built.site / "reference/django-prodserver/backends/gunicorn.html").read_text("utf-8")
    assert 'id="gunicorn-access-logfile"' in page


@pytest.mark.usefixtures("planted")
def test_what_the_machine_decides_is_not_shown() -> None:
    machine = {key for key, option in options("planted.Server").items() if option.varies}
    assert machine == {"home", "here", "processes", "user"}


@pytest.mark.usefixtures("planted")
def test_another_machine_reads_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = options("planted.Server")

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PLANTED", "set")
    monkeypatch.chdir(tmp_path)

    assert options("planted.Server") == here
    assert here["from-variable"].default == "unset"


@pytest.mark.usefixtures("planted")
def test_options_that_only_some_machines_have_are_refused() -> None:
    with pytest.raises(ReadingError, match="which options there are"):
        read(["planted.Unstable"])


@pytest.mark.usefixtures("planted")
def test_an_app_is_installed_where_the_backend_needs_one() -> None:
    assert "plain" in options("planted.WithApp", "django.contrib.messages")
    with pytest.raises(ReadingError, match="AppRegistryNotReady"):
        read(["planted.WithApp"])


@pytest.mark.usefixtures("planted")
def test_classes_share_a_table_only_with_the_same_options() -> None:
    assert [table.program for table in read(["planted.Server", "planted.Twin"])] == [
        "planted.Server",
        "planted.Twin",
    ]
    with pytest.raises(ReadingError, match="not have the same options"):
        read(["planted.Server", "planted.Other"])


def test_every_form_of_an_option_is_told_in_words(bare: Copy, tmp_path: Path) -> None:
    plant(bare.packages)
    page_with(bare, "planted.Server planted.Twin")

    result = bare.build_alone("explanation", tmp_path / "out")

    assert result.returncode == 0, result.stdout
    shown = {cells[0]: cells[1:] for cells in rows(tmp_path / "out").values()}
    assert shown == {
        "escaped": ["text", "not set", READ],
        "from-variable": ["text", '"unset"', ""],
        "here": ["text", "the machine decides", ""],
        "home": ["text", "the machine decides", ""],
        "joined": [
            "text or list",
            "not set",
            "A list becomes one value with , between its items.",
        ],
        "level": ["one of low high", "not set", "Environment variable: LEVEL."],
        "many": ["text or list", '["a"]', "A list repeats the option."],
        "number": [
            "integer",
            "3",
            "Where nothing sets it, django-prodserver sets 4.",
        ],
        "on": ["True or False", "True", "False becomes --off."],
        "pairs": [
            "dictionary or list",
            "not set",
            "Each pair has the form NAME=VALUE. A list repeats the option.",
        ],
        "perhaps": ["text or True", "'say \"so\"'", ""],
        "plain or simple": ["text", '"so"', ""],
        "processes": ["text", "the machine decides", "How many (default: …)."],
        "queue": [
            "text or list",
            "not set",
            "Its value stands on the command line without a name.",
        ],
        "user": ["text", "the machine decides", ""],
        "whether": ["True or False", "not set", ""],
        "words": [
            "text or list",
            "not set",
            "The items of a list follow the option, each as an argument of its own.",
        ],
        "function": ["not in ARGS", "not set", "Write it."],
        "hook": ["not in ARGS", "not set", "Set it elsewhere."],
    }
    assert list(shown) == [*sorted(shown.keys() - {"function", "hook"}), "function", "hook"]
    found = described(tmp_path / "out")
    assert found["planted.Twin.off"] == found["planted.Server.on"]


def test_a_backend_that_cannot_be_read_is_reported_at_its_line(bare: Copy, tmp_path: Path) -> None:
    page_with(bare, "no_such_package.Server")

    result = bare.build_alone("explanation", tmp_path / "out", "--keep-going")

    assert result.returncode == 1
    place = f"{bare.folder / 'explanation' / 'page.md'}:7: WARNING: "
    problem = "the options of no_such_package.Server cannot be read: ModuleNotFoundError"
    assert f"{place}{problem}: No module named 'no_such_package'" in result.stdout


@pytest.mark.parametrize("command", ["docset", "sphinx-build"])
def test_another_version_of_the_package_makes_the_table_anew(
    bare: Copy, tmp_path: Path, command: str
) -> None:
    def build() -> str:
        if command == "docset":
            result = bare.run("docset", "build")
            page = bare.folder / "build" / "site" / "explanation" / "page.html"
        else:
            result = bare.build_alone("explanation", tmp_path / "out")
            page = tmp_path / "out" / "page.html"
        assert result.returncode == 0, result.stdout
        return page.read_text("utf-8")

    plant(bare.packages, "1.0")
    page_with(bare, "planted.Server")
    assert "All options of Planted 1.0" in build()

    plant(bare.packages, "2.0")

    assert "All options of Planted 2.0" in build()


def test_backends_stand_side_by_side_as_their_classes_say(bare: Copy, tmp_path: Path) -> None:
    plant(bare.packages)
    bare.write("explanation/page.md", "```{backend-table}\n```")
    bare.write("explanation/planted.md", "| | |\n|---|---|\n| Backend path | `planted.Server` |")

    result = bare.build_alone("explanation", tmp_path / "out")

    assert result.returncode == 0, result.stdout
    page = BeautifulSoup((tmp_path / "out" / "page.html").read_text("utf-8"), "html.parser")
    [row] = page.select("table tbody tr")
    assert [cell.get_text().strip() for cell in row.find_all("td")] == [
        *("A page", "server", "none", "planted.Server", "yes", "no", "no"),
    ]
    assert [link["href"] for link in row.find_all("a")] == ["planted.html"]


def test_a_long_help_text_ends_with_a_whole_sentence() -> None:
    text = f"The first ends here, e.g. at this dot. {'Word ' * 60}ends. The third."

    assert first_sentences("Short. And whole.") == "Short. And whole."
    assert first_sentences(text) == "The first ends here, e.g. at this dot. …"
    assert first_sentences("word " * 100) == ("word " * 100).strip()


def test_the_reader_is_told_apart_from_what_a_package_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path)
    with (tmp_path / "planted.py").open("a") as file:
        file.write("\nprint('{}')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert "plain" in options("planted.Server")
