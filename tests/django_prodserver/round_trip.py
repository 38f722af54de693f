"""Whatever stands in ARGS, the server's own parser reads exactly that from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise, lazystr
from hypothesis import given, settings
from hypothesis import strategies as st

from django_prodserver.options import Option, OptionTable, Takes
from tests.django_prodserver.imagined import imagined

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from hypothesis.strategies import SearchStrategy

    from django_prodserver.backends.base import BaseProcessBackend

TEXT = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
    max_size=12,
    # The argparse of Python 3.11 loses a value that is nothing but two dashes, even after "=".
).filter(lambda value: value != "--")
PATHS = st.text("ABCxyz_./", min_size=1, max_size=12).map(Path)
NAMES = st.text("ABCxyz_", min_size=1, max_size=5)


def assert_reads_back(
    backend: type[BaseProcessBackend],
    parse: Callable[[list[str]], Mapping[str, Any]],
    *,
    values: Mapping[str, SearchStrategy[Any]] | None = None,
    read: Mapping[str, Callable[[Any], Any]] | None = None,
    without: Collection[str] = (),
    environ: Mapping[str, str] | None = None,
    **entry: Any,
) -> None:
    """Fails for a mapping of options to values that the server would read differently.

    ``parse`` is the server's own parser: it takes the words of ``prep_server_args()`` and returns
    every option by its name, be it set or not.
    ``values`` says what to try for options that do not take just any text or number, ``read`` what
    the server makes of the values of an option where that is not the value itself; ``without``
    names options that are left out, each for a reason.
    ``entry`` is what stands beside ARGS in the settings.
    """
    table = backend(**entry).read_options()
    assert table is not None

    def words(args: Mapping[str, Any]) -> list[str]:
        process = {"BACKEND": "tested", **entry, "ARGS": args}
        project = imagined({"web": process}, environ=dict(environ or {}))
        return backend(**process).bind(project, "web").prep_server_args()

    unset = dict(parse(words({})))
    ours = {_option(table, name) for name in backend.defaults}
    names = [name for name in _names(table, unset) if name not in without]
    assert names

    @settings(deadline=None)
    @given(_mappings(table, names, values or {}, ours))
    def check(args: dict[str, Any]) -> None:
        found = {name: _plain(value) for name, value in parse(words(args)).items()}
        expected = {
            name: unset[name]
            if _is_left_out(_option(table, name), value)
            else (read or {}).get(name, _read(table, name))(_as_written(value))
            for name, value in args.items()
        }
        assert found == {name: _plain(value) for name, value in {**unset, **expected}.items()}

    check()


def _names(table: OptionTable, parsed: Mapping[str, Any]) -> Iterator[str]:
    """The parser's names of the options that a command line can set."""
    for name in parsed:
        key = table.key(name)
        if key and (key.flag or key.negative or key.option.positional):
            yield name


def _mappings(
    table: OptionTable,
    names: list[str],
    values: Mapping[str, SearchStrategy[Any]],
    ours: Collection[Option],
) -> SearchStrategy[dict[str, Any]]:
    strategies = {
        name: (values[name] if name in values else _values(_option(table, name)))
        # Without an option that has a default of ours, the server's own would be there.
        | (st.nothing() if _option(table, name) in ours else _off(_option(table, name)))
        for name in names
    }
    # Few at a time: what one of them breaks, all of them would hide.
    return st.lists(st.sampled_from(names), max_size=8, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({name: strategies[name] for name in chosen})
    )


def _off(option: Option) -> SearchStrategy[Any]:
    """False, for an option that a command line need not switch off."""
    off = _is_left_out(option, value=False) and option.default is not True
    return st.just(False) if off else st.nothing()


def _is_left_out(option: Option, value: Any) -> bool:
    return value is False and not option.negatives and option.type != "boolean"


def _values(option: Option) -> SearchStrategy[Any]:
    """Values of the type of an option, as a user would write them."""
    if option.takes is Takes.NOTHING:
        count = st.integers(1, 3) if option.repeats else st.nothing()
        return count | st.sampled_from(
            [True] * bool(option.flags) + [False] * bool(option.negatives)
        )
    one = _single(option)
    if option.pairs:
        return _several(one) | st.dictionaries(NAMES, one, min_size=1, max_size=3)
    if option.separator:
        return _several(one.filter(lambda value: option.separator not in str(value)))
    if option.positional or option.takes is Takes.SEVERAL:
        alone = one.filter(lambda value: not str(value).startswith("-"))
        return _several(alone) if option.takes is Takes.SEVERAL else alone
    return _several(one) if option.repeats else one


def _single(option: Option) -> SearchStrategy[Any]:
    return {
        "text": TEXT | TEXT.map(lazystr) | PATHS,
        "integer": st.integers(0, 99999),
        "number": st.floats(0, 1e6, width=32),
        "boolean": st.booleans(),
        "choice": st.sampled_from(option.choices or ("",)),
    }[option.type]


def _several(one: SearchStrategy[Any]) -> SearchStrategy[Any]:
    several = st.lists(one, min_size=1, max_size=3)
    return several | several.map(tuple)


def _read(table: OptionTable, name: str) -> Callable[[Any], Any]:
    option = _option(table, name)

    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return [f"{key}={text}" for key, text in value.items()]
        return option.separator.join(map(str, value)) if option.separator else value

    return read


def _as_written(value: Any) -> Any:
    """A value, or each of several, as it stands on a command line; numbers stay numbers."""
    match value:
        case dict():
            return {name: _as_written(item) for name, item in value.items()}
        case list() | tuple():
            return [_as_written(item) for item in value]
        case Promise() | Path():
            return str(value)
    return value


def _option(table: OptionTable, name: str) -> Option:
    key = table.key(name)
    assert key is not None
    return key.option


def _plain(value: Any) -> Any:
    """Parsers of one kind return tuples where those of another return lists."""
    return list(value) if isinstance(value, tuple) else value
