"""The options of Flower: https://flower.readthedocs.io.

Its class is :class:`django_prodserver.backends.celery.CeleryFlower`, as it runs as a subcommand of
Celery; what only Flower's own package tells is here.
"""

import importlib
from typing import Any

from django_prodserver.options import Option, Takes, Type

__all__ = ["flower_options"]

TYPES: dict[object, Type] = {bool: "boolean", int: "integer", float: "number"}


def flower_options() -> list[Option]:
    """Returns the options of the installed Flower, with those that Tornado adds to them."""
    options = importlib.import_module("flower.options").default_options
    return [_option(known) for known in options._options.values()]  # noqa: SLF001 - as Flower itself does


def _option(known: Any) -> Option:
    """Returns one of Tornado's options, which it knows with hyphens and with underscores."""
    flags = dict.fromkeys((f"--{known.name.replace('_', '-')}", f"--{known.name}"))
    readable = known.type in {str, *TYPES}
    return Option(
        flags=tuple(flags) if readable else (),
        names=(known.name,),
        takes=Takes.OPTIONAL if known.type is bool else Takes.VALUE,
        separator="," if known.multiple else "",
        # Flower makes up a secret at each start: nobody is to see it, and it is no default.
        default=None if known.name == "cookie_secret" else _constant(known.default),
        type=_type(known),
        variables=(f"FLOWER_{known.name.upper()}",) if readable else (),
        meaning=" ".join((known.help or "").split()),
        instead=f"Set {known.name} in Flower's configuration file, flowerconfig.py.",
    )


def _type(known: Any) -> Type:
    # An item of a list of integers may be a range, such as 1:5.
    ranges = known.multiple and known.type is int
    return "text" if ranges else TYPES.get(known.type, "text")


def _constant(value: object) -> object:
    return value if isinstance(value, str | int | float | list) else None
