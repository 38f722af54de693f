"""References: which names a page asks its siblings for, and where its links into them lead."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils import get_source_line
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from docset import siblings
from docset.state import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from docset.problems import Problem
    from docset.project import Project, Root
    from docset.siblings import Siblings
    from docset.state import Page

logger = logging.getLogger(__name__)

_ANY = "*"
"""Stands among the names of a page for a pattern that may match any name."""


class References:
    """Notes, for each page that is written, the names it asked for and the links it made."""

    def __init__(
        self, project: Project, root: Root, known: Siblings, on_begin: Callable[[str], None]
    ) -> None:
        self._project = project
        self._root = root
        self._known = known
        self._on_begin = on_begin
        self.names: dict[str, set[str]] = {}
        self.links: dict[str, list[Link]] = {}
        self.page: str | None = None

    def connect(self, app: Sphinx) -> None:
        """Listen to everything that resolves a reference."""
        references = self

        class Begin(SphinxPostTransform):
            """Sees a page before anything in it is resolved."""

            default_priority = 1

            def run(self, **_: Any) -> None:
                references.begin(self.env.docname, self.document, self.env)

        app.add_post_transform(Begin)
        app.connect("doctree-read", self._refuse_source_links)
        app.connect("missing-reference", self._note_missing, priority=1)
        # After every listener that makes references of its own.
        app.connect("doctree-resolved", self._shorten, priority=999)

    def begin(self, page: str, document: nodes.document, env: BuildEnvironment) -> None:
        """Forget what was known of the page, and note the references that fire no event."""
        self.page = page
        self._on_begin(page)
        self.names[page] = set()
        self.links[page] = []
        for node in document.findall(addnodes.pending_xref):
            if "intersphinx" in node or node["reftype"] == "myst":
                self.names[page] |= _names(node, env)

    def _note_missing(
        self, _: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, __: nodes.TextElement
    ) -> None:
        if self.page is not None:
            self.names[self.page] |= _names(node, env)

    def _shorten(self, app: Sphinx, document: nodes.document, page: str) -> None:
        """Make links into the joined site relative to the page, and note them."""
        address = app.builder.get_target_uri(page)
        for node in document.findall(nodes.reference):
            uri = node.get("refuri", "")
            if not uri or node.get("internal") or _is_outside(uri):
                continue
            target = siblings.joined(self._root.name, address, uri)
            folder = target.partition("/")[0]
            if folder != self._root.name and any(folder == r.name for r in self._project.roots):
                self.links.setdefault(page, []).append(Link(_line(node), target))
            if uri.startswith(siblings.SCHEME):
                node["refuri"] = siblings.relative(uri, address)

    def _refuse_source_links(self, app: Sphinx, document: nodes.document) -> None:
        """Warn of links to source files of siblings: MyST would offer them for download."""
        page = app.env.docname
        for node in document.findall(addnodes.download_reference):
            file = Path(app.env.relfn2path(node["reftarget"].partition("#")[0], page)[1])
            for root in self._project.roots:
                if root.name != self._root.name and file.is_relative_to(root.path):
                    name = file.relative_to(root.path).with_suffix("").as_posix()
                    logger.warning(
                        "this links to a source file of %s; write {external+%s:doc}`%s`",
                        root.name,
                        root.name,
                        name,
                        location=node,
                    )

    def judge(self, problem: Problem, place: object) -> Problem:
        """Say whether the problem fails the build; reword what makes no sense between siblings."""
        about_sibling = False
        if isinstance(place, addnodes.pending_xref):
            about_sibling = self._names_sibling(place)
            problem = dataclasses.replace(problem, line=_line_of(problem, place["reftarget"]))
        match = _INVENTORY_LINK.match(problem.message)
        if match and match["name"] in self._known:
            return dataclasses.replace(
                problem, message=_ADVICE.format(**match.groupdict()), fails=True
            )
        return dataclasses.replace(problem, fails=self._root.strict or about_sibling)

    def _names_sibling(self, node: addnodes.pending_xref) -> bool:
        owner = node.get("inventory") or str(node.get("reftarget", "")).partition(":")[0]
        return owner in self._known


def _line_of(problem: Problem, target: str) -> int:
    """Return the line that names the target; parsers only tell where its paragraph begins."""
    try:
        lines = Path(problem.path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return problem.line
    for number, line in enumerate(lines[problem.line - 1 :], problem.line):
        if target in line:
            return number
        if not line.strip():
            break
    return problem.line


_INVENTORY_LINK = re.compile(r"No matches for '(?P<name>[^':]+):[^:]*:[^:]*:(?P<target>[^']*)'")
_ADVICE = (
    "an inv: link cannot name {name}, which is built at the same time; "
    "write {{external+{name}:ref}}`{target}`"
)


def stale(pages: Mapping[str, Page], index: Mapping[str, str]) -> set[str]:
    """Return the pages whose names the inventories now answer in another way."""
    everything = _everything(index) if any(_ANY in page.names for page in pages.values()) else ""
    return {
        name
        for name, page in pages.items()
        if any(seen != _answer(index, asked, everything) for asked, seen in page.names.items())
    }


def answers(names: set[str], index: Mapping[str, str]) -> dict[str, str]:
    """Return what the inventories say of each name."""
    everything = _everything(index) if _ANY in names else ""
    return {name: _answer(index, name, everything) for name in names | {""} if names}


def _answer(index: Mapping[str, str], name: str, everything: str) -> str:
    return everything if name == _ANY else index.get(name, "")


def _everything(index: Mapping[str, str]) -> str:
    return "".join(index.values())


def _names(node: addnodes.pending_xref, env: BuildEnvironment) -> set[str]:
    """Return every name that resolving the node may look up, in lower case."""
    target = str(node.get("reftarget", ""))
    names = {target, target.partition(":")[2]}
    domain = env.domains.get(node.get("refdomain") or "")
    if domain is not None:
        names.add(domain.get_full_qualified_name(node) or "")
    if node["reftype"] == "myst" and "*" in target:
        names.add(_ANY)
    return {name.lower() for name in names if name}


def _is_outside(uri: str) -> bool:
    if uri.startswith(siblings.SCHEME):
        return False
    return uri.startswith(("#", "/")) or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", uri) is not None


def _line(node: nodes.Node) -> int:
    _, line = get_source_line(node)
    return line or 0
