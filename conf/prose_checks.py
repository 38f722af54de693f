"""The directive ``prose-checks``: what the checks of ``docset prose`` demand, with an example each.

Everything comes from the modules of the checks: their docstrings, and the cases that prove them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docset.prose.check import FOLDER, checks
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docset.prose.check import Case, Check
    from sphinx.application import Sphinx

__all__ = ["description", "table"]


class ProseChecks(SphinxDirective):
    """Shows a table of all checks and a section for each; nothing else may follow."""

    def run(self) -> list[nodes.Node]:
        """Return the table and the sections."""
        for file in sorted(FOLDER.glob("*.py")):
            self.env.note_dependency(file)
        return [
            *self.parse_text_to_nodes("\n".join(table(checks()))),
            *map(self._section, checks()),
        ]

    def _section(self, check: Check) -> nodes.section:
        label = _anchor(check)
        section = nodes.section("", nodes.title("", check.rule), ids=[label])
        domain = self.env.domains.standard_domain
        domain.note_hyperlink_target(label, self.env.current_document.docname, label, check.rule)
        section += self.parse_text_to_nodes("\n".join(description(check)))
        return section


def table(found: Iterable[Check]) -> Iterator[str]:
    """Yield a line of Markdown for each check: its name, where it looks, and what it demands."""
    yield from ("| Rule | Pages | Demand |", "|---|---|---|")
    for check in found:
        cells = (f"[`{check.rule}`](#{_anchor(check)})", _pages(check), _markdown(check.demand))
        yield f"| {' | '.join(cells)} |"


def description(check: Check) -> Iterator[str]:
    """Yield lines of Markdown: what a check demands, why, what it finds, and what it accepts."""
    bad, good = check.firing[0], check.silent[0]
    yield from (_markdown(check.demand), "", _markdown(check.reason), "")
    yield from ("Found:", "", *_fence(bad.text), *_others(bad), "")
    yield from ("Accepted:", "", *_fence(good.text))
    if good.others != bad.others:
        yield from _others(good)


def _others(case: Case) -> Iterator[str]:
    """Yield the other pages that a case needs."""
    for path, text in case.others.items():
        yield from ("", f"where the page `{path}` is:", "", *_fence(text))


def _fence(text: str) -> Iterator[str]:
    # Longer than each fence inside.
    yield from ("``````markdown", text.rstrip("\n"), "``````")


def _pages(check: Check) -> str:
    return ", ".join(sorted(check.modes)) or "all"


def _anchor(check: Check) -> str:
    return f"structure-{check.rule.lower().replace('.', '-')}"


def _markdown(text: str) -> str:
    """Return a docstring as Markdown: only its marks for code are different."""
    return re.sub(r"``(.+?)``", r"`\1`", text)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("prose-checks", ProseChecks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
