"""The build of one root, in a process of its own.

It reads what changed, says so to the process that started it, waits until every sibling has been
read too, resolves references against their inventories, and writes.
"""

from __future__ import annotations

import io
import os
import shutil
import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docset import inventory, snapshot, state
from docset.messages import Afresh, Done, Failed, Notice, Progress, Read, Write
from docset.problems import Problem, ProblemHandler
from docset.state import Page, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from multiprocessing.connection import Connection
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from docset.project import Project, Root


@dataclass(frozen=True)
class Task:
    """What a process has to build; ``fresh`` throws away what is left of earlier builds."""

    project: Project
    root: Root
    key: str
    sources: snapshot.Stamps
    fresh: bool = True
    read: frozenset[str] = frozenset()
    """Documents to read again, besides those that Sphinx finds to have changed."""
    write: frozenset[str] = frozenset()
    """Documents to write again, though nothing in them changed."""
    write_all: bool = False
    reason: str = ""
    started: int = field(default_factory=time.time_ns)
    """Time in nanoseconds at which ``sources`` were looked at."""

    @property
    def folder(self) -> Path:
        """The work folder of the root."""
        return state.folder(self.project.work, self.root.name)


class StartAfreshError(Exception):
    """What is left of earlier builds cannot be built upon."""


def run(task: Task, connection: Connection) -> None:
    """Build a root and report over the connection; never raises."""
    try:
        RootBuild(task, connection).run()
    except StartAfreshError as reason:
        connection.send(Afresh(str(reason)))
    except (BrokenPipeError, EOFError, KeyboardInterrupt):
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - extensions may raise anything; the reader gets it in one line
        connection.send(Failed(_one_line(error, task), traceback.format_exc()))


def _one_line(error: Exception, task: Task) -> str:
    """Say what went wrong, and where in the project if it was there."""
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot write or read {error.filename or 'a file'}: {error.strerror}"
    # Sphinx wraps what conf.py raises, and puts the traceback into the message.
    cause = error.__cause__ if type(error).__name__ == "ConfigError" and error.__cause__ else error
    text = " ".join(str(cause).split()) or "no message"
    if isinstance(cause, SyntaxError) and cause.filename:
        return f"{task.project.relative(cause.filename)}:{cause.lineno}: {cause.msg}"
    named = text if type(cause).__module__.startswith("sphinx.") else f"{type(cause).__name__}: {text}"
    place = _place(cause, task.project)
    return f"{place}: {named}" if place else f"{task.root.name}: {named}"


def _place(error: BaseException, project: Project) -> str:
    """Return ``path:line`` of the innermost line of the project that took part in the error."""
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = project.relative(frame.filename)
        if path != frame.filename and not path.startswith((".venv", "build/")):
            place = f"{path}:{frame.lineno}"
    return place


class RootBuild:
    """Drives one Sphinx application from its beginning to the new state."""

    def __init__(self, task: Task, connection: Connection) -> None:
        from docset.inputs import Inputs  # noqa: PLC0415 - after the fork: Sphinx is imported by then
        from docset.references import References  # noqa: PLC0415
        from docset.siblings import Siblings  # noqa: PLC0415

        self.task = task
        self.connection = connection
        self.state_file = state.file(task.project.work, task.root.name)
        self.html = task.folder / "html"
        self.doctrees = task.folder / "doctrees"
        before = None if task.fresh else State.load(self.state_file)
        if before is None and not task.fresh:
            raise StartAfreshError("its state is gone")
        self.state = before or State(task.key)
        self.state.general = {"consistency": self.state.general.get("consistency", [])}
        self.siblings = Siblings(task.project.roots)
        self.references = References(task.project, task.root, self.siblings)
        self.inputs = Inputs(task.project.directory, self._not_inputs(), self._topic)
        self.conflict = False
        self.read: list[str] = []
        self.app: Sphinx | None = None

    def _not_inputs(self) -> tuple[Path, ...]:
        from pathlib import Path  # noqa: PLC0415
        import sys  # noqa: PLC0415

        return (self.task.project.work, self.task.project.output, Path(sys.prefix))

    def run(self) -> None:
        """Build the root; the new state is saved at the very end."""
        os.environ.update(self.task.root.env)
        state.discard(self.state_file)
        if self.task.fresh:
            shutil.rmtree(self.html, ignore_errors=True)
            shutil.rmtree(self.doctrees, ignore_errors=True)
        self.task.folder.mkdir(parents=True, exist_ok=True)
        self.inputs.listen()
        self.app = self._application()
        if not self.task.fresh:
            self._refuse_other_ground(self.app)
        self.app.build()
        self._finish(self.app)
        self.connection.send(Done())

    def _application(self) -> Sphinx:
        from sphinx.application import Sphinx  # noqa: PLC0415

        build = self
        early = io.StringIO()

        class RootApplication(Sphinx):
            """Stock Sphinx that lets us listen from the end of the extensions' set-up on."""

            def preload_builder(self, name: str) -> None:
                super().preload_builder(name)
                build.connect(self, early.getvalue())

        return RootApplication(
            self.task.root.path,
            self.task.root.conf,
            self.html,
            self.doctrees,
            "html",
            confoverrides={"nitpicky": True} if self.task.root.strict else {},
            status=None,
            warning=early,
            tags=["docset"],
        )

    def connect(self, app: Sphinx, early_warnings: str) -> None:
        """Listen to the application."""
        from sphinx.util.logging import NAMESPACE  # noqa: PLC0415
        import logging  # noqa: PLC0415

        for line in filter(None, early_warnings.splitlines()):
            self._keep(None, Problem("", 0, line, self.task.root.strict))
        handler = ProblemHandler(app, self._keep, self.references.judge)
        logging.getLogger(NAMESPACE).addHandler(handler)
        self.siblings.connect(app)
        self.references.connect(app)
        app.connect("builder-inited", self._prepare_builder, priority=950)
        app.connect("env-get-outdated", lambda *_: sorted(self.task.read))
        app.connect("env-before-read-docs", self._begin_reading, priority=900)
        app.connect("doctree-read", lambda *_: self._progress("read"), priority=999)
        app.connect("doctree-resolved", lambda *_: self._progress("written"), priority=999)
        # The last step before writing: titles and section numbers are final by now.
        app.connect("env-get-updated", self._meet, priority=900)

    def _prepare_builder(self, app: Sphinx) -> None:
        from docset import patches, searchindex  # noqa: PLC0415

        searchindex.attach(app, self.task.folder / "searchindex")
        patches.apply(app, self._leave_page, lambda text: self.connection.send(Notice(text)))

    def _refuse_other_ground(self, app: Sphinx) -> None:
        from sphinx.environment import CONFIG_OK  # noqa: PLC0415

        if app.env.config_status != CONFIG_OK:
            raise StartAfreshError("its configuration changed")
        app.env.find_files(app.config, app.builder)
        if app.env.found_docs != app.env.all_docs.keys():
            raise StartAfreshError("pages were added or removed")

    def _begin_reading(self, app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
        from docset import environment  # noqa: PLC0415

        self.read = list(names)
        self.total = len(names)
        self.done = 0
        for name in names:
            self.state.pages[name] = Page(str(env.doc2path(name)))
        environment.watch(env, self._note_conflict)

    def _note_conflict(self) -> None:
        self.conflict = True

    def _meet(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Tell what was read, wait for the siblings, and return the documents to write again."""
        from docset import environment  # noqa: PLC0415

        environment.unwatch(env)
        environment.settle(env)
        self.conflict = self.conflict or environment.has_ambiguous_files(env)
        if self.conflict and not self.task.fresh:
            raise StartAfreshError("two pages define one name")
        changed = self._note_exports(env)
        inventories = self._exchange(app, env)
        self.index = inventory.index(_others(inventories, self.task.root.name))
        self.siblings.load(env, {name: _path(self.task, name) for name in inventories})
        write = self._to_write(env, changed)
        self.total = len(write | set(self.read))
        self.done = 0
        if self.total:
            self.state.general["consistency"] = []
        return sorted(write)

    def _note_exports(self, env: BuildEnvironment) -> bool:
        """Digest what the pages show of each other; return whether that changed."""
        from docset import environment, siblings  # noqa: PLC0415

        for name in self.read:
            self.state.pages[name].exports = environment.page_digest(env, name)
        exports = (f"{name} {page.exports}" for name, page in self.state.pages.items())
        digest = environment.digest(env, exports, siblings.outside(env))
        changed = digest != self.state.digest
        self.state.digest = digest
        return changed

    def _exchange(self, app: Sphinx, env: BuildEnvironment) -> Mapping[str, inventory.Inventory]:
        """Publish this root's inventory; return all of them once every root has been read."""
        from sphinx.util.inventory import InventoryFile  # noqa: PLC0415

        path = _path(self.task, self.task.root.name)
        scratch = path.with_suffix(".new")
        InventoryFile.dump(scratch, env, app.builder)
        scratch.replace(path)
        self.connection.send(Read(len(self.read)))
        answer = self.connection.recv()
        if not isinstance(answer, Write):
            os._exit(1)
        return {name: inventory.Inventory.load(_path(self.task, name)) for name in answer.roots}

    def _to_write(self, env: BuildEnvironment, changed: bool) -> set[str]:
        from docset import references  # noqa: PLC0415

        if changed or self.task.write_all:
            return set(env.found_docs)
        stale = references.stale(self.state.pages, self.index)
        return (stale | self.task.write) & env.found_docs

    def _finish(self, app: Sphinx) -> None:
        from docset import links, references, searchindex  # noqa: PLC0415

        for name, names in self.references.names.items():
            page = self.state.pages[name]
            page.names = references.answers(names, self.index)
            page.links = self.references.links[name]
            page.anchors = links.anchors(app.builder.get_output_path(name))
        searchindex.save(app, self.task.folder / "searchindex")
        _remove_stale_files(app)
        self._note_inputs(app)
        self.state.key = self.task.key
        self.state.conflict = self.conflict
        self.state.outputs = snapshot.produced(str(self.html)) | snapshot.produced(
            str(self.doctrees)
        )
        self.state.save(self.state_file)

    def _note_inputs(self, app: Sphinx) -> None:
        from docset.inputs import imported  # noqa: PLC0415

        self.state.sources = self.task.sources
        opened = self.inputs.opened
        code = opened.get("", set()) | imported(self.task.project.directory, self._not_inputs())
        self.state.code = self._stamps(code | {str(self.task.root.conf / "conf.py")})
        assets = _asset_trees(app) | self._stamps(opened.get("*", set()))
        for name in self.read:
            page = self.state.pages[name]
            used = {os.fspath(app.srcdir / path) for path in app.env.dependencies.get(name, ())}
            used |= opened.get(name, set())
            page.dependencies = self._stamps(used - {page.source})
        self.state.assets = _without(assets, self.state)

    def _stamps(self, paths: Iterable[str]) -> snapshot.Stamps:
        return snapshot.stamps(paths, since=self.task.started)

    def _topic(self) -> str:
        """Return what is being worked on: a document, ``*`` while writing, nothing before that."""
        from sphinx.util.build_phase import BuildPhase  # noqa: PLC0415

        builder = getattr(self.app, "builder", None)
        if builder is None or builder.phase is BuildPhase.INITIALIZATION:
            return ""
        if builder.phase is BuildPhase.READING:
            return builder.env.current_document.docname or ""
        return "*"

    def _leave_page(self) -> None:
        self.references.page = None

    def _keep(self, document: str | None, problem: Problem) -> None:
        """Store the problem where the next build forgets it, once what caused it is done again."""
        from sphinx.util.build_phase import BuildPhase  # noqa: PLC0415

        builder = getattr(self.app, "builder", None)
        phase = builder.phase if builder else BuildPhase.INITIALIZATION
        page = self.state.pages.get(self.references.page or document or "")
        if phase is BuildPhase.READING and page:
            page.reading.append(problem)
        elif phase in {BuildPhase.RESOLVING, BuildPhase.WRITING} and self.references.page and page:
            page.writing.append(problem)
        else:
            self.state.general.setdefault(_PHASES.get(phase.name, "writing"), []).append(problem)

    def _progress(self, verb: str) -> None:
        self.done += 1
        self.connection.send(Progress(verb, self.done, self.total))


_PHASES = {
    "INITIALIZATION": "beginning",
    "READING": "reading",
    "CONSISTENCY_CHECK": "consistency",
}


def _path(task: Task, root: str) -> Path:
    return state.folder(task.project.work, root) / "objects.inv"


def _others(
    inventories: Mapping[str, inventory.Inventory], root: str
) -> dict[str, inventory.Inventory]:
    return {name: found for name, found in inventories.items() if name != root}


def _without(assets: snapshot.Stamps, known: State) -> snapshot.Stamps:
    """Leave out what was only copied while pages were written: it belongs to those pages."""
    elsewhere = set(known.code)
    for page in known.pages.values():
        elsewhere |= {page.source, *page.dependencies}
    return {path: stamp for path, stamp in assets.items() if path not in elsewhere}


def _asset_trees(app: Sphinx) -> snapshot.Stamps:
    """Return the stamps of what the templates and static files of the root are made of."""
    folders = [*app.config.templates_path, *app.config.html_theme_path]
    folders += [*app.config.html_static_path, *app.config.html_extra_path]
    files = [name for name in (app.config.html_logo, app.config.html_favicon) if name]
    found: snapshot.Stamps = {}
    for name in (*folders, *files):
        found |= snapshot.tree(os.fspath(app.confdir / name))
    return found


def _remove_stale_files(app: Sphinx) -> None:
    """Remove images and downloads that no page shows any more; stock Sphinx leaves them."""
    kept = {name for _, name in app.env.images.values()}
    downloads = {name for _, name in app.env.dlfiles.values()}
    for folder, names in (("_images", kept), ("_downloads", downloads)):
        base = app.outdir / folder
        for file in [path for path in base.rglob("*") if path.is_file()]:
            if file.relative_to(base).as_posix() not in names and not _is_shown(app, file.name):
                file.unlink()


def _is_shown(app: Sphinx, name: str) -> bool:
    """Tell whether a written page names the file: extensions put images of their own there."""
    pages = (app.builder.get_output_path(document) for document in app.env.found_docs)
    return any(name.encode() in page.read_bytes() for page in pages if page.exists())
