"""An admonition is a ``note``, a ``tip``, an ``important`` or a ``warning``.

Four kinds have four meanings that a reader can learn; ten have none.
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
)
SILENT = (
    Case("# One\n\n:::{note}\nThe server is slow on Monday.\n:::\n"),
    Case("# One\n\nNote the time.\n\n**Noted:** all of it.\n"),
    Case("# One\n\n```markdown\n:::{caution}\n:::\n```\n"),
)

KINDS = ("note", "tip", "important", "warning")
_DISGUISED = re.compile(
    r"[\s>]*(\[!\w+\]|[*_]*(note|tip|hint|important|warning|caution|attention|danger)[*_]*:)",
    re.IGNORECASE,
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each admonition of another kind, and each that is written as a plain paragraph."""
    for directive in page.of(Directive):
        if directive.is_admonition and directive.name not in KINDS:
            yield directive.finding(
                f"{{{directive.name}}} is no kind that we use: choose {', '.join(KINDS)}"
            )
    for prose in page.prose("paragraph", "item", "quote"):
        if _DISGUISED.match(prose.source):
            yield prose.finding("a box in disguise: write ':::{note}' or make it a sentence")
