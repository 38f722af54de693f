"""The search index of a root, kept between builds without loss.

Stock Sphinx rebuilds its tables from ``searchindex.js``, which does not hold the entries of index
directives and keeps words of which no page is left.
"""

from __future__ import annotations

import functools
import pickle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

_PREFIX = "_search_index_"


def attach(app: Sphinx, file: Path) -> None:
    """Have the builder start from the tables that the last build left."""
    builder: Any = app.builder
    if not getattr(builder, "search", False):
        return
    try:
        tables = pickle.loads(file.read_bytes())  # noqa: S301 - our own file
    except (OSError, EOFError, pickle.UnpicklingError):
        tables = {}
    for name, table in tables.items():
        setattr(app.env, name, table)
    builder.load_indexer = functools.partial(_prepare, builder)


def _prepare(builder: Any, documents: set[str]) -> None:
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


def _dump_sorted(indexer: Any, dump: Any) -> None:
    """Write the index as if the pages had been fed in the order of their names."""
    entries = indexer._index_entries  # noqa: SLF001
    kept = {name: entries[name] for name in sorted(entries) if name in indexer._titles}  # noqa: SLF001
    entries.clear()
    entries.update(kept)
    dump()


def save(app: Sphinx, file: Path) -> None:
    """Keep the tables for the next build."""
    indexer = getattr(app.builder, "indexer", None)
    if indexer is None:
        return
    tables = {
        _PREFIX + "titles": indexer._titles,  # noqa: SLF001
        _PREFIX + "filenames": indexer._filenames,  # noqa: SLF001
        _PREFIX + "mapping": indexer._mapping,  # noqa: SLF001
        _PREFIX + "title_mapping": indexer._title_mapping,  # noqa: SLF001
        _PREFIX + "all_titles": indexer._all_titles,  # noqa: SLF001
        _PREFIX + "index_entries": indexer._index_entries,  # noqa: SLF001
    }
    file.write_bytes(pickle.dumps(tables, pickle.HIGHEST_PROTOCOL))
