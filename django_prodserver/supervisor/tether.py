"""A program of its own: ties itself to its parent, then becomes the program of its arguments.

Linux sends it SIGTERM when its parent ends in any way, KILL included.
Doing this between fork and exec instead is not safe in a process that has threads.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Takes the parent's process id and an argument vector, whose first word is a path."""
    parent, *argv = sys.argv[1:]
    # Python ignores the first two for itself, and a program would inherit that.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _tie()
    if os.getppid() != int(parent):
        sys.exit(128 + signal.SIGTERM)
    try:
        os.execv(argv[0], argv)  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"{argv[0]} cannot be started: {error.strerror}.\n")
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)


def _tie() -> None:
    try:
        import ctypes  # noqa: PLC0415 - some builds of Python have none
    except ImportError:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    main()
