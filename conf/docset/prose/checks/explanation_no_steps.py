"""An explanation has no steps: no numbered list of things to do, and no command to type.

It is read away from the keyboard; what a command prints may be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.steps import commands, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Explanation.NoSteps"
LEVEL = "error"
MODES = ("explanation",)

_STEPS = "# About it\n\n1. Open the settings.\n2. Add a line.\n"
FIRING = (
    Case(_STEPS, "explanation"),
    Case("# About it\n\n1. The server stops.\n1. You start it again.\n", "explanation"),
    Case("# About it\n\n- One.\n\n  1. First, install it.\n", "explanation"),
    Case("# About it\n\n```console\n$ make\n```\n", "explanation"),
    Case(
        "# About it\n\n:::{note}\n```{code-block} doscon\nC:\\site> make\n```\n:::\n", "explanation"
    ),
)
SILENT = (
    Case("# About it\n\n1. The server reads the settings.\n2. It starts.\n", "explanation"),
    Case("# About it\n\n- Open source is old.\n\n```python\nprint(1)\n```\n", "explanation"),
    Case("# About it\n\n```console\nStarting server\n```\n", "explanation"),
    Case(_STEPS, "how-to"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each list of steps and each block with a command."""
    for step in steps(page):
        yield step.finding("discuss it, and link a guide that has these steps")
    for code in commands(page):
        yield code.finding("an explanation has no commands: link a guide, or show the output alone")
