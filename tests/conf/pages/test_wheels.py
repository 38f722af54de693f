"""A page installs our own distributions, and nothing else that bears their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.pages.limits import Limits
from docset.pages.quotes import Quotes
from docset.pages.run import run_page
from docset.pages.wheels import BuildError, Built, build, sources

if TYPE_CHECKING:
    from pathlib import Path

    from docset.pages.outcome import Outcome

    from tests.conf.pages.conftest import Pages, Site

NAME = "example-of-ours"
LIMITS = Limits(command=60)


def write_distribution(directory: Path, version: str, source: str, extra: str = "") -> Path:
    package = directory / "example_of_ours"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(source)
    (directory / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "{NAME}"\nversion = "{version}"\nclassifiers = [{extra}]\n'
        "[project.optional-dependencies]\nfast = []\n"
    )
    return directory


@pytest.fixture
def built(tmp_path: Path) -> Built:
    ours = write_distribution(tmp_path / "ours", "4.0.0.dev0", "WHOSE = 'ours'\n")
    return build([ours], tmp_path / "wheels", tmp_path / "environments")


def make_foreign(tmp_path: Path, version: str, source: str = "WHOSE = 'theirs'\n") -> Path:
    theirs = write_distribution(tmp_path / "theirs", version, source)
    return build([theirs], tmp_path / "foreign", tmp_path / "environments").wheels[0].path


def run(tmp_path: Path, built: Built, *commands: str) -> Outcome:
    page = tmp_path / "page.md"
    steps = ["python3 -m venv .venv", "source .venv/bin/activate", *commands]
    page.write_text("```console\n" + "".join(f"$ {step}\n" for step in steps) + "```\n")
    return run_page(page, lambda: built, Quotes(tmp_path, tmp_path), limits=LIMITS)


def test_pip_takes_our_wheel_although_it_is_a_pre_release(
    tmp_path: Path, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A final release of the same name is offered beside it.
    monkeypatch.setenv("PIP_FIND_LINKS", str(make_foreign(tmp_path, "3.0.0").parent))
    check = "python -c 'import example_of_ours as e; assert e.WHOSE == \"ours\"'"
    commands = [
        command
        for wanted in (NAME, f"{NAME}[fast]", "Example.Of_Ours")
        for command in (f"pip install --no-index --force-reinstall '{wanted}'", check)
    ]
    assert not run(tmp_path, built, *commands).faults


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("3.0.0", "example-of-ours 3.0.0 is installed, not our own 4.0.0.dev0"),
        (
            "4.0.0.dev0",
            (
                "the installed example-of-ours 4.0.0.dev0 is not our own build: "
                "example_of_ours/__init__.py differs"
            ),
        ),
    ],
)
def test_a_foreign_wheel_that_gets_in_is_noticed_at_the_step(
    tmp_path: Path, built: Built, version: str, message: str
) -> None:
    wheel = make_foreign(tmp_path, version)
    outcome = run(tmp_path, built, f"env -u PIP_CONSTRAINT pip install --no-index {wheel}", "false")
    assert [(fault.line, fault.message) for fault in outcome.faults] == [(4, message)]


def test_a_file_that_is_changed_after_the_installation_is_noticed(
    tmp_path: Path, built: Built
) -> None:
    install = f"pip install --no-index {NAME}"
    change = "echo >> .venv/lib/python3*/site-packages/example_of_ours/__init__.py"
    (fault,) = run(tmp_path, built, install, change).faults
    assert fault.line == 5
    assert "example_of_ours/__init__.py differs" in fault.message


def test_the_distributions_are_those_that_the_workspace_publishes(tmp_path: Path) -> None:
    root = write_distribution(tmp_path / "root", "1.0.0", "")
    write_distribution(root / "parts/public", "1.0.0", "")
    write_distribution(root / "parts/private", "1.0.0", "", '"Private :: Do Not Upload"')
    (root / "parts/plain").mkdir()
    with (root / "pyproject.toml").open("a") as file:
        file.write('[tool.uv.workspace]\nmembers = ["parts/*"]\n')
    assert sources(root) == [root, root / "parts/public"]


def test_a_build_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    ours = write_distribution(tmp_path / "ours", "no version", "")
    with pytest.raises(BuildError, match="no version"):
        build([ours], tmp_path / "wheels", tmp_path / "environments")


def test_a_build_that_fails_fails_the_page_in_plain_words(site: Site) -> None:
    site.write("learn/page.md", "```console\n$ true\n```\n")
    with (site.directory / "pyproject.toml").open("a") as file:
        file.write('[project]\nname = "broken"\nversion = "no version"\n')
    result = site.pytest()
    assert result.returncode == 1
    assert "cannot be built" in result.stdout
    assert "BuildError" not in result.stdout


def test_a_project_without_a_distribution_builds_nothing(pages: Pages) -> None:
    assert sources(pages.directory) == []
