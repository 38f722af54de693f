"""An admonition is a ``note``, a ``tip``, an ``important`` or a ``warning``.

Four kinds have four meanings that a reader can learn; ten have none. What only looks like a box is
none of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Beginner.AdmonitionKinds"
LEVEL = "error"

FIRING = (
    Case("# One\n\n:::{caution}\nThe data is gone after that.\n:::\n"),
    Case("# One\n\n```{admonition} By the way\nIt also works on Monday.\n```\n"),
    Case("# One\n\n**Note:** the server is slow on Monday.\n"),
    Case("# One\n\n> [!TIP]\n> It also works on Monday.\n"),
    Case("# One\n\n**Warning** \u2013 the data is gone after that.\n"),
    Case("# One\n\n**Note** the server is slow on Monday.\n"),
    Case("# One\n\n- __Caution!__ The data is gone after that.\n"),
    Case("# One\n\nNote \u2014 the server is slow on Monday.\n"),
    Case("# One\n\n> **Warning**\n> The data is gone after that.\n"),
    Case("# One\n\n:::{dropdown} Read this\n:color: warning\n\nThe data is gone.\n:::\n"),
    Case("# One\n\n:::{card}\n:class-card: sd-bg-danger\n\nThe data is gone.\n:::\n"),
    Case("# One\n\n```{container} admonition note\nIt also works on Monday.\n```\n"),
)
SILENT = (
    Case("# One\n\n:::{note}\nThe server is slow on Monday.\n:::\n"),
    Case("# One\n\nNote the time.\n\n**Noted:** all of it.\n"),
    Case("# One\n\n```markdown\n:::{caution}\n:::\n```\n"),
    Case("# One\n\nWarning signs are red.\n\n**Important files** have a copy.\n"),
    Case("# One\n\n:::{dropdown} More\n:color: primary\n\nIt also works on Monday.\n:::\n"),
)

KINDS = ("note", "tip", "important", "warning")
_NAMES = "note|tip|hint|important|warning|caution|attention|danger"
_DISGUISED = re.compile(
    rf"""
      [\s>]* (?:
        \[!\w+\]
      | [*_]* (?:{_NAMES}) [*_]* (?: : | \s*[\u2013\u2014] | \s-\s )
      | (?P<bold>\*\*|__) (?:{_NAMES}) [.!:]? (?P=bold)
      )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ADVICE = "a box in disguise: write ':::{note}' or make it a sentence"
_COLORED = re.compile(r"\b(?:admonition|danger|info|warning)\b")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each admonition of another kind, and each that is written as something else."""
    for directive in page.of(Directive):
        if directive.is_admonition and directive.name not in KINDS:
            yield directive.finding(
                f"{{{directive.name}}} is no kind that we use: choose {', '.join(KINDS)}"
            )
        if not directive.is_admonition and any(map(_COLORED.search, _looks(directive))):
            yield directive.finding(_ADVICE)
    for prose in page.prose("paragraph", "item", "quote"):
        if _DISGUISED.match(prose.source):
            yield prose.finding(_ADVICE)


def _looks(directive: Directive) -> Iterator[str]:
    """Yield what says how a directive looks."""
    for name, value in directive.options.items():
        if name == "color" or name.startswith("class"):
            yield value
    if directive.name in ("container", "div"):
        yield directive.argument
