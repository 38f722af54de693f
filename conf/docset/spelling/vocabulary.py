"""The words that the project knows: the vocabularies of Vale, which typos reads too."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docset.project import Project

__all__ = ["configuration"]

FILES = "styles/config/vocabularies/*/accept.txt"
_LITERAL = re.compile(r"[\w .'&-]+")


def configuration(project: Project) -> str:
    """Return the configuration of typos, made from the vocabularies of a project."""
    entries = [entry for file in sorted(project.directory.glob(FILES)) for entry in _entries(file)]
    patterns = [rf"\b(?:{entry})\b" for entry in entries if not _LITERAL.fullmatch(entry)]
    return (
        "[default]\n"
        'locale = "en-us"\n'
        f"extend-ignore-re = {json.dumps(patterns)}\n"
        "[default.extend-words]\n"
        + "".join(f"{json.dumps(word)} = {json.dumps(word)}\n" for word in _words(entries))
    )


def _words(entries: Sequence[str]) -> list[str]:
    """Return the words that entries without patterns are made of; typos has them in lower case."""
    literal = " ".join(entry for entry in entries if _LITERAL.fullmatch(entry))
    return sorted({word.lower() for word in re.findall(r"[^\W\d_]+", literal)})


def _entries(file: Path) -> Iterator[str]:
    """Yield the lines that are no comments: a word, or a regular expression."""
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
