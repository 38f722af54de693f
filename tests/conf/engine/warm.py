"""A process that has imported Sphinx and docset and forks for each build.

Starting Python and importing Sphinx costs more than building four small roots. Run as a program,
this module reads jobs from standard input, one JSON object a line, and answers each with one line.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

IMPORTS = ("docset.cli", "docset.build")


@dataclass(frozen=True)
class Job:
    """One run of the command."""

    argv: list[str]
    log: str  # the file that gets standard error
    environment: dict[str, str] = field(default_factory=dict)
    kill_after: float | None = None  # seconds until SIGKILL
    kill_group: bool = True  # or the first process alone


class Warm:
    """Runs docset in forks of a warm process. Use it as a context manager."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.conf.engine.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[3],
        )

    def start(self, job: Job) -> None:
        """Start a run. Call :meth:`finish` before the next one."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(asdict(job)) + "\n")
        self._server.stdin.flush()

    def finish(self) -> int:
        """Return the exit code of the run; a negative one names the signal that ended it."""
        assert self._server.stdout is not None
        answer = self._server.stdout.readline()
        if not answer:
            raise RuntimeError("the warm process has ended")
        return int(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(timeout=60)
        self._server.stdout.close()


def _serve() -> None:
    # What a module prints while it is imported must not look like an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for name in IMPORTS:
        importlib.import_module(name)
    importlib.import_module("docset.build").prepare()
    for line in sys.stdin:
        job = Job(**json.loads(line))
        child = os.fork()
        if child == 0:
            _run(job)
        print(_wait(child, job), file=answers, flush=True)


def _run(job: Job) -> None:
    os.setsid()
    log = os.open(job.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor, source in ((0, null), (1, null), (2, log)):
        os.dup2(source, descriptor)
    # Buffers of the parent's streams must not come along.
    sys.stdout, sys.stderr = open(1, "w"), open(2, "w")  # noqa: SIM115
    os.environ.update(job.environment)
    code = importlib.import_module("docset.__main__").main(job.argv)
    sys.stdout.flush()
    sys.stderr.flush()
    # Tearing down an interpreter that has Sphinx imported takes longer than a small build.
    os._exit(code)


def _wait(child: int, job: Job) -> int:
    if job.kill_after is not None and not _ended(child, job.kill_after):
        with suppress(ProcessLookupError):
            (os.killpg if job.kill_group else os.kill)(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _ended(child: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # WNOWAIT leaves the exit status for the caller's waitpid.
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(0.002)
    return False


if __name__ == "__main__":
    _serve()
