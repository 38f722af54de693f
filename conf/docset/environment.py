"""Sphinx's environment made independent of the order in which pages were read.

A clean build reads the pages in the order of their names. An incremental one reads a few of them
last, and what they define ends up last in every table. These functions put the tables back in
the order of a clean build, find the cases in which that is impossible, and digest what the pages
show of each other.
"""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.environment import BuildEnvironment

# What a page shows of itself to others, by document name.
_PER_PAGE = ("titles", "longtitles", "tocs", "toc_num_entries", "metadata", "toctree_includes")

# Of no weight for what pages show of each other: bookkeeping, configuration (a change of it has
# everything read again), and files that the builder copies by itself.
_LEFT_OUT = frozenset(
    {
        *_PER_PAGE,
        *("_app", "events", "domains", "config", "config_status", "config_status_extra"),
        *("settings", "project", "version", "versioning_condition", "versioning_compare"),
        *("all_docs", "dependencies", "included", "reread_always", "current_document"),
        *("ref_context", "srcdir", "doctreedir", "images", "dlfiles", "original_image_uri"),
        *("_pickled_doctree_cache", "_write_doc_doctree_cache", "_builder_cls"),
        *("master_doctree", "files_to_rebuild", "glob_toctrees", "domaindata"),
        *("intersphinx_cache", "intersphinx_inventory", "intersphinx_named_inventory"),
    }
)
_LEFT_OUT_PREFIX = "_search_index_"

# The general index and the list of changes are made anew by every build.
_LEFT_OUT_DOMAINS = frozenset({"index", "changeset"})


# Metadata that MyST adds for the page itself: it changes with every sentence.
_ABOUT_ITSELF = frozenset({"wordcount"})


class Ledger(dict[Any, Any]):
    """A table of a domain that notices when a page overwrites what another page has defined."""

    def __init__(
        self, table: dict[Any, Any], reader: Callable[[], str], clash: Callable[[], None]
    ) -> None:
        super().__init__(table)
        self._owners: dict[Any, str] = {}
        self._reader = reader
        self._clash = clash

    def __setitem__(self, key: Any, value: Any) -> None:
        reader = self._reader()
        if key in self and self._owners.get(key) != reader:
            self._clash()
        self._owners[key] = reader
        super().__setitem__(key, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


def watch(env: BuildEnvironment, clash: Callable[[], None]) -> None:
    """Have ``clash`` called whenever a page overwrites a definition of another page."""
    _replace_tables(env, lambda table: Ledger(table, lambda: env.docname, clash))


def unwatch(env: BuildEnvironment) -> None:
    """Undo :func:`watch`."""
    _replace_tables(env, dict)


def _replace_tables(env: BuildEnvironment, make: Callable[[dict[Any, Any]], Any]) -> None:
    for domain in env.domains.values():
        for name, table in domain.data.items():
            if isinstance(table, dict) and type(table) in {dict, Ledger}:
                domain.data[name] = make(table)


def has_ambiguous_files(env: BuildEnvironment) -> bool:
    """Tell whether two images share one name: which of them keeps it depends on the order."""
    return any(PurePath(path).name != name for path, (_, name) in env.images.items())


def settle(env: BuildEnvironment) -> None:
    """Put the tables of the environment into the order of a clean build."""
    documents = {name: place for place, name in enumerate(sorted(env.all_docs))}
    for owner in (vars(env), *(domain.data for domain in env.domains.values())):
        for name, table in owner.items():
            if isinstance(table, dict) and name not in {"domaindata", "settings"}:
                _sort(table, documents)


def _sort(table: dict[Any, Any], documents: dict[str, int]) -> None:
    """Sort a table by the page that an entry comes from; entries of no page stay in front."""
    places = [_page(key, value, documents) for key, value in table.items()]
    if all(before <= after for before, after in pairwise(places)):
        return
    items = sorted(zip(places, table.items(), strict=True), key=lambda item: item[0])
    table.clear()
    table.update(item for _, item in items)


def _page(key: Any, value: Any, documents: dict[str, int]) -> int:
    named: Any = getattr(value, "docname", None)
    if named is None and isinstance(value, tuple) and value:
        named = value[0]
    for name in (key, named):
        if isinstance(name, str) and name in documents:
            return documents[name]
    return -1


def page_digest(env: BuildEnvironment, document: str) -> str:
    """Return a digest of what the page shows of itself to others."""
    values = [cast("Any", getattr(env, table)).get(document) for table in _PER_PAGE]
    return _digest(values)


def digest(env: BuildEnvironment, pages: Iterable[str], others: object) -> str:
    """Return a digest of everything that pages show of each other.

    ``pages`` are the digests of the pages, ``others`` whatever else the output depends on.
    """
    attributes = {
        name: value
        for name, value in vars(env).items()
        if name not in _LEFT_OUT and not name.startswith(_LEFT_OUT_PREFIX)
    }
    domains = {name: data for name, data in env.domaindata.items() if name not in _LEFT_OUT_DOMAINS}
    return _digest([attributes, domains, sorted(pages), others])


def _digest(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: Any) -> str:
    """Return a text that is equal for equal values, whatever order they were made in."""
    if value is None or isinstance(value, str | int | float | bytes | PurePath):
        return repr(value)
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, dict):
        return _canonical_table(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_canonical, value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{','.join(sorted(map(_canonical, value)))}}}"
    return _opaque(value)


def _canonical_table(table: dict[Any, Any]) -> str:
    items = []
    for key, value in table.items():
        if key in _ABOUT_ITSELF:
            continue
        # MyST notes the line of each heading beside its slug; no other page shows lines.
        shown = {k: v[1:] for k, v in value.items()} if key == "myst_slugs" else value
        items.append(f"{_canonical(key)}:{_canonical(shown)}")
    return f"{{{','.join(sorted(items))}}}"


def _opaque(value: Any) -> str:
    """Digest a value of an unknown type: it may come out as changed when it is not."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__qualname__}{_canonical(vars(value))}"
    if callable(value):
        return f"{value.__module__}.{value.__qualname__}"
    try:
        return hashlib.sha256(pickle.dumps(value)).hexdigest()
    except (pickle.PicklingError, TypeError, AttributeError):
        return repr(value)
