"""How many requests a server answers in a second."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

__all__ = ["LoadError", "client", "requests_per_second"]

CONNECTIONS = 4
# Servers that close the connection behind every answer make for errors while reading.
FAILURES = r"Non-2xx.*|Socket errors: connect \d+, read \d+, write \d+, timeout [1-9].*"


class LoadError(Exception):
    """A server did not answer every request with success."""


def client() -> str:
    """Return the name of what asks: ``wrk``, or Python's threads where that is not installed."""
    # spelling: allow wrk: a program that asks a server as fast as it can
    return "wrk" if shutil.which("wrk") else "http.client in threads"


def requests_per_second(port: int, page: str, seconds: float) -> float:
    """Return how many requests for a page were answered in a second.

    Raises:
        LoadError: some were not answered with success.
    """
    ask = _wrk if client() == "wrk" else _threads
    return ask(port, page, seconds)


def _wrk(port: int, page: str, seconds: float) -> float:
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    command = ["wrk", *options, f"http://127.0.0.1:{port}{page}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    failed = re.search(FAILURES, done.stdout)
    if found is None or failed:
        raise LoadError(failed[0] if failed else done.stderr.strip() or done.stdout)
    return float(found[1])


def _threads(port: int, page: str, seconds: float) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as executor:
        counts = executor.map(lambda _: _ask(port, page, began + seconds), range(CONNECTIONS))
        return sum(counts) / (time.perf_counter() - began)


def _ask(port: int, page: str, end: float) -> int:
    """Return how many requests were answered until then."""
    connection, count = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
    while time.perf_counter() < end:
        connection.request("GET", page)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise LoadError(f"{page}: {answer.status} {answer.reason}")
        count += 1
    connection.close()
    return count
