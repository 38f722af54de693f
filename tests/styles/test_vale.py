"""What Vale says becomes alerts of ours, and what it cannot read one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.myst import CODE, LITERAL
from docset.project import ProjectError
from docset.prose import vale
from docset.prose.alerts import Alert

from tests.styles.mutants import project
from tests.styles.rules import REPOSITORY, rules
from tests.styles.test_mutants import pytestmark

if TYPE_CHECKING:
    from pathlib import Path

    from docset.project import Project

__all__ = ["pytestmark"]


@pytest.fixture
def copy(tmp_path: Path) -> Project:
    """A project with our rules and no page."""
    return project(tmp_path.resolve())


def write(copy: Project, text: str, name: str = "page.md") -> None:
    (copy.directory / name).write_text(text, encoding="utf-8")


def test_an_alert_names_the_place_and_what_to_write(copy: Project) -> None:
    write(copy, "# A page\n\nSome of it, e.g. this.\n")
    message = "Write 'for example' instead of 'e.g.'."
    assert vale.alerts(copy, ["page.md"]) == [Alert("page.md", 3, 13, "Beginner.Latin", message)]


def test_alerts_of_every_level_count_and_are_in_order(copy: Project) -> None:
    write(copy, "# A page\n\nThe file is read by the server.\n\nIt will start, etc.\n")
    write(copy, "# Another\n\nJust a page.\n", "another.md")
    found = [(alert.path, alert.rule) for alert in vale.alerts(copy, ["page.md", "another.md"])]
    assert found == [
        ("another.md", "Beginner.Minimizing"),
        ("page.md", "Beginner.Passive"),
        ("page.md", "Beginner.Future"),
        ("page.md", "Beginner.Latin"),
    ]


def test_a_page_without_a_mistake_has_no_alert(copy: Project) -> None:
    write(copy, "# A page\n\nThe server reads the file.\n")
    assert vale.alerts(copy, ["page.md"]) == []


def test_more_pages_than_one_command_line_holds_are_all_read(
    copy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vale, "MANY", 2)
    names = [f"page{number}.md" for number in range(5)]
    for name in names:
        write(copy, "Just a page.\n", name)
    assert [alert.path for alert in vale.alerts(copy, names)] == names


def test_a_project_without_rules_has_no_alerts(copy: Project) -> None:
    write(copy, "Just a page.\n")
    (copy.directory / ".vale.ini").unlink()
    assert vale.alerts(copy, ["page.md"]) == []


def test_a_broken_rule_is_named_in_one_line(copy: Project) -> None:
    write(copy, "# A page\n")
    (copy.directory / "styles").unlink()
    for style in {rule.style for rule in rules()}:
        (copy.directory / "styles" / style).mkdir(parents=True)
    (copy.directory / "styles" / "config" / "vocabularies" / "Products").mkdir(parents=True)
    (copy.directory / "styles" / "Beginner" / "Odd.yml").write_text("extends: odd\nmessage: x\n")
    with pytest.raises(ProjectError) as caught:
        vale.alerts(copy, ["page.md"])
    assert str(caught.value).startswith("styles/Beginner/Odd.yml:1: Vale cannot use it: ")
    assert "\n" not in str(caught.value)


def test_the_rules_pass_by_each_directive_that_holds_no_prose(copy: Project) -> None:
    for name in CODE | LITERAL:
        write(copy, f"```{{{name}}} text\n\nJust {{ref}}`here <a>`.\n```\n", f"{name}.md")
    assert vale.alerts(copy, [f"{name}.md" for name in CODE | LITERAL]) == []


def test_our_pages_are_among_what_make_checks() -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    lint = makefile.partition("\nlint:")[2].partition("\n\n")[0]
    assert "$(BIN)/docset prose)" in lint
    assert "$(VALE) test --coverage styles" in lint
