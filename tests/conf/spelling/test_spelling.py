"""``docset spelling`` finds known misspellings in what people read, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from docset.cli import run
from docset.project import load
from docset.spelling.texts import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[..., list[str]]

REPOSITORY = Path(__file__).resolve().parents[3]
TABLE = """\
[tool.docset]
title = "Small"
url = "https://docs.example.org/"
code = ["package"]

[[tool.docset.roots]]
name = "root"
path = "root"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("root", "package", "styles/config/vocabularies/Words"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "root/conf.py").touch()
    (tmp_path / "pyproject.toml").write_text(TABLE, "utf-8")
    return tmp_path


@pytest.fixture
def check(project: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Write files and return the alerts; ``names`` are what the command is given."""

    def check(files: dict[str, str], *names: str) -> list[str]:
        for name, text in files.items():
            (project / name).write_text(dedent(text), "utf-8")
        paths = [str(project / name) for name in names]
        code = run(["spelling", "--project", str(project), *paths])
        alerts = capsys.readouterr().out.splitlines()
        assert code == (1 if alerts else 0)
        return alerts

    return check


def test_a_misspelling_in_a_page_has_its_place_and_the_right_word(check: Check) -> None:
    text = "# Títle\n\nDiátaxis is wierd.\n\n```text\nrecieve\n```\n"
    assert check({"root/page.md": text}) == [
        "root/page.md:3:13: Spelling.Typo 'wierd' is misspelled: write 'weird'",
        "root/page.md:6:1: Spelling.Typo 'recieve' is misspelled: write 'receive'",
    ]


def test_spelling_is_american(check: Check) -> None:
    [alert] = check({"root/page.md": "# Title\n\nThe colour, the color.\n"})
    assert alert.startswith("root/page.md:3:5: Spelling.Typo 'colour' ")


def test_of_python_only_docstrings_and_comments_are_read(check: Check) -> None:
    source = '''\
        """Módule adress."""
        adress = "adress"  # an adress

        class Adress:
            """One.

            Second adress.
            """

            value = 1
            r"""An adress below an attribute."""

            async def adress(self) -> None: "One adress."
        '''
    assert [alert.split(": ")[0] for alert in check({"package/module.py": source})] == [
        "package/module.py:1:11",
        "package/module.py:2:25",
        "package/module.py:7:12",
        "package/module.py:11:12",
        "package/module.py:13:42",
    ]


def test_python_that_cannot_be_parsed_is_read_as_a_whole(check: Check) -> None:
    assert len(check({"package/module.py": "def (:\n# adress\n"})) == 1


def test_small_files_are_read_as_a_whole(check: Check) -> None:
    names = ["package/a.js", "package/b.css", "package/c.toml", "Makefile", "README.md"]
    assert len(check(dict.fromkeys(names, "# adress\n"))) == len(names)


@pytest.mark.parametrize(
    ("entry", "known"),
    [
        ("wierd", True),
        ("Wierd Server", True),
        ("wier[dt]", True),
        ("weird", False),
        ("# wierd", False),
    ],
)
def test_words_of_the_vocabulary_of_vale_are_known(
    check: Check, project: Path, entry: str, known: bool
) -> None:
    vocabulary = project / "styles/config/vocabularies/Words/accept.txt"
    vocabulary.write_text(f"Gunicorn\n\n{entry}\n", "utf-8")
    assert bool(check({"root/page.md": "# Title\n\nA wierd word.\n"})) is not known


def test_a_file_may_allow_a_word_that_it_needs(check: Check) -> None:
    page = "% spelling: allow wierd: it shows a mistake\n\n# Title\n\nA wierd word, Wierd.\n"
    module = "# spelling: allow adress: it shows a mistake\n\n# an adress\n"
    assert check({"root/page.md": page, "package/module.py": module}) == []


@pytest.mark.parametrize("reason", ["", ": ", ": x", ": TODO say why it stands"])
def test_an_allowance_needs_a_reason_of_three_words(check: Check, reason: str) -> None:
    assert len(check({"root/page.md": f"% spelling: allow wierd{reason}\n\n# Wierd\n"})) == 2


def test_an_allowance_that_nothing_needs_is_reported(check: Check) -> None:
    [alert] = check({"root/page.md": "# T\n\n% spelling: allow wierd: it shows a mistake\n"})
    assert alert.startswith("root/page.md:3:1: Spelling.Allow 'wierd' stands nowhere else")


def test_only_the_files_that_are_named_are_read(check: Check) -> None:
    files = {"root/one.md": "wierd\n", "root/two.md": "wierd\n", "package/m.py": "# wierd\n"}
    assert len(check(files, "root/two.md", "package")) == 2


def test_a_name_that_stands_for_nothing_is_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["spelling", "--project", str(project), str(project / "no-such.md")]) == 2
    assert "no-such.md is no file that is read for misspellings" in capsys.readouterr().err


def test_every_page_and_module_of_ours_is_read() -> None:
    read = texts(load(REPOSITORY), [])
    for name in ("README.md", "how-to/index.md", "conf/docset/preview.js", "tests/test_arrows.py"):
        assert name in read
    blanked = read["tests/test_arrows.py"]
    assert "Who may import whom" in blanked
    assert "import pytest" not in blanked
    assert blanked.count("\n") == (REPOSITORY / "tests/test_arrows.py").read_text("utf-8").count(
        "\n"
    )
