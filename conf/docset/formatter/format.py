"""``docset format``: rewrite what can be rewritten safely, and say what is left."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.formatter import admonitions, meaning, rumdl
from docset.formatter.extensions import Extensions
from docset.markdown import chosen
from docset.project import ProjectError
from docset.prose.alerts import Alert
from docset.prose.shown import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from docset.progress import Reporter
    from docset.project import Project

__all__ = ["check", "rewrite"]

ADMONITION = "Format.Admonition"
LAYOUT = "Format.Layout"
LINE_ENDS = "Format.LineEnds"
UNSAFE = "Format.Unsafe"

# For Markdown both are the end of a line.
CRLF, LF = "\r\n", "\n"


def check(project: Project, names: Sequence[Path], reporter: Reporter) -> int:
    """Print where files are not as the formatter would write them.

    Return 1 when there is such a place, and 0 otherwise.
    """
    texts = _read(project, names)
    pages = _formatted(project, texts)
    found = [
        *rumdl.alerts(project, texts),
        *(alert for page in pages for alert in page.alerts()),
    ]
    return show(_with_unnamed(pages, found), len(texts), reporter)


def rewrite(project: Project, names: Sequence[Path], reporter: Reporter) -> int:
    """Format files, and print what only a person can mend.

    Return 1 when something is left to mend, and 0 otherwise.
    """
    pages = _formatted(project, _read(project, names))
    for page in pages:
        if page.after != page.before:
            (project.directory / page.path).write_text(page.after, "utf-8", newline="")
            reporter.message(f"formatted {page.path}")
    left = {page.path: page.after for page in pages}
    found = [*rumdl.alerts(project, left), *(page.unsafe() for page in pages if page.refused)]
    return show(found, len(pages), reporter)


@dataclass(frozen=True)
class _Formatted:
    """A page before and after; ``refused`` is a version that would show something else."""

    path: str
    extensions: frozenset[str]
    before: str
    after: str
    refused: str = ""

    def alerts(self) -> Iterator[Alert]:
        """Yield what only this formatter knows."""
        if self.refused:
            yield self.unsafe()
        if CRLF in self.before:
            line = self.before[: self.before.index(CRLF)].count("\n") + 1
            message = "the line ends with a carriage return as well: run 'make format'"
            yield Alert(self.path, line, 1, LINE_ENDS, message)
        if ":::" in self.after and self.after != self.before:
            for line in admonitions.in_backticks(self.before, self.extensions):
                message = "write the admonition with colons, as ':::{note}': run 'make format'"
                yield Alert(self.path, line, 1, ADMONITION, message)

    def unsafe(self) -> Alert:
        """Return that the page cannot be formatted, at the first line that would change."""
        line = _first_difference(self.before, self.refused)
        message = "formatting would change what the page shows: mend its other alerts by hand"
        return Alert(self.path, line, 1, UNSAFE, message)

    def unnamed(self) -> Alert:
        """Return that the page differs from how it would be written."""
        line = _first_difference(self.before, self.after)
        return Alert(
            self.path, line, 1, LAYOUT, "the formatter would change this: run 'make format'"
        )


def _formatted(project: Project, texts: Mapping[str, str]) -> list[_Formatted]:
    extensions = Extensions(project)
    with_colons = {
        path: _with_colons(extensions, path, text.replace(CRLF, LF)) for path, text in texts.items()
    }
    laid_out = rumdl.formatted(project, with_colons)
    return [
        _accepted(extensions, path, before, with_colons[path], laid_out[path])
        for path, before in texts.items()
    ]


def _with_colons(extensions: Extensions, path: str, text: str) -> str:
    """Return the page with its admonitions in colons, where that shows the same."""
    if not any(f"{{{kind}}}" in text for kind in admonitions.KINDS):
        return text
    written = admonitions.with_colons(text, extensions.of(path))
    return written if meaning.same(text, written, extensions.of(path)) else text


def _accepted(
    extensions: Extensions, path: str, before: str, with_colons: str, laid_out: str
) -> _Formatted:
    if laid_out == before:
        return _Formatted(path, frozenset(), before, before)
    known = extensions.of(path)
    if meaning.same(with_colons, laid_out, known):
        return _Formatted(path, known, before, laid_out)
    return _Formatted(path, known, before, with_colons, refused=laid_out)


def _with_unnamed(pages: Sequence[_Formatted], found: Sequence[Alert]) -> list[Alert]:
    """Add the pages that differ although no rule has said so."""
    named = {alert.path for alert in found}
    differing = (page for page in pages if page.before != page.after and page.path not in named)
    return [*found, *(page.unnamed() for page in differing)]


def _first_difference(before: str, after: str) -> int:
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return next((start + 1 for tag, start, *_ in matcher.get_opcodes() if tag != "equal"), 1)


def _read(project: Project, names: Sequence[Path]) -> dict[str, str]:
    return {project.relative(file): _text(file) for file in chosen(project, names)}


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ProjectError(f"{file} is not UTF-8: {error}; save it as UTF-8") from None
