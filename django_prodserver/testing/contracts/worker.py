"""What holds for every worker."""

import signal
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from django_prodserver.testing.contracts.process import OnHup, ProcessContract
from django_prodserver.testing.projects import FreshProject
from django_prodserver.testing.running import Running

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["WorkerContract"]


class WorkerContract(ProcessContract):
    """The promises of a backend whose processes do tasks: see :class:`ProcessContract`.

    ``READY`` must say what the worker prints when it waits for tasks.
    """

    NAME: ClassVar[str] = "worker"
    ON_HUP: ClassVar[OnHup] = OnHup.ENDS
    FINISHES_ON_TERM: ClassVar[bool] = True
    """SIGTERM lets a task finish that is being done."""
    FINISHES_ON_TERM_NATIVELY: ClassVar[bool | None] = None
    """Whether the native worker does so; None: as ours does."""
    SECONDS: ClassVar[float] = 3.0
    """How long the task takes that SIGTERM finds in flight."""
    BROKER_DOWN: ClassVar[Mapping[str, object]] = {}
    """Settings with which the worker finds no broker, and does not try again and again."""

    optional: ClassVar[dict[str, str]] = {
        **ProcessContract.optional,
        "test_an_unreachable_broker_ends_with_the_native_exit_code": "BROKER_DOWN",
    }

    def setUp(self) -> None:
        """Remembers who enqueues tasks for which project: a process of its own."""
        super().setUp()
        self.senders: dict[Path, Callable[[str], str]] = {}

    def enqueue(self, name: str, seconds: float) -> str:
        """Returns Python code that enqueues a task, with Django set up.

        The task must call ``work(name, seconds)`` of :mod:`django_prodserver.testing.work`;
        :meth:`prepare` writes it into the project.
        """
        raise NotImplementedError

    def send(self, project: FreshProject, name: str, seconds: float = 0.0) -> None:
        """Enqueues a task."""
        if project.path not in self.senders:
            self.senders[project.path] = self.enterContext(project.interpreter())
        self.senders[project.path](self.enqueue(name, seconds))

    def assert_works(self, project: FreshProject, running: Running) -> None:
        """Asserts that a task is done which another process enqueues."""
        self.send(project, "task")
        running.until((project.path / "task.done").exists)

    def test_term_lets_a_task_finish(self) -> None:
        """And the exit code is the native one."""
        projects = self.project(), self.project()
        both = self.start(projects[0]), self.start_native(projects[1])
        self.until_ready(*both)
        for project, running in zip(projects, both, strict=True):
            self.send(project, "task", self.SECONDS)
            running.until((project.path / "task.started").exists)
            running.signal(signal.SIGTERM)

        self.assert_same_exit_code("term", *both)
        natively = self.FINISHES_ON_TERM_NATIVELY
        expected = [
            self.FINISHES_ON_TERM,
            self.FINISHES_ON_TERM if natively is None else natively,
        ]
        done = [(project.path / "task.done").exists() for project in projects]
        self.assertEqual(done, expected)

    def test_hup_does_what_the_backend_says(self) -> None:
        """See ``ON_HUP``; a reload takes over changed settings."""
        numbers = count()

        def told(project: FreshProject, running: Running) -> str:
            name = f"task-{next(numbers)}"
            self.send(project, name)
            file = project.path / f"{name}.done"
            running.until(file.exists)
            return file.read_text()

        self.assert_on_hup(self.project(), _tell, told)

    def test_a_broken_project_ends_with_the_native_exit_code(self) -> None:
        """Instead of waiting for tasks that it could not do."""
        project = self.project()
        project.install("nothing_of_this_name")
        both = self.start(project), self.start_native(project)

        self.assert_same_exit_code("broken project", *both)
        self.assertNotEqual(both[0].exit_code(), 0)

    def test_an_unreachable_broker_ends_with_the_native_exit_code(self) -> None:
        """Instead of 0, as if all were well."""
        project = self.project()
        project.configure(**self.BROKER_DOWN)
        both = self.start(project), self.start_native(project)

        self.assert_same_exit_code("broker down", *both)


def _tell(project: FreshProject, word: str) -> None:
    project.configure(GREETING=word)
