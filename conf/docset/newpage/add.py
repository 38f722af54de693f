"""``docset new``: write a page from the template of its mode, and the line that leads to it."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from docset.project import ProjectError
from docset.prose.check import checks
from docset.prose.page import Directive, Label
from docset.prose.site import Source, of_project

if TYPE_CHECKING:
    from docset.progress import Reporter
    from docset.project import Project, Root
    from docset.prose.page import Page
    from docset.prose.site import Site

__all__ = ["add"]

TEMPLATES = Path(__file__).parent
LONGEST = 60
"""Characters of a title: more do not fit into the navigation."""


def add(project: Project, mode: str, title: str, folder: str | None, reporter: Reporter) -> int:
    """Write a page and the line that leads to it; return 0.

    Raise ProjectError for a title that the checks do not accept, for a page or a label that is
    there already, and when no table of contents can name the page.
    """
    root = _root(project, mode)
    site = of_project(project)
    path = _path(project, site, root, title, folder)
    text = _text(site, root, title)
    index, index_text = _index_with(site, root, path)
    docname = posixpath.relpath(path, project.relative(root.path)).removesuffix(".md")
    page = Source(path, root.name, root.mode, docname, text)
    _refuse(_with(site, index, index_text, page), path)
    for name, content in ((path, text), (index, index_text)):
        (project.directory / name).parent.mkdir(parents=True, exist_ok=True)
        (project.directory / name).write_text(content, "utf-8", newline="")
    reporter.success(f"wrote {path}, and its line in {index}")
    return 0


def _root(project: Project, mode: str) -> Root:
    for root in project.roots:
        if root.mode == mode:
            return root
    raise ProjectError(f"no root has the mode {mode!r}; name it in [[tool.docset.roots]]")


def _path(project: Project, site: Site, root: Root, title: str, folder: str | None) -> str:
    if title != " ".join(title.split()) or len(title) > LONGEST:
        raise ProjectError(f"write the title in one line of at most {LONGEST} characters")
    name = _slug(title)
    if not name:
        raise ProjectError(f"the title {title!r} has no words to name the file by")
    inside = _only_folder(site, root) if folder is None else folder
    path = posixpath.normpath(posixpath.join(project.relative(root.path), inside, f"{name}.md"))
    if not (project.directory / path).resolve().is_relative_to(root.path):
        raise ProjectError(f"{inside} is no folder of {project.relative(root.path)}")
    if (project.directory / path).exists():
        raise ProjectError(f"{path} exists: choose another title, or change that page")
    return path


def _slug(title: str) -> str:
    words = re.sub(r"^How to ", "", title).lower()
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


def _only_folder(site: Site, root: Root) -> str:
    """Return the folder of the root that has its pages; empty when they stand in the root itself.

    Raise ProjectError when there are several.
    """
    docnames = [source.docname for source in site.sources.values() if source.root == root.name]
    folders = sorted({name.partition("/")[0] for name in docnames if "/" in name})
    if len(folders) > 1:
        named = " or ".join(f"--folder {folder}" for folder in folders)
        raise ProjectError(f"{root.name} has several folders: add {named}")
    return folders[0] if folders else ""


def _text(site: Site, root: Root, title: str) -> str:
    if "$" in title or '"' in title:
        raise ProjectError("write the title without '$' and '\"'")
    template = Template((TEMPLATES / f"{root.mode}.md").read_text("utf-8"))
    others = {mode: _link(site, mode) for mode in ("explanation", "reference")}
    label = _slug(title)
    if label in site.paths_by_label:
        [*_, path] = site.paths_by_label[label]
        raise ProjectError(f"{path} has the label {label!r}: choose another title")
    return template.substitute(title=title, label=label, **others)


def _link(site: Site, mode: str) -> str:
    """Return a reference to the first page of the root of a mode."""
    for page in site.pages:
        if page.mode == mode and page.docname == "index":
            label = next(page.of(Label), None)
            if label:
                return f"{{external+{page.root}:ref}}`{label.name}`"
    return f"the {mode}"


def _index_with(site: Site, root: Root, path: str) -> tuple[str, str]:
    """Return the page whose toctree is to name a page, and its text with that line."""
    folder = posixpath.dirname(path)
    top = posixpath.dirname(_index_of(site, root).path)
    while True:
        index = site.page(posixpath.join(folder, "index.md"))
        if index and index.is_index:
            entry = posixpath.relpath(path, folder).removesuffix(".md")
            return index.path, _with_entry(index, entry)
        if folder == top:
            raise ProjectError(f"no index.md above {path} has a toctree: write one")
        folder = posixpath.dirname(folder)


def _index_of(site: Site, root: Root) -> Page:
    for page in site.pages:
        if page.root == root.name and page.docname == "index":
            return page
    raise ProjectError(f"{root.name} has no index.md: write one with a toctree")


def _with_entry(index: Page, entry: str) -> str:
    """Return the text of an index with an entry where the others of its folder are."""
    trees = [each for each in index.of(Directive) if each.name == "toctree"]
    folder = posixpath.dirname(entry)
    alike = [
        tree for tree in trees if re.search(rf"^{re.escape(folder)}/", tree.body, re.MULTILINE)
    ]
    lines = index.text.split("\n")
    lines.insert((alike or trees)[-1].end_line - 1, entry)
    return "\n".join(lines)


def _with(site: Site, index: str, index_text: str, page: Source) -> Site:
    """Return the site with a new page and another text of its index."""
    changed = dataclasses.replace(site.sources[index], text=index_text)
    sources = {**site.sources, index: changed, page.path: page}
    return dataclasses.replace(site, sources=sources, _measured={})


def _refuse(site: Site, path: str) -> None:
    """Raise ProjectError when a check does not accept the page, which is then due to its title."""
    page = site.sources[path].page
    for each in checks():
        for alert in each.alerts(page, site):
            raise ProjectError(f"this title does not do: {alert.rule} {alert.message}")
