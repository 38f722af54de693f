"""The docstrings of a Python file, as they stand in it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Docstring", "docstrings"]

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_OPENING = re.compile("""[rRuU]*(\"{3}|'{3}|[\"'])""")


@dataclass(frozen=True)
class Docstring:
    """A docstring as it is written between its quotes."""

    line: int
    column: int
    """Of its first character, counted from 1."""
    text: str

    def places(self) -> Iterator[tuple[int, int, str]]:
        """Yield each line with its number and the column where it begins."""
        for number, line in enumerate(self.text.split("\n")):
            yield self.line + number, 1 if number else self.column, line


def docstrings(source: str) -> Iterator[Docstring]:
    """Yield the docstrings of a module, its classes and functions, and those below attributes.

    Raise SyntaxError for what is no Python.
    """
    # The columns of the syntax tree count bytes.
    lines = source.encode().split(b"\n")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _DOCUMENTED):
            for statement in node.body:
                match statement:
                    case ast.Expr(value=ast.Constant(value=str()) as string):
                        yield _written(string, lines)


def _written(string: ast.Constant, lines: Sequence[bytes]) -> Docstring:
    first, last = string.lineno - 1, (string.end_lineno or string.lineno) - 1
    written = [*lines[first : last + 1]]
    written[-1] = written[-1][: string.end_col_offset]
    before, written[0] = written[0][: string.col_offset], written[0][string.col_offset :]
    segment = b"\n".join(written).decode()
    opening = _OPENING.match(segment)
    length, quotes = (len(opening[0]), len(opening[1])) if opening else (0, 0)
    column = len(before.decode()) + length + 1
    return Docstring(string.lineno, column, segment[length : len(segment) - quotes])
