"""``docset new`` writes a page that can be built, run and checked as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.docs.project_copy import REPOSITORY, Copy, copy_to

if TYPE_CHECKING:
    from pathlib import Path

TITLES = {
    "tutorials": ("Our first restart", "django-prodserver/our-first-restart"),
    "how-to": ("How to restart a site", "django-prodserver/restart-a-site"),
    "reference": ("Restarts", "django-prodserver/restarts"),
    "explanation": ("About restarts", "django-prodserver/about-restarts"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The documentation with a new page of each mode."""
    copy = copy_to(tmp_path_factory.mktemp("new"))
    for name in (".rumdl.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(REPOSITORY / name, copy.folder)
    # The pages are run with a wheel of it.
    package = REPOSITORY / "django_prodserver"
    shutil.copytree(package, copy.folder / package.name, dirs_exist_ok=True)
    for mode, (title, page) in TITLES.items():
        result = copy.run("docset", "new", mode, title, "--folder", "django-prodserver")
        assert result.returncode == 0, result.stdout
        assert f"wrote {mode}/{page}.md, and its line in {mode}/index.md" in result.stdout
    return copy


def pages(copy: Copy) -> list[str]:
    names = [f"{mode}/{page}.md" for mode, (_, page) in TITLES.items()]
    assert all((copy.folder / name).is_file() for name in names)
    return names


@pytest.mark.parametrize("check", ["format --check", "spelling", "prose"])
def test_a_fresh_page_of_each_mode_passes_every_check(copy: Copy, check: str) -> None:
    indexes = [f"{mode}/index.md" for mode in TITLES]
    result = copy.run("docset", *check.split(), *pages(copy), *indexes)
    assert result.returncode == 0, result.stdout


def test_fresh_pages_are_built_and_the_navigation_leads_to_them(copy: Copy) -> None:
    result = copy.run("docset", "build")
    assert result.returncode == 0, result.stdout
    for mode, (title, page) in TITLES.items():
        assert title in (copy.site / mode / f"{page}.html").read_text("utf-8")
        assert f'href="{page}.html"' in (copy.site / mode / "index.html").read_text("utf-8")


def test_what_fresh_pages_show_is_run(copy: Copy) -> None:
    result = copy.run("pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", *pages(copy))
    assert result.returncode == 0, result.stdout
    assert "4 passed" in result.stdout


def new(folder: Path, *arguments: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "docset", "new", *arguments],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("how-to", "Restarting a site", "--folder", "contribute"), "HowTo.Title"),
        (("explanation", "How restarts work"), "Explanation.Title"),
        (
            ("how-to", "How to stop a site"),
            "how-to has several folders: add --folder contribute or --folder django-prodserver",
        ),
        (
            ("how-to", "How to restart a site", "--folder", "django-prodserver"),
            "how-to/django-prodserver/restart-a-site.md exists",
        ),
        (("how-to", "How to glossary", "--folder", "x"), "has the label 'glossary'"),
        (("how-to", "How to …"), "has no words to name the file by"),
        (("how-to", "How to " + "restart " * 9), "at most 60 characters"),
        (("how-to", "How to restart\na site"), "in one line"),
        (("how-to", "How to earn $", "--folder", "contribute"), "without '$'"),
        (("how-to", "How to flee", "--folder", "../reference"), "is no folder of how-to"),
        (("guide", "How to restart"), "invalid choice: 'guide'"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    copy: Copy, arguments: tuple[str, ...], message: str
) -> None:
    def texts() -> dict[Path, str]:
        return {path: path.read_text("utf-8") for path in copy.folder.rglob("*.md")}

    before = texts()
    code, error = new(copy.folder, *arguments)
    assert code == 2
    [line] = error.splitlines()
    assert message in line
    assert texts() == before


def test_the_only_folder_of_a_root_need_not_be_named(copy: Copy) -> None:
    code, error = new(copy.folder, "explanation", "About stops")
    assert (code, error) == (0, "")
    assert (copy.folder / "explanation/django-prodserver/about-stops.md").is_file()


def test_an_entry_stands_with_those_of_its_folder(copy: Copy) -> None:
    index = (copy.folder / "reference/index.md").read_text("utf-8").split("\n")
    assert index[index.index("django-prodserver/restarts") - 1].startswith("django-prodserver/")
    code, _ = new(copy.folder, "reference", "Checks of restarts", "--folder", "contributing")
    assert code == 0
    index = (copy.folder / "reference/index.md").read_text("utf-8").split("\n")
    above = index[index.index("contributing/checks-of-restarts") - 1]
    assert above.startswith("contributing/")
    backends = "django-prodserver/backends"
    assert new(copy.folder, "reference", "Restart server", "--folder", backends)[0] == 0
    nearest = (copy.folder / f"reference/{backends}/index.md").read_text("utf-8")
    assert "\nrestart-server\n```" in nearest
