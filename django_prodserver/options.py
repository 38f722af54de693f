"""The option table of a server: what its command line understands."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Literal

from django_prodserver.spelling import did_you_mean

__all__ = ["Key", "Option", "OptionTable", "Takes", "Type", "switches_on"]

Type = Literal["text", "integer", "number", "boolean", "choice"]
"""What kind of text the value of an option is."""


class Takes(Enum):
    """What stands after the flag of an option."""

    VALUE = "a value"
    NOTHING = "no value"
    OPTIONAL = "a value or nothing"
    SEVERAL = "values, each a word of its own"


# The words that click reads as a boolean.
ON = frozenset(["1", "true", "t", "yes", "y", "on"])
BOOLEANS = ON | {"0", "false", "f", "no", "n", "off"}


@dataclass(frozen=True)
class Option:
    """One option of a server."""

    flags: tuple[str, ...] = ()
    """The spellings that set it, such as ``("-b", "--bind")``."""
    negatives: tuple[str, ...] = ()
    """The spellings that switch it off, such as ``("--no-sendfile",)``."""
    names: tuple[str, ...] = ()
    """Other names that the server's documentation gives it, such as ``accesslog``."""
    takes: Takes = Takes.VALUE
    repeats: bool = False
    """It may stand on the command line several times."""
    separator: str = ""
    """What joins a list into one value, for an option that takes a list in one value."""
    pairs: bool = False
    """Its values have the form ``NAME=VALUE``, so a dictionary can be meant."""
    default: object = field(default=None, compare=False)
    """Its value when nothing sets it; None: unknown or none."""
    type: Type = "text"
    choices: tuple[str, ...] = ()
    """The values that an option of the type ``choice`` takes."""
    positional: bool = False
    """It has no flag: its values stand on the command line alone, such as the names of queues."""
    outer: bool = False
    """It belongs to the command around a subcommand, and stands before that word."""
    variables: tuple[str, ...] = ()
    """The environment variables that set it when the command line does not."""
    meaning: str = field(default="", compare=False)
    """What the package itself says about it; one paragraph of plain text."""
    instead: str = ""
    """Where to set what the command line cannot express: a sentence."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The names under which ARGS may speak of it: long flags without dashes, other names."""
        return (*(flag[2:] for flag in _long(self.flags + self.negatives)), *self.names)

    def convert(self, text: str) -> object:
        """Returns the text as a value of the option's type, or as a list where it joins several.

        Raises:
            ValueError: it is none; the message says what is wanted.
        """
        if self.separator:
            return [self._converted(item) for item in text.split(self.separator)]
        return self._converted(text)

    def _converted(self, text: str) -> object:
        match self.type:
            case "integer":
                return _integer(text)
            case "number":
                return float(text)
            case "boolean" if text.casefold() not in BOOLEANS:
                raise ValueError("it takes true or false")
            case "choice" if text.casefold() not in map(str.casefold, self.choices):
                raise ValueError(f"it takes one of {', '.join(self.choices)}")
        return text


@dataclass(frozen=True)
class Key:
    """What one key of ARGS means."""

    option: Option
    flag: str
    """The flag to write; empty when only the negative exists."""
    negative: str = ""
    """The flag to write for the opposite; empty when there is none."""


def switches_on(text: str) -> bool:
    """Returns whether the value of an environment variable switches its option on."""
    return text.casefold() in ON


class OptionTable:
    """Finds options by the keys of ARGS and by the words of a command line."""

    def __init__(self, options: Iterable[Option]) -> None:
        self._options = tuple(options)

    def __iter__(self) -> Iterator[Option]:
        return iter(self._options)

    def key(self, name: str) -> Key | None:
        """Returns what a key of ARGS means, ``_`` being ``-``; None for an unknown one."""
        return self._keys.get(_folded(name))

    def flag(self, word: str) -> Option | None:
        """Returns the option of a flag on a command line; None for an unknown one.

        A long flag may be cut short where that is unambiguous, as :mod:`argparse` and
        :mod:`optparse` allow.
        """
        if word in self._flags:
            return self._flags[word]
        longer = {option for flag, option in self._flags.items() if _is_cut_short(word, flag)}
        return longer.pop() if len(longer) == 1 else None

    def suggestion(self, name: str, server: str) -> str:
        """Returns a sentence with the key nearest to an unknown one, or where to look it up."""
        known = (key for option in self for key in option.keys)
        return did_you_mean(_folded(name), known, f"The documentation of {server} lists them.")

    @cached_property
    def _flags(self) -> dict[str, Option]:
        return {flag: option for option in self for flag in (*option.flags, *option.negatives)}

    @cached_property
    def _keys(self) -> dict[str, Key]:
        keys: dict[str, Key] = {}
        for option in self:
            for name, key in _named_keys(option):
                keys.setdefault(_folded(name), key)
        return keys


def _named_keys(option: Option) -> Iterator[tuple[str, Key]]:
    flags, negatives = _long(option.flags), _long(option.negatives)
    flag, negative = next(iter(flags), ""), next(iter(negatives), "")
    for spelling in flags:
        yield spelling[2:], Key(option, spelling, negative)
    for spelling in negatives:
        yield spelling[2:], Key(option, spelling, flag)
    for name in option.names:
        yield name, Key(option, flag, negative)


def _long(flags: tuple[str, ...]) -> list[str]:
    return [flag for flag in flags if flag.startswith("--")]


def _is_cut_short(word: str, flag: str) -> bool:
    return len(word) > 2 and word.startswith("--") and flag.startswith(word)


def _folded(name: str) -> str:
    return name.replace("_", "-")


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        # Gunicorn takes a umask as 0o22 or 0x12 as well.
        with contextlib.suppress(ValueError):
            return int(text, 0)
        raise
