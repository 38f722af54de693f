"""A page about a repository works in a copy of it, and cannot harm it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from docset.pages.checkout import CheckoutError, Repository
from docset.pages.quotes import Quotes
from docset.pages.run import run_page
from uv import find_uv_bin

from tests.conf.pages.conftest import QUICK

if TYPE_CHECKING:
    from pathlib import Path

    from docset.pages.wheels import Built

    from tests.conf.pages.conftest import Pages

COMMIT = (
    "-c",
    "user.name=You",
    "-c",
    "user.email=you@example.org",
    "commit",
    "--quiet",
    "-am",
    "1",
)


def git(directory: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return the folder of the pages, a repository now, with changes that are not committed."""
    (tmp_path / ".gitignore").write_text("/.cache/\n/.venv/\nconstraints.txt\n")
    for name in ("changed", "gone", "run.sh"):
        (tmp_path / name).write_text("old\n")
    (tmp_path / "run.sh").chmod(0o755)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, *COMMIT)
    (tmp_path / "changed").write_text("changed\n")
    (tmp_path / "gone").unlink()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "added").write_text("added\n")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "found").write_text("before\n")
    return tmp_path


def contents(directory: Path) -> dict[str, bytes]:
    files = (file for file in directory.rglob("*") if file.is_file())
    return {str(file.relative_to(directory)): file.read_bytes() for file in files}


def test_a_page_works_in_a_copy_that_has_what_is_not_committed(
    pages: Pages, repository: Path
) -> None:
    assert not pages.faults(
        """
        % test: checkout: shop

        ```{code-block} toml
        :caption: folder/new.toml

        open = true
        ```

        ```console
        $ pwd
        /home/you/shop
        $ git status --short
         M changed
         D gone
        ?? folder/
        ?? page.md
        $ cat changed folder/added folder/new.toml
        changed
        added
        open = true
        $ test -x run.sh
        ```

        ```{code-block} console
        :caption: Terminal 2

        $ ls -A
        .git
        .gitignore
        changed
        folder
        page.md
        run.sh
        ```
        """
    )


def test_without_the_comment_the_home_is_empty(pages: Pages, repository: Path) -> None:
    assert not pages.faults("```console\n$ pwd && ls -A\n/home/you\n```\n")


def test_what_a_page_does_in_its_copy_leaves_the_repository_alone(
    pages: Pages, repository: Path
) -> None:
    text = """
        % test: checkout: shop

        ```console
        $ rm changed && echo mine >> run.sh
        $ git -c user.name=You -c user.email=you@example.org commit --quiet --all --message 2
        $ git log --format=%s
        2
        1
        $ git remote | wc -l
        0
        $ git gc --quiet --prune=now
        ```
        """
    pages.write(text)
    before = contents(repository)

    assert not pages.faults(text)
    assert contents(repository) == before


def test_files_keep_the_times_of_their_changes(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    os.utime(repository / "changed", (1_000_000_000, 1_000_000_000))
    target = tmp_path_factory.mktemp("copies") / "shop"

    Repository(repository).check_out(target)

    assert (target / "changed").stat().st_mtime == 1_000_000_000


@pytest.mark.parametrize(
    ("caches", "found"), [((".cache",), True), ((".other",), False), ((), False)]
)
def test_a_copy_has_the_caches_that_are_named(
    repository: Path, no_wheels: Built, caches: tuple[str, ...], found: bool
) -> None:
    page = repository / "page.md"
    page.write_text("% test: checkout: shop\n\n```console\n$ cat .cache/found\nbefore\n```\n")
    folders = tuple(repository / name for name in caches)
    quotes = Quotes(repository, repository)

    outcome = run_page(page, lambda: no_wheels, quotes, caches=folders, limits=QUICK)

    assert bool(outcome.faults) is not found


def test_a_hook_of_git_that_runs_the_tests_misleads_nothing(
    pages: Pages, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert not pages.faults("% test: checkout: shop\n\n```console\n$ cat changed\nchanged\n```\n")


def test_a_project_without_git_has_no_checkout(pages: Pages) -> None:
    (fault,) = pages.faults("\n% test: checkout: shop\n\n```console\n$ pwd\n```\n")
    assert fault.startswith("page.md:1:1: pages.comment `git clone` failed: fatal: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "```console\n$ pwd\n```\n\n% test: checkout: shop\n",
            "page.md:5:1: pages.comment 'checkout' stands before all else",
        ),
        (
            "% test: setup: mkdir a\n% test: checkout: shop\n",
            "page.md:2:1: pages.comment 'checkout' stands before all else",
        ),
        (
            "% test: checkout: ../shop\n",
            "page.md:1:1: pages.comment checkout must name one folder, not '../shop'",
        ),
    ],
)
def test_a_misplaced_checkout_is_refused(pages: Pages, text: str, message: str) -> None:
    (fault,) = pages.faults(text)
    assert fault.startswith(message)


# ---- The environment of the copy -------------------------------------------------------------


@pytest.fixture
def environment(repository: Path) -> Path:
    """Return an environment of the repository, with a package, a script and a program in it."""
    environment = repository / ".venv"
    subprocess.run([find_uv_bin(), "venv", "--quiet", environment], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "installed.py").write_text("NAME = 'installed'\n")
    (packages / "_editable.pth").write_text(f"{repository}/folder\n")
    (repository / "folder" / "editable.py").write_text(
        "from pathlib import Path\nFILE = Path(__file__)\n"
    )
    script = environment / "bin" / "our-script"
    script.write_text(
        f"#!{environment}/bin/python\n"
        "import sys, installed, editable\n"
        "print(sys.prefix, installed.NAME, editable.FILE)\n"
    )
    (environment / "bin" / "program").write_bytes(b"\0" + bytes(repository))
    script.chmod(0o755)
    (environment / ".stamp").write_text(f"{repository}\n{repository}2\n")
    return environment


def test_the_tools_of_the_copy_are_those_that_are_installed_and_start_in_it(
    repository: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    target = tmp_path_factory.mktemp("copies") / "shop"
    Repository(repository, environment=environment).check_out(target)

    printed = subprocess.run(
        [target / ".venv/bin/our-script"], stdout=subprocess.PIPE, text=True, check=True
    )

    assert printed.stdout == f"{target}/.venv installed {target}/folder/editable.py\n"
    assert (target / ".venv/.stamp").read_text() == f"{target}\n{repository}2\n"
    assert (target / ".venv/bin/program").resolve() == environment / "bin/program"


def test_what_is_installed_into_the_copy_stays_in_it(
    repository: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    target = tmp_path_factory.mktemp("copies") / "shop"
    Repository(repository, environment=environment).check_out(target)
    package = tmp_path_factory.mktemp("package")
    (package / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "added"\nversion = "1"\n'
        '[tool.hatch.build.targets.wheel]\nonly-include = ["added.py"]\n'
    )
    (package / "added.py").touch()
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(package)]
    subprocess.run(build, check=True, capture_output=True)
    before = contents(environment)
    python = target / ".venv/bin/python"

    (wheel,) = (package / "dist").iterdir()
    command = [find_uv_bin(), "pip", "install", "--offline", "--quiet", "--python"]
    subprocess.run([*command, str(python), str(wheel)], check=True)

    assert subprocess.run([python, "-c", "import added, installed"], check=False).returncode == 0
    assert contents(environment) == before


def test_a_checkout_has_the_programs_of_the_repository_that_a_page_requires(
    pages: Pages, repository: Path, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(environment))
    block = "% test: requires: our-script\n\n```console\n$ .venv/bin/our-script\n```\n"
    checkout = "% test: checkout: shop\n\n"
    outcome = pages.run(checkout + block)
    assert (outcome.faults, outcome.skips, outcome.commands) == ([], [], 1)
    [skip] = pages.run(block).skips
    assert skip.reason.startswith("needs our-script, which this machine does not have")
    monkeypatch.setattr(sys, "prefix", "/usr")
    assert len(pages.run(checkout + block).skips) == 1


def test_an_environment_elsewhere_is_no_part_of_the_copy(
    repository: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copies = tmp_path_factory.mktemp("copies")
    elsewhere = environment.rename(copies / "elsewhere")

    Repository(repository, environment=elsewhere).check_out(copies / "shop")

    assert not (copies / "shop" / ".venv").exists()


def test_a_folder_without_git_says_what_git_said(tmp_path: Path) -> None:
    with pytest.raises(CheckoutError, match="`git clone` failed: fatal: "):
        Repository(tmp_path).check_out(tmp_path / "copy")
