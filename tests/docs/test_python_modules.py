"""Pages that show the docstrings of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sphobjinv
from bs4 import BeautifulSoup
from python_modules import is_plain, with_raises

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.docs.project_copy import Copy

PLANTED = '''"""Things that were planted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

__all__ = ["PATIENCE", "Bed", "Dry", "Seeds", "grow"]

Seeds = Sequence[str]
PATIENCE = 3.0
"""How long it takes, in weeks."""

T = TypeVar("T")


class Dry(Exception):
    """There is no water."""


class Hidden:
    """Nobody is to see this."""


@dataclass
class Bed:
    """A place to grow in."""

    rows: list[str] = field(default_factory=list)
    """Its rows: text, not a type."""


def grow(seeds: Sequence[T], bed: Bed, place: Path) -> T:
    """Returns a plant, made by :mod:`planted` and :mod:`argparse`.

    Raises:
        Dry: there is no water.
        OSError: there is no place.
    """
'''


def build(copy: Copy, out: Path, module: str = PLANTED) -> tuple[int, str]:
    (copy.folder / "conf" / "planted.py").write_text(module)
    copy.write("explanation/page.md", "```{python-module} planted\n```")
    result = copy.build_alone("explanation", out, "--keep-going")
    return result.returncode, result.stdout


def test_a_module_is_described_as_its_docstrings_say(bare: Copy, tmp_path: Path) -> None:
    code, output = build(bare, tmp_path / "out")

    assert code == 0, output
    page = BeautifulSoup((tmp_path / "out" / "page.html").read_text("utf-8"), "html.parser")
    raised = [item.get_text() for item in page.select("dl.function li")]
    assert raised == ["Dry: there is no water.", "OSError: there is no place."]
    links = {str(link["href"]) for link in page.select("dl.function a.reference.internal")}
    assert links == {"#module-planted", "#planted.Bed", "#planted.Dry"}
    objects = sphobjinv.Inventory(tmp_path / "out" / "objects.inv").objects
    assert {entry.name for entry in objects if entry.domain == "py"} == {
        *("planted", "planted.Bed", "planted.Bed.rows", "planted.Dry", "planted.grow"),
        *("planted.Seeds", "planted.PATIENCE"),
    }


def test_a_wrong_reference_in_a_docstring_is_reported(bare: Copy, tmp_path: Path) -> None:
    wrong = PLANTED.replace("argparse`", "argparse` and :class:`Bet`")

    code, output = build(bare, tmp_path / "out", wrong)

    assert code == 1
    assert "py:class reference target not found: Bet" in output


def test_text_without_exceptions_stays_as_it_is() -> None:
    lines = ["Returns it.", "", "    Name: text"]
    assert with_raises(lines, {}) == lines
    assert with_raises([*lines, "Raises:", "    Dry: water."], {"Dry": "~a.Dry"}) == [
        *lines,
        *("Raises:", "", "* :exc:`~a.Dry`: water."),
    ]


def test_a_type_variable_is_known_where_an_earlier_build_has_read_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "not_imported_yet.py").write_text(PLANTED)
    monkeypatch.syspath_prepend(tmp_path)

    assert is_plain("not_imported_yet.T", "class")
    assert not is_plain("not_imported_yet.Bed", "class")
    assert not is_plain("nowhere_to_be_found.T", "class")
