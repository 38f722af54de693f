"""How a root reaches its siblings: beside it in the joined site, or when it is built alone.

``docset`` builds with the tag ``docset`` and sees to references itself. When ``sphinx-build``
builds one root alone, the inventories of the last joined build answer, links lead to the published
site, and a reference that nobody answers becomes plain text: only ``docset`` can judge it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from myst_parser.inventory import filter_sphinx_inventories
from myst_parser.sphinx_ext.myst_refs import MystReferenceResolver
from sphinx.addnodes import pending_xref
from sphinx.ext.intersphinx import (
    InventoryAdapter,
    resolve_reference_any_inventory,
    resolve_reference_in_inventory,
)
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

if TYPE_CHECKING:
    from docset.project import Project, Root
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["mapping"]

logger = logging.getLogger(__name__)


def mapping(site: Project, root: Root) -> dict[str, tuple[str, str]]:
    """Return an ``intersphinx_mapping`` of the siblings that the last joined build left.

    Their references lead to the published address.
    """
    return {
        sibling.name: (f"{site.url}{sibling.name}/", str(inventory))
        for sibling in site.roots
        if sibling != root and (inventory := site.output / sibling.name / "objects.inv").is_file()
    }


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the value ``siblings`` of conf.py: the intersphinx names of the other roots."""
    app.add_config_value("siblings", [], "env", types=frozenset({list}))
    app.connect("html-page-context", _locate_site)
    if not app.tags.has("docset"):
        # After intersphinx has loaded what there is.
        app.connect("builder-inited", _prepare, priority=600)
        # After intersphinx has not found it.
        app.connect("missing-reference", _leave_text, priority=600)
        app.add_post_transform(SiblingReferences)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _locate_site(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: nodes.document | None
) -> None:
    """Tell templates where the site begins, seen from the page: ``site_root`` ends with a slash."""
    joined = app.tags.has("docset")
    context["site_root"] = f"{context['content_root']}../" if joined else context["site"]["url"]


def _prepare(app: Sphinx) -> None:
    """Make every sibling known, and say where references to them lead.

    The parser drops a reference to an unknown inventory; an empty one keeps it for later.
    """
    inventories = InventoryAdapter(app.env).named_inventory
    siblings = app.config.siblings
    absent = [name for name in siblings if not inventories.setdefault(name, {})]
    logger.info(
        "This root is built alone; `docset build` checks references to other roots. %s",
        f"Without an inventory, and so plain text: {', '.join(absent)}."
        if absent
        else "Here the inventories of its last run answer.",
    )


def _leave_text(
    app: Sphinx, _env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.TextElement | None:
    """Return plain text for a reference such as ``{ref}`reference:some-label```."""
    sibling, _, target = node["reftarget"].partition(":")
    if sibling not in app.config.siblings:
        return None
    return content if node.get("refexplicit") else content.__class__(target, target)


class SiblingReferences(SphinxPostTransform):
    """Replaces, before Sphinx would warn, what only a sibling could answer and none does."""

    default_priority = MystReferenceResolver.default_priority - 1

    def run(self, **_kwargs: Any) -> None:
        """Leave the text of each reference that nobody answers."""
        for node in list(self.document.findall(pending_xref)):
            if self._may_be_a_siblings(node) and not self._is_answered(node):
                content = cast("nodes.TextElement", node[0].deepcopy())
                if not content.astext():
                    content = nodes.literal(node["reftarget"], node["reftarget"])
                node.replace_self(content)

    def _may_be_a_siblings(self, node: pending_xref) -> bool:
        if "intersphinx" in node:
            return node["inventory"] is None or node["inventory"] in self.config.siblings
        if node["reftype"] != "myst" or node.get("refdomain") == "doc":
            return False
        # The path of a source file is never a name in an inventory.
        path, _, _ = node["reftarget"].partition("#")
        return not path.endswith(tuple(self.config.source_suffix))

    def _is_answered(self, node: pending_xref) -> bool:
        content = cast("nodes.TextElement", node[0].deepcopy())
        if node["reftype"] == "myst":
            return self._is_answered_for_myst(node, content)
        if node["inventory"] is None:
            found = resolve_reference_any_inventory(
                self.env, honor_disabled_refs=False, node=node, contnode=content
            )
            return found is not None
        return (
            resolve_reference_in_inventory(self.env, node["inventory"], node, content) is not None
        )

    def _is_answered_for_myst(self, node: pending_xref, content: nodes.TextElement) -> bool:
        """Tell whether MyST finds the target of ``[text](#target)`` here or in an inventory."""
        if node.get("reflocalid"):
            return True
        local = MystReferenceResolver(self.document).resolve_myst_ref_any(
            node.get("refdoc", self.env.docname), node, content, self.config.myst_ref_domains
        )
        inventories = InventoryAdapter(self.env).named_inventory
        return local is not None or any(
            filter_sphinx_inventories(inventories, targets=node["reftarget"])
        )
