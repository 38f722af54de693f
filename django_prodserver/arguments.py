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
from django_prodserver.spelling import in_one_line, quoted

__all__ = ["Argument", "Arguments", "translate"]


@dataclass(frozen=True)
class Argument:
    """One option as it stands on a command line; without an option, a word that belongs to none."""

    option: Option | None
    words: tuple[str, ...]

    @property
    def value(self) -> str:
        """The text that the option is set to; empty when it stands alone."""
        if len(self.words) > 1:
            return self.words[1]
        word = self.words[0]
        return word.partition("=")[2] if word.startswith("--") else word[2:].removeprefix("=")


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

    def values(self, name: str) -> list[str]:
        """Returns the texts that an option is set to, by one of its keys; empty when it is not."""
        return [item.value for item in self.items if item.option and name in item.option.keys]

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

    A mapping is translated key by key, a list or tuple is the command line itself, a string is
    split as a shell would split it, None is nothing.
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
                return self._command_line(self._split(args))
            case Mapping():
                return self._mapping(args)
            case list() | tuple():
                words = [_text(word, f"{self.where}[{i}]") for i, word in enumerate(args)]
                return self._command_line(words)
        raise ArgsTypeError(
            f"{self.where} is {quoted(args)}.",
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

    def _mapping(self, args: Mapping[object, object]) -> Iterator[Argument]:
        seen: dict[Option, object] = {}
        for name, value in args.items():
            try:
                key = self._key(name)
                if key.option in seen:
                    raise OptionRepeated(
                        f"{self.where}: {seen[key.option]!r} and {name!r} are the same option.",
                        "Keep one of them.",
                    )
                seen[key.option] = name
                yield from _arguments(key, value, f"{self.where}[{name!r}]")
            except ConfigurationError as error:
                self.errors.append(error)

    def _key(self, name: object) -> Key:
        if not isinstance(name, str) or not name:
            raise UnknownOption(f"{self.where}: {quoted(name)} is not the name of an option.")
        if self.table is None:
            return Key(_unknown(f"--{name}"), f"--{name}")
        key = self.table.key(name)
        if key is None:
            raise UnknownOption(
                f"{self.where}: {self.server} has no option {quoted(name)}.",
                self.table.suggestion(name),
            )
        if not key.flag and not key.negative:
            raise OptionUnsupported(
                f"{self.where}: {name!r} is not an option of {self.server}'s command line.",
                key.option.instead,
            )
        return key

    def _command_line(self, words: Sequence[str]) -> Iterator[Argument]:
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if word == "--":
                yield from (Argument(None, (positional,)) for positional in rest)
                return
            if word.startswith("-") and word != "-":
                option, needs_value = self._flagged(word)
                taken = self._value(option, word, rest) if needs_value else ()
                yield Argument(option, (word, *taken))
            else:
                yield Argument(None, (word,))

    def _flagged(self, word: str) -> tuple[Option, bool]:
        """Returns the option of a word, and whether its value would be the next word."""
        flag, value = (word[:2], word[2:]) if word[1] != "-" else word.partition("=")[::2]
        complete = bool(value) or "=" in word
        if self.table is None:
            return _unknown(flag), not complete
        option = self.table.flag(flag)
        if option is None:
            raise UnknownOption(
                f"{self.where}: {self.server} has no option {quoted(word)}.",
                self.table.suggestion(flag.lstrip("-")),
            )
        return option, not complete and option.takes is not Takes.NOTHING

    def _value(self, option: Option, word: str, rest: list[str]) -> tuple[str, ...]:
        if rest and (rest[0] == "-" or not rest[0].startswith("-")):
            return (rest.pop(0),)
        if option.takes is Takes.VALUE:
            raise OptionValueError(f"{self.where}: {word} needs a value.", f"Write {word}=VALUE.")
        return ()


def _unknown(flag: str) -> Option:
    return Option((flag,), takes=Takes.OPTIONAL, repeats=True)


def _arguments(key: Key, value: object, where: str) -> Iterator[Argument]:
    """Yields the arguments that one key of a mapping stands for."""
    match value:
        case None | True:
            words = _switched_on(key, value, where)
        case False:
            words = _switched_off(key, where)
        case _:
            words = _set(key, value, where)
    yield from (Argument(key.option, (word,)) for word in words)


def _switched_on(key: Key, value: object, where: str) -> Iterator[str]:
    if key.option.takes is Takes.VALUE:
        raise OptionValueError(
            f"{where} is {value}, but {key.flag} needs a value.",
            "Give it one, or leave the key out.",
        )
    if key.flag:
        yield key.flag


def _switched_off(key: Key, where: str) -> Iterator[str]:
    if key.negative:
        yield key.negative
    elif key.option.default is True:
        raise OptionUnsupported(
            f"{where} is False, but {key.flag} can only switch it on, and it is on already.",
            key.option.instead,
        )


def _set(key: Key, value: object, where: str) -> Iterator[str]:
    if key.option.takes is Takes.NOTHING:
        raise OptionValueError(
            f"{where} is {quoted(value)}, but {key.flag or key.negative} takes no value.",
            "Use True or False.",
        )
    for text in _texts(key.option, value, where):
        _check_conversion(key, text, where)
        yield f"{key.flag}={text}"


def _texts(option: Option, value: object, where: str) -> Iterator[str]:
    match value:
        case Mapping() if option.pairs:
            yield from (_pair(name, item, where) for name, item in value.items())
        case list() | tuple() if option.separator:
            yield from _joined(value, option.separator, where)
        case list() | tuple() if option.repeats:
            yield from (_text(item, f"{where}[{i}]") for i, item in enumerate(value))
        case list() | tuple():
            raise OptionValueError(
                f"{where} is {quoted(value)}, but the option takes a single value.",
                "Give it one value.",
            )
        case _:
            yield _text(value, where)


def _joined(values: Sequence[object], separator: str, where: str) -> Iterator[str]:
    texts = [_text(value, f"{where}[{i}]") for i, value in enumerate(values)]
    for index, text in enumerate(texts):
        if separator in text:
            raise OptionValueError(
                f"{where}[{index}] is {quoted(text)}, but {separator!r} separates items here.",
                "Make it several items.",
            )
    if texts:
        yield separator.join(texts)


def _pair(name: object, value: object, where: str) -> str:
    text = _text(name, where)
    if not text or "=" in text:
        raise OptionValueError(
            f"{where}: {quoted(text)} cannot be the name in NAME=VALUE.",
            "Use a name without an equals sign.",
        )
    return f"{text}={_text(value, f'{where}[{text!r}]')}"


def _check_conversion(key: Key, text: str, where: str) -> None:
    if key.option.convert is None:
        return
    try:
        key.option.convert(text)
    except (TypeError, ValueError) as error:
        raise OptionValueError(
            f"{where} is {quoted(text)}, which {key.flag} does not take: {in_one_line(error)}.",
            "Give it a value of the right kind.",
        ) from None


def _text(value: object, where: str) -> str:
    match value:
        case Enum():
            return _text(value.value, where)
        case Decimal():
            text = format(value, "f")
        case os.PathLike():
            text = os.fsdecode(value)
        case str() | Promise() | float():
            text = str(value)
        case int() if not isinstance(value, bool):
            text = str(value)
        case _:
            raise OptionValueError(
                f"{where} is {quoted(value)}, which cannot stand on a command line.",
                "Use a string or a number.",
            )
    if "\0" in text:
        raise OptionValueError(f"{where} contains a NUL character.", "Remove it.")
    return text
