"""The names of other projects: what the texts hold, and what becomes of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import outside
import pytest
import sphobjinv
from sphinx.util.inventory import InventoryFile

from tests.docs.project_copy import SITE

TEXTS = sorted(outside.TEXTS.glob("*.txt"))
REFERENCE = re.compile(r"\{external\+(?P<project>[\w-]+):[\w:-]+\}`(?P<target>[^`]+)`")
EXPLICIT = re.compile(r".*<(?P<name>[^<>]+)>", re.DOTALL)

each_text = pytest.mark.parametrize("text", TEXTS, ids=[text.stem for text in TEXTS])


def names(text: Path) -> list[str]:
    lines = text.read_text("utf-8").splitlines()
    return [line.split()[0] for line in lines if not line.startswith("#")]


def used() -> set[tuple[str, str]]:
    """Return the project and the name of every reference in the pages that names a project."""
    pages = (page for root in SITE.roots for page in root.path.rglob("*.md"))
    found = (match for page in pages for match in REFERENCE.finditer(page.read_text("utf-8")))
    return {(match["project"], _name(match["target"])) for match in found}


def _name(target: str) -> str:
    explicit = EXPLICIT.fullmatch(target)
    return (explicit["name"] if explicit else target).lstrip("~!")


@each_text
def test_every_line_is_an_object(text: Path) -> None:
    inventory = sphobjinv.Inventory(plaintext=text.read_bytes())
    assert [entry.name for entry in inventory.objects] == names(text)
    assert len({(entry.name, entry.domain, entry.role) for entry in inventory.objects}) == len(
        names(text)
    )


@each_text
def test_names_stand_in_the_order_of_the_alphabet(text: Path) -> None:
    assert names(text) == sorted(names(text))


@each_text
def test_every_name_is_used_by_a_page(text: Path) -> None:
    assert [name for name in names(text) if (text.stem, name) not in used()] == []


@each_text
def test_sphinx_reads_the_compiled_text(text: Path, tmp_path: Path) -> None:
    address, compiled = outside.mapping(replace(SITE, directory=tmp_path))[text.stem]
    found = InventoryFile.loads(Path(compiled).read_bytes(), uri=address).data
    assert sorted(name for objects in found.values() for name in objects) == names(text)
    addresses = [entry.uri for objects in found.values() for entry in objects.values()]
    assert all(uri.startswith("https://") and "$" not in uri for uri in addresses)


def test_a_text_is_compiled_once(tmp_path: Path) -> None:
    site = replace(SITE, directory=tmp_path)
    before = outside.mapping(site)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.inv")}
    assert outside.mapping(site) == before
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.inv")} == written
    assert len(written) == len(TEXTS)


def test_a_changed_text_is_another_inventory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "TEXTS", tmp_path)
    site = replace(SITE, directory=tmp_path)
    text = tmp_path / "python.txt"
    text.write_bytes(TEXTS[-1].read_bytes())
    before = outside.mapping(site)
    text.write_bytes(TEXTS[-1].read_bytes() + b"abs py:function 1 library/functions.html#$ -\n")
    assert outside.mapping(site) != before


def test_a_text_without_an_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "TEXTS", tmp_path)
    text = tmp_path / "python.txt"
    text.write_text("# Sphinx inventory version 2\n# Project: Python\n# Version: 3\n")
    with pytest.raises(ValueError, match=re.escape(f"{text}: no line '# Address:")):
        outside.mapping(replace(SITE, directory=tmp_path))
