"""A setting, an environment variable or an option is described with its type, default and example.

Type and default are terms of their own in the entry. The example is a third one, or a block of code
on the page that has the name. An option that takes no value has neither type nor default, but an
example too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Code, Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Reference.Complete"
LEVEL = "error"
MODES = ("reference",)

_HEAD = "# Names\n\n```{envvar} COLOR\n\nThe color.\n\n"
_TYPE, _DEFAULT, _EXAMPLE = "Type\n: text\n\n", "Default\n: `red`\n\n", "Example\n: `blue`\n\n"
_SESSION = "```console\n$ COLOR=blue make --fast\n```\n"
_FLAG = "# Options\n\n```{option} --fast\n\nMakes haste.\n```\n"
FIRING = (
    Case(f"{_HEAD}```\n", "reference"),
    Case(f"{_HEAD}{_DEFAULT}{_EXAMPLE}```\n", "reference"),
    Case(f"{_HEAD}{_TYPE}{_EXAMPLE}```\n", "reference"),
    Case(f"{_HEAD}{_TYPE}{_DEFAULT}```\n", "reference"),
    Case(f"{_HEAD}{_TYPE}{_DEFAULT}```\n\n{_SESSION}".replace("COLOR=", "COLORS="), "reference"),
    Case(f"{_HEAD}{_DEFAULT}{_EXAMPLE}```\n".replace("{envvar}", "{setting}"), "reference"),
    Case(f"{_HEAD}```\n\n{_TYPE}{_DEFAULT}{_EXAMPLE}", "reference"),
    Case(f"{_FLAG.replace('--fast', '--color NAME')}\n`--color=blue`\n", "reference"),
    Case(_FLAG, "reference"),
)
SILENT = (
    Case(f"{_HEAD}{_TYPE}{_DEFAULT}{_EXAMPLE}```\n", "reference"),
    Case(f"{_HEAD}{_TYPE}{_DEFAULT}```\n\n{_SESSION}", "reference"),
    Case(f"{_HEAD}{_TYPE}{_DEFAULT}{_EXAMPLE}```\n".replace("{envvar}", "{setting}"), "reference"),
    Case(f"{_FLAG}\n{_SESSION}", "reference"),
    Case("# Names\n\n```{option} NAME\n\nWhat to make.\n```\n", "reference"),
    Case("# Codes\n\n```{exit-code} 2\n\nA mistake.\n```\n", "reference"),
    Case(f"{_HEAD}```\n", "explanation"),
)

_VALUED = ("confval", "envvar", "setting")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each entry that lacks something."""
    for entry in page.of(Directive):
        name, *value = entry.argument.split(maxsplit=1) or [""]
        is_option = entry.name == "option" and name.startswith("-")
        if not is_option and entry.name not in _VALUED:
            continue
        terms = {prose.text for prose in page.prose("term") if prose.inside[-1:] == (entry,)}
        wanted = {"Type", "Default"} if value or not is_option else set()
        lacking = [f"'{term}'" for term in ("Type", "Default") if term in wanted - terms]
        if "Example" not in terms and not _is_shown(name, page):
            lacking.append("'Example'")
        if lacking:
            message = f"{name} has no {' and no '.join(lacking)}: say it as a term of the entry"
            yield entry.finding(message)


def _is_shown(name: str, page: Page) -> bool:
    """Tell whether a block of code on the page has the name as a word."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return any(word.search(code.body) for code in page.of(Code))
