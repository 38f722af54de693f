"""The tests of the backends, as somebody else would write them."""

import os
import unittest
from typing import Any, ClassVar

from django_prodserver.testing import running
from django_prodserver.testing.contracts import OnHup, ServerContract, Typed, WorkerContract
from django_prodserver.testing.projects import FreshProject

# A test that is to fail need not take long.
running.PATIENCE = float(os.environ.get("TOY_PATIENCE", running.PATIENCE))


class ServerTests(ServerContract, unittest.TestCase):
    BACKEND = os.environ.get("TOY_BACKEND", "toy")
    PACKAGE = "toy"
    MISTAKE = ("prot", "port")
    ENVIRONMENT: ClassVar = {"TOY_PORT": "{port}"}
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"header": ["a", "b"]}, "--header=a --header=b"),
    )
    EVERY_KIND: ClassVar = (
        ({"port": "{port}", "quiet": True}, "--port={port} --quiet"),
        ({"header": ("a", "{port}")}, "--header=a --header={port}"),
    )

    def args(self, port: int) -> dict[str, Any]:
        return {"port": port}

    def options(self, port: int) -> list[str]:
        return [f"--port={port}"]

    def native(self, *options: str) -> list[str]:
        return ["toyserver", "mysite.wsgi:application", *options]


class IgnoringTests(ServerTests):
    ON_HUP = OnHup.IGNORES


class WorkerTests(WorkerContract, unittest.TestCase):
    BACKEND = os.environ.get("TOY_BACKEND", "toy-worker")
    PACKAGE = "toy"
    MISTAKE = ("pasue", "pause")
    TYPED: ClassVar[Typed] = (({"pause": 1}, "--pause=1"),)
    READY = "waiting for tasks"
    BROKER_DOWN: ClassVar = {"TOY_QUEUE": "/nowhere"}

    def native(self, *options: str) -> list[str]:
        return ["toyworker", *options]

    def prepare(self, project: FreshProject) -> None:
        queue = project.home / "queue"
        queue.mkdir()
        project.configure(TOY_QUEUE=str(queue))

    def enqueue(self, name: str, seconds: float) -> str:
        return (
            "import json, pathlib\n"
            "from django.conf import settings\n"
            f"task = json.dumps({{'name': {name!r}, 'seconds': {seconds}}})\n"
            f"file = pathlib.Path(settings.TOY_QUEUE, '{name}.part')\n"
            "file.write_text(task)\n"
            "file.rename(file.with_suffix('.json'))\n"
        )
