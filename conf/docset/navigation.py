"""The navigation tree of a root: rendered one time, then marked for each page.

Furo renders the whole tree for every page and parses it again: the cost of a build grows with the
square of its pages. The trees of two pages differ in little: in relative addresses, which pages of
one folder share, and in the marks on the way to the current page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TAG = re.compile(r"<(?P<end>/?)(?P<name>ul|li|a|input)\b(?P<attributes>[^>]*)>")
_HREF = re.compile(r' href="([^"]*)"')


@dataclass(frozen=True)
class _Entry:
    """One link of the tree: the pieces that change when it is the current page."""

    link: int
    lists: tuple[int, ...]
    items: tuple[int, ...]


@dataclass
class Navigation:
    """A tree as Furo renders it for a page that is not part of it, cut at every tag.

    ``relative`` turns the address of a page and the address of a target into a link.
    """

    html: str
    relative: Callable[[str, str], str]
    _pieces: list[str] = field(default_factory=list)
    _entries: dict[str, list[_Entry]] = field(default_factory=dict)
    _links: dict[int, str] = field(default_factory=dict)
    _checkboxes: dict[int, int] = field(default_factory=dict)
    _of_folder: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._cut()

    def _cut(self) -> None:
        open_lists: list[int] = []
        open_items: list[int] = []
        for place, tag in self._tags():
            if tag["name"] in {"ul", "li"}:
                stack = open_lists if tag["name"] == "ul" else open_items
                stack.pop() if tag["end"] else stack.append(place)
            elif tag["name"] == "input":
                self._checkboxes[open_items[-1]] = place
            elif href := _HREF.search(tag["attributes"]):
                self._links[place] = href[1]
                entry = _Entry(place, tuple(open_lists), tuple(open_items))
                self._entries.setdefault(href[1], []).append(entry)

    def _tags(self) -> Iterator[tuple[int, re.Match[str]]]:
        """Cut the text at its tags; yield the place of each and the tag."""
        end = 0
        for tag in _TAG.finditer(self.html):
            self._pieces += [self.html[end : tag.start()], tag[0]]
            end = tag.end()
            yield len(self._pieces) - 1, tag
        self._pieces.append(self.html[end:])

    def has_once(self, page: str) -> bool:
        """Tell whether the tree marks at most one entry for the page of this address."""
        return len(self._entries.get(page, ())) <= 1

    def render(self, page: str) -> str:
        """Return the tree for the page of this address."""
        pieces = self._relative_to(page)
        for entry in self._entries.get(page, ()):
            pieces = pieces.copy()
            self._mark(pieces, entry)
        return "".join(pieces)

    def _relative_to(self, page: str) -> list[str]:
        folder = page.rpartition("/")[0]
        if folder not in self._of_folder:
            pieces = self._pieces.copy()
            for place, href in self._links.items():
                if not re.match(r"[a-z][a-z0-9+.-]*:|#|/", href):
                    link = self.relative(f"{folder}/" if folder else "", href)
                    pieces[place] = pieces[place].replace(f' href="{href}"', f' href="{link}"')
            self._of_folder[folder] = pieces
        return self._of_folder[folder]

    def _mark(self, pieces: list[str], entry: _Entry) -> None:
        for place in entry.lists:
            pieces[place] = _with_class(pieces[place], "current")
        for place in entry.items:
            pieces[place] = re.sub(r'class="(\S+?)(?=[" ])', r'class="\1 current', pieces[place])
            if place in self._checkboxes:
                box = self._checkboxes[place]
                pieces[box] = pieces[box].replace(" class=", ' checked="" class=', 1)
        last = entry.items[-1]
        pieces[last] = pieces[last].replace('">', ' current-page">')
        link = _HREF.sub(' href="#"', pieces[entry.link])
        pieces[entry.link] = link.replace('class="', 'class="current ', 1)


def _with_class(tag: str, name: str) -> str:
    if 'class="' in tag:
        return re.sub(r'class="([^"]*)"', rf'class="\1 {name}"', tag)
    return tag.replace("<ul", f'<ul class="{name}"', 1)
