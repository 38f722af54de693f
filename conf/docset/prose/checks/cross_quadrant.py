"""A tutorial ends with links into reference and explanation; a how-to links why and its options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Code, Heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.inline import Role
    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "All.CrossQuadrant"
LEVEL = "warning"
MODES = ("tutorials", "how-to")

_WHY = "\n## Where to go from here\n\n- {external+explanation:ref}`why`\n"
_OPTIONS = {
    "reference/commands.md": (
        "(commands)=\n# Commands\n\n```{program} serve\n```\n\n"
        "```{option} --port NUMBER\n\nIt.\n```\n"
    )
}
_USE = "# How to serve\n\n```console\n$ python -m serve --port 1 --help\n```\n"
FIRING = (
    Case("# One\n\n## End\n\n- {external+explanation:ref}`why`\n", "tutorials"),
    Case(f"# One\n\n{{external+reference:ref}}`x`\n{_WHY}", "tutorials"),
    Case("# How to serve\n\nWords.\n"),
    Case(f"{_USE}{_WHY}", others=_OPTIONS),
)
SILENT = (
    Case(f"# One\n{_WHY}- {{external+reference:ref}}`x`\n", "tutorials"),
    Case("# Tutorials\n\n```{toctree}\none\n```\n", "tutorials"),
    Case(f"{_USE}{_WHY}"),
    Case(f"{_USE}{_WHY}- {{external+reference:option}}`serve --port`\n", others=_OPTIONS),
    Case(f"{_USE}{_WHY}- {{external+reference:ref}}`commands`\n", others=_OPTIONS),
    Case("# One\n", "explanation"),
)


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield each mode that is not linked, and each option whose description is not."""
    if page.is_index:
        return
    if page.mode == "tutorials":
        yield from _end_of_tutorial(page, site)
        return
    roles = [role for prose in page.prose() for role in prose.roles]
    if "explanation" not in _modes(roles, site):
        yield page.top("link the explanation that says why: it has a place at the end")
    yield from _options(page, site, {role.target for role in roles})


def _end_of_tutorial(page: Page, site: Site) -> Iterator[Finding]:
    last = [heading for heading in page.of(Heading) if heading.level == 2][-1:]
    start = last[0].line if last else 0
    roles = [role for prose in page.prose() if prose.line > start for role in prose.roles]
    for mode in ("reference", "explanation"):
        if mode not in _modes(roles, site):
            place = last[0].finding if last else page.top
            yield place(f"link a page of the {mode} in the last section")


def _modes(roles: list[Role], site: Site) -> set[str]:
    """Return the modes of the roots to which the roles lead; a link to a word is none."""
    return {site.mode_of_role(role) for role in roles if role.kind != "term"}


def _options(page: Page, site: Site, targets: set[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for code in page.of(Code):
        if code.language != "console":
            continue
        for number, line in enumerate(code.body.split("\n")):
            for option, start in _used(line, site):
                if option not in seen and not targets & site.options.ways[option]:
                    message = f"link the reference of this option: {{option}}`{option}`"
                    yield code.found(number, start, message)
                seen.add(option)


def _used(line: str, site: Site) -> Iterator[tuple[str, int]]:
    """Yield the described options of a command line, as ``program --option``, with their column."""
    if not line.startswith("$ "):
        return
    program = ""
    for word in re.finditer(r"\S+", line.partition(" -- ")[0]):
        if word[0] in site.options.programs:
            program = word[0]
        option = f"{program} {word[0].partition('=')[0]}"
        if option in site.options.ways:
            yield option, word.start()
