"""The rules by which a value of ARGS becomes words of a command line."""

from __future__ import annotations

import enum
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.functional import lazy, lazystr

from django_prodserver.arguments import translate
from django_prodserver.exceptions import (
    ArgsTypeError,
    ConfigurationError,
    OptionRepeated,
    OptionUnsupported,
    OptionValueError,
    UnknownOption,
)
from django_prodserver.options import Option, OptionTable, Takes

TABLE = OptionTable(
    [
        Option(("-b", "--bind"), repeats=True),
        Option(("-w", "--workers"), type="integer"),
        Option(("--log-file", "--error-log"), names=("errorlog",)),
        Option(("--reload",), takes=Takes.NOTHING, default=False),
        Option(("--ragged",), takes=Takes.NOTHING, default=True, instead="Use the file."),
        Option(("--access-log",), ("--no-access-log",), takes=Takes.NOTHING),
        Option((), ("--no-sendfile",), ("sendfile",), takes=Takes.NOTHING),
        Option((), ("--noreload",), ("use_reloader",), takes=Takes.NOTHING, default=True),
        Option(("--proxy",), takes=Takes.OPTIONAL),
        Option(("-Q", "--queues"), separator=","),
        Option(("--buckets",), separator=",", type="number"),
        Option(("-e", "--env"), repeats=True, pairs=True),
        Option((), names=("hook",), instead="Use the file."),
    ]
)


class Level(enum.Enum):
    LOW = "low"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (None, []),
        ({}, []),
        ({"log-file": "/var/log/x y.log"}, ["--log-file=/var/log/x y.log"]),
        ({"log-file": ""}, ["--log-file="]),
        ({"log-file": "-"}, ["--log-file=-"]),
        ({"log-file": Path("/var/x")}, ["--log-file=/var/x"]),
        ({"log-file": lazystr("lazy")}, ["--log-file=lazy"]),
        ({"log-file": Level.LOW}, ["--log-file=low"]),
        ({"log-file": 1.5}, ["--log-file=1.5"]),
        ({"log-file": Decimal("1E+3")}, ["--log-file=1000"]),
        ({"workers": 0}, ["--workers=0"]),
        ({"workers": "4"}, ["--workers=4"]),
        ({"bind": ["a", Path("b"), 3]}, ["--bind=a", "--bind=b", "--bind=3"]),
        ({"bind": ("a",)}, ["--bind=a"]),
        ({"bind": []}, []),
        ({"queues": ["a", "b"]}, ["--queues=a,b"]),
        ({"queues": "a,b"}, ["--queues=a,b"]),
        ({"queues": []}, []),
        ({"buckets": [1, 2.5]}, ["--buckets=1,2.5"]),
        ({"buckets": "1,2.5"}, ["--buckets=1,2.5"]),
        ({"reload": True}, ["--reload"]),
        ({"reload": None}, ["--reload"]),
        ({"reload": False}, []),
        ({"bind": False}, []),
        ({"ragged": True}, ["--ragged"]),
        ({"access-log": True}, ["--access-log"]),
        ({"access-log": False}, ["--no-access-log"]),
        ({"no-access-log": True}, ["--no-access-log"]),
        ({"no-access-log": False}, ["--access-log"]),
        ({"sendfile": False}, ["--no-sendfile"]),
        ({"sendfile": True}, []),
        ({"no_sendfile": True}, ["--no-sendfile"]),
        ({"noreload": True}, ["--noreload"]),
        ({"noreload": False}, []),
        ({"use_reloader": False}, ["--noreload"]),
        ({"use_reloader": True}, []),
        ({"proxy": True}, ["--proxy"]),
        ({"proxy": "v1"}, ["--proxy=v1"]),
        ({"env": {"A": "x=y", "B": 2}}, ["--env=A=x=y", "--env=B=2"]),
        ({"env": ["A=1", "B=2"]}, ["--env=A=1", "--env=B=2"]),
        ({"log_file": "x"}, ["--log-file=x"]),
        ({"error-log": "x"}, ["--error-log=x"]),
        ({"errorlog": "x"}, ["--log-file=x"]),
        (["-b", "a", "--workers", 2, Path("/x")], ["-b", "a", "--workers", "2", "/x"]),
        ("-w2 --bind='a b' app", ["-w2", "--bind=a b", "app"]),
        ("--log-file - --proxy app:app", ["--log-file", "-", "--proxy", "app:app"]),
        ("--work 3 -- --bind", ["--work", "3", "--bind"]),
    ],
)
def test_a_value_becomes_words(args: object, words: list[str]) -> None:
    arguments = translate(args, TABLE, "ARGS")

    assert arguments.errors == ()
    assert [*arguments.options, *arguments.positionals] == words


@pytest.mark.parametrize(
    ("args", "mistake", "line"),
    [
        (3, ArgsTypeError, "ARGS is 3. Use a dictionary of options, or the command line"),
        ({"bind"}, ArgsTypeError, "ARGS is {'bind'}."),
        ("--bind='a", ArgsTypeError, "ARGS cannot be split like a command line: No closing"),
        ({"bnd": 1}, UnknownOption, "ARGS: the server has no option 'bnd'. Did you mean 'bind'?"),
        ({"BIND": 1}, UnknownOption, "ARGS: the server has no option 'BIND'. Did you mean 'bind'?"),
        ({"b": 1}, UnknownOption, "ARGS: the server has no option 'b'."),
        ({7: 1}, UnknownOption, "ARGS: 7 is not the name of an option."),
        ({"": 1}, UnknownOption, "ARGS: '' is not the name of an option."),
        (["--bnd=a"], UnknownOption, "ARGS: the server has no option '--bnd=a'. Did you mean"),
        ("-x", UnknownOption, "ARGS: the server has no option '-x'."),
        ("--bind", OptionValueError, "ARGS: --bind needs a value."),
        ("--bind --reload", OptionValueError, "ARGS: --bind needs a value."),
        ([True], OptionValueError, "ARGS[0] is True, which cannot stand on a command line."),
        ({"bind": True}, OptionValueError, "ARGS['bind'] is True, but --bind needs a value."),
        ({"bind": None}, OptionValueError, "ARGS['bind'] is None, but --bind needs a value."),
        ({"bind": {"a": 1}}, OptionValueError, "ARGS['bind'] is {'a': 1}, which cannot stand"),
        ({"bind": ["a", {}]}, OptionValueError, "ARGS['bind'][1] is {}, which cannot stand"),
        (
            {"bind": lazy(lambda: str(1 / 0), str)()},
            OptionValueError,
            "ARGS['bind'] is a lazy text that fails (ZeroDivisionError: division by zero).",
        ),
        ({"bind": b"a"}, OptionValueError, "ARGS['bind'] is b'a', which cannot stand"),
        ({"bind": "a\0"}, OptionValueError, "ARGS['bind'] contains a NUL character."),
        ({"workers": [1, 2]}, OptionValueError, "ARGS['workers'] is [1, 2], but the option takes"),
        (
            {"workers": "two"},
            OptionValueError,
            "ARGS['workers'] is 'two', which --workers does not",
        ),
        (
            {"buckets": [1, "many"]},
            OptionValueError,
            "ARGS['buckets'] is '1,many', which --buckets does not take",
        ),
        (
            {"log-file": "\ud800"},
            OptionValueError,
            "ARGS['log-file'] contains '\\ud800'",
        ),
        ({"workers": ""}, OptionValueError, "ARGS['workers'] is '', which --workers does not take"),
        ({"reload": "yes"}, OptionValueError, "ARGS['reload'] is 'yes', but --reload takes no"),
        ({"reload": 1}, OptionValueError, "ARGS['reload'] is 1, but --reload takes no value."),
        ({"queues": ["a,b"]}, OptionValueError, "ARGS['queues'][0] is 'a,b', but ',' separates"),
        ({"env": {"A=B": 1}}, OptionValueError, "ARGS['env']: 'A=B' cannot be the name in NAME="),
        ({"env": {"A": {}}}, OptionValueError, "ARGS['env']['A'] is {}, which cannot stand"),
        ({"ragged": False}, OptionUnsupported, "ARGS['ragged'] is False, but --ragged can only"),
        ({"hook": "x"}, OptionUnsupported, "ARGS: 'hook' is not an option of the server's command"),
        (
            {"error-log": "a", "errorlog": "b"},
            OptionRepeated,
            "ARGS: 'error-log' and 'errorlog' are the same option.",
        ),
    ],
)
def test_a_mistake_is_one_line_with_its_place(
    args: object, mistake: type[ConfigurationError], line: str
) -> None:
    (error,) = translate(args, TABLE, "ARGS").errors

    assert type(error) is mistake
    assert str(error).startswith(line)
    assert "\n" not in str(error)


def test_every_mistake_of_a_mapping_is_found_at_once() -> None:
    arguments = translate({"bnd": 1, "bind": "a", "workers": "two"}, TABLE, "ARGS")

    assert [type(error) for error in arguments.errors] == [UnknownOption, OptionValueError]


@pytest.mark.parametrize(
    ("args", "overrides", "words"),
    [
        ({"bind": ["a", "b"], "workers": 2}, ["--bind=c"], ["--workers=2", "--bind=c"]),
        ({"bind": "a"}, ["-b", "c", "--bind", "d"], ["-b", "c", "--bind", "d"]),
        ({"workers": 2}, ["--work=3"], ["--work=3"]),
        ({"errorlog": "x"}, ["--error-log", "y"], ["--error-log", "y"]),
        ({"access-log": True}, ["--no-access-log"], ["--no-access-log"]),
        ("-w 2 --reload", ["-w3"], ["--reload", "-w3"]),
        ({"workers": 2}, [], ["--workers=2"]),
    ],
)
def test_an_override_replaces_the_option_under_any_of_its_names(
    args: object, overrides: list[str], words: list[str]
) -> None:
    given = translate(args, TABLE, "ARGS")

    assert given.overridden_by(translate(overrides, TABLE, "--")).options == words


@pytest.mark.parametrize(
    ("words", "value"),
    [(["--bind=a=b"], "a=b"), (["--bind", "a"], "a"), (["-ba"], "a"), (["-b=a"], "a")],
)
def test_the_value_of_an_option_is_read_from_any_notation(words: list[str], value: str) -> None:
    assert translate(words, TABLE, "ARGS").values("bind") == [value]


@pytest.mark.parametrize(
    ("args", "overrides", "words"),
    [
        ({"some_key": 1, "flag": True, "off": False}, [], ["--some_key=1", "--flag"]),
        ({"many": ["a", "b"]}, [], ["--many=a", "--many=b"]),
        ({"key": 1}, ["--key", "2"], ["--key", "2"]),
        ("-x 1 --flag", ["--other=3"], ["-x", "1", "--flag", "--other=3"]),
    ],
)
def test_without_a_table_every_option_is_passed_on(
    args: object, overrides: list[str], words: list[str]
) -> None:
    given = translate(args, None, "ARGS")

    assert given.overridden_by(translate(overrides, None, "--")).options == words


def test_without_a_table_a_dictionary_is_still_refused() -> None:
    (error,) = translate({"key": {"a": 1}}, None, "ARGS").errors

    assert str(error).startswith("ARGS['key'] is {'a': 1}, which cannot stand on a command line.")
