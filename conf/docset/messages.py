"""What the process that leads a build and the processes that build the roots say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docset.problems import Problem


@dataclass(frozen=True)
class Progress:
    """A page was read or written: the ``done``-th of ``total``."""

    verb: str
    done: int
    total: int


@dataclass(frozen=True)
class Notice:
    """Something that a person should know and that fails nothing."""

    text: str


@dataclass(frozen=True)
class Read:
    """The root is read and its inventory lies in its work folder; it waits for :class:`Write`."""


@dataclass(frozen=True)
class Parked:
    """The root is read; its process ends, and another one will write."""


@dataclass(frozen=True)
class Write:
    """Every root is read: resolve references against the inventories of these, and write."""

    roots: tuple[str, ...]


@dataclass(frozen=True)
class Afresh:
    """The root must be built again without anything of earlier builds."""

    reason: str


@dataclass(frozen=True)
class Failed:
    """The root could not be built: an extension, the configuration or the disk."""

    problem: Problem
    details: str = ""


@dataclass(frozen=True)
class Done:
    """The root is written and its state saved."""
