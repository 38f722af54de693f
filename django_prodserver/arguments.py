"""From ``ARGS`` to the words of a command line."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from django_prodserver.texts import text_of

__all__ = ["Argument", "Arguments", "translate"]


@dataclass(frozen=True)
class Argument:
    """One option as it stands on a command line; without an option, a word that belongs to none."""

    option: Option | None
    words: tuple[str, ...]
    """None at all where the option is left out on purpose."""

    @property
    def is_positional(self) -> bool:
        """Whether its words stand alone on the command line."""
        return self.option is None or self.option.positional

    @property
    def replaces(self) -> Option | None:
        """What an override by this argument replaces; None: all words that stand alone."""
        return None if self.is_positional else self.option

    @property
    def switches_on(self) -> bool:
        """Whether it sets its option to something other than off."""
        flag, _, value = (*self.words, "")[0].partition("=")
        return bool(flag) and flag not in self._negatives and value != "false"

    @property
    def _negatives(self) -> tuple[str, ...]:
        return self.option.negatives if self.option else ()

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
        replaced = {item.replaces for item in other.items}
        kept = (item for item in self.items if item.replaces not in replaced)
        return Arguments((*kept, *other.items))

    def values(self, name: str) -> list[str]:
        """Returns the texts that an option is set to, by one of its keys; empty when it is not."""
        return [
            item.value
            for item in self.items
            if item.option and item.words and name in item.option.keys
        ]

    @property
    def options(self) -> list[str]:
        """The words that set options."""
        return [word for item in self.items if not item.is_positional for word in item.words]

    @property
    def unset_variables(self) -> list[str]:
        """The environment variables that would set what these arguments leave unset on purpose."""
        left_out = (item.option for item in self.items if item.option and not item.words)
        return [name for option in left_out for name in option.variables]

    @property
    def positionals(self) -> list[str]:
        """The words that belong to no option, such as the name of an application."""
        return [word for item in self.items if item.is_positional for word in item.words]


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
                words = [text_of(word, f"{self.where}[{i}]") for i, word in enumerate(args)]
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
            raise UnknownOption(
                f"{self.where}: {quoted(name)} is not the name of an option.",
                "Write the name as a string, without the hyphens before it.",
            )
        if self.table is None:
            return Key(_unknown(f"--{name}"), f"--{name}")
        key = self.table.key(name)
        if key is None:
            raise UnknownOption(
                f"{self.where}: {self.server} has no option {quoted(name)}.",
                self.table.suggestion(name, self.server),
            )
        if not key.flag and not key.negative and not key.option.positional:
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
                self.table.suggestion(flag.lstrip("-"), self.server),
            )
        return option, not complete and option.takes is not Takes.NOTHING

    def _value(self, option: Option, word: str, rest: list[str]) -> tuple[str, ...]:
        taken: list[str] = []
        while rest and (rest[0] == "-" or not rest[0].startswith("-")):
            taken.append(rest.pop(0))
            if option.takes is not Takes.SEVERAL:
                break
        if taken:
            return tuple(taken)
        if option.takes in {Takes.VALUE, Takes.SEVERAL}:
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
        case int() if key.option.takes is Takes.NOTHING and key.option.repeats:
            words = iter([key.flag] * value)
        case _:
            words = _set(key, value, where)
    yield from _grouped(key.option, list(words))


def _grouped(option: Option, words: list[str]) -> Iterator[Argument]:
    """Yields one argument for each word, or one for all where they belong to one flag."""
    if option.takes is Takes.SEVERAL or not words:
        yield Argument(option, tuple(words))
    else:
        yield from (Argument(option, (word,)) for word in words)


def _switched_on(key: Key, value: object, where: str) -> Iterator[str]:
    if value is True and key.option.type == "boolean" and key.option.takes is Takes.VALUE:
        yield f"{key.flag}=true"
        return
    if key.option.takes in {Takes.VALUE, Takes.SEVERAL}:
        raise OptionValueError(
            f"{where} is {value}, but {key.flag} needs a value.",
            "Give it one, or leave the key out.",
        )
    if key.flag:
        yield key.flag


def _switched_off(key: Key, where: str) -> Iterator[str]:
    if key.negative:
        yield key.negative
    elif key.option.type == "boolean" and key.option.takes is not Takes.NOTHING:
        yield f"{key.flag}=false"
    elif key.option.default is True and key.flag in key.option.flags:
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
    texts = list(_texts(key.option, value, where))
    for text in texts:
        _check_conversion(key, text, where)
    if key.option.positional or (key.option.takes is Takes.SEVERAL and len(texts) > 1):
        yield from filter(None, [key.flag])
        yield from (_standing_alone(text, where) for text in texts)
    else:
        yield from (f"{key.flag}={text}" for text in texts)


def _standing_alone(text: str, where: str) -> str:
    if text.startswith("-"):
        raise OptionValueError(
            f"{where}: {quoted(text)} would be read as an option.",
            "Use a value that does not begin with a hyphen.",
        )
    return text


def _texts(option: Option, value: object, where: str) -> Iterator[str]:
    match value:
        case Mapping() if option.pairs:
            yield from (_pair(name, item, where) for name, item in value.items())
        case list() | tuple() if option.separator:
            yield from _joined(value, option.separator, where)
        case list() | tuple() if option.repeats or option.takes is Takes.SEVERAL:
            yield from (text_of(item, f"{where}[{i}]") for i, item in enumerate(value))
        case list() | tuple():
            raise OptionValueError(
                f"{where} is {quoted(value)}, but the option takes a single value.",
                "Give it one value.",
            )
        case _:
            yield text_of(value, where)


def _joined(values: Sequence[object], separator: str, where: str) -> Iterator[str]:
    texts = [text_of(value, f"{where}[{i}]") for i, value in enumerate(values)]
    for index, text in enumerate(texts):
        if separator in text:
            raise OptionValueError(
                f"{where}[{index}] is {quoted(text)}, but {separator!r} separates items here.",
                "Make it several items.",
            )
    if texts:
        yield separator.join(texts)


def _pair(name: object, value: object, where: str) -> str:
    text = text_of(name, where)
    if not text or "=" in text:
        raise OptionValueError(
            f"{where}: {quoted(text)} cannot be the name in NAME=VALUE.",
            "Use a name without an equals sign.",
        )
    return f"{text}={text_of(value, f'{where}[{text!r}]')}"


def _check_conversion(key: Key, text: str, where: str) -> None:
    try:
        key.option.convert(text)
    except ValueError as error:
        raise OptionValueError(
            f"{where} is {quoted(text)}, which {key.flag or 'it'} does not take: "
            f"{in_one_line(error)}.",
            "Give it a value of the right kind.",
        ) from None
