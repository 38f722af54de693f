"""What a page tells the tests: comments ``% test: key: value``, which readers do not see."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from docset.pages.faults import Fault
from docset.pages.rules import Rule
from docset.reasons import has_substance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "KEYS",
    "NO_PORT",
    "Checkout",
    "Copy",
    "Metadata",
    "Preparation",
    "Setup",
    "read_comment",
]


NO_PORT = 0


@dataclass(frozen=True)
class Metadata:
    """What is said of one code block.

    ``port`` is the TCP port that the last command of the block starts to serve, and NO_PORT where
    the command goes on as a server does, but serves none.
    ``exit`` is the expected exit status of the last command.
    ``timeout`` is the time limit of each command, in seconds.
    ``requires`` names a program without which the page cannot go on.
    ``skip`` is the reason why the block is not checked.
    ``dry_run`` names the process whose command line the block shows.
    """

    port: int | None = None
    exit: int | None = None
    timeout: float | None = None
    requires: str | None = None
    skip: str | None = None
    dry_run: str | None = None

    @property
    def goes_on(self) -> bool:
        """True where the last command runs until the page ends it."""
        return self.port is not None


@dataclass(frozen=True)
class Setup:
    """A shell command that readers do not see; it prepares the sandbox."""

    command: str
    line: int


@dataclass(frozen=True)
class Copy:
    """A folder of the repository that the reader has too; readers do not see how it got there."""

    folder: str
    line: int


@dataclass(frozen=True)
class Checkout:
    """A copy of the whole repository, in a folder of the reader's home where the page goes on."""

    folder: str
    line: int


Preparation = Setup | Copy | Checkout
"""What is done where the comment stands, and needs no block."""


class _ReasonError(ValueError):
    """The reason of a skip is none."""


def _port(value: str) -> int:
    if value == "none":
        return NO_PORT
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise ValueError(f"port must be a number from 1 to 65535, or 'none', not {value!r}")
    return int(value)


def _exit(value: str) -> int:
    if not value.isdecimal() or int(value) > 255:
        raise ValueError(f"exit must be a number from 0 to 255, not {value!r}")
    return int(value)


def _timeout(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 3600:
        raise ValueError(f"timeout must be a number of seconds up to 3600, not {value!r}")
    return seconds


def _requires(value: str) -> str:
    if not re.fullmatch(r"[\w.+-]+", value):
        raise ValueError(f"requires must name one program, not {value!r}")
    return value


def _skip(value: str) -> str:
    if not has_substance(value):
        message = f"a skip needs a reason of substance (three words or more), not {value!r}"
        raise _ReasonError(message)
    return value


def _folder(value: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", value):
        raise ValueError(f"checkout must name one folder, not {value!r}")
    return value


def _text(value: str) -> str:
    if not value:
        raise ValueError("a value is missing")
    return value


KEYS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "port": _port,
        "exit": _exit,
        "timeout": _timeout,
        "requires": _requires,
        "skip": _skip,
        "dry-run": _text,
        "setup": _text,
        "copy": _text,
        "checkout": _folder,
    }
)
"""Every key, and the function that reads its value or raises ValueError."""

_PREPARATIONS: Mapping[str, Callable[[str, int], Preparation]] = MappingProxyType(
    {"setup": Setup, "copy": Copy, "checkout": Checkout}
)

_LINE = re.compile(r"\s*test\s*:\s*([\w-]+)\s*:\s*(.*?)\s*")
_LOOKS_LIKE_ONE = re.compile(r"\s*tests?\b\s*[:\w-]*:", re.IGNORECASE)


def read_comment(text: str, line: int) -> tuple[dict[str, object], list[Preparation], list[Fault]]:
    """Read a MyST comment whose first line is at ``line``.

    Return the values by name of their Metadata field, the hidden preparations, and the faults.
    """
    values: dict[str, object] = {}
    preparations: list[Preparation] = []
    faults: list[Fault] = []
    for number, content in enumerate(text.splitlines(), line):
        try:
            if (pair := _read_line(content)) is None:
                continue
        except ValueError as error:
            rule = Rule.REASON if isinstance(error, _ReasonError) else Rule.COMMENT
            faults.append(Fault(number, rule, str(error)))
            continue
        key, value = pair
        if key in _PREPARATIONS:
            preparations.append(_PREPARATIONS[key](str(value), number))
        elif key in values:
            faults.append(Fault(number, Rule.COMMENT, f"the key {key!r} stands twice"))
        else:
            values[key] = value
    return values, preparations, faults


def _read_line(content: str) -> tuple[str, object] | None:
    match = _LINE.fullmatch(content)
    if not match:
        if _LOOKS_LIKE_ONE.match(content):
            raise ValueError(f"write '% test: key: value', not '%{content.rstrip()}'")
        return None
    key, value = match.groups()
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(KEYS)}"
        raise ValueError(f"unknown key {key!r} in a test comment; {hint}")
    return key.replace("-", "_"), KEYS[key](value)
