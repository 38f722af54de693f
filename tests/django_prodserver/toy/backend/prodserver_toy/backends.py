"""The backends of the toys: good ones first, then one for each promise, which breaks it."""

import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from typing import ClassVar

from django_prodserver.backends.base import (
    BaseServerBackend,
    BaseWorkerBackend,
    ConsoleScriptBackend,
)
from django_prodserver.launch import Launch
from django_prodserver.options import Option, OptionTable, Takes

PORT = Option(("--port",), type="integer")
QUIET = Option(("--quiet",), takes=Takes.NOTHING)


class ToyServer(ConsoleScriptBackend, BaseServerBackend):
    label = "Toy"
    package = "toy"
    script = "toyserver"

    def prep_server_args(self) -> list[str]:
        return [self.project.application("wsgi"), *self.args]

    def read_options(self) -> OptionTable | None:
        return OptionTable([PORT, Option(("--header",), repeats=True), QUIET])


class ToyWorker(ConsoleScriptBackend, BaseWorkerBackend):
    label = "Toy worker"
    package = "toy"
    script = "toyworker"

    def read_options(self) -> OptionTable | None:
        return OptionTable([Option(("--pause",), type="number")])


class Faulty(ConsoleScriptBackend):
    variables: ClassVar[dict[str, str]] = {}

    def command_line(self, *args: str) -> Launch:
        launch = super().command_line(*args)
        return replace(launch, env={**launch.env, **self.variables})


class Cuts(Faulty, ToyServer):
    variables: ClassVar = {"TOY_FAULT": "cuts"}


class SaysAllIsWell(Faulty, ToyServer):
    variables: ClassVar = {"TOY_FAULT": "says all is well"}


class IgnoresHup(Faulty, ToyServer):
    variables: ClassVar = {"TOY_FAULT": "ignores hup"}


class IgnoresTerm(Faulty, ToyServer):
    variables: ClassVar = {"TOY_FAULT": "ignores term"}


class ForgetsTheProject(Faulty, ToyServer):
    variables: ClassVar = {"PYTHONPATH": ""}


class HidesTheEnvironment(Faulty, ToyServer):
    variables: ClassVar = {"TOY_PORT": "0"}


class TakesAnyKey(ToyServer):
    def read_options(self) -> None:
        return None


class JoinsLists(ToyServer):
    def read_options(self) -> OptionTable:
        return OptionTable([PORT, Option(("--header",), separator=","), QUIET])


class AddsAnOption(ToyServer):
    def prep_server_args(self) -> list[str]:
        return [*super().prep_server_args(), "--quiet"]


class StartsAChild(ToyServer):
    in_process = False

    def start_server(self, *args: str) -> None:
        launch = self.command_line(*args)
        environ = launch.environment(self.project.environ)
        sys.exit(subprocess.run(launch.argv, env=environ, check=False).returncode)


class NeedsItsPackage(ToyServer):
    package = ""

    def prep_server_args(self) -> list[str]:
        import_module("toy.server")
        return super().prep_server_args()


class CutsTasks(Faulty, ToyWorker):
    variables: ClassVar = {"TOY_FAULT": "cuts"}


class Idles(Faulty, ToyWorker):
    variables: ClassVar = {"TOY_FAULT": "idles"}


class WorkerIgnoresHup(Faulty, ToyWorker):
    variables: ClassVar = {"TOY_FAULT": "ignores hup"}


class WorkerSaysAllIsWell(Faulty, ToyWorker):
    variables: ClassVar = {"TOY_FAULT": "says all is well"}
