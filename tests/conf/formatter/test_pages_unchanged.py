"""What readers see is the same before and after the pages are formatted."""

from __future__ import annotations

import difflib
import random
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conf.engine.model import small_project
from tests.conf.formatter.untidy import untidied, untidy_page
from tests.conf.formatter.written import REPOSITORY
from tests.docs.project_copy import copy_to

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conf.formatter.written import Written

PAGES = 30
_CHECKSUM = re.compile(r"\?v=\w+")


def shown(folder: Path) -> dict[str, str]:
    """Return the source of each page below a folder, without the checksums of style sheets."""
    return {
        page.relative_to(folder).as_posix(): _CHECKSUM.sub("", page.read_text("utf-8"))
        for page in sorted(folder.rglob("*.html"))
    }


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    assert before.keys() == after.keys()
    return [
        line
        for name, text in before.items()
        if text != after[name]
        for line in difflib.unified_diff(
            text.split("\n"), after[name].split("\n"), name, name, n=0, lineterm=""
        )
    ]


def sphinx(source: Path, target: Path) -> dict[str, str]:
    command = ["-q", "-E", "-b", "html", "-D", "html_theme=basic", "-D", "html_show_copyright=0"]
    subprocess.run(
        [sys.executable, "-m", "sphinx", *command, str(source), str(target)],
        capture_output=True,
        check=True,
    )
    return shown(target)


@pytest.mark.parametrize("seed", [1, 2])
def test_generated_pages_are_built_alike(pages: Written, seed: int) -> None:
    chance = random.Random(seed)
    names = ["index.md", *(f"page{number}.md" for number in range(1, PAGES))]
    for number, name in enumerate(names):
        pages.write(untidy_page(chance, number), name)
    source = pages.directory / "root"
    sources = {path.name: path.read_text("utf-8") for path in source.glob("*.md")}
    before = sphinx(source, pages.directory / "before")

    _, alerts = pages.format()
    formatted = {path.name: path.read_text("utf-8") for path in source.glob("*.md")}
    after = sphinx(source, pages.directory / "after")

    assert differences(before, after) == []
    unsafe = [alert for alert in alerts if "Format.Unsafe" in alert]
    changed = [name for name in names if sources[name] != formatted[name]]
    assert len(changed) > PAGES * 0.7, f"little was formatted; refused: {unsafe}"


@pytest.mark.parametrize("seed", [3, 4])
def test_a_second_run_changes_nothing(pages: Written, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(PAGES):
        pages.write(untidy_page(chance, number), f"page{number}.md")
    root = pages.directory / "root"

    pages.format()
    once = {path.name: path.read_text("utf-8") for path in root.glob("*.md")}
    pages.format()
    assert {path.name: path.read_text("utf-8") for path in root.glob("*.md")} == once


# Two builds of the whole documentation.
@pytest.mark.timeout(900)
def test_our_own_pages_are_built_alike_untidy_and_formatted(tmp_path: Path) -> None:
    copy = copy_to(tmp_path)
    shutil.copy(REPOSITORY / ".rumdl.toml", tmp_path)
    # A page that quotes a page shows how it is written.
    roots = [
        page
        for page in tmp_path.rglob("*.md")
        if page.relative_to(tmp_path).parts[0] != "conf"
        and "{literalinclude}" not in page.read_text("utf-8")
    ]
    for page in roots:
        page.write_text(untidied(page.read_text("utf-8")), "utf-8")
    built = copy.run("docset", "build")
    assert built.returncode == 0, built.stdout
    before = shown(copy.site)
    assert copy.run("docset", "format", "--check").returncode == 1

    result = copy.run("docset", "format")
    assert result.stdout.count("formatted ") == len(roots), result.stdout
    assert result.returncode == 0, result.stdout
    built = copy.run("docset", "build")
    assert built.returncode == 0, built.stdout
    assert differences(before, shown(copy.site)) == []


@pytest.mark.parametrize("flavor", ["plain", "furo"])
def test_the_pages_that_the_engine_is_tested_with_are_built_alike(
    pages: Written, flavor: str
) -> None:
    project = small_project("plain" if flavor == "plain" else "furo")
    folder = pages.directory / "small"
    for name, content in project.files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content.decode()
        path.write_text(untidied(text) if name.endswith(".md") else text, "utf-8")
    shutil.copy(REPOSITORY / ".rumdl.toml", folder)

    def docset(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "docset", *arguments, "--project", str(folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert docset("build").returncode == 0
    before = shown(folder / "build/site")
    formatted = docset("format")
    assert "formatted tutorials/index.md" in formatted.stderr
    assert docset("build").returncode == 0
    assert differences(before, shown(folder / "build/site")) == []
