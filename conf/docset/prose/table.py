"""The table of ``docset prose --measure``: how hard each page and each mode is to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docset.prose.figures import Sentences
    from docset.prose.site import Site

__all__ = ["lines"]

HEADING = ("grade", "goal", "words a sentence", "longest", "glossary words in 100", "")


def lines(site: Site, paths: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table: these pages, and below them the modes of the whole site."""
    yield "  ".join(HEADING).rstrip()
    for path in paths:
        page = site.sources[path].page
        longest, line = site.sentences(page).longest
        yield _line(site, page.mode, site.sentences(page), f"{longest}", f"{path}:{line}")
    for mode, sentences in site.sentences_of_modes().items():
        yield _line(site, mode, sentences, f"{sentences.longest[0]}", f"all of {mode}")


def _line(site: Site, mode: str, sentences: Sentences, longest: str, name: str) -> str:
    goal = site.recorded.goals.get(mode)
    cells = (
        f"{sentences.grade:.1f}",
        "-" if goal is None else f"{goal:g}",
        f"{sentences.length:.1f}",
        longest,
        f"{sentences.density:.1f}",
    )
    width = (len(heading) for heading in HEADING)
    return "  ".join([*(cell.rjust(next(width)) for cell in cells), name])
