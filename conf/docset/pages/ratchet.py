"""The ratchet: a file that keeps the coverage of each root and product, which may not fall."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from docset.pages.coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Covered", "falls", "name", "read", "rises", "write"]

Covered = Mapping[tuple[str, str], Coverage]
"""The coverage by root and product; the product is empty for the pages above all products."""

_HEAD = """\
# How many code blocks of the pages are executed, are files that are used, are validated or skipped.
# Written by `docset pages --ratchet`. A run of all pages of a root fails where fewer are checked.
"""


def read(file: Path) -> dict[tuple[str, str], Coverage]:
    """Return what the file keeps; nothing where there is no file.

    Raise ValueError when it cannot be read.
    """
    if not file.is_file():
        return {}
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
        return {
            (root, product): Coverage(**numbers)
            for root, products in tables.items()
            for product, numbers in products.items()
        }
    except (tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
        raise ValueError(f"{file}: {error}; write it anew with `docset pages --ratchet`") from None


def write(file: Path, covered: Covered) -> None:
    """Keep the coverage in the file, in order."""
    tables = [
        f'\n[{root}."{product}"]\n'
        + "".join(f"{name} = {number}\n" for name, number in coverage.as_dict().items())
        for (root, product), coverage in sorted(covered.items())
        if coverage.blocks
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_HEAD + "".join(tables), "utf-8")


def falls(kept: Covered, now: Covered) -> Iterator[str]:
    """Yield in words what is worse than what is kept."""
    for key, coverage in kept.items():
        worse = now.get(key, Coverage()).falls_below(coverage)
        yield from (f"{name(*key)}: {each}" for each in worse)


def rises(kept: Covered, now: Covered) -> bool:
    """Tell whether something is better than what is kept."""
    return any(kept.get(key, Coverage()).falls_below(coverage) for key, coverage in now.items())


def name(root: str, product: str) -> str:
    """Return how a root and a product are called together."""
    return f"{root}/{product}" if product else root
