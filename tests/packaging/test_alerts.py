"""The alerts of docset reach a contributor before a commit, and beside the lines of a change."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from docset.prose.alerts import Alert
from docset.prose.page import Code
from docset.prose.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


@pytest.fixture
def clone(tracked: Path, tmp_path: Path, repository: Path) -> Path:
    """A repository with the files of this one, and its tools."""
    folder = shutil.copytree(tracked, tmp_path / "clone")
    (folder / ".venv").symlink_to(repository / ".venv")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", ":!.venv")
    return folder


def hook(clone: Path, name: str, file: str) -> subprocess.CompletedProcess[str]:
    git(clone, "add", file)
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", name, "--files", file],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "file", "defect", "rule"),
    [
        ("markdown", "how-to/index.md", "\n* item\n", ""),
        ("markdown", "README.md", "\n# Two titles\n", "Markdown.MD025"),
        ("spelling", "how-to/index.md", "\nA wierd word.\n", "Spelling.Typo"),
        ("spelling", "conf/docset/cli.py", "\n# A wierd word.\n", "Spelling.Typo"),
    ],
)
def test_a_hook_stops_a_commit_with_a_defect(
    clone: Path, name: str, file: str, defect: str, rule: str
) -> None:
    assert hook(clone, name, file).returncode == 0
    path = clone / file
    path.write_text(path.read_text("utf-8") + defect, "utf-8")

    stopped = hook(clone, name, file)
    assert stopped.returncode == 1
    assert rule in stopped.stdout


def pattern_of_github(repository: Path) -> dict[str, Any]:
    matchers = json.loads((repository / ".github/docset.json").read_text("utf-8"))
    [pattern] = matchers["problemMatcher"][0]["pattern"]
    return dict(pattern)


def pattern_of_vs_code(repository: Path) -> dict[str, Any]:
    path = repository / "how-to/contribute/set-up-an-editor.md"
    page = read(path.name, path.read_text("utf-8"))
    [code] = [part for part in page.parts if isinstance(part, Code) and part.language == "json"]
    return dict(json.loads(code.body)["tasks"][0]["problemMatcher"]["pattern"])


@pytest.mark.parametrize("pattern_of", [pattern_of_github, pattern_of_vs_code])
def test_an_alert_is_shown_beside_its_line(
    repository: Path, pattern_of: Callable[[Path], dict[str, Any]]
) -> None:
    pattern = pattern_of(repository)
    alert = Alert("how-to/a.md", 12, 3, "Beginner.Latin", "write 'for example': plain words")

    match = re.fullmatch(pattern["regexp"], str(alert))
    assert match
    parts = {key: match[pattern[key]] for key in ("file", "line", "column", "code", "message")}
    assert parts == {
        "file": "how-to/a.md",
        "line": "12",
        "column": "3",
        "code": "Beginner.Latin",
        "message": "write 'for example': plain words",
    }
    for other in ("docset: 2 alerts in 3 files", "E   assert 1 == 2", "http://127.0.0.1:8000: x"):
        assert not re.fullmatch(pattern["regexp"], other)


@pytest.mark.parametrize("workflow", ["tests.yml", "links.yml"])
def test_the_workflows_that_run_the_checks_use_it(repository: Path, workflow: str) -> None:
    text = (repository / ".github/workflows" / workflow).read_text("utf-8")
    assert "::add-matcher::.github/docset.json" in text


def test_links_to_other_sites_block_no_pull_request(repository: Path) -> None:
    workflows = {
        path.name: path.read_text("utf-8")
        for path in (repository / ".github/workflows").glob("*.yml")
    }
    weekly = workflows.pop("links.yml")
    assert "pull_request" not in weekly
    assert "schedule:" in weekly
    assert not any("linkcheck" in text or "make links" in text for text in workflows.values())
