"""The entries of ``PRODUCTION_PROCESSES``, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django_prodserver.exceptions import (
    BackendMissing,
    EntryTypeError,
    ProcessNameError,
    UnknownKey,
)
from django_prodserver.spelling import did_you_mean, one_line

__all__ = ["Process"]

KEYS = ("BACKEND", "ARGS", "APP")


@dataclass(frozen=True)
class Process:
    """One named process of the project."""

    name: str
    backend: str
    """A short name such as ``gunicorn``, or the dotted path of a backend class."""
    app: str | None
    """The application to run, in the backend's own notation; None: the backend's default."""
    entry: Mapping[str, Any]
    """The entry as it stands in the settings."""

    @classmethod
    def from_entry(cls, name: object, entry: object) -> "Process":
        """Returns the process that an entry of the setting describes.

        Raises:
            ProcessNameError: the name is not a non-empty string, or starts with ``-``.
            EntryTypeError: the entry is not a dictionary with string keys, or BACKEND or APP is not a string.
            BackendMissing: there is no BACKEND.
            UnknownKey: there is a key besides BACKEND, ARGS and APP.
        """
        if not isinstance(name, str) or not name.strip() or name.startswith("-"):
            raise ProcessNameError(
                f"PRODUCTION_PROCESSES: {one_line(name)} is not a name for a process.",
                "Use a string such as 'web'.",
            )
        entry = _known_keys(name, entry)
        return cls(name, entry["BACKEND"], entry.get("APP"), MappingProxyType(entry))


def _known_keys(name: str, entry: object) -> dict[str, Any]:
    where = f"PRODUCTION_PROCESSES[{name!r}]"
    if not isinstance(entry, Mapping):
        raise EntryTypeError(
            f"{where} is {one_line(entry)}, not a dictionary.",
            "Write {'BACKEND': 'gunicorn'}.",
        )
    for key in entry:
        if key not in KEYS:
            raise UnknownKey(f"{where}: unknown key {one_line(key)}.", did_you_mean(key, KEYS))
    if "BACKEND" not in entry:
        raise BackendMissing(f"{where} has no BACKEND.", "Add 'BACKEND': 'gunicorn', say.")
    for key in ("BACKEND", "APP"):
        if key in entry and not isinstance(entry[key], str):
            raise EntryTypeError(
                f"{where}[{key!r}] is {one_line(entry[key])}, not a string.",
            )
    return dict(entry)
