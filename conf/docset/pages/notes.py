"""A Sphinx extension that tells readers which blocks the tests do not run.

Add ``docset.pages.notes`` to ``extensions``. Below each block that a comment such as
``% test: skip: needs a real DNS name`` stands above, there is a line with the reason then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from docset.pages.metadata import read_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

__all__ = ["TEXT", "Notes"]

TEXT = "Our tests do not run this block: {reason}."


class Notes(SphinxTransform):
    """Adds the line below each skipped block."""

    # Before comments are removed, and before code blocks get numbers and captions.
    default_priority = 10

    def apply(self, **_: Any) -> None:
        """Look at each comment of the page."""
        for comment in list(self.document.findall(nodes.comment)):
            values, _preparations, _faults = read_comment(comment.astext(), 1)
            if reason := values.get("skip"):
                _add_note(comment, str(reason).rstrip("."))


def _add_note(comment: nodes.comment, reason: str) -> None:
    """Add the line after the first block below the comment."""
    parent = comment.parent
    below = (node for node in parent[parent.index(comment) :] if not _is_comment(node))
    block = next((code for node in below for code in node.findall(nodes.literal_block)), None)
    if block is None:
        return
    # A caption and its block are one.
    shown = block.parent if "literal-block-wrapper" in block.parent.get("classes", ()) else block
    note = nodes.paragraph("", "", *_words(TEXT.format(reason=reason)), classes=["untested"])
    note.source, note.line = comment.source, comment.line
    shown.parent.insert(shown.parent.index(shown) + 1, note)


def _words(text: str) -> Iterator[nodes.Node]:
    """Yield the text, with what stands between backticks as code."""
    for index, part in enumerate(text.split("`")):
        yield nodes.literal("", part) if index % 2 else nodes.Text(part)


def _is_comment(node: nodes.Node) -> bool:
    return isinstance(node, nodes.comment)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_transform(Notes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
