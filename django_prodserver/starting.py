"""Turning this process into the one of a launch. The only module that starts anything."""

import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from django_prodserver.exceptions import LaunchError
from django_prodserver.launch import Launch

__all__ = ["start"]


def start(launch: Launch, environ: Mapping[str, str], *, platform: str = sys.platform) -> NoReturn:
    """Replaces this process by the launch's program, in the given environment.

    The process id stays the same, and so does what a supervisor sees of the process.
    On Windows the program is a child whose exit code this process returns: ``exec`` there detaches
    the program from the console and from the caller.

    Raises:
        LaunchError: the operating system refuses.
        SystemExit: on Windows, when the program has ended.
    """
    environment = launch.environment(environ)
    _leave_nothing_behind()
    try:
        os.chdir(launch.cwd)
        if platform == "win32":
            sys.exit(_run_child(launch, environment))
        _give_back_what_is_not_ours()
        os.execve(launch.argv[0], launch.argv, environment)  # noqa: S606 - no shell is wanted
    except OSError as error:
        raise LaunchError(f"Cannot start {launch.argv[0]}: {error}.") from error


def _leave_nothing_behind() -> None:
    """Closes connections and flushes output, before other processes go on from here.

    What nobody has imported has neither, and would take long to import.
    """
    # Settings without DATABASES have no connections to close.
    with contextlib.suppress(ImproperlyConfigured):
        if database := sys.modules.get("django.db"):
            database.connections.close_all()
    if "logging" in sys.modules:
        _flush_logs()
    # What was closed from the start is None.
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # Whoever read them may have gone.
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


def _flush_logs() -> None:
    import logging  # noqa: PLC0415 - it is there

    # A handler is anybody's code: where one fails, the others are flushed all the same.
    raises, logging.raiseExceptions = logging.raiseExceptions, False
    logging.shutdown()
    logging.raiseExceptions = raises


def _give_back_what_is_not_ours() -> None:
    """Undoes what an app has done to this process for itself, and a program would inherit."""
    # A blocked signal would never be heard.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number, stream in enumerate((sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        # It was closed from the start: what has its number is a file of somebody else.
        if stream is None:
            with contextlib.suppress(OSError):
                os.close(number)


def _run_child(launch: Launch, environment: Mapping[str, str]) -> int:
    import subprocess  # noqa: PLC0415 - as above: most never come here

    with subprocess.Popen(launch.argv, env=environment) as child:
        while True:
            # Ctrl-C reaches the child as well; it decides how to end.
            with contextlib.suppress(KeyboardInterrupt):
                return child.wait()
