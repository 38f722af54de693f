"""A page installs our own distributions, and nothing else that bears their names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from docset.pages.limits import Limits
from docset.pages.quotes import Quotes
from docset.pages.run import run_page
from docset.pages.wheels import BuildError, Built, build, sources

if TYPE_CHECKING:
    from collections.abc import Callable
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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("ours")
    ours = write_distribution(folder / "source", "4.0.0.dev0", "WHOSE = 'ours'\n")
    return build([ours], folder / "wheels")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what gives the wheel of somebody else, with our name, of a version."""

    @cache
    def wheel(version: str) -> Path:
        folder = tmp_path_factory.mktemp("theirs")
        theirs = write_distribution(folder / "source", version, "WHOSE = 'theirs'\n")
        return build([theirs], folder / "wheels").wheels[0].path

    return wheel


def run(tmp_path: Path, built: Built, *commands: str, setup: str = "") -> Outcome:
    page = tmp_path / "page.md"
    prepare = "uv venv --quiet --seed .venv && . .venv/bin/activate"
    steps = "".join(f"$ {command}\n" for command in commands)
    page.write_text(f"% test: setup: {prepare} {setup}\n\n```console\n{steps}```\n")
    return run_page(page, lambda: built, Quotes(tmp_path, tmp_path), limits=LIMITS)


WHOSE = "python -c 'import example_of_ours as e; assert e.WHOSE == \"ours\"'"


def test_pip_takes_our_wheel_although_it_is_a_pre_release(
    tmp_path: Path,
    built: Built,
    foreign: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A final release of the same name is offered beside it.
    monkeypatch.setenv("PIP_FIND_LINKS", str(foreign("3.0.0").parent))
    commands = [
        command
        for wanted in (NAME, f"{NAME}[fast]", "Example.Of_Ours")
        for command in (f"pip install --no-index --force-reinstall '{wanted}'", WHOSE)
    ]
    assert not run(tmp_path, built, *commands).faults


@pytest.mark.parametrize("wanted", [NAME, f"{NAME}[fast]", "Example.Of_Ours"])
def test_uv_takes_our_wheel_although_it_is_a_pre_release(
    tmp_path: Path,
    built: Built,
    foreign: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    wanted: str,
) -> None:
    monkeypatch.setenv("UV_FIND_LINKS", str(foreign("3.0.0").parent))
    outcome = run(tmp_path, built, WHOSE, setup=f"&& uv pip install --no-index '{wanted}'")
    assert not outcome.faults


def test_uv_is_for_set_ups_alone(tmp_path: Path, built: Built) -> None:
    is_given = '[ "$(type -t uv)" = function ]'
    (fault,) = run(tmp_path, built, is_given, setup=f"&& {is_given}").faults
    assert fault.line == 4


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
    tmp_path: Path, built: Built, foreign: Callable[[str], Path], version: str, message: str
) -> None:
    install = f"env -u PIP_CONSTRAINT pip install --no-index {foreign(version)}"
    outcome = run(tmp_path, built, install, "false")
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
        build([ours], tmp_path / "wheels")


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
