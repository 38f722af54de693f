"""Turning this process into the one of a launch. The only module that starts anything."""

import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from django_prodserver.exceptions import LaunchError
from django_prodserver.launch import Launch

__all__ = ["start"]


def start(launch: Launch, environ: Mapping[str, str], *, platform: str = sys.platform) -> NoReturn:
    """Replaces this process by the launch's program; on Windows, runs it as a child and exits with its code.

    The process id, and so whoever supervises it, stays the same.
    Windows has no such replacement: its ``exec`` detaches the program from the console and from the caller.

    Raises:
        LaunchError: the operating system refuses.
        SystemExit: on Windows, when the program has ended.
    """
    environment = {**environ, **launch.env}
    _leave_nothing_behind()
    try:
        os.chdir(launch.cwd)
        if platform == "win32":
            sys.exit(_run_child(launch, environment))
        os.execve(launch.argv[0], launch.argv, environment)  # noqa: S606
    except OSError as error:
        raise LaunchError(f"Cannot start {launch.argv[0]}: {error}.") from error


def _leave_nothing_behind() -> None:
    # A setting without DATABASES, or without any Django set up, has no connections to close.
    with contextlib.suppress(ImproperlyConfigured):
        connections.close_all()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


def _run_child(launch: Launch, environment: Mapping[str, str]) -> int:
    with subprocess.Popen(launch.argv, env=environment) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                # Ctrl-C reaches the child as well; it decides how to end.
                continue
