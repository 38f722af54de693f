"""Parents to supervise with, a naive one to compare with, and children for both."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from tests.django_prodserver.site import wait_for

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 20.0

# The programs that run: a parent gets its job, and what it runs, as JSON.
# What runs the tests may ignore signals, as a shell does for jobs in the background, and so would
# all below it.
PRELUDE = """
import fcntl, json, os, signal, subprocess, sys, termios
# Python itself ignores these two, and whoever starts another program with it puts that right.
for number in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}:
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.SIG_DFL)
if os.isatty(1):
    fcntl.ioctl(1, termios.TIOCSCTTY, 0)
job = json.loads(sys.argv[1])
"""
SUPERVISOR = """
from pathlib import Path
from django_prodserver.launch import Launch
from django_prodserver.supervisor.endings import OnExit
from django_prodserver.supervisor.family import supervise
exec(job["first"])
launches = {
    name: Launch(tuple(argv), job["env"], Path(job["cwd"])) for name, argv in job["argvs"].items()
}
sys.exit(supervise(launches, os.environ, on_exit=OnExit(job["on_exit"]), grace=job["grace"]))
"""
NAIVE = """
os.environ["PYTHONUNBUFFERED"] = "1"
children = [
    subprocess.Popen(argv, stdout=subprocess.PIPE, start_new_session=True)
    for argv in job["argvs"].values()
]
for line in children[0].stdout:
    print(line, flush=True)
    exec(job["then"])
"""
SLEEP = "import time; print('ready'); time.sleep(100)"
CATCH = """
import signal, sys, time
def got(number, frame):
    print("got", signal.Signals(number).name)
    if signal.Signals(number).name in {"SIGTERM", "SIGINT", "SIGQUIT"}:
        sys.exit(CODE)
for name in ("TERM", "INT", "QUIT", "HUP", "USR1", "USR2"):
    signal.signal(getattr(signal, "SIG" + name), got)
print("ready")
# Not signal.pause(): a signal that comes just before it would wait for the next one.
while True:
    time.sleep(0.05)
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEP
# It ends; what it has started lives on, deaf to TERM, and holds the pipe open.
PARENT = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-u", "-c", {STUBBORN!r}], start_new_session=DETACHED)
END
"""
HEIR = PARENT.replace("DETACHED", "False").replace("END", "time.sleep(100)")
DAEMON = PARENT.replace("DETACHED", "True").replace("END", "time.sleep(100)")
# Runs a child that has ended before the parent of that child, so that someone else must reap it.
ORPHANER = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(0.2)
    os._exit(0)
os.wait()
time.sleep(0.4)
print("ready")
time.sleep(100)
"""


@dataclass
class Parent:
    """A parent under test; whatever comes from it carries a mark in its environment."""

    process: subprocess.Popen[bytes]
    log: Path
    mark: str

    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def until(self, pattern: str, times: int = 1) -> Parent:
        wait_for(lambda: len(re.findall(pattern, self.output())) >= times)
        return self

    def pid_of(self, name: str) -> int:
        return int(re.findall(rf"{name} started with pid (\d+)", self.output())[-1])

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def exit_code(self) -> int:
        return self.process.wait(PATIENCE)

    def left(self) -> list[psutil.Process]:
        """What came from the parent and still runs."""
        return [process for process in psutil.process_iter() if self._runs(process)]

    def nothing_is_left(self) -> bool:
        return not self.left()

    def _runs(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            alive = process.status() != psutil.STATUS_ZOMBIE and process.pid != self.process.pid
            return alive and process.environ().get("MARK") == self.mark
        return False


class Nursery:
    """Starts parents, and kills all that came from them at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parents: list[Parent] = []

    def supervise(
        self,
        *,
        on_exit: str = "stop",
        grace: float = 10.0,
        env: dict[str, str | None] | None = None,
        cwd: str | None = None,
        first: str = "",
        stdout: int | None = None,
        prefix: tuple[str, ...] = (),
        **codes: str | list[str],
    ) -> Parent:
        job = {"on_exit": on_exit, "grace": grace, "env": env or {}, "first": first}
        return self._start(SUPERVISOR, job | {"cwd": cwd or str(self.path)}, codes, stdout, prefix)

    def naive(
        self,
        *,
        then: str = "",
        stdout: int | None = None,
        prefix: tuple[str, ...] = (),
        **codes: str,
    ) -> Parent:
        return self._start(NAIVE, {"then": then}, {**codes}, stdout, prefix)

    def _start(
        self,
        program: str,
        job: dict[str, object],
        codes: dict[str, str | list[str]],
        stdout: int | None,
        prefix: tuple[str, ...],
    ) -> Parent:
        job["argvs"] = {
            name: [sys.executable, "-c", code] if isinstance(code, str) else code
            for name, code in codes.items()
        }
        mark = uuid.uuid4().hex
        log = self.path / f"{mark}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*prefix, sys.executable, "-c", PRELUDE + program, json.dumps(job)],
                env={"PATH": os.defpath, "MARK": mark},
                stdin=subprocess.DEVNULL,
                stdout=file if stdout is None else stdout,
                stderr=file,
                start_new_session=True,
            )
        if stdout is not None:
            os.close(stdout)
        self.parents.append(Parent(process, log, mark))
        return self.parents[-1]

    def close(self) -> None:
        for parent in self.parents:
            parent.process.kill()
            parent.process.wait(PATIENCE)
            for process in parent.left():
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            wait_for(parent.nothing_is_left)


def catch(code: int = 0) -> str:
    return CATCH.replace("CODE", str(code))


def catchers(nursery: Nursery) -> Parent:
    return nursery.supervise(web=catch(), worker=catch()).until("ready", times=2)
