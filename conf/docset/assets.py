"""Assets: the files beside the pages, those that a root is made from and those that it shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from docset import snapshot

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

    from docset.state import State


def trees(app: Sphinx) -> snapshot.Stamps:
    """Return the stamps of the folders of templates and static files that conf.py names."""
    folders = [*app.config.templates_path, *app.config.html_theme_path]
    folders += [*app.config.html_static_path, *app.config.html_extra_path]
    files = [name for name in (app.config.html_logo, app.config.html_favicon) if name]
    found: snapshot.Stamps = {}
    for name in (*folders, *files):
        found |= snapshot.tree(os.fspath(app.confdir / name))
    return found


def of_no_page(assets: snapshot.Stamps, known: State) -> snapshot.Stamps:
    """Leave out what was only copied while pages were written: it belongs to those pages."""
    elsewhere = set(known.code)
    for page in known.pages.values():
        elsewhere |= {page.source, *page.dependencies}
    return {path: stamp for path, stamp in assets.items() if path not in elsewhere}


def remove_unused(app: Sphinx) -> None:
    """Remove images and downloads that no page shows any more, and sources of earlier names.

    Stock Sphinx leaves them.
    """
    used: dict[str, set[str]] = {
        "_images": {str(name) for _, name in app.env.images.values()},
        "_downloads": {str(name) for _, name in app.env.dlfiles.values()},
    }
    for folder, names in used.items():
        base = app.outdir / folder
        for file in [path for path in base.rglob("*") if path.is_file()]:
            if file.relative_to(base).as_posix() not in names and not _is_shown(app, file.name):
                file.unlink()
    _remove_sources_of_other_markup(app)


def _remove_sources_of_other_markup(app: Sphinx) -> None:
    """Remove ``page.rst.txt`` where the page has become a ``page.md``."""
    names = [os.fspath(app.env.doc2path(document, base=False)) for document in app.env.found_docs]
    kept = {*names, *(name + app.config.html_sourcelink_suffix for name in names)}
    base = app.outdir / "_sources"
    for file in [path for path in base.rglob("*") if path.is_file()]:
        if file.relative_to(base).as_posix() not in kept:
            file.unlink()


def _is_shown(app: Sphinx, name: str) -> bool:
    """Tell whether a written page names the file: extensions put images of their own there."""
    builder = cast("StandaloneHTMLBuilder", app.builder)
    pages = (builder.get_output_path(document) for document in app.env.found_docs)
    return any(name.encode() in page.read_bytes() for page in pages if page.exists())
