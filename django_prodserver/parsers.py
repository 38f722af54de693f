"""Option tables of servers whose command line is read by :mod:`argparse` or by Click.

Neither is imported here: a start that finds a table on disk needs none of them.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django_prodserver.options import Option, Takes, Type

if TYPE_CHECKING:
    import argparse

__all__ = ["argparse_options", "click_options"]

# What argparse takes for "nothing is to be said about this": its name SUPPRESS.
SUPPRESS = "==SUPPRESS=="

TYPES: dict[object, Type] = {int: "integer", float: "number"}
# The names of Click's own types; a subclass reads what it likes, so only these are certain.
CLICK_TYPES: dict[str, Type] = {
    "BoolParamType": "boolean",
    "IntParamType": "integer",
    "IntRange": "integer",
    "FloatParamType": "number",
    "FloatRange": "number",
}


def argparse_options(
    parser: "argparse.ArgumentParser", *, without: Iterable[str] = ()
) -> list[Option]:
    """Returns the options of a parser, and its positional arguments.

    ``without`` names destinations that are left out.
    """
    skipped = {SUPPRESS, *without}
    actions = [action for action in parser._actions if action.dest not in skipped]  # noqa: SLF001 - argparse has no public way
    return [_argparse_option(action) for action in actions]


def click_options(
    parameters: Iterable[Any],
    *,
    prefix: str = "",
    separator: Callable[[Any], str] = lambda _: "",
) -> list[Option]:
    """Returns the options of a Click command: ``command.params``.

    ``prefix`` begins the names of the environment variables that the command reads.
    ``separator`` tells of a parameter what joins a list into its one value, if anything.
    """
    options = [each for each in parameters if each.param_type_name == "option"]
    return [_click_option(each, prefix, separator(each)) for each in options]


def _argparse_option(action: "argparse.Action") -> Option:
    names = tuple(action.option_strings)
    negatives = tuple(name for name in names if _switches_off(action, name))
    return Option(
        flags=tuple(name for name in names if name not in negatives),
        negatives=negatives,
        names=(action.dest,),
        positional=not names,
        takes=_argparse_takes(action),
        repeats=_repeats(action),
        default=_constant(action.default),
        type="choice" if action.choices else TYPES.get(action.type, "text"),
        # Of an enumeration, a user types the values.
        choices=tuple(str(getattr(choice, "value", choice)) for choice in action.choices or ()),
        meaning=_paragraph(_expanded(action)),
    )


def _argparse_takes(action: "argparse.Action") -> Takes:
    if action.nargs == 0:
        return Takes.NOTHING
    if action.nargs == "?":
        return Takes.OPTIONAL
    several = action.nargs in {"*", "+"} or (isinstance(action.nargs, int) and action.nargs > 1)
    return Takes.SEVERAL if several else Takes.VALUE


def _switches_off(action: "argparse.Action", flag: str) -> bool:
    # The class of a server may extend this one.
    if any(kind.__name__ == "BooleanOptionalAction" for kind in type(action).__mro__):
        return flag.startswith("--no-")
    # Its destination is what the flag sets to false.
    return type(action).__name__ == "_StoreFalseAction"


def _repeats(action: "argparse.Action") -> bool:
    # The classes have no public names.
    return type(action).__name__ in {"_AppendAction", "_ExtendAction", "_CountAction"}


def _expanded(action: "argparse.Action") -> str:
    values = vars(action) | {"prog": "", "default": _constant(action.default)}
    try:
        return (action.help or "") % values
    except (KeyError, TypeError, ValueError):
        return action.help or ""


def _click_option(parameter: Any, prefix: str, separator: str) -> Option:
    is_flag, negatives = parameter.is_flag, tuple(parameter.secondary_opts)
    return Option(
        flags=tuple(parameter.opts),
        negatives=negatives,
        names=(parameter.name,),
        takes=_click_takes(parameter),
        repeats=parameter.multiple or parameter.count,
        separator=separator,
        default=_click_default(parameter),
        type="boolean" if is_flag else _click_type(parameter.type),
        choices=tuple(map(str, getattr(parameter.type, "choices", ()))),
        variables=_variables(parameter, prefix),
        meaning=_paragraph(parameter.help or ""),
    )


def _click_takes(parameter: Any) -> Takes:
    if parameter.is_flag or parameter.count:
        return Takes.NOTHING
    if getattr(parameter, "_flag_needs_value", False):
        return Takes.OPTIONAL
    return Takes.VALUE


def _click_type(kind: Any) -> Type:
    if hasattr(kind, "choices"):
        return "choice"
    name = type(kind).__name__ if type(kind).__module__ == "click.types" else ""
    return CLICK_TYPES.get(name, "text")


def _click_default(parameter: Any) -> object:
    # What stands for "no default" has changed its name between releases of Click.
    return None if type(parameter.default).__name__ == "Sentinel" else _constant(parameter.default)


def _variables(parameter: Any, prefix: str) -> tuple[str, ...]:
    """Returns the variables in the order in which Click looks for them."""
    own = parameter.envvar or ()
    derived = (f"{prefix}_{parameter.name.upper()}",) if prefix else ()
    return (*((own,) if isinstance(own, str) else own), *derived)


def _constant(value: object) -> object:
    """Returns a value that prints as itself; None for one that a program computes."""
    value = getattr(value, "value", value)
    if isinstance(value, tuple | list):
        return [_constant(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else None


def _paragraph(text: str) -> str:
    return "" if text == SUPPRESS else " ".join(text.split())
