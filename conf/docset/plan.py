"""The plan: what has to be done for a root, from what changed since its last build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset import manifest, snapshot, state
from docset.task import Task

if TYPE_CHECKING:
    from docset.project import Project, Root
    from docset.state import State


def task(project: Project, root: Root, before: State | None) -> Task | None:
    """Return the task that brings a root up to date, None when it is."""
    sources = sources_of(project, root)
    key = _key(project, root)
    fresh = _reason_to_start_afresh(project, root, before, key)
    if fresh or before is None:
        return Task(project, root, key, sources, fresh=True, reason=fresh)
    changed = snapshot.changed(before.sources, sources)
    read = frozenset(
        name
        for name, page in before.pages.items()
        if page.source in changed or not snapshot.same(page.dependencies)
    )
    write_all = not snapshot.same(before.assets) or not snapshot.same(before.outputs)
    if not (changed or read or write_all):
        return None
    return Task(project, root, key, sources, fresh=False, read=read, write_all=write_all)


def rewriting(project: Project, root: Root, pages: set[str]) -> Task:
    """Return the task that only writes pages again."""
    sources = sources_of(project, root)
    key = _key(project, root)
    return Task(project, root, key, sources, fresh=False, write=frozenset(pages))


def sources_of(project: Project, root: Root) -> snapshot.Stamps:
    """Return the stamps of everything below the source folder of a root."""
    own = {str(project.work), str(project.output), str(project.work.parent)}
    return snapshot.tree(str(root.path), lambda folder: folder in own)


def _reason_to_start_afresh(project: Project, root: Root, before: State | None, key: str) -> str:
    if before is None:
        return "it has not been built, or its last build was interrupted"
    if before.key != key:
        return "the installed packages, the table of roots or docset itself changed"
    if not snapshot.same(before.code):
        return "its configuration changed"
    if before.conflict or before.general.get("reading"):
        return "its pages contradict each other"
    doctrees = str(state.folder(project.work, root.name) / "doctrees")
    if not snapshot.same({p: s for p, s in before.outputs.items() if p.startswith(doctrees)}):
        return "its work files changed"
    return ""


def _key(project: Project, root: Root) -> str:
    names = [known.names for known in project.roots]
    return f"{manifest.installed()} {root} {names} {project.title} {project.url}"
