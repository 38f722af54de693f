"""All pages of a project: each is read when a check asks for it, and only once."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from docset.project import ProjectError
from docset.prose import promises, ratchet, toctrees
from docset.prose.figures import Sentences, sentences_of
from docset.prose.glossary import Glossary, glossary_of
from docset.prose.options import Options, options_of
from docset.prose.page import Label
from docset.prose.promises import Promises, read_promises
from docset.prose.ratchet import Recorded
from docset.prose.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from docset.project import Project
    from docset.prose.inline import Role
    from docset.prose.page import Page

__all__ = ["Site", "Source", "of_project"]

_RETURN = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Source:
    """A page that can be read: its text, and what its root says of it."""

    path: str
    root: str
    mode: str
    docname: str
    text: str
    """As it is in the file, where lines may end in another way than those of the page."""

    @cached_property
    def page(self) -> Page:
        """The page, read once."""
        text = _RETURN.sub("\n", self.text)
        return read(self.path, text, root=self.root, mode=self.mode, docname=self.docname)


@dataclass(frozen=True)
class Site:
    """The pages of a project by their path."""

    sources: Mapping[str, Source]
    modes: Mapping[str, str]
    """The mode of each root, by all its names."""
    promises: Promises = field(default_factory=Promises)
    recorded: Recorded = field(default_factory=Recorded)
    _measured: dict[str, Sentences] = field(default_factory=dict, repr=False)

    @property
    def pages(self) -> Iterator[Page]:
        """Every page, in the order of the roots and by path."""
        return (source.page for source in self.sources.values())

    def page(self, path: str) -> Page | None:
        """Return the page of that path; None when there is none."""
        source = self.sources.get(path)
        return source.page if source else None

    def sentences(self, page: Page) -> Sentences:
        """Return what the sentences of a page consist of, measured once."""
        if page.path not in self._measured:
            self._measured[page.path] = sentences_of(page, self.glossary)
        return self._measured[page.path]

    def sentences_of_modes(self) -> dict[str, Sentences]:
        """Return what the sentences of each mode consist of."""
        found: dict[str, Sentences] = {}
        for page in self.pages:
            found[page.mode] = found.get(page.mode, Sentences()) + self.sentences(page)
        return {mode: sentences for mode, sentences in found.items() if mode}

    def mode_of_role(self, role: Role) -> str:
        """Return the mode of the root into which a role leads; empty when it stays or leads out."""
        inventory = role.name.partition(":")[0].removeprefix("external+")
        return self.modes.get(inventory, "") if role.name.startswith("external+") else ""

    def is_in_toctree(self, page: Page) -> bool:
        """Tell whether a toctree of its root names the page."""
        return toctrees.names(page.docname, self._toctrees[page.root])

    @cached_property
    def glossary(self) -> Glossary:
        """The terms that the pages define."""
        return glossary_of(self._with("{glossary}"))

    @cached_property
    def options(self) -> Options:
        """The options that the reference describes."""
        return options_of(page for page in self._with("{option}") if page.mode == "reference")

    @cached_property
    def paths_by_label(self) -> Mapping[str, Sequence[str]]:
        """The pages that have a label of that name."""
        return _index((label.name, page.path) for page in self.pages for label in page.of(Label))

    @cached_property
    def paths_by_description(self) -> Mapping[str, Sequence[str]]:
        """The pages that have that description."""
        return _index(
            (prose.source, page.path) for page in self.pages for prose in page.prose("description")
        )

    @cached_property
    def _toctrees(self) -> Mapping[str, Sequence[str]]:
        """The entries of the toctrees of each root."""
        pages = self._with("{toctree}")
        return _index((page.root, entry) for page in pages for entry in toctrees.entries(page))

    def _with(self, text: str) -> Iterator[Page]:
        """Yield the pages whose source has the text: no other is read."""
        return (source.page for source in self.sources.values() if text in source.text)


def of_project(project: Project) -> Site:
    """Return the pages of all roots of a project.

    Raise ProjectError when a page is not UTF-8, or a file in the prose folder has another form.
    """
    sources = list(_sources(project))
    modes = {name: root.mode for root in project.roots for name in root.names}
    return Site(
        {source.path: source for source in sources},
        modes,
        read_promises(*_remembered(project, promises.FILE)),
        ratchet.read(*_remembered(project, ratchet.FILE)),
    )


def _sources(project: Project) -> Iterator[Source]:
    for root in project.roots:
        for file in sorted(root.path.rglob("*.md")):
            below = file.relative_to(root.path)
            if not _is_hidden(below):
                docname = below.with_suffix("").as_posix()
                text = _text(file)
                yield Source(project.relative(file), root.name, root.mode, docname, text)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProjectError(f"{file}: byte {error.start} is not UTF-8; save it as UTF-8") from None


def _is_hidden(path: Path) -> bool:
    """Tell whether Sphinx and the other tools pass by the file: a folder begins with a mark."""
    return any(part.startswith((".", "_")) for part in path.parts)


def _remembered(project: Project, name: str) -> tuple[str, Path | str]:
    """Return the text and the path of a file in the prose folder; no text when it is missing."""
    file = project.prose / name if project.prose else None
    return (_text(file), file) if file and file.is_file() else ("", name)


def _index(pairs: Iterator[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        index[key].append(value)
    return index
