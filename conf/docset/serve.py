"""``docset serve``: the joined site while it is being written.

Three parts: a process that builds, made before any thread so that it can fork safely; a server; and
a loop that watches what the last build depended on. The site is a preview in the work folder: it
shows a page with its warnings too, and leaves the site of ``docset build`` alone.
"""

from __future__ import annotations

import dataclasses
import signal
import time
from functools import partial
from typing import TYPE_CHECKING

from docset import build, snapshot
from docset import project as projects
from docset.build import Outcome
from docset.crew import processes, start_method
from docset.pagealerts import alerts_at
from docset.preview import Preview
from docset.progress import Reporter
from docset.project import ProjectError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from docset.project import Project

_INTERVAL = 0.04
"""Seconds between two looks at the files, at least; looking takes a twentieth of the time."""


def serve(project: Project, port: int, jobs: int, reporter: Reporter) -> None:
    """Serve the project on 127.0.0.1 until interrupted; raise ProjectError when the port is taken.

    No mistake in the documentation ends it: what is wrong stands on every page until it is mended.
    """
    previewed = _previewed(project)
    builder = _Builder(project.directory, jobs)
    preview = Preview(previewed.output, port, partial(alerts_at, project))
    try:
        reporter.message(f"serving http://127.0.0.1:{preview.port}/ until you press Ctrl+C")
        preview.start()
        _follow(previewed, builder, preview)
    finally:
        preview.stop()
        builder.stop()


def _previewed(project: Project) -> Project:
    return dataclasses.replace(project, output=project.work / "preview", redirected=True)


def _follow(project: Project, builder: _Builder, preview: Preview) -> None:
    """Build, show, wait for a change, and begin again."""
    watched: snapshot.Stamps = {}
    while True:
        # Looked at before the build begins: what is saved while it runs is a change.
        before = {path: snapshot.stamp(path) for path in watched | _sources(project)}
        outcome = builder.build()
        preview.show(outcome)
        # After a failure nobody knows what it depended on: the earlier files and all sources count.
        watched = outcome.inputs or dict(before)
        _wait_for_change({path: known or before.get(path) for path, known in watched.items()})


def _sources(project: Project) -> snapshot.Stamps:
    found = snapshot.stamps([str(project.directory / projects.FILE)])
    for root in project.roots:
        found |= snapshot.tree(str(root.path)) | snapshot.tree(str(root.conf))
    return found


def _wait_for_change(watched: snapshot.Stamps) -> None:
    """Wait until a file looks otherwise; what nobody has looked at counts from now on."""
    seen: snapshot.Stamps = {path: known or snapshot.stamp(path) for path, known in watched.items()}
    while True:
        started = time.monotonic()
        if not snapshot.same(seen):
            return
        time.sleep(max(_INTERVAL, 20 * (time.monotonic() - started)))


class _Builder:
    """The process that builds; it is started again when it is lost."""

    def __init__(self, directory: Path, jobs: int) -> None:
        self._directory = directory
        self._jobs = jobs
        self._start()

    def _start(self) -> None:
        context = processes()
        self._connection, theirs = context.Pipe()
        arguments = (self._directory, self._jobs, theirs, self._connection)
        self._process = context.Process(target=_build_on_request, args=arguments)
        self._process.start()
        theirs.close()

    def build(self) -> Outcome:
        try:
            self._connection.send("build")
            outcome = self._connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode
            self._start()
            return Outcome(build.FAULTY, failures=(f"the building process ended with code {code}",))
        return outcome if isinstance(outcome, Outcome) else Outcome(build.FAULTY)

    def stop(self) -> None:
        self._connection.close()
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _build_on_request(
    directory: Path, jobs: int, connection: Connection, inherited: Connection
) -> None:
    """Build whenever asked, until the other end of the connection is closed.

    This process starts no thread: it forks.
    """
    if start_method() == "fork":
        inherited.close()
    # Ctrl+C reaches every process of the terminal; the one that serves says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    build.prepare()
    reporter = Reporter()
    while True:
        try:
            connection.recv()
            connection.send(_build_once(directory, jobs, reporter))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _build_once(directory: Path, jobs: int, reporter: Reporter) -> Outcome:
    """Build the preview; whatever goes wrong becomes part of the outcome."""
    try:
        project = _previewed(projects.load(directory))
        options = build.Options(jobs, publish_faulty=True)
        return build.build(project, options, reporter)
    except ProjectError as error:
        failure = str(error)
    except OSError as error:
        failure = f"cannot write or read {error.filename or 'a file'}: {error.strerror}"
    reporter.message(failure)
    return Outcome(build.FAULTY, failures=(failure,))
