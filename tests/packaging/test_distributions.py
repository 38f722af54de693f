"""What the wheel and the sdist contain and say of themselves."""

from __future__ import annotations

import tarfile
import tomllib
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from django_prodserver import __version__
from tests.packaging.wheels import build, contents, entry_points_of, metadata_of

if TYPE_CHECKING:
    from pathlib import Path

APP = "django_prodserver"
# The public package of this name ends before this version.
FIRST = Version("4.0.0.dev0")


@pytest.fixture(scope="session")
def project(repository: Path) -> dict[str, object]:
    table = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert isinstance(table, dict)
    return table


@pytest.fixture(scope="session")
def app_files(tracked: Path) -> set[str]:
    files = (path for path in (tracked / APP).rglob("*") if path.is_file())
    return {path.relative_to(tracked).as_posix() for path in files}


def test_the_wheel_contains_the_app_and_nothing_else(wheel: Path, app_files: set[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == app_files


def test_the_sdist_contains_the_app_and_what_builds_it(sdist: Path, app_files: set[str]) -> None:
    with tarfile.open(sdist) as archive:
        names = {PurePosixPath(*PurePosixPath(name).parts[1:]) for name in archive.getnames()}
    # hatchling adds these four by itself: the project's table and readme, license, and metadata.
    added = {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO"}
    # hatchling always adds the ignore file too, because it decides what a build leaves out.
    assert {str(name) for name in names} == app_files | added | {"CHANGELOG.md", ".gitignore"}


def test_a_file_of_the_documentation_would_be_noticed(
    tracked: Path, tmp_path: Path, app_files: set[str]
) -> None:
    """The twin: with a wider list of packages the wheel does contain more."""
    table = (tracked / "pyproject.toml").read_text(encoding="utf-8")
    for name in (*app_files, "README.md", "LICENSE", "CHANGELOG.md", "conf/docset/__init__.py"):
        (tmp_path / "wide" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "wide" / name).write_bytes((tracked / name).read_bytes())
    wider = table.replace(f'packages = ["{APP}"]', f'packages = ["{APP}", "conf/docset"]')
    (tmp_path / "wide" / "pyproject.toml").write_text(wider, encoding="utf-8")
    build(tmp_path / "wide", tmp_path, "--wheel")
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert "docset/__init__.py" in archive.namelist()


def test_the_sdist_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    build(tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path, "--wheel")
    assert contents(tmp_path / wheel.name) == contents(wheel)


def test_the_wheel_is_typed(wheel: Path) -> None:
    assert f"{APP}/py.typed" in contents(wheel)


def test_the_metadata_names_the_version_of_this_tree(
    wheel: Path, project: dict[str, object]
) -> None:
    metadata = metadata_of(wheel)
    assert metadata["Name"] == project["name"]
    assert metadata["Version"] == __version__
    assert Version(metadata["Version"]) >= FIRST


def test_only_django_is_required_without_an_extra(wheel: Path) -> None:
    requirements = [Requirement(text) for text in metadata_of(wheel).get_all("Requires-Dist", [])]
    assert [item.name for item in requirements if not item.marker] == ["django"]
    assert all("extra ==" in str(item.marker) for item in requirements if item.marker)


def test_each_built_in_backend_has_an_entry_point_and_an_extra(
    wheel: Path, repository: Path
) -> None:
    points = entry_points_of(wheel)
    assert dict(points["console_scripts"]) == {"prodserver": f"{APP}.__main__:main"}
    backends = dict(points[f"{APP}.backends"])
    assert backends
    extras = metadata_of(wheel).get_all("Provides-Extra", [])
    for name, target in backends.items():
        module, _, _ = target.partition(":")
        assert (repository / f"{module.replace('.', '/')}.py").is_file(), (name, target)
        backend = module.rpartition(".")[2].replace("_", "-")
        # The two that need nothing but Django.
        assert (backend in extras) is (backend not in {"dummy", "runserver"})


def test_the_engine_cannot_be_published_by_mistake(repository: Path) -> None:
    table = tomllib.loads((repository / "conf/pyproject.toml").read_text(encoding="utf-8"))
    # Package indexes refuse an upload with this classifier.
    assert "Private :: Do Not Upload" in table["project"]["classifiers"]
