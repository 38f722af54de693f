"""Siblings: the inventories of the other roots, as intersphinx sees them during a build.

While pages are read, every sibling's inventory is present but empty: intersphinx drops references
to an inventory that it does not know. Once all roots are read, the real ones take their place.
"""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING

from sphinx.util.inventory import InventoryFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import Inventory

    from docset.project import Root

SCHEME = "docset://"
"""Address of the joined site while a page is resolved; each page gets its own relative links."""

_INTERSPHINX = "sphinx.ext.intersphinx"


class Siblings:
    """Stands between intersphinx and the roots of the set, for the build of one of them."""

    def __init__(self, roots: tuple[Root, ...]) -> None:
        self._folders = {name: root.name for root in roots for name in root.names}

    def __contains__(self, name: object) -> bool:
        return name in self._folders

    def connect(self, app: Sphinx) -> None:
        """Take the place of what conf.py says of siblings; does nothing without intersphinx."""
        # Before intersphinx validates the mapping (800), and after it has loaded (500).
        app.connect("config-inited", self._forget_addresses, priority=790)
        app.connect("builder-inited", self._present, priority=900)

    def _forget_addresses(self, app: Sphinx, config: Config) -> None:
        if _INTERSPHINX in app.extensions:
            config.intersphinx_mapping = {
                name: value
                for name, value in config.intersphinx_mapping.items()
                if name not in self
            }

    def _present(self, app: Sphinx) -> None:
        self.load(app.env, {})

    def load(self, env: BuildEnvironment, files: Mapping[str, Path]) -> None:
        """Give intersphinx the inventories of these roots, and empty ones for the rest.

        Where two inventories hold one name, the later in the order of names wins, as in stock
        intersphinx.
        """
        if _INTERSPHINX not in env._app.extensions:  # noqa: SLF001 - its public name is deprecated
            return
        from sphinx.ext.intersphinx import InventoryAdapter  # noqa: PLC0415

        adapter = InventoryAdapter(env)
        projects = [(name, expiry, data) for name, expiry, data in adapter.cache.values() if name]
        for name, folder in self._folders.items():
            projects.append((name, 0, _read(files.get(folder), SCHEME + folder)))
        adapter.clear()
        for name, _, data in sorted(projects, key=lambda project: project[:2]):
            adapter.named_inventory[name] = data
            for kind, objects in data.items():
                adapter.main_inventory.setdefault(kind, {}).update(objects)


def outside(env: BuildEnvironment) -> list[list[str]]:
    """Return what tells one state of the inventories of outside projects from another."""
    cache = getattr(env, "intersphinx_cache", {})
    return sorted([uri, str(entry[0]), _extent(entry[2])] for uri, entry in cache.items())


def _extent(data: Inventory) -> str:
    """Digest an inventory by its content: the time of loading says nothing of it."""
    lines = (
        f"{kind} {name} {item!r}" for kind, items in data.items() for name, item in items.items()
    )
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _read(file: Path | None, uri: str) -> Inventory:
    return dict(InventoryFile.loads(file.read_bytes(), uri=uri).data) if file else {}


def relative(uri: str, page: str) -> str:
    """Return the address of something of the joined site as a link from a page of a root.

    ``page`` is the address of the page in its root.
    """
    return "../" * (page.count("/") + 1) + uri.removeprefix(SCHEME)


def joined(root: str, page: str, uri: str) -> str:
    """Return the address in the joined site that a relative link of a page leads to."""
    if uri.startswith(SCHEME):
        return uri.removeprefix(SCHEME)
    path, hash_, anchor = uri.partition("#")
    return posixpath.normpath(posixpath.join(root, posixpath.dirname(page), path)) + hash_ + anchor
