"""From ``ARGS`` to the words of a command line."""

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from django.utils.functional import Promise

from django_prodserver.exceptions import (
    ArgsTypeError,
    ConfigurationError,
    OptionRepeated,
    OptionUnsupported,
    OptionValueError,
    UnknownOption,
)
from django_prodserver.options import Key, Option, OptionTable, Takes
from django_prodserver.spelling import one_line

__all__ = ["Argument", "Arguments", "translate"]


@dataclass(frozen=True)
class Argument:
    """One option as it stands on a command line; without an option, a word that belongs to none."""

    option: Option | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class Arguments:
    """The words after a server's name."""

    items: tuple[Argument, ...] = ()
    errors: tuple[ConfigurationError, ...] = ()
    """The mistakes in what they were translated from."""

    def overridden_by(self, other: "Arguments") -> "Arguments":
        """Returns these arguments without what the others set, followed by the others."""
        replaced = {item.option for item in other.items}
        kept = (item for item in self.items if item.option not in replaced)
        return Arguments((*kept, *other.items))

    @property
    def options(self) -> list[str]:
        """The words that set options."""
        return [word for item in self.items if item.option for word in item.words]

    @property
    def positionals(self) -> list[str]:
        """The words that belong to no option, such as the name of an application."""
        return [word for item in self.items if not item.option for word in item.words]


def translate(
    args: object, table: OptionTable | None, where: str, server: str = "the server"
) -> Arguments:
    """Returns the arguments that a value of ``ARGS`` stands for, and every mistake in it.

    A mapping is translated key by key, a list or tuple is the command line itself, a string is split as a shell would split
    it, None is nothing.
    Without a table nothing is known about the options, and all are passed on.
    ``where`` and ``server`` name the place and the server in messages.
    """
    return _Translation(table, where, server).arguments(args)


@dataclass
class _Translation:
    table: OptionTable | None
    where: str
    server: str
    errors: list[ConfigurationError] = field(default_factory=list)

    def arguments(self, args: object) -> Arguments:
        items: tuple[Argument, ...] = ()
        try:
            items = tuple(self._items(args))
        except ConfigurationError as error:
            self.errors.append(error)
        return Arguments(items, tuple(self.errors))

    def _items(self, args: object) -> Iterable[Argument]:
        match args:
            case None:
                return ()
            case str():
                return self._parse(self._split(args))
            case Mapping():
                return self._mapping(args)
            case list() | tuple():
                return self._parse([self._text(word, self.where) for word in args])
        raise ArgsTypeError(
            f"{self.where} is {one_line(args)}.",
            "Use a dictionary of options, or the command line as a list or a string.",
        )

    def _split(self, line: str) -> list[str]:
        try:
            return shlex.split(line)
        except ValueError as error:
            raise ArgsTypeError(
                f"{self.where} cannot be split like a command line: {error}.",
                "Close the quotes, or use a dictionary.",
            ) from None

    # A mapping

    def _mapping(self, args: Mapping[object, object]) -> Iterator[Argument]:
        names: dict[Option, object] = {}
        for name, value in args.items():
            try:
                key = self._key(name)
                if key.option in names:
                    raise OptionRepeated(
                        f"{self.where}: {names[key.option]!r} and {name!r} are the same option.",
                        "Keep one of them.",
                    )
                names[key.option] = name
                yield from self._option(key, f"{self.where}[{name!r}]", value)
            except ConfigurationError as error:
                self.errors.append(error)

    def _key(self, name: object) -> Key:
        if not isinstance(name, str) or not name:
            raise UnknownOption(f"{self.where}: {one_line(name)} is not the name of an option.")
        if self.table is None:
            return Key(
                Option(flags=(f"--{name}",), takes=Takes.OPTIONAL, repeats=True), f"--{name}"
            )
        key = self.table.key(name)
        if key is None:
            raise UnknownOption(
                f"{self.where}: {self.server} has no option {one_line(name)}.",
                self.table.suggestion(name),
            )
        if not key.flag and not key.negative:
            raise OptionUnsupported(
                f"{self.where}: {name!r} is not an option of {self.server}'s command line.",
                key.option.instead,
            )
        return key

    def _option(self, key: Key, where: str, value: object) -> Iterator[Argument]:
        for words in self._spelled(key, where, value):
            yield Argument(key.option, (words,))

    def _spelled(self, key: Key, where: str, value: object) -> Iterator[str]:
        if value is None or value is True:
            yield from self._switched(key, where, value)
        elif value is False:
            yield from self._switched_off(key, where)
        elif key.option.takes is Takes.NOTHING:
            raise OptionValueError(
                f"{where} is {one_line(value)}, but {key.flag or key.negative} takes no value.",
                "Use True or False.",
            )
        else:
            for text in self._texts(key.option, where, value):
                yield f"{key.flag}={self._accepted(key, where, text)}"

    def _switched(self, key: Key, where: str, value: object) -> Iterator[str]:
        if key.option.takes is Takes.VALUE:
            raise OptionValueError(
                f"{where} is {value}, but {key.flag} needs a value.",
                "Give it one, or leave the key out.",
            )
        if key.flag:
            yield key.flag

    def _switched_off(self, key: Key, where: str) -> Iterator[str]:
        if key.negative:
            yield key.negative
        elif key.option.default is True:
            raise OptionUnsupported(
                f"{where} is False, but {self.server}'s command line can only switch it on.",
                key.option.instead,
            )

    def _texts(self, option: Option, where: str, value: object) -> Iterator[str]:
        match value:
            case Mapping() if option.pairs:
                for name, item in value.items():
                    yield f"{self._pair_name(name, where)}={self._text(item, f'{where}[{name!r}]')}"
            case list() | tuple() if option.separator:
                yield from self._joined(option.separator, where, value)
            case list() | tuple() if option.repeats:
                for index, item in enumerate(value):
                    yield self._text(item, f"{where}[{index}]")
            case list() | tuple():
                raise OptionValueError(f"{where} is a list, but the option takes a single value.")
            case _:
                yield self._text(value, where)

    def _joined(self, separator: str, where: str, values: Sequence[object]) -> Iterator[str]:
        texts = [self._text(value, f"{where}[{index}]") for index, value in enumerate(values)]
        for index, text in enumerate(texts):
            if separator in text:
                raise OptionValueError(
                    f"{where}[{index}] is {one_line(text)}, but {separator!r} separates the items of this option.",
                    "Make it several items.",
                )
        if texts:
            yield separator.join(texts)

    def _pair_name(self, name: object, where: str) -> str:
        text = self._text(name, where)
        if not text or "=" in text:
            raise OptionValueError(f"{where}: {text!r} cannot be the name in NAME=VALUE.")
        return text

    def _accepted(self, key: Key, where: str, text: str) -> str:
        if key.option.convert is not None:
            try:
                key.option.convert(text)
            except (TypeError, ValueError) as error:
                raise OptionValueError(
                    f"{where} is {one_line(text)}, which {key.flag} refuses: {one_line(str(error))}."
                ) from None
        return text

    def _text(self, value: object, where: str) -> str:
        match value:
            case Enum():
                return self._text(value.value, where)
            case str() | Promise():
                text = str(value)
            case Decimal():
                text = format(value, "f")
            case os.PathLike():
                text = os.fsdecode(value)
            case int() | float() if not isinstance(value, bool):
                text = str(value)
            case _:
                raise OptionValueError(
                    f"{where} is {one_line(value)}, which cannot stand on a command line.",
                    "Use a string or a number.",
                )
        if "\0" in text:
            raise OptionValueError(f"{where} contains a NUL character.")
        return text

    # A command line

    def _parse(self, words: Sequence[str]) -> Iterator[Argument]:
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if word == "--":
                yield from (Argument(None, (positional,)) for positional in rest)
                return
            if not word.startswith("-") or word == "-":
                yield Argument(None, (word,))
                continue
            option, complete = self._flagged(word)
            taken = [] if complete else self._values(option, word, rest)
            yield Argument(option, (word, *taken))

    def _flagged(self, word: str) -> tuple[Option, bool]:
        """Returns the option of a word, and whether the word has its value (or needs none)."""
        flag, equals, _ = word.partition("=")
        if not word.startswith("--"):
            flag, equals = word[:2], word[2:]
        if self.table is None:
            return Option(flags=(flag,), takes=Takes.OPTIONAL, repeats=True), bool(equals)
        option = self.table.flag(flag)
        if option is None:
            raise UnknownOption(
                f"{self.where}: {self.server} has no option {one_line(word)}.",
                self.table.suggestion(flag.lstrip("-")),
            )
        return option, bool(equals) or option.takes is Takes.NOTHING

    def _values(self, option: Option, word: str, rest: list[str]) -> list[str]:
        if rest and not rest[0].startswith("-"):
            return [rest.pop(0)]
        if option.takes is Takes.VALUE and rest and rest[0] == "-":
            return [rest.pop(0)]
        if option.takes is Takes.VALUE:
            raise OptionValueError(f"{self.where}: {word} needs a value.")
        return []
