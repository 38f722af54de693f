"""Every change to the internals of Sphinx and Furo, with its reason and its versions.

Each is a shortcut to what stock code makes, never something else; ``tests/conf/test_patches.py``
compares the two on real pages. With a version that none was measured on, a shortcut is not taken:
the build is slower and its result the same.
"""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

import sphinx

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

SPHINX = ((9, 0),)
"""Versions of Sphinx whose internals were compared with what is written here."""

FURO = ("2025.12.19",)
"""Versions of Furo, likewise."""


def apply(app: Sphinx, leave_page: Callable[[], None], tell: Callable[[str], None]) -> None:
    """Apply to an initialized application what its versions allow; ``tell`` of what they do not."""
    _announce_finish(app.builder, leave_page)
    _share_formatters(app.builder)
    if app.config.html_theme == "furo":
        _share_navigation(app, tell)


def drop_doctrees(env: BuildEnvironment) -> None:
    """Forget the trees of pages in memory; all of them are on disk, pickled.

    Sphinx keeps the tree of every page that it has read until that page is written, and the pickle
    of every page that it has loaded. With all roots in memory at once that would be most of it.
    """
    env._write_doc_doctree_cache.clear()  # noqa: SLF001
    env._pickled_doctree_cache.clear()  # noqa: SLF001


def write_only_what_changed(env: BuildEnvironment) -> None:
    """Keep Sphinx from writing each page again whose toctree lists a page that is written.

    What such a page shows of the others is part of the digest of the root: if it changed, every
    page is written anyway. The table is only used before this, and not saved after it.
    """
    env.files_to_rebuild = {}


def keep_static_files(builder: Any) -> None:
    """Keep Sphinx from copying static files over their own copies, which it renders anew each time.

    Right where neither the configuration nor one of the files has changed, and no copy is missing.
    """
    builder.copy_static_files = builder.copy_extra_files = lambda: None


def _announce_finish(builder: Any, leave_page: Callable[[], None]) -> None:
    """Learn when the last page is written: Sphinx fires no event between it and the indices.

    Uses nothing but ``Builder.finish``, a public method since Sphinx 0.5.
    """
    finish = builder.finish

    @functools.wraps(finish)
    def announced() -> None:
        leave_page()
        finish()

    builder.finish = announced


def _share_formatters(builder: Any) -> None:
    """Make one formatter for each set of options instead of one for each block of code.

    Sphinx 9.0: ``PygmentsBridge.get_formatter`` makes a formatter, and with it a style sheet that
    nobody uses, for every block. A Pygments formatter keeps nothing of what it has formatted.
    """
    for bridge in (builder.highlighter, builder.dark_highlighter):
        if sphinx.version_info[:2] in SPHINX and bridge is not None:
            bridge.get_formatter = _Formatters(bridge.get_formatter)


class _Formatters:
    """Stands in for ``PygmentsBridge.get_formatter``."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._made: dict[str, Any] = {}

    def __call__(self, **options: Any) -> Any:
        key = repr(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._make(**options)
        return self._made[key]


def _share_navigation(app: Sphinx, tell: Callable[[str], None]) -> None:
    """Render Furo's navigation tree one time for the root instead of one time for each page.

    Furo 2025.12.19 with Sphinx 9.0: ``furo._compute_navigation_tree`` calls the template function
    ``toctree`` and parses what it returns, each in time that grows with the number of pages. Its
    cache keeps the trees of all pages in memory, 0.4 MB a page at 1,000 pages.
    """
    furo: Any = importlib.import_module("furo")
    if sphinx.version_info[:2] not in SPHINX or furo.__version__ not in FURO:
        tell(
            f"Furo {furo.__version__} with Sphinx {sphinx.__display_version__} was not measured: "
            "its navigation is rendered for each page anew, which is slow"
        )
        return
    furo._compute_navigation_tree = _NavigationTrees(  # noqa: SLF001
        app.builder,
        furo._compute_navigation_tree,  # noqa: SLF001
    )


class _NavigationTrees:
    """Stands in for ``furo._compute_navigation_tree``."""

    def __init__(self, builder: Any, stock: Callable[[dict[str, Any]], str]) -> None:
        self._builder = builder
        self._stock = stock

    @functools.cached_property
    def _navigation(self) -> Any:
        from sphinx.util.osutil import relative_uri  # noqa: PLC0415

        from docset.navigation import Navigation  # noqa: PLC0415

        stock: Any = importlib.import_module("furo.navigation")
        # The options that Furo gives to the template function, for a page outside of the tree.
        tree = self._builder._get_local_toctree(  # noqa: SLF001
            "docset-outside-of-the-tree",
            collapse=False,
            titles_only=True,
            maxdepth=-1,
            includehidden=True,
        )
        return Navigation(stock.get_navigation_tree.__wrapped__(tree), relative_uri)

    def __call__(self, context: dict[str, Any]) -> str:
        page = self._builder.get_target_uri(context["pagename"])
        if "toctree" not in context or not self._navigation.has_once(page):
            return self._stock(context)
        return str(self._navigation.render(page))
