"""How messages quote what a user wrote, and suggest what was meant."""

import reprlib
from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["did_you_mean", "one_line"]


def one_line(value: object) -> str:
    """Returns the value as Python would write it, shortened, and without line breaks."""
    return " ".join(reprlib.repr(value).split())


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Returns a sentence with the known name nearest to a word, or with all known names when none is near and they are few."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    nearest = get_close_matches(str(word).casefold(), folded, n=1)
    if nearest:
        return f"Did you mean {folded[nearest[0]]!r}?"
    return f"Known: {', '.join(names)}." if 0 < len(names) <= 8 else ""
