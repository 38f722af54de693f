"""How messages quote what a user wrote, and suggest what was meant."""

import reprlib
from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

__all__ = ["did_you_mean", "in_one_line", "quoted", "reason"]


def in_one_line(text: object) -> str:
    """Returns the text without line breaks."""
    return " ".join(str(text).split())


def quoted(value: object) -> str:
    """Returns the value as Python would write it, shortened, in one line."""
    return in_one_line(reprlib.repr(value))


def reason(error: Exception) -> str:
    """Returns in one line what went wrong in somebody's code, with the kind of error if need be."""
    speaks = isinstance(error, ImportError | ImproperlyConfigured)
    return in_one_line(error if speaks else f"{type(error).__name__}: {error}")


def did_you_mean(word: object, known: Iterable[str], otherwise: str = "") -> str:
    """Returns a sentence with the known name that is nearest to a word.

    When none is near, the sentence lists the known names, or is ``otherwise`` when they are many.
    """
    # Only who makes a mistake pays for the import.
    from difflib import get_close_matches  # noqa: PLC0415

    names = {name.casefold(): name for name in sorted(known)}
    nearest = get_close_matches(str(word).casefold(), names, n=1)
    if nearest:
        return f"Did you mean {names[nearest[0]]!r}?"
    return f"Known: {', '.join(names.values())}." if 0 < len(names) <= 8 else otherwise
