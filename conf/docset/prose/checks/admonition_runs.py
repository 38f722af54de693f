"""An admonition has at most 60 words, and no other follows it at once or is inside it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Comment, Directive, Label, Prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page, Part
    from docset.prose.site import Site

RULE = "Beginner.AdmonitionRuns"
LEVEL = "error"
MOST = 60

_BOX = ":::{note}\nThe server is slow on Monday.\n:::\n\n"
FIRING = (
    Case(f"# One\n\n{_BOX * 2}"),
    Case(f"# One\n\n{_BOX}% a comment\n\n{_BOX}"),
    Case(f"# One\n\n{_BOX}% test: skip: nobody runs it\n\n{_BOX}"),
    Case(f"# One\n\n::::{{tip}}\nIt also works.\n\n{_BOX}::::\n"),
    Case("# One\n\n:::{note}\n" + "The server is slow on Monday.\n" * 11 + ":::\n"),
)
SILENT = (
    Case(f"# One\n\n{_BOX}Words.\n\n{_BOX}"),
    Case(f"# One\n\n{_BOX}```console\n$ ls\n```\n\n{_BOX}"),
    Case("# One\n\n:::{note}\n" + "The server is slow on Monday.\n" * 10 + ":::\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each admonition that follows another, is inside another, or is long."""
    for before, after in pairwise(_with_boxes_whole(page)):
        if _is_box(before) and _is_box(after):
            yield after.finding("two boxes in a row: make one of them a sentence, or join them")
    for box in filter(_is_box, page.parts):
        if any(map(_is_box, box.inside)):
            yield box.finding("a box inside a box: take it out, or make it a sentence")
        words = sum(len(prose.text.split()) for prose in page.of(Prose) if box in prose.inside)
        if words > MOST:
            yield box.finding(f"{words} words in a box, {MOST} are the most: make it a paragraph")


def _with_boxes_whole(page: Page) -> Iterator[Part]:
    """Yield the parts but comments, labels and what is inside an admonition."""
    for part in page.parts:
        is_unseen = isinstance(part, (Comment, Label)) or _is_in_a_comment(part)
        if not is_unseen and not any(map(_is_box, part.inside)):
            yield part


def _is_in_a_comment(part: Part) -> bool:
    return isinstance(part, Prose) and part.kind == "reason"


def _is_box(part: Part) -> bool:
    return isinstance(part, Directive) and part.is_admonition
