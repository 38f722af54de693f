"""Every change to the internals of Sphinx and Furo, with its reason and its versions.

Each is a shortcut to what stock code makes, never something else; ``tests/conf/test_patches.py``
compares the two on real pages. With a version that none was measured on, no shortcut is taken, and
a root that changed is built afresh: the build is slower and its result the same.
"""

from __future__ import annotations

import functools
import importlib
import pickle
from typing import TYPE_CHECKING, Any, ParamSpec

import sphinx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    P = ParamSpec("P")

SPHINX = ((9, 0),)
"""Versions of Sphinx whose internals were compared with what is written here."""

FURO = ("2025.12.19",)
"""Versions of Furo, likewise."""


def sphinx_is_measured() -> bool:
    """Tell whether this version of Sphinx is one of those that were measured."""
    return sphinx.version_info[:2] in SPHINX


def _measured(shortcut: Callable[P, None]) -> Callable[P, None]:
    """Have a shortcut do nothing with a version of Sphinx that was not measured."""

    @functools.wraps(shortcut)
    def taken(*args: P.args, **kwargs: P.kwargs) -> None:
        if sphinx_is_measured():
            shortcut(*args, **kwargs)

    return taken


def apply(app: Sphinx, tell: Callable[[str], None]) -> None:
    """Apply to an initialized application what its versions allow; ``tell`` of what they do not."""
    if not sphinx_is_measured():
        version = sphinx.__display_version__
        tell(f"Sphinx {version} was not measured: what changed is built afresh, which is slow")
    share_formatters(app.builder)
    if app.config.html_theme == "furo":
        _share_navigation(app, tell)


@_measured
def drop_doctrees(env: BuildEnvironment) -> None:
    """Forget the trees of pages in memory; all of them are on disk, pickled.

    Sphinx keeps the tree of every page that it has read until that page is written, and the pickle
    of every page that it has loaded. With all roots in memory at once that would be most of it.
    """
    env._write_doc_doctree_cache.clear()  # noqa: SLF001
    env._pickled_doctree_cache.clear()  # noqa: SLF001


@_measured
def write_only_what_changed(env: BuildEnvironment) -> None:
    """Keep Sphinx from writing each page again whose toctree lists a page that is written.

    What such a page shows of the others is part of the digest of the root: if it changed, every
    page is written anyway. The table is only used before this, and not saved after it.
    """
    env.files_to_rebuild = {}


@_measured
def keep_static_files(builder: Any) -> None:
    """Keep Sphinx from copying static files over their own copies, which it renders anew each time.

    Right where neither the configuration nor one of the files has changed, and no copy is missing.
    """
    builder.copy_static_files = builder.copy_extra_files = lambda: None


def announce_finish(builder: Any, leave_page: Callable[[], None]) -> None:
    """Learn when the last page is written: Sphinx fires no event between it and the indices.

    Uses nothing but the public method ``Builder.finish``, so it depends on no version.
    """
    finish = builder.finish

    @functools.wraps(finish)
    def announced() -> None:
        leave_page()
        finish()

    builder.finish = announced


@_measured
def share_formatters(builder: Any) -> None:
    """Make one formatter for each set of options instead of one for each block of code.

    ``PygmentsBridge.get_formatter`` makes a formatter, and with it a style sheet that nobody uses,
    for every block. A Pygments formatter keeps nothing of what it has formatted.
    """
    for bridge in filter(None, (builder.highlighter, builder.dark_highlighter)):
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


@_measured
def _share_navigation(app: Sphinx, tell: Callable[[str], None]) -> None:
    """Render Furo's navigation tree one time for the root instead of one time for each page.

    ``furo._compute_navigation_tree`` calls the template function ``toctree`` and parses what it
    returns, each in time that grows with the number of pages. Its cache keeps the trees of all
    pages in memory, 0.4 MB a page at 1,000 pages.
    """
    furo: Any = importlib.import_module("furo")
    if furo.__version__ not in FURO:
        tell(
            f"Furo {furo.__version__} was not measured: "
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


_SEARCH_TABLES = ("titles", "filenames", "mapping", "title_mapping", "all_titles", "index_entries")


@_measured
def load_search_index(app: Sphinx, file: Path) -> None:
    """Have the builder start from the tables that the last build left in a file.

    Stock Sphinx rebuilds them from ``searchindex.js``, which lacks the entries of index directives
    and keeps words of which no page is left.
    """
    builder: Any = app.builder
    if not getattr(builder, "search", False):
        return
    try:
        tables = pickle.loads(file.read_bytes())  # noqa: S301 - our own file
    except (OSError, EOFError, pickle.UnpicklingError):
        tables = {}
    for name, table in tables.items():
        setattr(app.env, f"_search_index_{name}", table)
    builder.load_indexer = functools.partial(_prune_search_index, builder)


@_measured
def save_search_index(app: Sphinx, file: Path) -> None:
    """Keep the tables of the search index for the next build."""
    indexer = getattr(app.builder, "indexer", None)
    if indexer is not None:
        tables = {name: getattr(indexer, f"_{name}") for name in _SEARCH_TABLES}
        file.write_bytes(pickle.dumps(tables, pickle.HIGHEST_PROTOCOL))


def _prune_search_index(builder: Any, documents: set[str]) -> None:
    """Forget the documents that are about to be written, and the words of which none is left."""
    indexer = builder.indexer
    indexer.prune(set(builder.env.all_docs).difference(documents))
    for words in (indexer._mapping, indexer._title_mapping):  # noqa: SLF001
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    # Sphinx stems each word of each page; most words come back on the next page.
    indexer.lang.stem = functools.cache(indexer.lang.stem)
    dump = builder.dump_search_index
    builder.dump_search_index = functools.partial(_dump_sorted, indexer, dump)


def _dump_sorted(indexer: Any, dump: Callable[[], None]) -> None:
    """Write the index as if the pages had been fed in the order of their names."""
    entries = indexer._index_entries  # noqa: SLF001
    kept = {name: entries[name] for name in sorted(entries) if name in indexer._titles}  # noqa: SLF001
    entries.clear()
    entries.update(kept)
    dump()
