"""A fresh Django project in a directory of its own, and the processes that are started in it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

BIN = Path(sys.executable).parent
PATIENCE = 20.0

VIEWS = """
import os, time
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import path

def hello(request):
    return HttpResponse("hello")

def slow(request):
    open("slow-started", "w").close()
    time.sleep(1.5)
    return HttpResponse("finished")

def facts(request):
    return JsonResponse({
        "pid": os.getpid(), "parent": os.getppid(), "cwd": os.getcwd(),
        "greeting": getattr(settings, "GREETING", None),
        "settings": os.environ["DJANGO_SETTINGS_MODULE"],
        "environ": dict(os.environ),
    })

urlpatterns = [path("", hello), path("slow/", slow), path("facts/", facts)]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], T | None], seconds: float = PATIENCE) -> T:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.03)
    raise TimeoutError(f"waited {seconds} s for {what}")


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE) as response:
        return str(response.read().decode())


@dataclass
class Running:
    """A process that was started, with everything it prints in a file."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def get(self, path: str = "/") -> str:
        return get(f"http://127.0.0.1:{self.port}{path}")

    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.get("/facts/")))

    def until_it_serves(self) -> Running:
        def answer() -> bool:
            assert self.process.poll() is None, self.output()
            with contextlib.suppress(OSError):
                return bool(self.get())
            return False

        wait_for(answer)
        return self

    def output(self) -> str:
        return self.log.read_text()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def exit_code(self) -> int:
        return self.process.wait(PATIENCE)


@dataclass
class Site:
    """A project made by startproject, whose settings end with what a test adds."""

    path: Path
    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    def configure(self, **settings: object) -> None:
        lines = [f"{name} = {value!r}" for name, value in settings.items()]
        self.append("mysite/settings.py", "\n".join(lines))

    def append(self, name: str, text: str) -> None:
        with (self.path / name).open("a") as file:
            file.write(f"\n{text}\n")

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def env(self) -> dict[str, str]:
        """An environment as of a fresh log-in: no virtual environment is activated."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environ,
        }

    def run(self, *argv: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv,
            cwd=cwd or self.path,
            env=self.env(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "manage.py", *words)

    def dry_run(self, *words: str) -> str:
        done = self.manage("prodserver", "--dry-run", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextlib.contextmanager
    def start(self, *argv: str | Path, port: int = 0, cwd: Path | None = None) -> Iterator[Running]:
        """Starts a process in a process group of its own, and kills all of it at the end."""
        log = self.home / f"{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                argv,
                cwd=cwd or self.path,
                env=self.env(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield Running(process, log, port)
        finally:
            _kill_group(process)

    @contextlib.contextmanager
    def serve(self, *words: str, **entry: object) -> Iterator[Running]:
        """Starts ``manage.py prodserver web`` with Gunicorn on a free port, until it serves."""
        port = free_port()
        args = {"bind": f"127.0.0.1:{port}", **dict(entry.pop("ARGS", {}))}  # type: ignore[call-overload]
        self.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "gunicorn", "ARGS": args, **entry}})
        command = [sys.executable, "manage.py", "prodserver", "web", *words]
        with self.start(*command, port=port) as running:
            yield running.until_it_serves()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    group = process.pid
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    process.wait(PATIENCE)
    wait_for(lambda: not any(_in_group(p, group) for p in psutil.pids()))


def _in_group(pid: int, group: int) -> bool:
    try:
        return os.getpgid(pid) == group and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False
