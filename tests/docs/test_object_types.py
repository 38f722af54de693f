"""What the types of our own make of a page, whichever root it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from object_types import OBJECT_TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.project_copy import Copy

PAGE = """
```{setting} EXAMPLE_SETTING
Decides something.
```

```{django-admin} example NAME [--flag]
Does something.
```

{setting}`EXAMPLE_SETTING` and {django-admin}`example`
"""


def test_a_page_describes_objects_and_refers_to_them_as_code(bare: Copy, tmp_path: Path) -> None:
    bare.write("explanation/page.md", PAGE)

    result = bare.build_alone("explanation", tmp_path / "out")

    assert result.returncode == 0, result.stdout
    page = BeautifulSoup((tmp_path / "out" / "page.html").read_text("utf-8"), "html.parser")
    links = {link.get_text(): str(link["href"]) for link in page.select("p a.reference.internal")}
    assert links == {
        "EXAMPLE_SETTING": "#setting-EXAMPLE_SETTING",
        "example": "#django-admin-example",
    }
    assert len(page.select("p a.reference.internal > code")) == 2
    signatures = [line.get_text().strip().removesuffix("#") for line in page.select("dl.std > dt")]
    assert signatures == ["EXAMPLE_SETTING", "example NAME [--flag]"]


def test_every_type_has_a_title_of_its_own() -> None:
    assert len({kind.name for kind in OBJECT_TYPES}) == len(OBJECT_TYPES)
    assert len({kind.title for kind in OBJECT_TYPES}) == len(OBJECT_TYPES)
