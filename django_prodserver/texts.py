"""From a value of ``ARGS`` to its text on a command line."""

import os
import sys
from enum import Enum

from django.core.exceptions import AppRegistryNotReady
from django.utils.functional import Promise

from django_prodserver.exceptions import OptionValueError
from django_prodserver.spelling import in_one_line, quoted

__all__ = ["text_of"]


def text_of(value: object, where: str) -> str:
    """Returns a value of ``ARGS`` as it stands on a command line; ``where`` names its place.

    Raises:
        OptionValueError: it cannot stand there.
        AppRegistryNotReady: it is a lazy text that needs Django to be set up.
    """
    match value:
        case Enum():
            return text_of(value.value, where)
        case _ if _is_decimal(value):
            text = format(value, "f")
        case os.PathLike():
            text = os.fsdecode(value)
        case Promise():
            text = _evaluated(value, where)
        case str() | float():
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
    try:
        os.fsencode(text)
    except UnicodeEncodeError as error:
        character = quoted(error.object[error.start])
        raise OptionValueError(f"{where} contains {character}.", "Use text.") from None
    return text


def _evaluated(text: Promise, where: str) -> str:
    """Returns a lazy text; raises AppRegistryNotReady where that needs Django to be set up."""
    try:
        return str(text)
    except AppRegistryNotReady:
        raise
    # It may ask anything of the project, and fail in any way.
    except Exception as error:
        raise OptionValueError(
            f"{where} is a lazy text that fails ({type(error).__name__}: {in_one_line(error)}).",
            "Correct what it asks for, or use a plain string.",
        ) from error


def _is_decimal(value: object) -> bool:
    # Whoever has made one has imported the module.
    decimal = sys.modules.get("decimal")
    return decimal is not None and isinstance(value, decimal.Decimal)
