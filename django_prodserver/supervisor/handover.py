"""Turning this process into the supervisor of a job.

It runs in an interpreter that has nothing of the project in it: no memory, no threads, no handlers
of signals.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NoReturn

from django_prodserver.exceptions import LaunchError, UsageError
from django_prodserver.launch import Launch
from django_prodserver.starting import start
from django_prodserver.supervisor.job import Job

__all__ = ["hand_over"]

PROGRAM = Path(__file__).with_name("__main__.py")
# The numbers of the standard streams are below it.
FIRST_FREE = 3


def hand_over(job: Job, environ: Mapping[str, str], *, platform: str = sys.platform) -> NoReturn:
    """Replaces this process by a supervisor in the given environment, which does the job.

    Raises:
        UsageError: on Windows.
        LaunchError: the operating system refuses.
    """
    if platform == "win32":
        raise UsageError(
            "Several processes at once do not run on Windows, where a group of processes cannot "
            "be stopped in order. "
            f"Start each on its own: prodserver {next(iter(job.launches), 'NAME')}"
        )
    try:
        number = _written(job)
    except OSError as error:
        raise LaunchError(f"Cannot write down what to start: {error}.") from error
    start(Launch((*_interpreter(), str(PROGRAM), str(number))), environ)


def _written(job: Job) -> int:
    """Returns the number of an open file from which the next program reads the job."""
    with _file() as file:
        file.write(job.dumps().encode())
        file.seek(0)
        return _inheritable(file)


def _file() -> IO[bytes]:
    """Returns a file without a name: no other user can read what is secret in it."""
    # In memory, for a container may have no directory to write into.
    with contextlib.suppress(AttributeError, OSError):
        return os.fdopen(os.memfd_create("job"), "w+b")
    return tempfile.TemporaryFile()


def _inheritable(file: IO[bytes]) -> int:
    # Windows has no such module.
    import fcntl  # noqa: PLC0415

    # Never the number of a standard stream, which may be closed.
    return fcntl.fcntl(file.fileno(), fcntl.F_DUPFD, FIRST_FREE)


def _interpreter() -> tuple[str, ...]:
    # It needs no other package than this one, whose place PROGRAM tells.
    # It must read and write names as this interpreter does.
    words = (sys.executable, "-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}")
    return (*words, "-B") if sys.dont_write_bytecode else words
