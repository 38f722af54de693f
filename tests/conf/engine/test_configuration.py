"""A mistake in the table or on the command line is one clear line and exit code 2."""

from __future__ import annotations

import pytest

from tests.conf.engine.docs import TABLE, Docs


def replaced(old: str, new: str) -> str:
    """Return the table with one change."""
    assert old in TABLE
    return TABLE.replace(old, new, 1)


MISTAKES = {
    "unknown key": (replaced("output", "ouput"), ["ouput", "output"]),
    "unknown key of a root": (replaced('path = "left"', 'pth = "left"'), ["pth", "path"]),
    "missing root folder": (replaced('path = "left"', 'path = "lift"'), ["lift"]),
    "missing conf.py": (replaced('path = "left"', 'path = "empty"'), ["empty", "conf.py"]),
    "missing conf folder": (
        replaced('path = "left"', 'path = "left"\nconf = "empty"'),
        ["conf.py"],
    ),
    "two roots of one name": (replaced('name = "right"', 'name = "left"'), ["left"]),
    "an alias that is a name": (
        replaced('path = "left"', 'path = "left"\naliases = ["right"]'),
        ["right"],
    ),
    "output in a source folder": (replaced("build/site", "left/site"), ["output", "left"]),
    "output is a source folder": (replaced("build/site", "left"), ["output", "left"]),
    "output above the sources": (replaced("build/site", "."), ["output"]),
    "title is a number": (replaced('"Two sides"', "1"), ["title"]),
    "no title": (replaced('title = "Two sides"\n', ""), ["title"]),
    "no url": (replaced('url = "https://docs.example.org/"\n', ""), ["url"]),
    "strict is a text": (replaced('path = "left"', 'path = "left"\nstrict = "no"'), ["strict"]),
    "env holds a number": (replaced('path = "left"', 'path = "left"\nenv = {A = 1}'), ["env"]),
    "aliases is a text": (replaced('path = "left"', 'path = "left"\naliases = "x"'), ["aliases"]),
    "roots is no array": (TABLE.partition("[[")[0] + "roots = 1\n", ["roots"]),
    "no roots": (TABLE.partition("[[")[0], ["roots"]),
    "a name with a slash": (replaced('name = "left"', 'name = "a/b"'), ["a/b"]),
    "a root without a name": (replaced('name = "left"\n', ""), ["name"]),
    "no table": ("[project]\nname = 'x'\n", ["pyproject.toml", "tool.docset"]),
    "broken TOML": ("[tool.docset\n", ["pyproject.toml"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_table_is_one_line(mistake: str, docs: Docs) -> None:
    table, words = MISTAKES[mistake]
    docs.write({"pyproject.toml": table, "empty/readme.txt": ""})
    outcome = docs.build()
    lines = [*outcome.warnings, *outcome.notes]
    assert outcome.code == 2, lines
    [line] = lines
    assert all(word in line for word in words), line
    assert not docs.site.exists()


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["build", "--root", "lefft"], ["lefft", "left"]),
        (["build", "--jobs", "many"], ["many"]),
        (["build", "--jobs", "0"], ["--jobs"]),
        (["build", "--jobs", "-1"], ["--jobs"]),
        (["build", "--project", "nowhere"], ["nowhere"]),
        (["build", "--output", "left/out"], ["left"]),
        (["build", "--outptu", "x"], ["--outptu"]),
        (["biuld"], ["biuld", "build"]),
        (["serve", "--port", "x"], ["--port"]),
        ([], ["--help"]),
    ],
    ids=" ".join,
)
def test_a_mistake_on_the_command_line_is_one_line(
    argv: list[str], words: list[str], docs: Docs
) -> None:
    run = docs.command(*argv)
    assert run.returncode == 2, run.stderr
    assert one_line(run.stderr)
    assert all(word in run.stderr for word in words), run.stderr


def test_a_directory_without_a_project_is_one_line(docs: Docs) -> None:
    (docs.directory / "pyproject.toml").unlink()
    run = docs.command("build")
    assert run.returncode == 2
    assert one_line(run.stderr)
    assert "pyproject.toml" in run.stderr


def test_no_mistake_is_no_line(docs: Docs) -> None:
    run = docs.command("build")
    assert run.returncode == 0, run.stderr
    assert not [line for line in run.stderr.splitlines() if not line.startswith("docset: ")]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("(", "conf.py"),
        ("import no_such_module", "no_such_module"),
        ('extensions = ["no_such_extension"]', "no_such_extension"),
        ('html_theme = "no_such_theme"', "no_such_theme"),
    ],
)
def test_a_broken_conf_py_is_told_without_a_traceback(line: str, word: str, docs: Docs) -> None:
    docs.append("left/conf.py", line)
    outcome = docs.build()
    text = "\n".join([*outcome.warnings, *outcome.notes])
    assert outcome.code in {1, 2}
    assert word in text
    assert "Traceback" not in text
    assert "left" in text


PATIENT = (
    "from docset import cli, crew; crew._PATIENCE = 3_600; raise SystemExit(cli.run(['build']))"
)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_nobody_waits_for_the_other_roots_after_a_broken_one(method: str, docs: Docs) -> None:
    """Each ends when its connection is closed, so the patience with them is never needed."""
    docs.append("left/conf.py", "1 / 0")
    run = docs.python("-c", PATIENT, DOCSET_START_METHOD=method)
    assert run.returncode == 1
    assert "ZeroDivisionError" in run.stderr


def one_line(text: str) -> bool:
    """Tell whether a message is one line."""
    return text.count("\n") == 1 and "Traceback" not in text
