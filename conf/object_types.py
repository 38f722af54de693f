"""The object types that our pages describe, registered in every root.

A role such as ``{external+reference:setting}`` works only where the linking root knows the type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["OBJECT_TYPES", "ObjectType"]


@dataclass(frozen=True)
class ObjectType:
    """A kind of thing with a directive and a role of one name.

    ``title`` is what readers call it in the index; ``takes_arguments`` says that its signature is
    the name followed by how to call it.
    """

    name: str
    title: str
    takes_arguments: bool = False


# Names follow Django's own documentation where it has the type, so that its inventory answers too.
OBJECT_TYPES = (
    ObjectType("setting", "setting"),
    ObjectType("django-admin", "management command", takes_arguments=True),
    ObjectType("check", "system check"),
    ObjectType("exit-code", "exit code"),
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the role of each type in the standard domain."""
    for kind in OBJECT_TYPES:
        app.add_object_type(
            kind.name,
            kind.name,
            indextemplate=f"pair: %s; {kind.title}",
            parse_node=_describe_call if kind.takes_arguments else None,
            objname=kind.title,
        )
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _describe_call(_env: BuildEnvironment, signature: str, node: addnodes.desc_signature) -> str:
    """Fill the signature's node and return the name: the first word."""
    name, _, arguments = signature.partition(" ")
    node += addnodes.desc_name(name, name)
    if arguments:
        node += addnodes.desc_addname(arguments, f" {arguments}")
    return name
