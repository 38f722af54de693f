"""The first use of a word of the glossary on a page is a ``{term}`` link.

Headings, listed terms, code, titles of boxes and the words of other links are no use of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page, Prose
    from docset.prose.site import Site

RULE = "Beginner.GlossaryFirstUse"
LEVEL = "error"

_GLOSSARY = {
    "glossary.md": (
        "# Words\n\n```{glossary}\nserver\n  It answers.\n\ndevelopment server\n  It is small.\n\n"
        "PID\n  A number.\n\nentry\nentries of a list\n  One thing.\n```\n"
    )
}
FIRING = (
    Case("# One\n\nThe server starts.\n", others=_GLOSSARY),
    Case("# One\n\nServers start, and a {term}`server` listens.\n", others=_GLOSSARY),
    Case("# One\n\nThe development server and a {term}`server`.\n", others=_GLOSSARY),
    Case("# One\n\n| a |\n|---|\n| its PIDs |\n", others=_GLOSSARY),
    Case("# One\n\n:::{note}\nA server's name.\n:::\n", others=_GLOSSARY),
    Case("# One\n\nTwo entries.\n", others=_GLOSSARY),
)
SILENT = (
    Case("# The server\n\nA {term}`server` starts, and the server stops.\n", others=_GLOSSARY),
    Case("# One\n\nThe {external+words:term}`Servers <server>` stop.\n", others=_GLOSSARY),
    Case("# One\n\nThe pid in `server`, serverless, a multi-server.\n", others=_GLOSSARY),
    Case(
        "# One\n\n{ref}`Start a server <start>` or [a server](https://x.org).\n", others=_GLOSSARY
    ),
    Case("# One\n\n{term}`development server`\n", others=_GLOSSARY),
    Case(_GLOSSARY["glossary.md"], path="glossary.md"),
)


def check(page: Page, site: Site) -> Iterator[Finding]:
    """Yield the first use of each word that is no link to its entry."""
    if page.path in site.glossary.pages:
        return
    met: set[str] = set()
    for prose in page.prose("paragraph", "item", "cell", "definition", "quote", "caption"):
        for start, term, word in _uses(prose, site):
            if term not in met and word:
                article = f"'{term}'" if term == word else f"'{term}' (here '{word}')"
                yield prose.found(start, f"first use of {article}: link it with {{term}}")
            met.add(term)


def _uses(prose: Prose, site: Site) -> Iterator[tuple[int, str, str]]:
    """Yield place and entry of each use, and the word where it is no link to the entry."""
    linked = [(role.start, role.target.lower(), "") for role in prose.roles if role.kind == "term"]
    free = [
        (start, term, word)
        for start, term, word in site.glossary.uses(prose.text)
        if not prose.is_linked(start)
    ]
    yield from sorted(linked + [(start, term.lower(), word) for start, term, word in free])
