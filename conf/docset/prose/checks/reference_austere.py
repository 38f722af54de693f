"""A reference page has no steps: no numbered list of things to do.

A command may stand there as an example, and a numbered list may say in which order a program looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.steps import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Reference.Austere"
LEVEL = "error"
MODES = ("reference",)

_STEPS = "# Settings\n\n1. Open the settings.\n2. Add a line.\n"
FIRING = (
    Case(_STEPS, "reference"),
    Case("# Settings\n\n1. Check the page.\n2. Mistakes are named.\n", "reference"),
    Case("# Settings\n\n1. In a second terminal, ask the server.\n", "reference"),
    Case("# Settings\n\n:::{note}\n1. Then you add a line.\n:::\n", "reference"),
)
SILENT = (
    Case("# Settings\n\n1. The option of the command.\n2. The setting.\n", "reference"),
    Case("# Settings\n\n1. Name of the host.\n2. Checks of the host.\n", "reference"),
    Case("# Settings\n\n1. In a second process, requests wait.\n", "reference"),
    Case("# Settings\n\n- Add\n- Remove\n\n```console\n$ make\n```\n", "reference"),
    Case(_STEPS, "tutorials"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each list of steps."""
    for step in steps(page):
        yield step.finding("describe what there is, and leave the steps to a guide")
