"""A build: from the table of roots to the joined site."""

from __future__ import annotations

import functools
import gc
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docset import home, inventory, links, lock, manifest, plan, references, snapshot, state
from docset.crew import Crew, start_method
from docset.inventory import Inventory
from docset.problems import Problem, distinct
from docset.project import FILE, ProjectError
from docset.site import Site
from docset.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docset.inventory import Clash
    from docset.messages import Failed
    from docset.progress import Reporter
    from docset.project import Project, Root
    from docset.task import Task

__all__ = ["CLEAN", "FAULTY", "UNUSABLE", "Options", "Outcome", "build", "prepare"]

CLEAN, FAULTY, UNUSABLE = 0, 1, 2
"""Exit codes: the site is complete; warnings or errors; a mistake in configuration or usage."""


@dataclass(frozen=True)
class Options:
    """What a build is asked for; ``only`` names the roots to build, none means all.

    ``publish_faulty`` publishes pages with problems too.
    """

    jobs: int = 0
    clean: bool = False
    only: tuple[str, ...] = ()
    publish_faulty: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a build: the exit code, and the problems as people read them.

    ``inputs`` are the stamps of every file that the build depended on, none when it was cut short.
    """

    code: int
    lines: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    inputs: snapshot.Stamps = field(default_factory=dict)


@functools.cache
def prepare() -> None:
    """Import what every build needs, so that the processes forked from this one have it."""
    from docset import preload  # noqa: F401, PLC0415 - imported for its effect

    gc.collect()
    gc.freeze()


def build(project: Project, options: Options, reporter: Reporter) -> Outcome:
    """Bring the joined site up to date and tell about it.

    Raise ProjectError for what makes a build impossible, OSError when a folder cannot be written.
    """
    with lock.held(
        project.work / "lock",
        lambda pid: reporter.message(f"process {pid} builds this project; waiting for it to end"),
    ):
        return _Build(project, options, reporter).run()


class _Build:
    def __init__(self, project: Project, options: Options, reporter: Reporter) -> None:
        self.project = project
        self.options = options
        self.reporter = reporter
        self.started = time.monotonic()
        self.roots = [project.root(name) for name in options.only] or list(project.roots)

    def run(self) -> Outcome:
        known = snapshot.load(self.project.work / "published")
        site = Site(self.project.output)
        site.refuse_foreign(known)
        manifest.discard(str(self.project.directory))
        if self.options.clean:
            for root in self.roots:
                state.discard(state.file(self.project.work, root.name))
        self.states = {root.name: self._load(root) for root in self.project.roots}
        self._refuse_unbuilt()
        failures = self._run_crew()
        if failures:
            return self._report_failures(failures)
        problems = distinct([*self._problems(), *links.check(self.project, self._known())])
        merged = self._merged(problems)
        lines = tuple(problem.show(self.project.relative) for problem in problems)
        for line in lines:
            self.reporter.problem(line)
        faulty = any(problem.fails for problem in problems)
        published: snapshot.Stamps = {}
        if not faulty or self.options.publish_faulty:
            published = self._publish(site, known, merged)
        code = FAULTY if faulty else CLEAN
        inputs = self._inputs()
        self._remember(code, lines, inputs | published)
        self._sum_up(lines, faulty=faulty)
        return Outcome(code, lines, inputs=inputs)

    def _load(self, root: Root) -> State | None:
        return State.load(state.file(self.project.work, root.name))

    def _known(self) -> dict[str, State]:
        return {name: known for name, known in self.states.items() if known is not None}

    def _refuse_unbuilt(self) -> None:
        chosen = {root.name for root in self.roots}
        for name, known in self.states.items():
            if name not in chosen and known is None:
                raise ProjectError(
                    f"{name!r} has not been built, and others refer to it: build all roots first"
                )

    def _run_crew(self) -> list[Failed]:
        """Build the roots that need it; return what made any of them fail."""
        tasks = [
            task
            for root in self.roots
            if (task := plan.task(self.project, root, self.states[root.name]))
        ]
        if not tasks:
            return []
        if start_method() == "fork":
            prepare()
        busy = {task.root.name for task in tasks}
        crew = Crew(self.options.jobs or os.cpu_count() or 1, self.reporter)
        names = tuple(root.name for root in self.project.roots)
        complete = crew.run(tasks, names, lambda: self._late(busy))
        for root in self.project.roots:
            if root.name in busy:
                self.states[root.name] = self._load(root)
        return [] if complete else list(crew.failures.values())

    def _late(self, busy: set[str]) -> list[Task]:
        """Return tasks for the idle roots whose references the new inventories answer otherwise."""
        found = []
        inventories = self._inventories()
        for root in self.project.roots:
            known = self.states[root.name]
            if root.name in busy or known is None:
                continue
            others = {name: inv for name, inv in inventories.items() if name != root.name}
            pages = references.stale(known.pages, inventory.index(others))
            if pages:
                busy.add(root.name)
                found.append(plan.rewriting(self.project, root, pages))
        return found

    def _inventories(self) -> dict[str, Inventory]:
        return {
            root.name: Inventory.load(state.folder(self.project.work, root.name) / "objects.inv")
            for root in self.project.roots
        }

    def _problems(self) -> Iterable[Problem]:
        for known in self._known().values():
            yield from known.problems()

    def _merged(self, problems: list[Problem]) -> Inventory:
        """Merge the inventories; add a problem for each name that stands twice."""
        merged, clashes = inventory.merge(self.project.title, "", self._inventories())
        for clash in clashes:
            fails = all(self.project.root(name).strict for name in clash.owners)
            remedy = "rename one" if fails else "the joined inventory leaves it out"
            problems.append(Problem(self._page_of(clash), 0, f"{clash}: {remedy}", fails))
        return merged

    def _page_of(self, clash: Clash) -> str:
        """Return the source of a page that has the name."""
        owner, _, rest = clash.entry.uri.partition("/")
        page = self._known()[owner].pages.get(rest.partition(".html")[0])
        return page.source if page else ""

    def _report_failures(self, failures: Iterable[Failed]) -> Outcome:
        problems = distinct(failed.problem for failed in failures)
        for problem in problems:
            show = self.reporter.problem if problem.path else self.reporter.message
            show(problem.show(self.project.relative))
        self.reporter.message(self._site_left())
        texts = tuple(problem.show(self.project.relative) for problem in problems)
        return Outcome(FAULTY, failures=texts)

    def _sum_up(self, lines: tuple[str, ...], *, faulty: bool) -> None:
        count = f"{len(lines)} problem{'' if len(lines) == 1 else 's'}"
        if faulty and not self.options.publish_faulty:
            self.reporter.message(f"{count}; {self._site_left()}")
            return
        pages = sum(len(known.pages) for known in self._known().values())
        where = self.project.relative(self.project.output)
        took = time.monotonic() - self.started
        text = f"{where}: {len(self.project.roots)} roots, {pages} pages, {took:.2f} s"
        self.reporter.success(f"{text}, {count}" if lines else text)

    def _site_left(self) -> str:
        where = self.project.relative(self.project.output)
        if self.project.output.is_dir():
            return f"the site in {where} is left as it was"
        return f"no site is made in {where}"

    def _publish(self, site: Site, known: snapshot.Stamps, merged: Inventory) -> snapshot.Stamps:
        """Bring the site up to date; return the stamps of its files."""
        for root in self.project.roots:
            site.add_tree(f"{root.name}/", state.folder(self.project.work, root.name) / "html")
        home.add(site, self.project)
        site.content["objects.inv"] = merged.dump()
        published = site.publish(known)
        snapshot.save(self.project.work / "published", published)
        return {path: published[path] for path in site.paths()}

    def _inputs(self) -> snapshot.Stamps:
        """Return the stamps of every file that the build depended on."""
        stamps = snapshot.stamps([str(self.project.directory / FILE)])
        if self.project.home:
            stamps |= snapshot.tree(str(self.project.home))
        for known in self._known().values():
            stamps |= known.sources | known.code | known.assets
            for page in known.pages.values():
                stamps |= page.dependencies
        return stamps

    def _remember(self, code: int, lines: tuple[str, ...], stamps: snapshot.Stamps) -> None:
        """Let the next build stop at once if nothing changes; not after a build of a few roots."""
        if not self.options.only:
            manifest.Manifest(code, list(lines), manifest.installed() | stamps).save(
                str(self.project.directory),
                str(self.project.output) if self.project.redirected else "",
            )
