"""The fresh project that tests use, with Gunicorn to start in it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django_prodserver.testing.projects import FreshProject
from django_prodserver.testing.running import Running, free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BIN", "Running", "Site", "free_port", "wait_for"]

BIN = Path(sys.executable).parent


class Site(FreshProject):
    @contextlib.contextmanager
    def serve(self, *words: str, **entry: object) -> Iterator[Running]:
        """Starts ``manage.py prodserver web`` with Gunicorn on a free port, until it serves."""
        port = free_port()
        args = {"bind": f"127.0.0.1:{port}", **dict(entry.pop("ARGS", {}))}  # type: ignore[call-overload]
        self.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "gunicorn", "ARGS": args, **entry}})
        command = [sys.executable, "manage.py", "prodserver", "web", *words]
        with self.start(*command, port=port) as running:
            yield running.until_it_serves()
