"""The entries of ``PRODUCTION_PROCESSES``, as typed values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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

KEYS = ("BACKEND", "ARGS", "APP", "DEV")
DEV_KEYS = ("BACKEND", "ARGS", "APP")


@dataclass(frozen=True)
class Process:
    """One named process of the project."""

    name: str
    backend: str
    """A short name such as ``gunicorn``, or the dotted path of a backend class."""
    entry: Mapping[str, Any]
    """The entry as it stands in the settings."""
    where: str
    """The place of the entry in the settings, for messages."""
    development: bool = False
    """Whether it is to run as ``devserver`` runs it."""

    @classmethod
    def from_entry(cls, name: object, entry: object) -> "Process":
        """Returns the process that an entry of the setting describes.

        Raises:
            ProcessNameError: the name is not a string that can be typed.
            EntryTypeError: the entry or its DEV is not a dictionary, or BACKEND or APP is not a
                string.
            BackendMissing: there is no BACKEND.
            UnknownKey: there is a key besides BACKEND, ARGS, APP and DEV.
        """
        if not isinstance(name, str) or not name.strip() or name.startswith("-"):
            raise ProcessNameError(
                f"PRODUCTION_PROCESSES: {quoted(name)} is not a name for a process.",
                "Use a string such as 'web'.",
            )
        checked = _checked(entry, KEYS, where(name))
        if "BACKEND" not in checked:
            hint = "Add 'BACKEND': 'gunicorn', say."
            raise BackendMissing(f"{where(name)} has no BACKEND.", hint)
        _checked(checked.get("DEV", {}), DEV_KEYS, _where_dev(name))
        return cls(name, checked["BACKEND"], checked, where(name))

    def in_development(self, backend: str) -> "Process":
        """Returns the process as ``devserver`` runs it.

        ``backend`` is the one to take where the settings do not say what differs in development.
        A BACKEND under DEV has nothing in common with the entry; without it, the entry stays, and
        what else is under DEV counts on top of it.
        """
        dev = self.entry.get("DEV")
        if dev is not None and "BACKEND" in dev:
            entry, place = MappingProxyType(dict(dev)), _where_dev(self.name)
            return Process(self.name, dev["BACKEND"], entry, place, development=True)
        if dev is None and backend != self.backend:
            entry = MappingProxyType({"BACKEND": backend})
            return Process(self.name, backend, entry, self.where, development=True)
        return replace(self, development=True)


def where(name: str) -> str:
    """Returns the place of a process in the settings, for messages."""
    return f"PRODUCTION_PROCESSES[{name!r}]"


def _where_dev(name: str) -> str:
    return f"{where(name)}['DEV']"


def _checked(entry: object, keys: Sequence[str], place: str) -> Mapping[str, Any]:
    """Returns an entry that has only these keys, and strings where strings must be."""
    if not isinstance(entry, Mapping):
        raise EntryTypeError(
            f"{place} is {quoted(entry)}, not a dictionary.",
            "Write {'BACKEND': 'gunicorn'}, say.",
        )
    for key in entry:
        if key not in keys:
            raise UnknownKey(f"{place}: unknown key {quoted(key)}.", did_you_mean(key, keys))
    for key in ("BACKEND", "APP"):
        if not isinstance(entry.get(key, ""), str):
            raise EntryTypeError(
                f"{place}[{key!r}] is {quoted(entry[key])}, not a string.",
                "Write a path in quotes, or leave APP out.",
            )
    return MappingProxyType(dict(entry))
