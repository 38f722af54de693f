"""The directive ``backend-table``: the backends that have a page beside this one, side by side.

What stands in the table comes from the class that each page names in the row "Backend path".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from option_tables import READER, ReadingError, ask
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

__all__ = ["BackendTable"]

logger = logging.getLogger(__name__)

_PATH = re.compile(r"^\| .*Backend path.* \| `([\w.]+)` \|$", re.MULTILINE)
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
HEADINGS = ("Backend", "Kind", "Interface", "Short name", "Windows", "Reload", "systemd")


class BackendTable(SphinxDirective):
    """Shows what the backends of the neighboring pages are and can do."""

    def run(self) -> list[nodes.Node]:
        """Return the table; warn, and return nothing, when a class cannot be imported."""
        pages = self._pages()
        self.env.note_dependency(READER)
        try:
            found = ask("--facts", *pages.values())
        except ReadingError as error:
            logger.warning("the backends cannot be read: %s", error, location=self.get_location())
            return []
        for file in {file for facts in found for file in facts["files"]}:
            self.env.note_dependency(file)
        rows = [_row(link, facts) for link, facts in zip(pages, found, strict=True)]
        return self.parse_text_to_nodes("\n".join([_line(HEADINGS), "|---" * 7 + "|", *rows]))

    def _pages(self) -> dict[str, str]:
        """Return the class that each neighboring page is about, by a link to the page."""
        found = {}
        for path in sorted(
            self.env.doc2path(self.env.current_document.docname).parent.glob("*.md")
        ):
            text = path.read_text("utf-8")
            self.env.note_dependency(path)
            title, backend = _TITLE.search(text), _PATH.search(text)
            if title and backend:
                found[f"{{doc}}`{title[1]} <{path.stem}>`"] = backend[1]
        return found


def _row(link: str, facts: dict[str, Any]) -> str:
    return _line(
        (
            link,
            facts["kind"],
            facts["protocol"] or "none",
            f"`{facts['program']}`",
            "yes" if facts["windows"] else "no",
            f"`{facts['reload']}`" if facts["reload"] else "no",
            "yes" if facts["notifies"] else "no",
        )
    )


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("backend-table", BackendTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
