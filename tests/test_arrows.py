"""Who may import whom: the rooms of this repository and the arrows between them.

The imports are read, not run, so a lazy import in a function and one for types alone count too.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
PRODUCTS = frozenset({"django_prodserver", "fraisier"})
ROOTS = ("tutorials", "how-to", "reference", "explanation")
# The modules of conf/ that dress our own roots; the engine beside them knows none.
DRESS = frozenset(path.stem for path in (REPOSITORY / "conf").glob("*.py"))
DOCUMENTATION = frozenset({"docset", "conf", *DRESS, *ROOTS})
# Nobody but the tests themselves imports these.
OUTSIDE = frozenset({"tests", "examples", "benchmarks"})


@dataclass(frozen=True)
class Arrow:
    """A rule for the modules of one folder: the only names, or the names that they never import."""

    folder: str
    reason: str
    only: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    # A module named like an extra of pyproject.toml may import what that extra installs.
    extras: bool = False


ARROWS = (
    Arrow(
        "django_prodserver",
        "imports Django only, and a backend's package only inside that backend's module",
        only=frozenset({"django", "django_prodserver"}),
        extras=True,
    ),
    Arrow(
        "conf",
        "builds the documentation of any product, so it imports none",
        never=PRODUCTS | OUTSIDE,
    ),
    Arrow(
        "conf/docset",
        "is an engine for any project: nothing in it is about our own roots",
        never=DRESS | frozenset(ROOTS),
    ),
    *(Arrow(root, "is content, read by conf", never=PRODUCTS | OUTSIDE) for root in ROOTS),
    Arrow(
        "examples",
        "use the products as a reader would",
        never=DOCUMENTATION | frozenset({"tests", "benchmarks"}),
    ),
    Arrow("benchmarks", "measure from outside", never=frozenset({"tests", "examples"})),
)


@dataclass(frozen=True)
class Import:
    """One imported module, by its full dotted name, and where the import stands."""

    path: str
    line: int
    module: str

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


def violations(arrow: Arrow, repository: Path = REPOSITORY) -> list[str]:
    """Return a line for each import that the arrow forbids."""
    return [
        f"{found.path}:{found.line}: imports {found.module}, but {arrow.folder} {arrow.reason}"
        for path in sorted((repository / arrow.folder).rglob("*.py"))
        for found in imports(path, repository)
        if not is_allowed(found, arrow, repository)
    ]


def is_allowed(found: Import, arrow: Arrow, repository: Path) -> bool:
    if found.package in arrow.never:
        return False
    if arrow.only is None or found.package in arrow.only | sys.stdlib_module_names:
        return True
    return arrow.extras and found.package in packages_of_extra(Path(found.path).stem, repository)


def imports(path: Path, repository: Path) -> Iterator[Import]:
    shown = path.relative_to(repository).as_posix()
    for node in ast.walk(ast.parse(path.read_bytes(), shown)):
        for module in imported_modules(node, path.relative_to(repository).parent.parts):
            yield Import(shown, getattr(node, "lineno", 0), module)


def imported_modules(node: ast.AST, package: tuple[str, ...]) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, level=0):
            return [module or ""]
        case ast.ImportFrom(module=module, names=names, level=level):
            base = [*package[: len(package) - level + 1], *([module] if module else [])]
            # `from . import name` may import a module of that name.
            return [".".join([*base, alias.name]) for alias in names]
        case ast.Call(
            func=ast.Name(id=function) | ast.Attribute(attr=function),
            args=[ast.Constant(value=str(module)), *_],
        ) if function in {"import_module", "__import__", "import_string"}:
            return [module]
    return []


def packages_of_extra(extra: str, repository: Path) -> frozenset[str]:
    """Return the import names of the distributions that an extra of pyproject.toml names."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = project.get("optional-dependencies", {}).get(canonical(extra), [])
    names = {canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}
    return frozenset(
        package
        for package, distributions in packages_distributions().items()
        if names & {canonical(distribution) for distribution in distributions}
    )


def canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


@pytest.mark.parametrize("arrow", ARROWS, ids=lambda arrow: arrow.folder)
def test_every_import_follows_the_arrow(arrow: Arrow) -> None:
    assert violations(arrow) == []


def test_the_rooms_that_exist_are_read() -> None:
    read = {arrow.folder for arrow in ARROWS if [*(REPOSITORY / arrow.folder).rglob("*.py")]}
    assert {"django_prodserver", "conf", "conf/docset"} <= read


PLANTED = [
    ("django_prodserver", "launch.py", "import sphinx", "sphinx"),
    ("django_prodserver", "launch.py", "import docset.project as project", "docset.project"),
    ("django_prodserver", "launch.py", "from tests import settings", "tests"),
    ("django_prodserver", "launch.py", "import gunicorn", "gunicorn"),
    ("django_prodserver", "backends/waitress.py", "import gunicorn.config", "gunicorn.config"),
    ("django_prodserver", "launch.py", "from .. import fraisier", "fraisier"),
    ("django_prodserver", "launch.py", "def f():\n    import docset", "docset"),
    ("django_prodserver", "launch.py", "if TYPE_CHECKING:\n    import docset", "docset"),
    ("django_prodserver", "launch.py", "importlib.import_module('docset.cli')", "docset.cli"),
    (
        "conf",
        "shared.py",
        "from django_prodserver.launch import Launch",
        "django_prodserver.launch",
    ),
    ("conf", "docset/extension.py", "import fraisier", "fraisier"),
    ("conf", "docset/extension.py", "import tests.conf", "tests.conf"),
    ("conf/docset", "build.py", "from shared import theme", "shared"),
    ("tutorials", "conf.py", "import django_prodserver", "django_prodserver"),
    ("how-to", "conf.py", "import examples", "examples"),
    ("reference", "conf.py", "import fraisier", "fraisier"),
    ("explanation", "conf.py", "import tests", "tests"),
    ("examples", "mysite/settings.py", "import docset", "docset"),
    ("benchmarks", "docs_build.py", "import tests.conf", "tests.conf"),
]


@pytest.mark.parametrize(("folder", "file", "statement", "module"), PLANTED)
def test_a_planted_import_is_found(
    tmp_path: Path, folder: str, file: str, statement: str, module: str
) -> None:
    [line] = violations(arrow_of(folder), plant(tmp_path, folder, file, statement))
    assert f"{file}:{len(statement.splitlines())}: imports {module}, but" in line


INNOCENT = [
    ("django_prodserver", "launch.py", "import os, django.conf\nfrom . import settings"),
    ("django_prodserver", "management/commands/run.py", "from ...launch import Launch"),
    ("django_prodserver", "backends/gunicorn.py", "from gunicorn.config import KNOWN_SETTINGS"),
    ("conf", "shared.py", "import sphinx\nfrom docset import build"),
    ("conf/docset", "build.py", "from docset.project import Project"),
    ("tutorials", "conf.py", "from shared import *"),
    ("examples", "mysite/settings.py", "import django_prodserver"),
    ("benchmarks", "docs_build.py", "import django_prodserver, docset"),
]


@pytest.mark.parametrize(("folder", "file", "statement"), INNOCENT)
def test_an_import_along_the_arrow_is_accepted(
    tmp_path: Path, folder: str, file: str, statement: str
) -> None:
    assert violations(arrow_of(folder), plant(tmp_path, folder, file, statement)) == []


def test_every_arrow_has_a_planted_import() -> None:
    assert {folder for folder, *_ in PLANTED} == {arrow.folder for arrow in ARROWS}


def arrow_of(folder: str) -> Arrow:
    return next(arrow for arrow in ARROWS if arrow.folder == folder)


def plant(repository: Path, folder: str, file: str, statement: str) -> Path:
    """Return a small repository whose only module makes the import."""
    module = repository / folder / file
    module.parent.mkdir(parents=True)
    module.write_text(statement, encoding="utf-8")
    (repository / "pyproject.toml").write_bytes((REPOSITORY / "pyproject.toml").read_bytes())
    return repository
