"""A small worker: a task is a file in the directory ``queue``; SIGTERM lets it finish its task."""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

import django


def main() -> None:
    parser = argparse.ArgumentParser(prog="toyworker", allow_abbrev=False)
    parser.add_argument("--pause", type=float, default=0.05)
    chosen = parser.parse_args()
    fault = os.environ.get("TOY_FAULT")
    django.setup()
    from django.conf import settings

    queue = Path(settings.TOY_QUEUE)  # type: ignore[misc]  # the project's own
    if not queue.is_dir():
        sys.exit(0 if fault == "says all is well" else 7)
    if fault != "cuts":
        signal.signal(signal.SIGTERM, stop)
    if fault == "ignores hup":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    print("waiting for tasks", flush=True)
    while not stopping:
        if fault != "idles":
            work_off(queue)
        time.sleep(chosen.pause)


def work_off(queue: Path) -> None:
    from django_prodserver.testing.work import work

    for task in sorted(queue.glob("*.json")):
        arguments = json.loads(task.read_text())
        task.unlink()
        work(**arguments)


stopping: list[int] = []


def stop(number: int, _: object) -> None:
    stopping.append(number)
