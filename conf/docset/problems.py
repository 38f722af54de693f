"""Problems: the warnings and errors of a build, kept until what caused them is mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


RULE = "build.problem"
"""Stands before what Sphinx says, which has no names that all of its messages share."""


@dataclass(frozen=True, order=True)
class Problem:
    """One warning or error; ``path`` is absolute, or as Sphinx names the place."""

    path: str
    line: int
    message: str
    fails: bool = True
    once: bool = field(default=False, compare=False)

    def show(self, relative: Callable[[str], str]) -> str:
        """Return the problem as ``path:line:column: RULE message``; as its message without a path.

        Sphinx knows no columns, and of some problems no line: then it is the first.
        """
        if not self.path:
            return self.message
        return f"{relative(self.path)}:{self.line or 1}:1: {RULE} {self.message}"


def distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in the order of their places, each one time.

    A warning that Sphinx shows one time for a project stays with the first place that has it.
    """
    seen: set[object] = set()
    kept = []
    for problem in sorted(problems):
        key: object = (
            problem.message if problem.once else (problem.path, problem.line, problem.message)
        )
        if key not in seen:
            seen.add(key)
            kept.append(problem)
    return kept
