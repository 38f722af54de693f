"""sphinx-lint reads every place that has reStructuredText, and the built site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset import sphinxlint
from docset.cli import run
from docset.project import Project, load

if TYPE_CHECKING:
    from pathlib import Path

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
def project(tmp_path: Path) -> Project:
    for folder in ("root", "package"):
        (tmp_path / folder).mkdir()
    conf = 'extensions = ["myst_parser"]\nhtml_theme = "basic"\n'
    (tmp_path / "root/conf.py").write_text(conf, "utf-8")
    (tmp_path / "pyproject.toml").write_text(TABLE, "utf-8")
    return load(tmp_path)


MISTAKES = [
    ("See :ref:`one`and two.", "MissingSpaceAfterRole"),
    ("See the:ref:`one`.", "MissingSpaceBeforeRole"),
    ("A ``literal`.", "UnbalancedInlineLiteralsDelimiters"),
    ("A `default role`.", "DefaultRole"),
    ("See `the site<https://example.org>`_.", "MissingSpaceInHyperlink"),
    ("... note:: Words.", "DirectiveWithThreeDots"),
    ("Words \nmore.", "TrailingWhitespace"),
]


@pytest.mark.parametrize(("text", "rule"), MISTAKES)
@pytest.mark.parametrize("kind", ["docstring", "file", "block"])
def test_a_mistake_is_found_at_its_line(
    project: Project, capsys: pytest.CaptureFixture[str], kind: str, text: str, rule: str
) -> None:
    name, content, line = {
        "docstring": ("package/a.py", f'def f():\n    """Words.\n\n    {text}\n    """\n', 4),
        "file": ("root/a.rst", f"Title\n=====\n\n{text}\n", 4),
        "block": ("root/a.md", f"# T\n\n- One.\n\n  ```{{eval-rst}}\n  {text}\n  ```\n", 6),
    }[kind]
    content = content.replace("\nmore", "\n  more" if kind == "block" else "\n    more")
    (project.directory / name).write_text(content, "utf-8")

    assert run(["rest", "--project", str(project.directory)]) == 1
    alerts = capsys.readouterr().out.splitlines()
    assert any(alert.startswith(f"{name}:{line}:1: Rest.{rule} ") for alert in alerts), alerts


def test_what_is_no_rest_is_left_to_others(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.directory / "root/a.md").write_text("# T\n\nA `word`, and ``two``.\n", "utf-8")
    source = '"""Words, and ``code``: see :ref:`one`."""\n\n# A `word` \nx = "A `word`"\n'
    (project.directory / "package/a.py").write_text(source, "utf-8")

    assert run(["rest", "--project", str(project.directory)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        ("See :ref:`one`.", True),
        ("See {ref} `one`.", True),
        ("Type \\`this.", True),
        ("Type this::\n", True),
        ("See `this`.", False),
        ("The worker\\`s PID.", False),
        ("A ``:ref:`one` `` word.", False),
        ("```text\n:ref:`one`::\n```", False),
    ],
)
def test_markup_that_readers_would_see_fails_the_check_of_the_site(
    project: Project, capsys: pytest.CaptureFixture[str], text: str, leaks: bool
) -> None:
    (project.directory / "root/index.md").write_text(f"# Title\n\n{text}\n", "utf-8")
    code = run(["check", "--project", str(project.directory)])
    shown = capsys.readouterr().err
    assert ("build/site/root/index.html:" in shown and " Rest.LeakedMarkup " in shown) is leaks
    assert code == (1 if leaks else 0)
    assert bool(list(sphinxlint.in_site(project))) is leaks
