"""Each step of a tutorial shows what we see after it: output, a picture, or a sentence of seeing.

Such a sentence has a verb for it: we see, it prints, a page appears.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Code, Directive, Heading, Prose

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
    Case("# One\n\n```console\n$ make\n```\n\nWe say nothing.\n", "tutorials"),
    Case("# One\n\n```console\n$ make\n```\n\nNow it is late.\n", "tutorials"),
    Case("# One\n\n```console\n$ make\n```\n\nWe show it to nobody.\n", "tutorials"),
    Case(f"# One\n\n```console\n$ make\n```\n\n{_FILE}", "tutorials"),
    Case(
        "# One\n\n```console\n$ make\n```\n\n% test: skip: it prints too much\n\n"
        "```console\n$ ls\n```\n\nIt prints nothing.\n",
        "tutorials",
    ),
    Case(f"# One\n\n## Step\n\nWe write a file.\n\n{_FILE}## Next\n\nWords.\n", "tutorials"),
)
SILENT = (
    Case("# One\n\n## Step\n\n```console\n$ make\ndone\n```\n", "tutorials"),
    Case("# One\n\n## Step\n\n```console\n$ make\n```\n\nIt prints nothing.\n", "tutorials"),
    Case(f"# One\n\n## Step\n\n{_FILE}```console\n$ python one.py\n1\n```\n", "tutorials"),
    Case(f"# One\n\n## Step\n\n{_FILE}A page with our name appears.\n", "tutorials"),
    Case("# One\n\n```console\n$ make\n```\n\n```{figure} one.svg\n```\n", "tutorials"),
    Case("# One\n\n```console\n$ make\n```\n\nThere:\n\n![A page](one.svg)\n", "tutorials"),
    Case("# One\n\n```console\n$ make\n```\n\n```text\ndone\n```\n", "tutorials"),
    Case(f"# One\n\n{_FILE}Our page:\n\n```text\n1\n```\n", "tutorials"),
    Case("# How to make it\n\n```console\n$ make\n```\n", "how-to"),
)

_RESULT = re.compile(
    r"""\b(?:
      we\ (?:now\ |then\ |also\ |both\ )?see | (?:can|could)\ be\ seen
    | prints? | printed | shows | says | displays | appears? | answers | answered | reports | lists
    | ends\ with | comes?\ back
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_PICTURES = ("figure", "image")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each session that ends with a command, and each section that has code and no result."""
    for section in _sections(page):
        codes = [part for part in section if isinstance(part, Code)]
        silent = [code for code in codes if code.language == "console" and not _has_output(code)]
        for code in silent:
            if not _is_told(section[section.index(code) + 1 :]):
                yield code.finding("show what the last command prints, or say what we see now")
        shown = [code for code in codes if _has_output(code) or _is_literal(code)]
        if codes and not silent and not shown:
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
    """Tell whether what stands up to the next command or file is a result, or words that say it."""
    return any(map(_is_result, takewhile(lambda part: not _is_next(part), after)))


def _is_next(part: Part) -> bool:
    return isinstance(part, Code) and not _is_literal(part)


def _is_result(part: Part) -> bool:
    match part:
        case Prose():
            is_running = part.kind != "reason"
            return is_running and bool(_RESULT.search(part.text) or "![" in part.source)
        case Directive():
            return part.name in _PICTURES
    return isinstance(part, Code)


def _is_literal(code: Code) -> bool:
    """Tell whether a block shows what there is to see, and is no file to write."""
    return code.language == "text" and "caption" not in code.options
