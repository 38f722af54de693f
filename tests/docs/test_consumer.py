"""Another project's documentation that refers to ours, by the joined and by single inventories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag

from tests.docs.project_copy import ROOTS, SITE

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.docs.project_copy import Copy

# What any project does that documents settings and management commands.
CONF = """
extensions = ["sphinx.ext.intersphinx"]
nitpicky = True
intersphinx_mapping = {mapping!r}

def setup(app):
    for name in ("setting", "django-admin", "check"):
        app.add_object_type(name, name)
"""


@dataclass(frozen=True)
class Kind:
    """One thing that we publish: where, and how others write a reference to it."""

    name: str
    root: str
    role: str
    target: str

    def __str__(self) -> str:
        return self.name

    def reference(self, inventory: str, prefix: str = "") -> str:
        return f":external+{inventory}:{self.role}:`{prefix}{self.target}`"


BASE_CLASS = "django_prodserver.backends.base.BaseServerBackend"
KINDS = [
    Kind("label", "tutorials", "ref", "quickstart"),
    Kind("document", "how-to", "doc", "django-prodserver/install"),
    Kind("term", "reference", "term", "WSGI"),
    Kind("python-object", "reference", "py:class", BASE_CLASS),
    Kind("setting", "reference", "setting", "PRODUCTION_PROCESSES"),
    Kind("management-command", "reference", "django-admin", "prodserver"),
    Kind("option", "reference", "option", "prodserver --dry-run"),
    Kind("system-check", "reference", "check", "prodserver.E001"),
]

each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)


def build(
    copy: Copy, folder: Path, mapping: dict[str, tuple[str, str]], references: list[str]
) -> subprocess.CompletedProcess[str]:
    """Build a project of one page with a list of references."""
    (folder / "conf.py").write_text(CONF.format(mapping=mapping))
    items = "".join(f"* {reference}\n" for reference in references)
    (folder / "index.rst").write_text(f"Page\n====\n\n{items}")
    out = str(folder / "_build")
    return copy.run("sphinx-build", "-q", "-n", "-W", str(folder), out, cwd=folder)


def links(folder: Path) -> dict[str, Tag]:
    """Return the link that each kind's reference became."""
    page = BeautifulSoup((folder / "_build" / "index.html").read_text("utf-8"), "html.parser")
    found = page.select("li a.reference.external")
    return {kind.name: link for kind, link in zip(KINDS, found, strict=True)}


@pytest.fixture(scope="module")
def by_joined_inventory(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tag]:
    folder = tmp_path_factory.mktemp("joined")
    mapping = {"production": (SITE.url, str(built.site / "objects.inv"))}
    references = [
        kind.reference("production", f"{kind.root}/" if kind.role == "doc" else "")
        for kind in KINDS
    ]
    result = build(built, folder, mapping, references)
    assert (result.returncode, result.stdout) == (0, "")
    return links(folder)


@pytest.fixture(scope="module")
def by_single_inventories(built: Copy, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tag]:
    folder = tmp_path_factory.mktemp("single")
    mapping = {
        root: (f"{SITE.url}{root}/", str(built.site / root / "objects.inv")) for root in ROOTS
    }
    result = build(built, folder, mapping, [kind.reference(kind.root) for kind in KINDS])
    assert (result.returncode, result.stdout) == (0, "")
    return links(folder)


@each_kind
def test_the_joined_inventory_answers(
    built: Copy, by_joined_inventory: dict[str, Tag], kind: Kind
) -> None:
    check_target(by_joined_inventory[kind.name], kind, built.site)


@each_kind
def test_the_inventory_of_its_root_answers(
    built: Copy, by_single_inventories: dict[str, Tag], kind: Kind
) -> None:
    check_target(by_single_inventories[kind.name], kind, built.site)


def check_target(link: Tag, kind: Kind, site: Path) -> None:
    """Assert that the link has words, and that its page and anchor are in the site."""
    assert link.get_text()
    assert str(link["href"]).startswith(f"{SITE.url}{kind.root}/")
    name, _, anchor = str(link["href"]).removeprefix(SITE.url).partition("#")
    page = BeautifulSoup((site / name).read_text("utf-8"), "html.parser")
    assert not anchor or page.find(id=anchor) is not None, link["href"]


def test_a_name_that_we_do_not_publish_is_not_answered(built: Copy, tmp_path: Path) -> None:
    mapping = {"production": (SITE.url, str(built.site / "objects.inv"))}
    references = [":external+production:setting:`NO_SUCH_SETTING`"]

    result = build(built, tmp_path, mapping, references)

    assert result.returncode == 1
    assert "std:setting reference target not found: NO_SUCH_SETTING" in result.stdout
