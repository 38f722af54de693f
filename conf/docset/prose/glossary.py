"""The words of the glossary, and where a text uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docset.prose.page import Page, Prose

__all__ = ["Glossary", "glossary_of"]


@dataclass(frozen=True)
class Glossary:
    """The terms of all glossaries, and the paths of their pages."""

    terms: tuple[str, ...]
    pages: frozenset[str]

    def uses(self, text: str) -> Iterator[tuple[int, str, str]]:
        """Yield the place of each use, the term, and the word as it is written there."""
        if self.terms:
            for match in self._pattern.finditer(text):
                yield match.start(), self._term_of[_folded(match[0])], match[0]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Finds the longest term at a place, and no part of a word or of a compound."""
        forms = sorted(self._term_of, key=len, reverse=True)
        words = "|".join(_pattern_of(form) for form in forms)
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-]|\.\w)")

    @cached_property
    def _term_of(self) -> dict[str, str]:
        """The term of each form that a text can use."""
        forms = {_folded(plural): term for term in self.terms for plural in _plurals(term)}
        return forms | {_folded(term): term for term in self.terms}


def glossary_of(pages: Iterable[Page]) -> Glossary:
    """Return the terms that these pages define."""
    terms = [
        (prose.source, page.path)
        for page in pages
        for prose in page.prose("term")
        if _is_term(prose)
    ]
    return Glossary(tuple(term for term, _ in terms), frozenset(path for _, path in terms))


def _is_term(prose: Prose) -> bool:
    return bool(prose.inside) and prose.inside[-1].name == "glossary"


def _plurals(term: str) -> Iterator[str]:
    yield f"{term}s"
    if re.search(r"(s|x|z|ch|sh)$", term):
        yield f"{term}es"
    if re.search(r"[^aeiou]y$", term):
        yield f"{term[:-1]}ies"


def _pattern_of(form: str) -> str:
    """Return the pattern of a form; one in small letters may begin with a capital."""
    words = re.escape(form).replace(r"\ ", r"\s+")
    first = form[0]
    return f"[{first}{first.upper()}]{words[1:]}" if form.islower() and first.isalpha() else words


def _folded(word: str) -> str:
    """Return the form under which a word is known: small, unless it has capitals inside."""
    word = " ".join(word.split())
    return word.lower() if word[1:].islower() or not word[1:] else word
