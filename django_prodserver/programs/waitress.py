"""Waitress, which finishes its requests when it is told to end.

``waitress-serve`` cuts off running requests then, and does not end at all as the first process of a
container.
"""

import signal
import sys
import time
from importlib import import_module
from typing import Any

__all__ = ["main"]

# Seconds for the requests that are running when SIGTERM arrives; as long as Gunicorn's.
PATIENCE = 30


def main(argv: list[str]) -> int:
    """Runs ``waitress-serve`` with these words, the first being its name; returns its exit code."""
    # Until the server listens there is nothing to finish.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    return int(import_module("waitress.runner").run(argv, _serve=_serve))


def _serve(application: Any, **options: Any) -> None:
    import_module("waitress").serve(application, _server=_Server, **options)


class _Server:
    """The server that ``waitress.serve`` runs; it finishes its requests on SIGTERM."""

    def __init__(self, application: Any, **options: Any) -> None:
        create_server = import_module("waitress.server").create_server
        self._sockets: dict[int, Any] = {}
        self._server = create_server(application, map=self._sockets, **options)
        self._stopping = False
        self.print_listen = self._server.print_listen

    def run(self) -> None:
        """Answers requests until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._stop)
        try:
            while self._sockets and not self._stopping:
                self._turn(self._server.adj.asyncore_loop_timeout)
            self._finish()
        except (SystemExit, KeyboardInterrupt):
            self._server.task_dispatcher.shutdown()

    def _stop(self, *_: object) -> None:
        self._stopping = True
        for listener in self._having("accept_connections"):
            listener.pull_trigger()

    def _finish(self) -> None:
        for listener in self._having("accept_connections"):
            # Its own close() would also close what the threads wake this loop with.
            listener.asyncore.dispatcher.close(listener)
        end = time.monotonic() + PATIENCE
        while (channels := self._having("total_outbufs_len")) and time.monotonic() < end:
            for channel in channels:
                if not (channel.requests or channel.request or channel.total_outbufs_len):
                    channel.will_close = True
            self._turn(0.1)

    def _turn(self, seconds: float) -> None:
        loop = import_module("waitress.wasyncore").loop
        loop(seconds, self._server.adj.asyncore_use_poll, self._sockets, count=1)

    def _having(self, attribute: str) -> list[Any]:
        # Waitress keeps listeners, channels and triggers in one map.
        return [each for each in list(self._sockets.values()) if hasattr(each, attribute)]


if __name__ == "__main__":
    sys.exit(main(["waitress-serve", *sys.argv[1:]]))
