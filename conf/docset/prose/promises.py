"""Labels that other projects link to: they were promised and stay for ever.

They stand in ``labels.toml``, each with the page that has it::

    [kept]
    quickstart = "tutorials/first-server.md"

    [not-yet]
    guide-docker = "how-to/deploy-with-docker.md"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docset.project import ProjectError
from docset.prose.alerts import Alert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

__all__ = ["FILE", "RULE", "Promises", "alerts", "read_promises"]

FILE = "labels.toml"
RULE = "All.LabelContract"


@dataclass(frozen=True)
class Promises:
    """The promised labels, each with the path of its page."""

    kept: Mapping[str, str] = field(default_factory=dict)
    not_yet: Mapping[str, str] = field(default_factory=dict)
    """Of pages that are still to be written."""


def read_promises(text: str, file: Path | str = FILE) -> Promises:
    """Return the promises in a text; raise ProjectError when it has another form."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"{file}: {error}") from None
    if unknown := tables.keys() - {"kept", "not-yet"}:
        raise ProjectError(f"{file}: unknown table {min(unknown)!r}; known: kept, not-yet")
    return Promises(tables.get("kept", {}), tables.get("not-yet", {}))


def alerts(promises: Promises, path: str, paths: Collection[str]) -> Iterator[Alert]:
    """Yield an alert for each kept label whose page is gone; ``path`` is that of the file."""
    for name, page in promises.kept.items():
        if page not in paths:
            message = (
                f"the page {page} of the label '{name}' is gone: name the page that has it now"
            )
            yield Alert(path, 1, 1, RULE, message)
