"""A ``warning`` says what goes wrong, an ``important`` what comes first; a ``tip`` can wait."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Directive, Prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Beginner.AdmonitionMeaning"
LEVEL = "warning"

FIRING = (
    Case("# One\n\n:::{warning}\nBe careful with this command.\n:::\n"),
    Case("# One\n\n:::{important}\nThe port is 8000.\n:::\n"),
    Case("# One\n\n:::{tip}\nYou must set the port.\n:::\n"),
)
SILENT = (
    Case("# One\n\n:::{warning}\nThis command deletes the data.\n:::\n"),
    Case("# One\n\n:::{important}\nStop the server before you change its port.\n:::\n"),
    Case("# One\n\n:::{tip}\nA short name is enough.\n:::\n"),
    Case("# One\n\n:::{note}\nYou must set the port.\n:::\n"),
)

_HARM = re.compile(
    r"""\b(
      los(e|es|t|ing) | lacks? | miss(es|ing)? | gone | delet\w+ | destroy\w* | remov\w+ | overw\w+
    | break\w* | broken? | fail\w* | crash\w* | stop\w* | ends? | kill\w* | hang\w*
    | block\w* | damag\w+ | corrupt\w*
    | leak\w* | expos\w+ | steal\w* | anyone | everyone | anybody | everybody | unencrypted
    | cannot | can't | no\ longer | never | without | nobody | nothing | twice | unreachable
    | offline
    | errors? | wrong | refus\w+ | reject\w* | ignor\w+ | undo\w*
    | old | stale
    | slow\w* | risk\w* | harm\w*
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_ORDER = re.compile(r"\b(before|after|first|until|once|then|only when)\b", re.IGNORECASE)
_DUTY = re.compile(
    r"\b(must|have to|has to|need to|needs to|do not|don't|never|always|required)\b", re.IGNORECASE
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each admonition whose words do not do what its kind promises."""
    for box in page.of(Directive):
        if box.is_admonition:
            words = " ".join(prose.text for prose in page.of(Prose) if box in prose.inside)
            if message := _fault(box.name, words):
                yield box.finding(message)


def _fault(kind: str, words: str) -> str:
    if kind == "warning" and not _HARM.search(words):
        return "say what goes wrong when the reader does it, or make it a note"
    if kind == "important" and not _ORDER.search(words):
        return "say what has to be done before what, or make it a note"
    if kind == "tip" and (duty := _DUTY.search(words)):
        return f"a tip can be skipped, but this one says '{duty[0]}': make it important or a note"
    return ""
