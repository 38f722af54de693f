"""The build of one root, in a process of its own.

It reads what changed, says so to the process that started it, waits until every sibling has been
read too, resolves references against their inventories, and writes.
"""

from __future__ import annotations

import io
import logging
import os
import pickle
import shutil
import traceback
from typing import TYPE_CHECKING, NoReturn, cast

from jinja2 import FileSystemBytecodeCache
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.environment import CONFIG_OK
from sphinx.errors import SphinxError
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util.build_phase import BuildPhase
from sphinx.util.inventory import InventoryFile
from sphinx.util.logging import NAMESPACE

from docset import (
    assets,
    environment,
    faults,
    inventory,
    links,
    patches,
    references,
    siblings,
    snapshot,
    state,
)
from docset.inputs import Inputs, imported
from docset.messages import Afresh, Done, Failed, Notice, Parked, Progress, Read, Write
from docset.problems import Problem
from docset.sphinxlog import ProblemHandler
from docset.state import Page, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from multiprocessing.connection import Connection

    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

    from docset.inventory import Inventory
    from docset.task import Task

_LAST = 999
"""Priority of a listener that wants to come after every other."""

_PHASES = {
    BuildPhase.INITIALIZATION: "beginning",
    BuildPhase.READING: "reading",
    BuildPhase.CONSISTENCY_CHECK: "consistency",
    BuildPhase.RESOLVING: "writing",
    BuildPhase.WRITING: "writing",
}
"""Under which name a problem of no page is kept: the next build that does the phase forgets it."""


class Parking(BaseException):
    """The root is read and kept; no handler for errors of a build is to see this."""


class StartAfresh(SphinxError):
    """What is left of earlier builds cannot be built upon.

    Sphinx lets errors of its own kind pass through event listeners as they are.
    """


def run(task: Task, connection: Connection) -> None:
    """Build a root and report over the connection; never raises."""
    try:
        RootBuild(task, connection).run()
    except Parking:
        connection.send(Parked())
    except StartAfresh as reason:
        connection.send(Afresh(str(reason)))
    except KeyboardInterrupt:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - extensions may raise anything
        if isinstance(faults.unwrapped(error), BrokenPipeError | EOFError):
            # The process that leads the build is gone.
            os._exit(1)
        problem = faults.problem(error, task.project, task.root)
        connection.send(Failed(problem, traceback.format_exc()))


class RootBuild:
    """Drives one Sphinx application from its beginning to the new state."""

    def __init__(self, task: Task, connection: Connection) -> None:
        self.task = task
        self.connection = connection
        self.state = self._earlier_state()
        self.siblings = siblings.Siblings(task.project.roots)
        self.references = references.References(
            task.project, task.root, self.siblings, self._begin_page
        )
        self.inputs = Inputs(task.project.directory, task.not_inputs, self._topic)
        self.index: dict[str, str] = {}
        self.conflict = self.state.conflict
        self.read: list[str] = []
        self.done = self.total = 0
        self.app: Sphinx | None = None

    def _earlier_state(self) -> State:
        """Take what the last build left, and remove it: a build that is stopped leaves none."""
        file = state.file(self.task.project.work, self.task.root.name)
        kept = self.task.parking if self.task.parked else file
        known = None if self.task.fresh else State.load(kept)
        state.discard(file)
        state.discard(self.task.parking)
        if known is None and not self.task.fresh:
            raise StartAfresh("its state is gone")
        known = known or State(self.task.key)
        kept_phases = ("reading", "consistency") if self.task.parked else ("consistency",)
        known.general = {phase: known.general.get(phase, []) for phase in kept_phases}
        return known

    def run(self) -> None:
        """Build the root; the new state is saved at the very end."""
        os.environ.update(self.task.root.env)
        # docutils names files in its messages relative to here.
        os.chdir(self.task.project.directory)
        if self.task.fresh:
            shutil.rmtree(self.task.doctrees, ignore_errors=True)
        if self.task.fresh or self.task.write_all:
            shutil.rmtree(self.task.html, ignore_errors=True)
        self.task.folder.mkdir(parents=True, exist_ok=True)
        self.inputs.listen()
        self.app = self._application()
        if not self.task.fresh:
            self._refuse_other_ground(self.app)
        self.app.build()
        self._finish(self.app)
        self.connection.send(Done())

    def _application(self) -> Sphinx:
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
            self.task.html,
            self.task.doctrees,
            "html",
            confoverrides={"nitpicky": True} if self.task.root.strict else {},
            status=None,
            warning=early,
            tags=["docset"],
        )

    def connect(self, app: Sphinx, early_warnings: str) -> None:
        """Listen to the application; ``early_warnings`` is what it has warned of so far."""
        for line in filter(None, early_warnings.splitlines()):
            self._keep(None, Problem("", 0, line, self.task.root.strict))
        log = logging.getLogger(NAMESPACE)
        log.addHandler(ProblemHandler(app, self._keep, self.references.judge))
        # Sphinx tells hundreds of things a page to nobody.
        log.setLevel(logging.WARNING)
        self.siblings.connect(app)
        self.references.connect(app)
        app.connect("builder-inited", self._prepare_builder, priority=_LAST)
        app.connect("env-get-outdated", lambda *_: sorted(self.task.read))
        app.connect("env-before-read-docs", self._begin_reading, priority=_LAST)
        app.connect("doctree-read", self._after_reading, priority=_LAST)
        app.connect("doctree-resolved", self._after_resolving, priority=_LAST)
        # The last step before writing: titles and section numbers are final by now.
        app.connect("env-get-updated", self._meet, priority=_LAST)
        app.connect("write-started", lambda app, _: patches.write_only_what_changed(app.env))

    def _prepare_builder(self, app: Sphinx) -> None:
        self._keep_compiled_templates(app)
        patches.announce_finish(app.builder, self._leave_page)
        patches.apply(app, lambda text: self.connection.send(Notice(text)))
        patches.load_search_index(app, self.task.folder / "searchindex")
        if not (self.task.fresh or self.task.write_all):
            patches.keep_static_files(app.builder)

    def _keep_compiled_templates(self, app: Sphinx) -> None:
        """Compile a template one time for all builds: its content decides, not its age."""
        templates = getattr(app.builder, "templates", None)
        if isinstance(templates, BuiltinTemplateLoader):
            folder = self.task.project.work / "templates"
            folder.mkdir(parents=True, exist_ok=True)
            templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))

    def _refuse_other_ground(self, app: Sphinx) -> None:
        if not patches.sphinx_is_measured():
            raise StartAfresh("this version of Sphinx was not measured")
        if app.env.config_status != CONFIG_OK:
            raise StartAfresh("its configuration changed")
        app.env.find_files(app.config, app.builder)
        if app.env.found_docs != app.env.all_docs.keys():
            raise StartAfresh("pages were added or removed")

    def _begin_reading(self, _: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
        self.read = list(names)
        self.done, self.total = 0, len(names)
        for name in names:
            self.state.pages[name] = Page(str(env.doc2path(name)))
        environment.watch(env, self._note_conflict)

    def _note_conflict(self) -> None:
        self.conflict = True

    def _meet(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Tell what was read, wait for the siblings, and return the documents to write again."""
        environment.unwatch(env)
        environment.settle(env)
        self.conflict = self.conflict or environment.has_ambiguous_files(env)
        if self.conflict and not (self.task.fresh or self.task.parked):
            raise StartAfresh("two pages define one name")
        write = self._changed_exports(env)
        if self.task.park:
            self._park(app, env)
        others = self._exchange(app, env)
        self.index = inventory.index(others)
        write |= references.stale(self.state.pages, self.index) | self.task.write
        write &= env.found_docs
        self.done, self.total = 0, len(write | set(self.read))
        if self.total:
            self.state.general["consistency"] = []
        return sorted(write)

    def _changed_exports(self, env: BuildEnvironment) -> set[str]:
        """Digest what the pages show of each other; return all of them if that changed."""
        for name in self.read:
            self.state.pages[name].exports = environment.page_digest(env, name)
        exports = (f"{name} {page.exports}" for name, page in self.state.pages.items())
        before, self.state.digest = (
            self.state.digest,
            environment.digest(env, exports, siblings.outside(env)),
        )
        return set(env.found_docs) if before != self.state.digest or self.task.write_all else set()

    def _exchange(self, app: Sphinx, env: BuildEnvironment) -> Mapping[str, Inventory]:
        """Publish this root's inventory; take those of the siblings once every root is read."""
        self._dump_inventory(app, env)
        self.connection.send(Read())
        answer = self.connection.recv()
        if not isinstance(answer, Write):
            raise EOFError  # noqa: TRY004 - the leader says nothing else, so it is gone
        files = {name: self.task.inventory(name) for name in answer.roots}
        self.siblings.load(env, files)
        del files[self.task.root.name]
        return {name: inventory.Inventory.load(file) for name, file in files.items()}

    def _park(self, app: Sphinx, env: BuildEnvironment) -> NoReturn:
        """Keep everything that was read, so that another process can write it."""
        self._dump_inventory(app, env)
        with (self.task.doctrees / ENV_PICKLE_FILENAME).open("wb") as file:
            pickle.dump(env, file, pickle.HIGHEST_PROTOCOL)
        self._note_inputs(app)
        self.state.conflict = self.conflict
        self.state.save(self.task.parking)
        raise Parking

    def _dump_inventory(self, app: Sphinx, env: BuildEnvironment) -> None:
        path = self.task.inventory(self.task.root.name)
        scratch = path.with_suffix(".new")
        InventoryFile.dump(scratch, env, app.builder)
        scratch.replace(path)

    def _begin_page(self, name: str) -> None:
        self.state.pages[name].writing = []

    def _after_reading(self, app: Sphinx, _: object) -> None:
        patches.drop_doctrees(app.env)
        self._progress("read")

    def _after_resolving(self, app: Sphinx, *_: object) -> None:
        patches.drop_doctrees(app.env)
        self._progress("written")

    def _leave_page(self) -> None:
        self.references.page = None

    def _finish(self, app: Sphinx) -> None:
        builder = cast("StandaloneHTMLBuilder", app.builder)
        for name, names in self.references.names.items():
            page = self.state.pages[name]
            page.names = references.answers(names, self.index)
            page.links = self.references.links[name]
            page.anchors = links.anchors(builder.get_output_path(name))
        patches.save_search_index(app, self.task.folder / "searchindex")
        assets.remove_unused(app)
        self._note_inputs(app)
        self.state.key = self.task.key
        self.state.conflict = self.conflict
        self.state.outputs = snapshot.produced(str(self.task.html))
        self.state.outputs |= snapshot.produced(str(self.task.doctrees))
        self.state.save(state.file(self.task.project.work, self.task.root.name))

    def _note_inputs(self, app: Sphinx) -> None:
        """Note the stamps of everything that this build, or an earlier one it builds on, used."""
        opened = self.inputs.opened
        self.state.sources = self.task.sources
        code = opened.get("", set()) | imported(self.task.project.directory, self.task.not_inputs)
        self.state.code |= self._stamps(code | {str(self.task.root.conf / "conf.py")})
        for name in self.read:
            page = self.state.pages[name]
            used = {os.fspath(app.srcdir / path) for path in app.env.dependencies.get(name, ())}
            page.dependencies = self._stamps((used | opened.get(name, set())) - {page.source})
        earlier = {} if self.task.write_all else self.state.assets
        found = earlier | assets.trees(app) | self._stamps(opened.get("*", set()))
        self.state.assets = assets.of_no_page(found, self.state)

    def _stamps(self, paths: Iterable[str]) -> snapshot.Stamps:
        return snapshot.stamps(paths, since=self.task.started)

    def _topic(self) -> str:
        """Return what is being worked on: a document, ``*`` while writing, nothing before that."""
        if self.app is None or self.app.phase is BuildPhase.INITIALIZATION:
            return ""
        if self.app.phase is BuildPhase.READING:
            return self.app.env.current_document.docname or ""
        return "*"

    def _keep(self, document: str | None, problem: Problem) -> None:
        """Store the problem where the next build forgets it, once what caused it is done again."""
        phase = self.app.phase if self.app else BuildPhase.INITIALIZATION
        page = self.state.pages.get(self.references.page or document or "")
        if phase is BuildPhase.READING and page:
            page.reading.append(problem)
        elif _PHASES[phase] == "writing" and self.references.page and page:
            page.writing.append(problem)
        else:
            self.state.general.setdefault(_PHASES[phase], []).append(problem)

    def _progress(self, verb: str) -> None:
        self.done += 1
        self.connection.send(Progress(verb, self.done, self.total))
