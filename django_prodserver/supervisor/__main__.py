"""A program of its own: the supervisor that ``prodserver --all`` becomes.

It gets the number of an open file, from which it reads its job.
"""

import os
import sys
from pathlib import Path

STANDARD = range(3)


def main(words: list[str]) -> int:
    """Returns the exit code of the supervisor.

    Raises:
        SystemExit: somebody else has started it.
    """
    _open_standard_streams()
    # An isolated interpreter knows the standard library alone; behind it, nothing is in its way.
    sys.path.append(str(Path(__file__).parents[2]))
    from django_prodserver.supervisor.family import supervise  # noqa: PLC0415 - found from here on
    from django_prodserver.supervisor.job import Job  # noqa: PLC0415

    try:
        [number] = map(int, words)
        with os.fdopen(number) as file:
            job = Job.loads(file.read())
    except (OSError, TypeError, ValueError):
        sys.exit("This program is a part of django-prodserver. Type prodserver --all")
    return supervise(
        job.launches, os.environ, on_exit=job.on_exit, grace=job.grace, color=job.color
    )


def _open_standard_streams() -> None:
    """Sees to it that no file that is opened later gets the number of a standard stream."""
    for number in STANDARD:
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is the one that is missing.
            os.open(os.devnull, os.O_RDWR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
