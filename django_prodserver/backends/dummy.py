"""A server that serves nothing, for trying things out: it needs no package and no port."""

import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from django_prodserver.backends.base import BaseServerBackend, BaseWorkerBackend

__all__ = ["DummyBackend", "DummyWorker"]


class DummyBackend(BaseServerBackend):
    """A process that prints what it was given, and waits until it is told to stop.

    Any option is taken. SIGTERM and SIGINT end it, with exit code 0.
    """

    label = "Dummy"
    development_only = True

    def start_server(self, *args: str) -> None:
        """Prints the words, one on a line, and waits.

        Raises:
            SystemExit: it was told to stop.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        print(f"{self.process_name}: started", *args, sep="\n  ", flush=True)  # noqa: T201
        while True:
            time.sleep(3600)


class DummyWorker(DummyBackend, BaseWorkerBackend):
    """The same as a worker: it waits for tasks that never come."""

    kind = BaseWorkerBackend.kind


def _stop(number: int, _: FrameType | None) -> NoReturn:
    print(f"stopped by {signal.Signals(number).name}", flush=True)  # noqa: T201
    sys.exit(0)
