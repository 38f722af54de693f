"""Quotations: what ``literalinclude`` shows on a page of a real file of the repository."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from myst_parser.parsers.directives import parse_directive_text
from sphinx.directives.code import LiteralInclude, LiteralIncludeReader

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.config import Config

__all__ = ["Quote", "QuoteError", "Quotes", "read_quote"]

# A quotation stays right when the file changes, and shows nothing that is not there.
_REFUSED = {
    "lines": "name markers with start-after and end-before: numbers of lines change unseen",
    "diff": "quote the file itself",
    "prepend": "quote the file as it is",
    "append": "quote the file as it is",
}


class QuoteError(Exception):
    """The page quotes what is not there, or in a form that is not kept."""


@dataclass(frozen=True)
class Quotes:
    """Where the files are that pages of a root may quote; every path is absolute.

    What lies in one of the ``used`` folders of the project runs elsewhere.
    """

    project: Path
    root: Path
    used: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Quote:
    """A part of a file; ``first`` is the file's line where it begins."""

    file: str
    text: str
    first: int
    language: str
    caption: str
    whole: bool
    used: bool


def read_quote(argument: str, content: str, folder: Path, quotes: Quotes) -> Quote:
    """Return what a page of the folder quotes, by the argument and options of its directive.

    Raise QuoteError where the file or a marker is missing, or an option is one that is not taken.
    """
    parsed = parse_directive_text(LiteralInclude, argument, content)
    for warning in parsed.warnings:
        raise QuoteError(warning.msg)
    options: dict[str, Any] = dict(parsed.options)
    for option in options.keys() & _REFUSED.keys():
        raise QuoteError(f":{option}: is not taken; {_REFUSED[option]}")
    if not options.get("language"):
        raise QuoteError("the quoted file has no :language:")
    path = _file(argument.strip(), folder, quotes)
    file = path.relative_to(quotes.project).as_posix()
    reader = LiteralIncludeReader(
        path,
        {**options, "lineno-match": True},
        cast("Config", SimpleNamespace(source_encoding="utf-8-sig")),
    )
    try:
        text, _ = reader.read()
    except (ValueError, OSError) as error:
        raise QuoteError(f"{file}: {error}") from None
    return Quote(
        file=file,
        text=text,
        first=reader.lineno_start,
        language=options["language"],
        caption=options.get("caption") or "",
        whole=not {"start-after", "start-at", "end-before", "end-at", "pyobject"} & options.keys(),
        used=_runs(path, quotes),
    )


def _runs(path: Path, quotes: Quotes) -> bool:
    """Tell whether a file is one of a folder that runs elsewhere, or a page, which runs itself."""
    is_page = path.suffix == ".md" and path.is_relative_to(quotes.root)
    return is_page or any(path.is_relative_to(folder) for folder in quotes.used)


def _file(name: str, folder: Path, quotes: Quotes) -> Path:
    """Return the file that Sphinx would read: from the root's folder on if it begins with /."""
    path = (quotes.root / name.lstrip("/") if name.startswith("/") else folder / name).resolve()
    if not path.is_relative_to(quotes.project):
        raise QuoteError(f"{name} is outside the repository: quote a file of it")
    if not path.is_file():
        raise QuoteError(f"there is no file {path.relative_to(quotes.project).as_posix()}")
    return path
