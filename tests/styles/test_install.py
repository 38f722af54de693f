"""Where Vale comes from: PATH, its source, or nowhere, which fails in CI only."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.styles.rules import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

INSTALL = REPOSITORY / "conf" / "vale" / "install"
# What the script itself calls.
TOOLS = ("bash", "chmod", "dirname", "env", "ln", "mkdir", "rm", "sed", "sh", "sort")
GO = """\
#!/bin/sh
case $1 in
  env) echo "$COMPILER" ;;
  list) echo v3.99.0 ;;
  build)
    while test "$1" != -o; do shift; done
    printf '#!/bin/sh\\necho vale version 3.99.0\\n' > "$2"
    chmod +x "$2" ;;
esac
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder that is all of PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    return folder


def add(programs: Path, name: str, text: str) -> Path:
    program = programs / name
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    return program


def install(programs: Path, target: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [INSTALL, target],
        env={"PATH": str(programs), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def version(program: Path) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("found", ["3.24", "3.24.1", "3.100.0", "v4.0.0"])
def test_a_vale_of_path_is_taken_when_it_is_new_enough(
    tmp_path: Path, programs: Path, found: str
) -> None:
    add(programs, "vale", f"#!/bin/sh\necho vale version {found}\n")
    result = install(programs, tmp_path / "bin" / "vale")
    assert (result.returncode, result.stdout) == (0, "")
    assert found in version(tmp_path / "bin" / "vale")


@pytest.mark.parametrize("found", ["3.9.1", "3.23.0", "2.30.0", "master"])
def test_an_older_one_is_not_and_go_builds_the_one_we_name(
    tmp_path: Path, programs: Path, found: str
) -> None:
    add(programs, "vale", f"#!/bin/sh\necho vale version {found}\n")
    add(programs, "go", GO)
    result = install(programs, tmp_path / "bin" / "vale", COMPILER="sh")
    assert result.returncode == 0, result.stderr
    assert "Building Vale 3.99.0" in result.stdout
    assert "3.99.0" in version(tmp_path / "bin" / "vale")


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("false", 0), ("", 0)])
def test_without_any_it_says_so_and_fails_in_ci_only(
    tmp_path: Path, programs: Path, ci: str, code: int
) -> None:
    add(programs, "go", GO)
    result = install(programs, tmp_path / "bin" / "vale", CI=ci, COMPILER="gcc-that-is-missing")
    assert result.returncode == code
    assert result.stdout.startswith("make: the prose is not checked: it needs Vale 3.24 or newer")
    assert result.stdout.count("\n") == 1
    assert not (tmp_path / "bin" / "vale").exists()
