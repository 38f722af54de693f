"""A small server: it drains on SIGTERM and starts anew on SIGHUP.

The variable ``TOY_FAULT`` lets it misbehave.
"""

import argparse
import os
import signal
import sys
import threading
from importlib import import_module
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server


class Server(ThreadingMixIn, WSGIServer):
    pass


def main() -> None:
    fault = os.environ.get("TOY_FAULT")
    try:
        serve(options(), fault)
    except (OSError, ImportError) as error:
        sys.exit(0 if fault == "says all is well" else f"toyserver: {error}")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="toyserver", allow_abbrev=False)
    parser.add_argument("application")
    parser.add_argument("--port", type=int, default=int(os.environ.get("TOY_PORT", "8000")))
    parser.add_argument("--header", action="append")
    parser.add_argument("--quiet", action="store_true")
    return parser.parse_args()


def serve(chosen: argparse.Namespace, fault: str | None) -> None:
    module, _, name = chosen.application.partition(":")
    application = getattr(import_module(module), name)
    with make_server("127.0.0.1", chosen.port, application, Server) as server:

        def drain(*_: object) -> None:
            if fault == "cuts":
                os._exit(0)
            threading.Thread(target=server.shutdown).start()

        signal.signal(signal.SIGTERM, signal.SIG_IGN if fault == "ignores term" else drain)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if fault == "ignores hup" else start_anew)
        server.serve_forever()


def start_anew(*_: object) -> None:
    os.execv(sys.executable, sys.orig_argv)
