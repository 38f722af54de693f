"""The configuration that the roots share."""

from __future__ import annotations

import pytest
from docset.project import ProjectError
from shared import configure

from tests.docs.project_copy import ROOTS


@pytest.mark.parametrize("root", ROOTS)
def test_every_other_root_is_a_sibling(root: str) -> None:
    assert configure(root)["siblings"] == [name for name in ROOTS if name != root]


def test_what_an_extension_adds_to_one_configuration_stays_out_of_the_next() -> None:
    before = configure("tutorials")
    before["html_static_path"].append("added by an extension")
    before["html_context"]["added"] = "by an extension"

    after = configure("tutorials")

    assert "added by an extension" not in after["html_static_path"]
    assert "added" not in after["html_context"]


def test_a_name_that_is_no_root_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ProjectError, match="no root is named 'tutorial'; did you mean 'tutorials'"):
        configure("tutorial")
