"""A label that was promised to other projects is there.

The promises stand in the file ``labels.toml`` of the project's prose folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose import promises
from docset.prose.check import Case
from docset.prose.page import Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = promises.RULE
LEVEL = "error"

_PROMISES = '[kept]\none = "page.md"\n\n[not-yet]\ntwo = "other.md"\n'
FIRING = (
    Case("(other)=\n# One\n", promises=_PROMISES),
    Case("(one)=\n(two)=\n# One\n", promises=_PROMISES),
)
SILENT = (
    Case("(one)=\n# One\n", promises=_PROMISES),
    Case("(other)=\n# One\n"),
    Case("# Other\n", path="somewhere.md", promises=_PROMISES),
)


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield each promise that the page breaks, and each that it keeps and nobody noted."""
    names = {label.name: label for label in page.of(Label)}
    for name, path in site.promises.kept.items():
        if path == page.path and name not in names:
            yield page.top(f"the label '{name}' was promised to other projects: keep it")
    for name in site.promises.not_yet.keys() & names.keys():
        yield names[name].finding(
            f"the label '{name}' is here now: move it to [kept] in labels.toml"
        )
