"""The directive ``prose-rules``: the rules of one style of Vale, each with its own examples.

A rule is a file in the folder ``styles``. The comment at its beginning says why there is such a
rule, the first of its cases is what it finds, and the first one in which it finds nothing is what
to write instead. Vale runs these cases, so the table holds no example that is not true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

__all__ = ["Rule", "rules"]

logger = logging.getLogger(__name__)

STYLES = Path(__file__).resolve().parent.parent / "styles"
HEADINGS = ("Rule", "Instead of", "Write", "Why")
# In percent.
WIDTHS = (24, 24, 24, 28)
_COMMENT = re.compile(r"(?:#.*\n)+")
# What shows that an example is about markup rather than about words.
_MARKUP = re.compile(r"[`\[{<#]")


@dataclass(frozen=True)
class Rule:
    """A rule as its file describes it."""

    name: str
    """Without the style: ``Latin``."""
    why: str
    bad: str
    good: str


def rules(style: str) -> Iterator[Rule]:
    """Yield the rules of a style by name.

    Raise ValueError for a file without a reason at its beginning or without both kinds of cases.
    """
    for file in sorted((STYLES / style).glob("*.yml")):
        text = file.read_text("utf-8")
        comment = _COMMENT.match(text)
        cases = yaml.safe_load(text).get("tests", [])
        bad = [case["input"].strip() for case in cases if case.get("want") != ""]
        good = [case["input"].strip() for case in cases if case.get("want") == ""]
        if not (comment and bad and good):
            raise ValueError(f"{file.name} needs a reason, a case that fires and one that does not")
        why = " ".join(line.lstrip("# ") for line in comment[0].splitlines())
        yield Rule(file.stem, why, bad[0], good[0])


class ProseRules(SphinxDirective):
    """Shows the rules of a style, with what each finds and what to write instead."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table; warn, and return nothing, when a rule cannot be shown."""
        style = self.arguments[0]
        self.env.note_dependency(STYLES / style)
        for file in (STYLES / style).glob("*.yml"):
            self.env.note_dependency(file)
        try:
            found = list(rules(style))
        except ValueError as error:
            logger.warning("the style %s: %s", style, error, location=self.get_location())
            return []
        return [self._table(style, found)]

    def _table(self, style: str, found: list[Rule]) -> nodes.table:
        table = nodes.table(classes=["option-table", "prose-rules", "colwidths-given"])
        self.set_source_info(table)
        group = nodes.tgroup(cols=len(HEADINGS))
        group += [nodes.colspec(colwidth=width) for width in WIDTHS]
        head = nodes.row("", *(nodes.entry("", nodes.paragraph(text=text)) for text in HEADINGS))
        body = nodes.tbody("", *(_row(style, rule) for rule in found))
        group += [nodes.thead("", head), body]
        table += [nodes.title(text=f"The rules of the style {style}"), group]
        return table


def _row(style: str, rule: Rule) -> nodes.row:
    name = nodes.paragraph("", "", nodes.literal(text=f"{style}.{rule.name}"))
    why = nodes.paragraph(text=rule.why)
    cells = (name, _example(rule.bad), _example(rule.good), why)
    return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def _example(text: str) -> nodes.Element:
    """Return words as words, and what has markup as code."""
    if not _MARKUP.search(text):
        # The examples are shown as they are typed.
        return nodes.paragraph(text=text, support_smartquotes=False)
    if "\n" not in text:
        return nodes.paragraph("", "", nodes.literal(text=text))
    return nodes.literal_block(text, text, language="none")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("prose-rules", ProseRules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
