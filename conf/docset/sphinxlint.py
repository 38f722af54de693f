"""What sphinx-lint knows of reStructuredText, where there is some: docstrings, files and blocks.

It passes by Markdown in silence; for that the checks of ``docset.prose`` have the same names.
"""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

from sphinxlint import check_text
from sphinxlint.checkers import all_checkers

from docset.docstrings import docstrings
from docset.fences import fences
from docset.markdown import markdown
from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.project import Project

__all__ = ["in_site", "in_sources"]

STYLE = "Rest"
"""Stands before a rule of sphinx-lint, as in ``Rest.MissingSpaceAfterRole``."""
# What says nothing about a docstring: the file around it has its own formatter.
_OF_FILES = frozenset({"line-too-long", "missing-final-newline", "triple-backticks"})
_LEAKED = "leaked-markup"
# Code may hold any mark, but no role stands right before it.
_CODE = re.compile(
    r"<(?P<tag>code|pre|script|style|svg)\b.*?</(?P=tag)>|<!--.*?-->|<[^<>]*>", re.DOTALL
)
_ROLE = re.compile(r"(?:\{[\w:+.-]+\}|(?<!\w):[\w+.:-]+:)\s?(?=<code\b)")
# The help texts of some servers have "the worker`s".
_APOSTROPHE = re.compile(r"(?<=[a-z])`(?=s\b)")
_TAG = re.compile(r"<[^<>]*>")
_LONG = 200


def in_sources(project: Project) -> Iterator[Alert]:
    """Yield the mistakes in docstrings, in ``.rst`` files and in ``eval-rst`` blocks of pages."""
    for file in project.modules():
        name = project.relative(file)
        for docstring in docstrings(file.read_text("utf-8")):
            yield from _alerts(name, _dedented(docstring.text), docstring.line)
    for root in project.roots:
        for file in sorted(root.path.rglob("*.rst")):
            yield from _alerts(project.relative(file), file.read_text("utf-8"), 1)
    for file in markdown(project):
        yield from _in_page(project.relative(file), file.read_text("utf-8"))


def in_site(project: Project) -> Iterator[Alert]:
    """Yield what readers of the built site see as markup."""
    checker = {all_checkers[_LEAKED]}
    for page in sorted(project.output.rglob("*.html")):
        text = _CODE.sub(_blank, _ROLE.sub("`", page.read_text("utf-8")))
        text = _APOSTROPHE.sub("'", text)
        for error in check_text(page.name, text, checker):
            shown = " ".join(_TAG.sub("", error.msg.partition(": ")[2]).split())
            message = f"readers see markup: {shown[:_LONG]}"
            yield Alert(project.relative(page), error.line_no, 1, _rule(_LEAKED), message)


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _in_page(name: str, text: str) -> Iterator[Alert]:
    lines = text.split("\n")
    for outer in fences(text, frozenset({"colon_fence", "deflist"})):
        for fence in outer.all():
            if fence.directive == "eval-rst":
                last = fence.last - 1 if fence.closing_column else fence.last
                body = dedent("\n".join(lines[fence.line : last])) + "\n"
                yield from _alerts(name, body, fence.line + 1)


def _alerts(name: str, text: str, line: int) -> Iterator[Alert]:
    """Yield the mistakes in a text whose first line is this line of a file."""
    checkers = {
        checker
        for checker_name, checker in all_checkers.items()
        if ".rst" in checker.suffixes and checker_name not in _OF_FILES
    }
    for error in check_text("text.rst", text, checkers):
        rule = _rule(error.checker_name)
        yield Alert(name, line + error.line_no - 1, 1, rule, error.msg.strip())


def _rule(name: str) -> str:
    return f"{STYLE}.{''.join(word.capitalize() for word in name.split('-'))}"


def _dedented(docstring: str) -> str:
    first, newline, rest = docstring.partition("\n")
    return first + newline + dedent(rest).rstrip() + "\n"
