"""The crew: one process per root, all of them led through reading, meeting and writing."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing as mp
import os
import sys
import threading
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, TypeVar, cast

from docset.messages import Afresh, Done, Failed, Notice, Parked, Progress, Read, Write
from docset.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.context import SpawnContext

    from docset.progress import Reporter
    from docset.task import Task

Job = TypeVar("Job")

START_METHOD = "DOCSET_START_METHOD"
"""Environment variable: how processes start, ``fork`` or ``spawn``."""


def start_method() -> str:
    """Return how processes start here.

    Forking a process that has Sphinx imported saves its import in each child. Windows cannot fork,
    and macOS's system libraries may not survive it.
    """
    chosen = os.environ.get(START_METHOD)
    if chosen:
        return chosen
    return "spawn" if sys.platform in {"win32", "darwin"} else "fork"


def processes() -> SpawnContext:
    """Return what starts processes here; every method of starting has the same interface."""
    return cast("SpawnContext", mp.get_context(start_method()))


@dataclass
class _Member:
    task: Task
    process: mp.process.BaseProcess
    connection: Connection


class Crew:
    """Runs the tasks of one build, at most ``jobs`` of them working at a time."""

    def __init__(self, jobs: int, reporter: Reporter) -> None:
        self._jobs = jobs
        self._reporter = reporter
        self._context = processes()
        self._waiting: list[_Member] = []
        self._parked: list[Task] = []
        self._connections: list[Connection] = []
        self.failures: dict[str, Failed] = {}
        self.roots: set[str] = set()

    def run(
        self, tasks: Sequence[Task], roots: tuple[str, ...], late: Callable[[], list[Task]]
    ) -> bool:
        """Build every root; return whether all came to their end.

        ``late`` is asked, once everybody has read, for the roots that have to be written again
        because of what the others read. A root that fails before the writing ends the build.
        """
        tasks = self._with_parking(tasks)
        try:
            while tasks and not self.failures:
                self._work_through(tasks, self._start, self._after_reading)
                tasks = [] if self.failures else late()
            if not self.failures:
                waiting: list[_Member | Task] = [*self._waiting, *self._parked]
                self._work_through(waiting, partial(self._go_on, roots), self._after_writing)
        finally:
            self._dismiss(self._waiting)
        return not self.failures

    def _with_parking(self, tasks: Sequence[Task]) -> list[Task]:
        """Have those park that would only wait, in memory, while others still read.

        It costs a tenth of a second; an update of a few pages is done by then.
        """
        too_many = len(tasks) - self._jobs
        return [
            dataclasses.replace(task, park=task.fresh and place < too_many)
            for place, task in enumerate(tasks)
        ]

    def _work_through(
        self,
        jobs: Iterable[Job],
        begin: Callable[[Job], _Member],
        end: Callable[[_Member, object], list[Job]],
    ) -> None:
        """Keep as many members at work as there may be; ``end`` may return further jobs."""
        pending = list(jobs)
        working: dict[object, _Member] = {}
        try:
            while pending or working:
                while pending and len(working) < self._jobs:
                    member = begin(pending.pop(0))
                    working[member.connection] = member
                for connection in wait([member.connection for member in working.values()]):
                    message = self._receive(working[connection])
                    if message is not None:
                        pending += end(working.pop(connection), message)
        finally:
            self._dismiss(working.values())

    def _after_reading(self, member: _Member, message: object) -> list[Task]:
        """Note what came of the reading; return what has to be started instead."""
        if isinstance(message, Read):
            self._waiting.append(member)
            return []
        self._dismiss([member])
        if isinstance(message, Parked):
            self._parked.append(_resumed(member.task))
            return []
        return self._instead(member, message)

    def _go_on(self, roots: tuple[str, ...], job: _Member | Task) -> _Member:
        """Tell a member to write, or start one for a root that was parked."""
        if not isinstance(job, _Member):
            return self._start(job)
        # One that is gone is noticed by what it sends.
        with contextlib.suppress(BrokenPipeError):
            job.connection.send(Write(roots))
        return job

    def _after_writing(self, member: _Member, message: object) -> list[_Member | Task]:
        if isinstance(message, Read):
            return [member]
        self._dismiss([member])
        return [] if isinstance(message, Done) else [*self._instead(member, message)]

    def _instead(self, member: _Member, message: object) -> list[Task]:
        """Return the task that replaces one that cannot be done; note a failure."""
        if isinstance(message, Afresh):
            reason = message.reason
            return [dataclasses.replace(member.task, fresh=True, parked=False, reason=reason)]
        failed = message if isinstance(message, Failed) else _gone(member)
        self.failures[member.task.root.name] = failed
        return []

    def _start(self, task: Task) -> _Member:
        ours, theirs = self._context.Pipe()
        self._connections = [each for each in self._connections if not each.closed] + [ours]
        inherited = tuple(self._connections) if start_method() == "fork" else ()
        arguments = (task, theirs, inherited)
        process = self._context.Process(target=_work, args=arguments, name=task.root.name)
        process.start()
        theirs.close()
        return _Member(task, process, ours)

    def _receive(self, member: _Member) -> object | None:
        """Return the next message that ends a step, None for one of progress."""
        try:
            message = member.connection.recv()
        except (EOFError, ConnectionResetError):
            return EOFError
        if isinstance(message, Progress):
            self._reporter.progress(member.task.root.name, message)
            return None
        if isinstance(message, Notice):
            self._reporter.notice(message.text)
            return None
        return message  # type: ignore[no-any-return]

    def _dismiss(self, members: Iterable[_Member]) -> None:
        for member in members:
            member.connection.close()
            member.process.join(_PATIENCE)
            if member.process.is_alive():
                member.process.kill()
                member.process.join()


_PATIENCE = 5.0
"""Seconds that a process gets to end by itself after its connection is closed."""


def _resumed(task: Task) -> Task:
    """Return the task that writes what another process has read."""
    return dataclasses.replace(task, fresh=False, park=False, parked=True, write_all=True)


def _gone(member: _Member) -> Failed:
    member.process.join(_PATIENCE)
    text = f"{member.task.root.name}: its process ended with exit code {member.process.exitcode}"
    return Failed(Problem("", 0, text))


def _work(task: Task, connection: Connection, inherited: Sequence[Connection]) -> None:
    """Build a root; ``inherited`` are the leader's ends of connections, which a fork copies."""
    from docset import rootbuild  # noqa: PLC0415 - imports Sphinx, which only these processes need

    # While a copy is open, nobody sees that the leader has closed the connection.
    for copy in inherited:
        copy.close()
    threading.Thread(target=_follow_parent, daemon=True).start()
    rootbuild.run(task, connection)
    connection.close()
    sys.stdout.flush()
    sys.stderr.flush()
    # Tearing down an interpreter that holds a whole documentation takes time and has no effect.
    os._exit(0)


def _follow_parent() -> None:
    """End this process when the one that leads the build is gone, whatever killed it."""
    parent = mp.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
