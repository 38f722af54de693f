"""The project: the table of roots, read from ``[tool.docset]`` in pyproject.toml."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["PageRules", "Project", "ProjectError", "Root", "load"]

FILE = "pyproject.toml"
MODES = ("tutorials", "how-to", "reference", "explanation")


class ProjectError(Exception):
    """A mistake in the configuration or on the command line: one line that says what to do."""


@dataclass(frozen=True)
class Root:
    """One Sphinx project of the set.

    ``path`` and ``conf`` are absolute: the source folder, and the folder that holds ``conf.py``.
    ``aliases`` are further intersphinx names that siblings use for this root.
    ``env`` is set in the environment before ``conf.py`` is read.
    ``mode`` says what its pages are for, in the words of Diátaxis; checks of prose depend on it.
    """

    name: str
    path: Path
    title: str
    conf: Path
    aliases: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    strict: bool = True
    mode: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every intersphinx name that means this root."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class PageRules:
    """What holds for running pages; every path is absolute.

    ``coverage`` is the file that keeps how many blocks are checked; without one they may become
    fewer. ``examples`` are the folders of files that run elsewhere, which pages may quote.
    ``caches`` are folders that git ignores, and that spare tools work in a copy of the repository.
    ``most_skipped`` is the percentage of blocks that may be skipped.
    """

    coverage: Path | None = None
    examples: tuple[Path, ...] = ()
    caches: tuple[Path, ...] = ()
    most_skipped: float = 100


@dataclass(frozen=True)
class Project:
    """A project directory and what ``[tool.docset]`` says of it; every path is absolute."""

    directory: Path
    title: str
    url: str
    output: Path
    roots: tuple[Root, ...]
    home: Path | None = None
    prose: Path | None = None
    """The folder of what checks of prose remember."""
    redirected: bool = False
    """The output is not the configured one."""
    code: tuple[Path, ...] = ()
    """Folders of Python whose docstrings and comments are checked as the pages are."""
    pages: PageRules = field(default_factory=PageRules)

    @property
    def work(self) -> Path:
        """The folder of everything that is kept between builds."""
        return self.directory / "build" / "docset"

    def root(self, name: str) -> Root:
        """Return the root of that name; raise ProjectError when there is none."""
        for root in self.roots:
            if root.name == name:
                return root
        known = [root.name for root in self.roots]
        raise ProjectError(f"no root is named {name!r}{_nearest(name, known)}")

    def modules(self) -> list[Path]:
        """Return every Python file of the code."""
        return [file for folder in self.code for file in sorted(folder.rglob("*.py"))]

    def relative(self, path: Path | str) -> str:
        """Return the path as people type it: relative to the project directory if it is below."""
        try:
            return Path(path).relative_to(self.directory).as_posix()
        except ValueError:
            return str(path)


def load(directory: Path, *, output: Path | None = None) -> Project:
    """Read the project of a directory; ``output`` replaces the configured one.

    Raise ProjectError for anything that would make a build go wrong before it starts.
    """
    directory = directory.resolve()
    table = _Table("tool.docset", _read(directory / FILE), directory / FILE)
    table.only("title", "url", "output", "home", "prose", "code", "roots", "pages")
    project = Project(
        directory=directory,
        title=table.text("title"),
        url=table.text("url").rstrip("/") + "/",
        output=output.resolve() if output else directory / table.text("output", "build/site"),
        home=table.folder("home", directory),
        prose=table.folder("prose", directory),
        redirected=output is not None,
        code=table.folders("code", directory),
        roots=tuple(_root(entry, directory) for entry in table.tables("roots")),
        pages=_page_rules(table.table("pages"), directory),
    )
    _refuse_clashes(project)
    return project


def _read(file: Path) -> Mapping[str, Any]:
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ProjectError(f"{file}: not found; name the project with --project DIR") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{file}: {error}") from None
    table = data.get("tool", {}).get("docset")
    if not isinstance(table, dict):
        raise ProjectError(f"{file}: no [tool.docset] table; add one with a title, a url and roots")
    return table


def _root(table: _Table, directory: Path) -> Root:
    table.only(*(field.name for field in fields(Root)))
    path = directory / table.text("path")
    conf = directory / table.text("conf", table.text("path"))
    name = table.text("name")
    if not name or name.startswith((".", "_")) or set(name) & set('/\\:+`<>"'):
        raise table.error("name", f"{name!r} cannot be a folder and an intersphinx name")
    if not path.is_dir():
        raise table.error("path", f"the folder {path} does not exist")
    if not (conf / "conf.py").is_file():
        raise table.error("conf", f"{conf / 'conf.py'} does not exist")
    return Root(
        name=name,
        path=path.resolve(),
        title=table.text("title", name),
        conf=conf.resolve(),
        aliases=table.texts("aliases"),
        env=table.environment("env"),
        strict=table.flag("strict", default=True),
        mode=table.choice("mode", MODES),
    )


def _page_rules(table: _Table, directory: Path) -> PageRules:
    table.only("caches", "coverage", "examples", "most-skipped")
    most = table.data.get("most-skipped", 100)
    if not isinstance(most, int | float) or not 0 <= most <= 100:
        raise table.error("most-skipped", f"must be a percentage from 0 to 100, not {most!r}")
    return PageRules(
        coverage=directory / table.text("coverage") if "coverage" in table.data else None,
        examples=tuple((directory / folder).resolve() for folder in table.texts("examples")),
        caches=tuple(directory / folder for folder in table.texts("caches")),
        most_skipped=most,
    )


def _refuse_clashes(project: Project) -> None:
    names: set[str] = set()
    for root in project.roots:
        for name in root.names:
            if name in names:
                raise ProjectError(f"{project.directory / FILE}: two roots are named {name!r}")
            names.add(name)
        for ours, what in ((project.output, "output"), (project.work, "work folder")):
            if ours.is_relative_to(root.path) and not _hidden_from_sphinx(ours, root):
                raise ProjectError(
                    f"{project.directory / FILE}: the {what} {ours} is inside the source folder "
                    f"of {root.name!r}; Sphinx would read it"
                )
            if root.path.is_relative_to(ours):
                raise ProjectError(
                    f"{project.directory / FILE}: the source folder of {root.name!r} is inside "
                    f"the {what} {ours}; a build would overwrite it"
                )
    if project.output.is_relative_to(project.work) or project.work.is_relative_to(project.output):
        raise ProjectError(
            f"{project.directory / FILE}: output {project.output} and the work folder "
            f"{project.work} must not contain each other"
        )
    if project.output == project.directory or project.directory.is_relative_to(project.output):
        raise ProjectError(
            f"{project.directory / FILE}: output {project.output} holds the project itself"
        )


def _hidden_from_sphinx(path: Path, root: Root) -> bool:
    """Tell whether the path lies in a folder of the source that neither we nor Sphinx look into."""
    return path.relative_to(root.path).parts[:1] == ("_build",)


@dataclass(frozen=True)
class _Table:
    """A table of the file, with errors that name the key and the place."""

    name: str
    data: Mapping[str, Any]
    file: Path

    def error(self, key: str, message: str) -> ProjectError:
        return ProjectError(f"{self.file}: {self.name}.{key}: {message}")

    def only(self, *known: str) -> None:
        for key in self.data:
            if key not in known:
                raise self.error(key, f"unknown key{_nearest(key, known)}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None:
            raise self.error(key, "missing")
        if not isinstance(value, str):
            raise self.error(key, f"must be a string, not {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(key, f"must be a list of strings, not {value!r}")
        return tuple(value)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, not {value!r}")
        return value

    def choice(self, key: str, known: Iterable[str]) -> str:
        value = self.text(key, "")
        if value and value not in known:
            raise self.error(key, f"unknown mode {value!r}{_nearest(value, known)}")
        return value

    def environment(self, key: str) -> Mapping[str, str]:
        value = self.data.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.error(key, f"must be a table of strings, not {value!r}")
        return value

    def folder(self, key: str, directory: Path) -> Path | None:
        if key not in self.data:
            return None
        folder = directory / self.text(key)
        if not folder.is_dir():
            raise self.error(key, f"the folder {folder} does not exist")
        return folder.resolve()

    def folders(self, key: str, directory: Path) -> tuple[Path, ...]:
        found = tuple(directory / name for name in self.texts(key))
        for folder in found:
            if not folder.is_dir():
                raise self.error(key, f"the folder {folder} does not exist")
        return found

    def table(self, key: str) -> _Table:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f"must be a table: [{self.name}.{key}]")
        return _Table(f"{self.name}.{key}", value, self.file)

    def tables(self, key: str) -> list[_Table]:
        value = self.data.get(key)
        if not isinstance(value, list) or not value:
            raise self.error(key, "at least one root is needed: [[tool.docset.roots]]")
        if not all(isinstance(entry, dict) for entry in value):
            raise self.error(key, "must be an array of tables: [[tool.docset.roots]]")
        return [
            _Table(f"{self.name}.{key}[{index}]", entry, self.file)
            for index, entry in enumerate(value)
        ]


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return a suggestion to append to a message about an unknown word."""
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
