"""What is read for misspellings: Markdown and small files whole, of Python what people read."""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING

from docset.docstrings import docstrings
from docset.markdown import markdown
from docset.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docset.project import Project

__all__ = ["texts"]

_WHOLE = frozenset({".css", ".html", ".js", ".svg", ".toml", ".yaml", ".yml"})


def texts(project: Project, names: Sequence[Path]) -> dict[str, str]:
    """Return what is to be read of these files and folders, or of all, by path.

    What is no text for people is blank, so that lines and columns are those of the file. Raise
    ProjectError for a name that stands for no such file.
    """
    known = {*markdown(project), *_code(project), *_beside(project)}
    paths = [name.resolve() for name in names]
    for path, name in zip(paths, names, strict=True):
        if not any(file.is_relative_to(path) for file in known):
            raise ProjectError(f"{name} is no file that is read for misspellings")
    return {
        project.relative(file): _readable(file)
        for file in sorted(known)
        if not paths or any(file.is_relative_to(path) for path in paths)
    }


def _code(project: Project) -> Iterator[Path]:
    for folder in project.code:
        yield from (file for file in folder.rglob("*") if file.suffix in {".py", *_WHOLE})


def _beside(project: Project) -> Iterator[Path]:
    """Yield the files beside pyproject.toml that people write."""
    yield from project.directory.glob("Makefile")
    yield from (file for file in project.directory.glob("*.*") if file.suffix in _WHOLE)


def _readable(file: Path) -> str:
    text = file.read_bytes().decode("utf-8", "replace")
    return _of_python(text) if file.suffix == ".py" else text


def _of_python(source: str) -> str:
    """Return the docstrings and comments of a module, where they stand, and blanks elsewhere."""
    lines = [" " * len(line) for line in source.split("\n")]
    try:
        for line, column, text in (*_comments(source), *_docstrings(source)):
            blank = lines[line - 1]
            lines[line - 1] = blank[: column - 1] + text + blank[column - 1 + len(text) :]
    except (SyntaxError, tokenize.TokenError):
        # Other checks say so; words can be read all the same.
        return source
    return "\n".join(lines)


def _comments(source: str) -> Iterator[tuple[int, int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.start[1] + 1, token.string


def _docstrings(source: str) -> Iterator[tuple[int, int, str]]:
    for docstring in docstrings(source):
        yield from docstring.places()
