"""Labels that were promised to other projects."""

from __future__ import annotations

import pytest
from docset.project import ProjectError
from docset.prose import promises

TEXT = '[kept]\none = "one.md"\n\n[not-yet]\ntwo = "two.md"\n'


def test_a_kept_label_needs_its_page_and_one_of_later_does_not() -> None:
    read = promises.read_promises(TEXT)
    assert list(promises.alerts(read, "labels.toml", {"one.md"})) == []
    [alert] = promises.alerts(read, "labels.toml", {"two.md"})
    assert "one.md of the label 'one' is gone" in str(alert)


def test_an_unknown_table_is_a_mistake() -> None:
    with pytest.raises(ProjectError, match=r"labels.toml: unknown table 'keep'; known: kept"):
        promises.read_promises("[keep]\n")
