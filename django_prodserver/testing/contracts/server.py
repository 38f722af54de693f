"""What holds for every server."""

import contextlib
import signal
import socket
from collections.abc import Mapping
from concurrent.futures import Future
from http.client import HTTPException
from typing import ClassVar

from django_prodserver.testing.contracts.process import ProcessContract
from django_prodserver.testing.projects import FreshProject
from django_prodserver.testing.running import Running, free_port

__all__ = ["ServerContract"]

# How long the request takes that SIGTERM finds in flight.
SECONDS = 3
BROKEN = "nothing_of_this_name"

MODEL = """
from django.db import models

class Thing(models.Model):
    {word} = models.TextField()
"""
VIEW = """
from django.conf import settings
from django.http import HttpResponse
from mysite.models import Thing

def told(request):
    field = list(Thing._meta.get_fields())[-1].name
    return HttpResponse(f"{{settings.GREETING}} {word} {{field}}")

urlpatterns.insert(0, path("told/", told))
"""


class ServerContract(ProcessContract):
    """The promises of a backend whose processes answer requests: see :class:`ProcessContract`."""

    FINISHES_ON_TERM: ClassVar[bool] = True
    """SIGTERM lets a request finish that is being answered."""
    FINISHES_ON_TERM_NATIVELY: ClassVar[bool | None] = None
    """Whether the native server does so; None: as ours does."""
    SURVIVES_BROKEN_APPLICATION: ClassVar[bool] = False
    """The native server goes on when the application cannot be imported."""
    ENVIRONMENT: ClassVar[Mapping[str, str]] = {}
    """Variables of the native server that let it listen on ``{port}`` of 127.0.0.1."""

    optional: ClassVar[dict[str, str]] = {
        **ProcessContract.optional,
        "test_its_own_environment_variables_are_read_and_args_win_over_them": "ENVIRONMENT",
    }

    def is_ready(self, running: Running) -> bool:
        """Returns whether the server answers."""
        with contextlib.suppress(OSError):
            return bool(running.get())
        return False

    def assert_works(self, project: FreshProject, running: Running) -> None:  # noqa: ARG002
        """Asserts that the project answers, with a cookie too."""
        self.assertEqual(running.get(), "hello")
        self.assertEqual(running.get("/cookie/"), "hello")

    def test_term_lets_a_slow_request_finish(self) -> None:
        """And the exit code is the native one."""
        project, ports = self.project(), (free_port(), free_port())
        both = self.start(project, ports[0]), self.start_native(project, ports[1])
        self.until_ready(*both)
        requests = [
            _slow_request(project, running, name)
            for name, running in zip(("ours", "native"), both, strict=True)
        ]
        for running in both:
            running.signal(signal.SIGTERM)

        natively = self.FINISHES_ON_TERM_NATIVELY
        expected = [
            self.FINISHES_ON_TERM,
            self.FINISHES_ON_TERM if natively is None else natively,
        ]
        self.assertEqual([_is_answered(request) for request in requests], expected)
        self.assert_same_exit_code("term", *both)

    def test_a_port_in_use_ends_with_the_native_exit_code(self) -> None:
        """Nobody waits for a server that nobody can reach."""
        project = self.project()
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            both = self.start(project, port), self.start_native(project, port)
            self.assert_same_exit_code("port in use", *both)

    def test_a_broken_application_ends_with_the_native_exit_code(self) -> None:
        """Or goes on, where the native server does."""
        project, ports = self.project(), (free_port(), free_port())
        for module in ("wsgi", "asgi"):
            project.write(f"mysite/{module}.py", f"import {BROKEN}\n")
        both = self.start(project, ports[0]), self.start_native(project, ports[1])
        if not self.SURVIVES_BROKEN_APPLICATION:
            self.assert_same_exit_code("broken application", *both)
            return
        for running in both:
            running.until(lambda running=running: BROKEN in running.output())  # type: ignore[misc]
        self.assertEqual([running.process.poll() for running in both], [None, None])

    def test_hup_does_what_the_backend_says(self) -> None:
        """See ``ON_HUP``; a reload takes over changed settings, views and models."""
        project = self.project()
        project.install("mysite")
        self.assert_on_hup(project, _tell, _told)

    def test_its_own_environment_variables_are_read_and_args_win_over_them(self) -> None:
        """As natively, where the command line wins."""
        project, port, other = self.project(), free_port(), free_port()
        project.environ.update(
            {name: text.format(port=port) for name, text in self.ENVIRONMENT.items()}
        )
        entry = {"BACKEND": self.BACKEND, **self.ENTRY}
        project.configure(PRODUCTION_PROCESSES={self.NAME: entry})
        self.until_ready(self.start_configured(project, port))
        self.until_ready(self.start(project, other))


def _slow_request(project: FreshProject, running: Running, name: str) -> Future[str]:
    """Returns the answer to a request which is being answered."""
    answer = running.request(f"/slow/?name={name}&seconds={SECONDS}")
    running.until((project.path / f"{name}.started").exists)
    return answer


def _is_answered(request: Future[str]) -> bool:
    with contextlib.suppress(OSError, HTTPException):
        return request.result() == "finished"
    return False


def _tell(project: FreshProject, word: str) -> None:
    """Lets settings, a view and a model say a word."""
    project.configure(GREETING=word)
    project.write("mysite/models.py", MODEL.format(word=word))
    project.append("mysite/urls.py", VIEW.format(word=word))


def _told(project: FreshProject, running: Running) -> str:  # noqa: ARG001 - a worker needs it
    """Returns the words of settings, view and model; one word if it is the same."""
    # While it reloads it may answer nobody.
    with contextlib.suppress(OSError):
        return " ".join(dict.fromkeys(running.get("/told/").split()))
    return ""
