"""Words that a linter of Markdown does not see are shown to it, and found at their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.prose.alerts import Alert
from docset.prose.beside import linted
from docset.prose.reader import read
from docset.prose.site import of_project
from docset.prose.unseen import extended

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docset.project import Project

PAGE = """\
---
myst:
  html_meta:
    description: "It simply works."
---

# Simply a title

::::{tab} Linux, simply
:::{tip} Simply skip it
Inside, simply.
:::
::::

```{figure} picture.svg
:alt: A server, simply drawn
```

[two]: https://example.org/simply "Simply two"
"""


def find_simply(site: Project, folders: Sequence[str]) -> Iterator[Alert]:
    """Stand in for a linter of Markdown."""
    for file in (file for folder in folders for file in (site.directory / folder).rglob("*.md")):
        path = file.relative_to(site.directory).as_posix()
        for line, text in enumerate(file.read_text("utf-8").split("\n"), 1):
            if "imply" in text and not text.lstrip().startswith((":", "description", "[")):
                yield Alert(path, line, text.index("imply"), "X.Simply", "")


@pytest.fixture
def site(site: Project) -> Project:
    (site.directory / "a" / "page.md").write_text(PAGE)
    return site


def test_titles_labels_alternatives_and_descriptions_are_linted_at_their_places(
    site: Project,
) -> None:
    with linted(site, of_project(site), ["a/page.md"], find_simply) as alerts:
        found = sorted(alerts())
    lines = PAGE.split("\n")
    assert [(alert.path, alert.line) for alert in found] == [
        ("a/page.md", 4),
        ("a/page.md", 7),
        ("a/page.md", 9),
        ("a/page.md", 10),
        ("a/page.md", 11),
        ("a/page.md", 16),
        ("a/page.md", 19),
    ]
    for alert in found:
        assert lines[alert.line - 1][alert.column - 1 :].lower().startswith("simply")


def test_the_name_of_a_setting_is_marked_as_code_where_the_page_cannot_do_it() -> None:
    page = read(
        "page.md", '---\ndescription: "How ONE_SETTING and --an-option work on PID 1."\n---\n'
    )
    found = extended(page)
    assert found.text.endswith("\nHow `NE_SETTIN` and `-an-optio` work on PID 1.\n")
    assert list(found.places.values()) == [(2, 15)]


def test_the_rest_of_the_page_stands_above_them_and_the_rules_stay_where_they_are(
    site: Project,
) -> None:
    (site.directory / ".vale.ini").write_text("StylesPath = styles\nMinAlertLevel = warning\n")

    def look(copy: Project, folders: Sequence[str]) -> Iterator[Alert]:
        assert folders == ["a"]
        assert (copy.directory / "a/page.md").read_text("utf-8").startswith(PAGE)
        styles = site.directory / "styles"
        configuration = (copy.directory / ".vale.ini").read_text("utf-8")
        assert configuration == f"StylesPath = {styles}\nMinAlertLevel = warning\n"
        yield Alert("a/page.md", 7, 3, "X.Title", "found in the page itself")

    with linted(site, of_project(site), ["a/page.md"], look) as alerts:
        [alert] = alerts()
    assert (alert.line, alert.column) == (7, 3)
