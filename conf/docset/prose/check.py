"""The checks: one module a check in ``docset/prose/checks``, found by looking into that folder.

A module has a docstring, whose first line says what the check demands, and

- ``RULE``: the name in its alerts, such as ``Beginner.OneTitle``;
- ``LEVEL``: ``error``, ``warning`` or ``suggestion``;
- ``MODES`` (optional): the modes of the pages that it is for; without it, all pages;
- ``FIRING`` and ``SILENT``: cases that prove it, at least one of each;
- ``check(page, site)``: yields what it finds on the page; ``site`` has the other pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from docset.project import MODES
from docset.prose import ratchet
from docset.prose.alerts import Alert
from docset.prose.promises import read_promises
from docset.prose.site import Site, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from docset.prose.page import Finding, Page

__all__ = ["Case", "Check", "checks"]

FOLDER = Path(__file__).with_name("checks")
LEVELS = ("error", "warning", "suggestion")


@dataclass(frozen=True)
class Case:
    """A page on which a check must, or must not, find something."""

    text: str
    mode: str = "how-to"
    path: str = "page.md"
    others: Mapping[str, str] = field(default_factory=dict)
    """Further pages: their text by their path; one in the folder of a mode has that mode."""
    promises: str = ""
    """The text of ``labels.toml``."""
    figures: str = ""
    """The text of ``figures.toml``."""

    def site(self) -> Site:
        """Return a site that has the page and the others."""
        texts = {self.path: self.text, **self.others}
        sources = {path: self._source(path, text) for path, text in texts.items()}
        modes = {mode: mode for mode in MODES}
        return Site(sources, modes, read_promises(self.promises), ratchet.read(self.figures))

    def _source(self, path: str, text: str) -> Source:
        folder = path.partition("/")[0]
        mode = folder if folder in MODES else self.mode
        return Source(path, mode, mode, path.removesuffix(".md"), text)


@dataclass(frozen=True)
class Check:
    """A check as its module describes it."""

    rule: str
    level: str
    demand: str
    """What it demands, in one sentence."""
    reason: str
    """What else its docstring says; may be empty."""
    modes: frozenset[str]
    firing: Sequence[Case]
    silent: Sequence[Case]
    find: Callable[[Page, Site], Iterable[Finding]]

    def alerts(self, page: Page, site: Site) -> Iterator[Alert]:
        """Yield an alert for each finding on the page."""
        if self.modes and page.mode not in self.modes:
            return
        for found in self.find(page, site):
            yield Alert(page.path, found.line, found.column, self.rule, found.message)

    def alerts_of(self, case: Case) -> list[Alert]:
        """Return the alerts on the page of a case."""
        site = case.site()
        return list(self.alerts(site.sources[case.path].page, site))


@cache
def checks() -> tuple[Check, ...]:
    """Return every check of the folder, by the name of its rule."""
    names = sorted(file.stem for file in FOLDER.glob("[!_]*.py"))
    loaded = (_check(import_module(f"docset.prose.checks.{name}")) for name in names)
    return tuple(sorted(loaded, key=lambda check: check.rule))


def _check(module: ModuleType) -> Check:
    demand, _, reason = (module.__doc__ or "").partition("\n\n")
    return Check(
        rule=module.RULE,
        level=module.LEVEL,
        demand=" ".join(demand.split()),
        reason=" ".join(reason.split()),
        modes=frozenset(getattr(module, "MODES", ())),
        firing=module.FIRING,
        silent=module.SILENT,
        find=module.check,
    )
