"""The options that the reference describes, and what links lead to each description."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docset.prose.page import Directive, Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docset.prose.page import Page

__all__ = ["Options", "options_of"]


@dataclass
class Options:
    """Described options, as ``program --option``."""

    ways: dict[str, frozenset[str]] = field(default_factory=dict)
    """The targets that lead to an option: itself, its program, the labels of its page."""

    @property
    def programs(self) -> frozenset[str]:
        """The programs whose options are described."""
        return frozenset(option.partition(" ")[0] for option in self.ways)


def options_of(pages: Iterable[Page]) -> Options:
    """Return the options that these pages describe with ``program`` and ``option``."""
    options = Options()
    for page in pages:
        labels = {label.name for label in page.of(Label)} | {page.docname}
        program = ""
        for directive in page.of(Directive):
            if directive.name == "program":
                program = directive.argument
            elif directive.name == "option" and program:
                for name in _names(directive.argument):
                    option = f"{program} {name}"
                    options.ways[option] = frozenset({option, program, *labels})
    return options


def _names(argument: str) -> list[str]:
    """Return the flags in the argument of an option: ``-p PORT, --port PORT``."""
    words = [part.split()[0].partition("=")[0] for part in argument.split(",") if part.strip()]
    return [word for word in words if word.startswith("-") and word.strip("-")]
