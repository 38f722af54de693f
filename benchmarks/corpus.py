"""Write a documentation of four Sphinx roots that refer to each other, for measuring.

``python benchmarks/corpus.py DIR --pages 100`` makes four roots of 25 pages each. The same
arguments always give the same bytes. The roots are ordinary Sphinx projects: ``sphinx-build``
takes them, and so does ``docset build --project DIR``.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS = ("tutorials", "how-to", "reference", "explanation")
CHILDREN = 6  # entries of a toctree
NOUNS = (
    "worker process request queue socket header certificate release deployment container signal "
    "timeout database migration template middleware session cookie permission setting backend "
    "listener proxy reload thread task scheduler log metric probe volume secret token cache lock "
    "bundle manifest archive snapshot shell host region balancer address port buffer stream record "
    "table column index query transaction cursor schema fixture router view form model field"
)
VERBS = (
    "starts stops reloads opens closes reads writes checks keeps drops accepts refuses measures "
    "limits repeats records replaces restores shares signs stores trusts updates watches"
)
MANNERS = (
    "quietly",
    "at once",
    "before the deadline",
    "after a restart",
    "for every client",
    "only under load",
)
CODE = {
    "python": "def {noun}(size: int) -> list[int]:\n"
    '    """Return the {noun} numbers below size."""\n'
    "    return [number * number for number in range(size) if number % 3]",
    "console": "$ python manage.py {noun} --timeout 30\nStarted {noun} in 0.2 s.",
    "yaml": "{noun}:\n  timeout: 30\n  workers: [one, two]\n  enabled: true",
    "ini": "[{noun}]\ntimeout = 30\nworkers = 2\n# the {noun} restarts by itself\nrestart = always",
}
CONF = """\
from pathlib import Path

project = "{title}"
author = "The authors"
extensions = [
    "myst_parser",
    "sphinx.ext.intersphinx",
    "sphinx_copybutton",
    "sphinx_tabs.tabs",
    "sphinxext.opengraph",
]
html_theme = "furo"
html_title = project
myst_enable_extensions = ["colon_fence", "deflist"]
intersphinx_disabled_reftypes = ["*"]
ogp_site_url = "https://docs.example.org/{root}/"
ogp_social_cards = {{"enable": False}}

# For `sphinx-build`, which finds the siblings where its earlier run put them.
_built = Path(__file__).resolve().parent.parent / "build" / "stock"
intersphinx_mapping = {{
    name: (f"../{{name}}", str(_built / name / "objects.inv"))
    for name in {siblings}
}}
"""


@dataclass(frozen=True)
class Page:
    """A page of a root. The pages of a root form a tree in the order of their numbers."""

    root: str
    number: int
    count: int

    @property
    def name(self) -> str:
        """Return the document's name, such as ``part-2/page-013``."""
        return "index" if self.number == 0 else f"part-{self.part}/page-{self.number:03}"

    @property
    def part(self) -> int:
        """Return the number of the page's ancestor just below the root's index."""
        number = self.number
        while number > CHILDREN:
            number = (number - 1) // CHILDREN
        return number

    @property
    def label(self) -> str:
        """Return the label that stands before the page's title."""
        return f"{self.root}-{self.number:03}"

    @property
    def children(self) -> list[Page]:
        """Return the pages of this page's toctree."""
        first = self.number * CHILDREN + 1
        return [
            Page(self.root, number, self.count)
            for number in range(first, min(first + CHILDREN, self.count))
        ]

    def sibling(self, root: str) -> Page:
        """Return the page of another root that this page refers to."""
        return Page(root, (self.number * 7 + 3) % self.count, self.count)

    def path(self, directory: Path) -> Path:
        """Return the page's source file below the corpus."""
        return directory / self.root / f"{self.name}.md"


class Prose:
    """Makes up text from a seed."""

    nouns = NOUNS.split()
    verbs = VERBS.split()

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def noun(self) -> str:
        """Return one word."""
        return self.random.choice(self.nouns)

    def sentence(self) -> str:
        """Return a sentence with a little markup."""
        verb, manner = self.random.choice(self.verbs), self.random.choice(MANNERS)
        first, second, third = self.random.sample(self.nouns, 3)
        kind = self.random.randrange(4)
        second = (second, f"`{second}`", f"*{second}*", f"**{second}**")[kind]
        return f"The {first} {verb} the {second} of a {third} {manner}."

    def paragraph(self, sentences: int = 5) -> str:
        """Return some sentences, each on its own line."""
        return "\n".join(self.sentence() for _ in range(sentences))

    def code(self, language: str) -> str:
        """Return a fenced block."""
        return f"```{language}\n{CODE[language].format(noun=self.noun())}\n```"


def tabs(prose: Prose) -> str:
    """Return a set of two tabs of sphinx-tabs."""
    panels = (
        f"```{{group-tab}} {name}\n{prose.paragraph(2)}\n\n"
        f"{prose.code('console').replace('```', '~~~')}\n```"
        for name in ("Linux", "Windows")
    )
    return "````{tabs}\n" + "\n\n".join(panels) + "\n````"


def admonition(prose: Prose, kind: str) -> str:
    """Return a note, a tip or a warning."""
    return f":::{{{kind}}}\n{prose.paragraph(2)}\n:::"


def table(prose: Prose) -> str:
    """Return a table of five rows."""
    rows = (f"| `{prose.noun()}` | {n} | {prose.sentence()} |" for n in range(5))
    return "| Name | Default | Meaning |\n|---|---|---|\n" + "\n".join(rows)


def links(page: Page) -> str:
    """Return references to every other root and to pages of this one."""
    abroad = [
        f"- {{external+{root}:ref}}`{page.sibling(root).label}` and "
        f"{{external+{root}:ref}}`its options <{page.sibling(root).label}-options>`"
        for root in ROOTS
        if root != page.root
    ]
    near = page.sibling(page.root)
    here = f"- {{ref}}`{near.label}-options` and {{doc}}`the start </index>`"
    return "\n".join([*abroad, here])


def toctree(page: Page) -> str:
    """Return the page's toctree, or nothing."""
    if not page.children:
        return ""
    entries = "\n".join(f"/{child.name}" for child in page.children)
    return f"```{{toctree}}\n:maxdepth: 2\n\n{entries}\n```"


def blocks(page: Page) -> Iterator[str]:
    """Yield the blocks of a page from its title to its end."""
    prose = Prose(page.label)
    title = f"{prose.noun().capitalize()} and {prose.noun()} {page.number}"
    yield f"({page.label})=\n# {title}"
    yield prose.paragraph()
    yield admonition(prose, "note")
    yield f"({page.label}-options)=\n## Options of the {prose.noun()} {page.number}"
    yield from (prose.paragraph(), table(prose), prose.code("ini"), links(page))
    for language in ("python", "console", "yaml"):
        yield f"## The {prose.noun()} in {language}"
        yield from (prose.paragraph(), prose.code(language), prose.paragraph(3))
        yield f"### A {prose.noun()} in detail"
        yield from (tabs(prose), prose.paragraph())
    yield f"## When the {prose.noun()} fails"
    yield from (admonition(prose, "warning"), prose.paragraph(), toctree(page))


def text(page: Page) -> str:
    """Return the source of a page."""
    return "\n\n".join(block for block in blocks(page) if block) + "\n"


def table_of_roots() -> str:
    """Return the ``pyproject.toml`` that docset reads."""
    head = dedent("""\
        [tool.docset]
        title = "Corpus"
        url = "https://docs.example.org/"
        output = "build/site"
        """)
    return head + "".join(
        f'\n[[tool.docset.roots]]\nname = "{root}"\npath = "{root}"\ntitle = "{root.title()}"\n'
        for root in ROOTS
    )


def pages(count: int) -> list[Page]:
    """Return all pages of a corpus of ``count`` pages, a quarter of them in each root."""
    return [Page(root, n, count // 4) for root in ROOTS for n in range(count // 4)]


def write(directory: Path, count: int) -> list[Page]:
    """Write a corpus of ``count`` pages below ``directory`` and return its pages."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "pyproject.toml").write_text(table_of_roots(), "utf-8")
    for root in ROOTS:
        siblings = [other for other in ROOTS if other != root]
        (directory / root).mkdir(exist_ok=True)
        conf = CONF.format(title=root.title(), root=root, siblings=siblings)
        (directory / root / "conf.py").write_text(conf, "utf-8")
    written = pages(count)
    for page in written:
        page.path(directory).parent.mkdir(parents=True, exist_ok=True)
        page.path(directory).write_text(text(page), "utf-8")
    return written


def main() -> None:
    """Write the corpus that the command line describes."""
    parser = argparse.ArgumentParser(description="Write a documentation of four roots.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--pages", type=int, default=100, help="of all roots (default: 100)")
    options = parser.parse_args()
    written = write(options.directory, options.pages)
    print(f"{options.directory}: {len(ROOTS)} roots, {len(written)} pages")


if __name__ == "__main__":
    main()
