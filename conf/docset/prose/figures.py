"""What can be measured of how hard a page is to read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docset.prose.inline import OBJECT
from docset.prose.syllables import syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docset.prose.glossary import Glossary
    from docset.prose.page import Page, Prose

__all__ = ["Sentences", "sentences_of"]

# Where running words stand: titles and cells are no sentences.
_KINDS = ("paragraph", "item", "definition", "quote")
_WORD = re.compile(r"[a-z]+(?:['\u2019][a-z]+)?")
# A piece of code is read as one word.
_READ = re.compile(rf"{OBJECT}+|[\w'\u2019-]+")
_END = re.compile(r"[.!?:]+(?:\s+|$)")


@dataclass(frozen=True)
class Sentences:
    """The sentences of a page, or of several, as far as figures need them."""

    count: int = 0
    words: int = 0
    jargon: int = 0
    """How many times a word of the glossary is used."""
    spelled: Counter[str] = field(default_factory=Counter)
    """The words in small letters, without code."""
    longest: tuple[int, int] = (0, 0)
    """The words of the longest sentence, and the line where it begins."""

    def __add__(self, other: Sentences) -> Sentences:
        return Sentences(
            self.count + other.count,
            self.words + other.words,
            self.jargon + other.jargon,
            self.spelled + other.spelled,
            max(self.longest, other.longest),
        )

    @property
    def length(self) -> float:
        """The mean number of words in a sentence."""
        return self.words / self.count if self.count else 0.0

    @property
    def density(self) -> float:
        """How many of a hundred words are words of the glossary."""
        return 100 * self.jargon / self.words if self.words else 0.0

    @property
    def grade(self) -> float:
        """The grade of Flesch and Kincaid: the years at school that a reader needs.

        A word that the dictionary lacks is most often a name, which nobody can make shorter.
        """
        spoken = [(syllables(word), number) for word, number in self.spelled.items()]
        known = sum(number for sounds, number in spoken if sounds)
        if not known:
            return 0.0
        per_word = sum(sounds * number for sounds, number in spoken) / known
        return max(0.0, 0.39 * self.length + 11.8 * per_word - 15.59)


def sentences_of(page: Page, glossary: Glossary) -> Sentences:
    """Return what the sentences of a page consist of."""
    running = list(page.prose(*_KINDS))
    text = "\n\n".join(prose.text for prose in running)
    lengths = [length for prose in running for length in _lengths(prose)]
    return Sentences(
        len(lengths),
        sum(words for words, _ in lengths),
        sum(1 for _ in glossary.uses(text)),
        Counter(_WORD.findall(text.lower())),
        max(lengths, default=(0, 0)),
    )


def _lengths(prose: Prose) -> Iterator[tuple[int, int]]:
    """Yield the number of words of each sentence, and the line where it begins."""
    start = 0
    for end in _ends(prose.text):
        if words := len(_READ.findall(prose.text, start, end)):
            yield words, prose.at(start)[0]
        start = end


def _ends(text: str) -> Iterable[int]:
    """Return where the sentences of a text end; the last one may lack its period."""
    ends = [match.end() for match in _END.finditer(text)]
    return ends if ends and ends[-1] == len(text) else [*ends, len(text)]
