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
from django_prodserver.spelling import did_you_mean, quoted

__all__ = ["Process", "where"]

KEYS = ("BACKEND", "ARGS", "APP")


@dataclass(frozen=True)
class Process:
    """One named process of the project."""

    name: str
    backend: str
    """A short name such as ``gunicorn``, or the dotted path of a backend class."""
    entry: Mapping[str, Any]
    """The entry as it stands in the settings."""

    @classmethod
    def from_entry(cls, name: object, entry: object) -> "Process":
        """Returns the process that an entry of the setting describes.

        Raises:
            ProcessNameError: the name is not a string that can be typed.
            EntryTypeError: the entry is not a dictionary, or BACKEND or APP is not a string.
            BackendMissing: there is no BACKEND.
            UnknownKey: there is a key besides BACKEND, ARGS and APP.
        """
        if not isinstance(name, str) or not name.strip() or name.startswith("-"):
            raise ProcessNameError(
                f"PRODUCTION_PROCESSES: {quoted(name)} is not a name for a process.",
                "Use a string such as 'web'.",
            )
        if not isinstance(entry, Mapping):
            raise EntryTypeError(
                f"{where(name)} is {quoted(entry)}, not a dictionary.",
                "Write {'BACKEND': 'gunicorn'}, say.",
            )
        _check_keys(name, entry)
        return cls(name, entry["BACKEND"], MappingProxyType(dict(entry)))


def where(name: str) -> str:
    """Returns the place of a process in the settings, for messages."""
    return f"PRODUCTION_PROCESSES[{name!r}]"


def _check_keys(name: str, entry: Mapping[object, object]) -> None:
    for key in entry:
        if key not in KEYS:
            raise UnknownKey(f"{where(name)}: unknown key {quoted(key)}.", did_you_mean(key, KEYS))
    if "BACKEND" not in entry:
        raise BackendMissing(f"{where(name)} has no BACKEND.", "Add 'BACKEND': 'gunicorn', say.")
    for key in ("BACKEND", "APP"):
        if not isinstance(entry.get(key, ""), str):
            raise EntryTypeError(
                f"{where(name)}[{key!r}] is {quoted(entry[key])}, not a string.",
                "Write a path in quotes, or leave APP out.",
            )
