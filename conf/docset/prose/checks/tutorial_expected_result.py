"""Each step of a tutorial shows what we see after it: output, or a sentence that says it."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Code, Heading, Prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docset.prose.page import Finding, Page, Part
    from docset.prose.site import Site

RULE = "Tutorials.ExpectedResult"
LEVEL = "error"
MODES = ("tutorials",)

_FILE = "```{code-block} python\n:caption: one.py\n\nprint(1)\n```\n\n"
FIRING = (
    Case("# One\n\n## Step\n\n```console\n$ make\n```\n\n## Next\n\nWe see it.\n", "tutorials"),
    Case("# One\n\n## Step\n\n```console\n$ ls\none.py\n$ make\n```\n\nIt is fun.\n", "tutorials"),
    Case(f"# One\n\n## Step\n\nWe write a file.\n\n{_FILE}## Next\n\nWords.\n", "tutorials"),
)
SILENT = (
    Case("# One\n\n## Step\n\n```console\n$ make\ndone\n```\n", "tutorials"),
    Case("# One\n\n## Step\n\n```console\n$ make\n```\n\nIt prints nothing.\n", "tutorials"),
    Case(f"# One\n\n## Step\n\n{_FILE}```console\n$ python one.py\n1\n```\n", "tutorials"),
    Case(f"# One\n\n## Step\n\n{_FILE}We now have a file.\n", "tutorials"),
    Case("# How to make it\n\n```console\n$ make\n```\n", "how-to"),
)

_RESULT = re.compile(
    r"\b(see|sees|shows?|prints?|nothing|now|says?|answers?|answered|appears?|comes? back)\b"
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each session that ends with a command, and each section that has code and no result."""
    for section in _sections(page):
        codes = [part for part in section if isinstance(part, Code)]
        silent = [code for code in codes if code.language == "console" and not _has_output(code)]
        for code in silent:
            if not _is_told(section[section.index(code) + 1 :]):
                yield code.finding("show what the last command prints, or say what we see now")
        if codes and not silent and not any(_has_output(code) for code in codes):
            after = section[section.index(codes[-1]) + 1 :]
            if not _is_told(after):
                yield codes[-1].finding("this step has no result: run something, and show it")


def _sections(page: Page) -> Iterator[Sequence[Part]]:
    """Yield the parts from each heading up to the next one."""
    section: list[Part] = []
    for part in page.parts:
        if isinstance(part, Heading):
            yield section
            section = []
        section.append(part)
    yield section


def _has_output(code: Code) -> bool:
    """Tell whether the last line of a session is output; a lone ``^C`` is typed."""
    lines = [line for line in code.body.split("\n") if line.strip()]
    if code.language != "console" or not lines:
        return False
    return not re.match(r"\$ |> |\^C$", lines[-1])


def _is_told(after: Sequence[Part]) -> bool:
    """Tell whether the words up to the next code say what is seen."""
    words = takewhile(lambda part: not isinstance(part, Code), after)
    return any(_RESULT.search(part.text) for part in words if isinstance(part, Prose))
