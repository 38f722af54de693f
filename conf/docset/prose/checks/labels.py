"""A title has a label, and every label has small letters with hyphens and stands in one place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "All.Labels"
LEVEL = "error"

FIRING = (
    Case("# One\n"),
    Case("# One\n\n(below)=\n## Two\n"),
    Case("(First_Server)=\n# One\n"),
    Case("(one)=\n# One\n", others={"other.md": "(one)=\n# Other\n"}),
)
SILENT = (
    Case("(one)=\n# One\n\n(two-words)=\n## Two\n"),
    Case("(one)=\n(another-name)=\n# One\n", others={"other.md": "(other)=\n# Other\n"}),
)

_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield that the title has no label, and each label that has another form or is not unique."""
    labels = list(page.of(Label))
    title = page.title
    if title and not any(label.line == title.line - 1 for label in labels):
        yield title.finding("no label: write '(a-name)=' into the line above the title")
    for label in labels:
        if not _FORM.fullmatch(label.name):
            yield label.finding(f"'{label.name}': use small letters and hyphens")
        for path in site.paths_by_label[label.name]:
            if path != page.path:
                yield label.finding(f"{path} has the label '{label.name}' too: choose another name")
