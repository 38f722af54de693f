"""The command ``docset prose`` on small projects."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = """\
[tool.docset]
title = "Site"
url = "https://example.org/"

[[tool.docset.roots]]
name = "guides"
path = "guides"
mode = "how-to"
"""
BROKEN = "# One\n\nWords.\n\n# Two\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "conf.py").touch()
    return tmp_path


def prose(
    project: Path, *arguments: str, start: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command, after some Python if need be."""
    code = f"{start}\nfrom docset.__main__ import main; raise SystemExit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, "prose", *arguments],
        cwd=project,
        env=os.environ | {"NO_COLOR": "1", "CI": ""} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def write(project: Path, name: str, text: str) -> None:
    (project / "guides" / name).write_text(text, "utf-8")


def about_titles(result: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in result.stdout.splitlines() if "OneTitle" in line]


def test_an_alert_has_its_place_and_the_command_then_ends_with_1(project: Path) -> None:
    write(project, "page.md", BROKEN)
    result = prose(project)
    assert about_titles(result)[0].startswith("guides/page.md:5:1: Beginner.OneTitle a second")
    assert result.returncode == 1


def test_only_the_files_that_are_named_are_checked(project: Path) -> None:
    write(project, "page.md", BROKEN)
    write(project, "other.md", BROKEN)
    assert len(about_titles(prose(project))) == 2
    assert len(about_titles(prose(project, "guides/page.md"))) == 1
    assert len(about_titles(prose(project, "guides"))) == 2


def test_a_file_that_is_no_page_is_a_mistake_in_usage(project: Path) -> None:
    result = prose(project, "pyproject.toml")
    assert "pyproject.toml is no page" in result.stderr
    assert result.returncode == 2


def test_a_page_that_is_not_utf_8_is_said(project: Path) -> None:
    (project / "guides" / "page.md").write_bytes(b"# Caf\xe9\n")
    result = prose(project)
    assert "page.md: byte 5 is not UTF-8; save it as UTF-8" in result.stderr
    assert result.returncode == 2


def test_an_unknown_mode_is_a_mistake_in_configuration(project: Path) -> None:
    (project / "pyproject.toml").write_text(CONFIGURATION.replace('"how-to"', '"howto"'), "utf-8")
    result = prose(project)
    assert "roots[0].mode: unknown mode 'howto'; did you mean 'how-to'?" in result.stderr
    assert result.returncode == 2


def test_a_comment_with_a_reason_allows_a_rule_for_the_block_below_it(project: Path) -> None:
    allowed = BROKEN.replace("# Two", "% prose: allow Beginner.OneTitle: a poem has two\n\n# Two")
    write(project, "page.md", allowed)
    result = prose(project)
    assert about_titles(result) == []
    assert "All.Allow" not in result.stdout


def test_a_comment_above_the_title_allows_a_rule_for_the_whole_page(project: Path) -> None:
    comment = "% prose: allow Beginner.OneTitle: it begins small"
    write(project, "page.md", f"## Small\n\n{comment}\n\n# Title\n")
    assert about_titles(prose(project)) == []
    write(project, "page.md", f"## Small\n\n# Title\n\n{comment}\n\nWords.\n")
    assert len(about_titles(prose(project))) == 2


def test_a_comment_that_nothing_needs_is_an_alert(project: Path) -> None:
    write(project, "page.md", "# One\n\n% prose: allow Beginner.OneTitle: it had two\n\nWords.\n")
    [found] = about_titles(prose(project))
    assert found == (
        "guides/page.md:3:1: All.Allow Beginner.OneTitle finds nothing in the block below: "
        "remove this comment"
    )


def test_a_comment_without_a_reason_is_an_alert(project: Path) -> None:
    write(project, "page.md", BROKEN.replace("# Two", "% prose: allow Beginner.OneTitle\n\n# Two"))
    result = prose(project)
    assert "guides/page.md:5:1: All.Allow write '% prose: allow RULE: reason'" in result.stdout
    assert len(about_titles(result)) == 1


NO_VALE = "from docset.prose import vale; vale.program = lambda: None"


def test_rules_that_are_not_checked_for_want_of_vale_are_no_silent_success(project: Path) -> None:
    write(project, "page.md", "# One\n\nWords.\n")
    (project / ".vale.ini").write_text("StylesPath = styles\n", "utf-8")
    (project / "styles").mkdir()
    message = "the rules of .vale.ini are not checked: Vale is not installed"
    assert f"docset: {message}\n" in prose(project, start=NO_VALE).stderr
    result = prose(project, start=NO_VALE, CI="true")
    assert f"{message} (CI=true: install it)" in result.stderr
    assert result.returncode == 2
    assert message not in prose(project, CI="true").stderr


def test_a_project_without_rules_for_vale_needs_none(project: Path) -> None:
    write(project, "page.md", "# One\n\nWords.\n")
    assert "Vale" not in prose(project, start=NO_VALE, CI="true").stderr


def test_a_switch_of_vale_is_an_alert(project: Path) -> None:
    write(project, "page.md", "# One\n\n<!-- vale off -->\n\nWords.\n")
    assert (
        "guides/page.md:3:1: All.Allow this gives no reason: "
        "write '% prose: allow RULE: reason' instead\n"
    ) in prose(project).stdout


def test_figures_are_shown_and_recorded_and_may_not_get_worse(project: Path) -> None:
    (project / "memory").mkdir()
    configuration = CONFIGURATION.replace('org/"\n', 'org/"\nprose = "memory"\n', 1)
    (project / "pyproject.toml").write_text(configuration, "utf-8")
    (project / "memory" / "figures.toml").write_text("[goals]\nhow-to = 8\n", "utf-8")
    write(project, "page.md", "# One\n\nThe server starts.\nIt waits for you.\n")
    assert "guides/page.md:4" in prose(project, "--measure").stdout
    assert "all of how-to" in prose(project, "--measure").stdout
    assert "recorded 1 page" in prose(project, "--record").stderr
    recorded = (project / "memory" / "figures.toml").read_text("utf-8")
    assert "[goals]\nhow-to = 8\n" in recorded
    assert '"guides/page.md" = 0.0' in recorded
    write(project, "page.md", "# One\n\nThe developer reconsiders.\nIt waits for you.\n")
    worse = prose(project).stdout
    assert "guides/page.md:1:1: Beginner.ReadingGrade the reading grade rose from 0.0" in worse
    assert ":1: All.Figures the reading grade of how-to rose from 0.0" in worse


def test_without_a_folder_there_is_nowhere_to_record(project: Path) -> None:
    result = prose(project, "--record")
    assert "nowhere to record" in result.stderr
    assert result.returncode == 2
