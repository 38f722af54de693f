"""``docset serve``: a site that follows its sources, whatever they hold."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.conf.engine.judge import wait_until_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.client import HTTPResponse
    from pathlib import Path

    from tests.conf.engine.docs import Docs

PATIENCE = 30  # seconds
T = TypeVar("T")


class Served:
    """A running ``docset serve``."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log
        self.address = self._address()

    def _address(self) -> str:
        found = self.wait_for(
            lambda: re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text("utf-8"))
        )
        return found[0]

    def get(self, path: str) -> str:
        """Return the text of a page, also of one that tells what is wrong."""
        try:
            with urlopen(f"{self.address}{path}", timeout=PATIENCE) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            return error.read().decode()

    def wait_for(self, look: Callable[[], T | None]) -> T:
        """Return what a look finds as soon as it finds something."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := look():
                return found
            assert self.process.poll() is None, self.log.read_text("utf-8")
            time.sleep(0.02)
        raise AssertionError(f"nothing within {PATIENCE} s: {self.log.read_text('utf-8')}")

    def shows(self, path: str, text: str) -> bool:
        """Wait until a page holds a text."""
        return self.wait_for(lambda: text in self.get(path) or None)

    def events(self) -> HTTPResponse:
        """Return the stream that an open page listens to, found as a browser finds it."""
        page = self.get("/left/index.html")
        [script] = re.findall(r'<script src="(/[^"]*docset[^"]*)"', page)
        found = re.search(r'EventSource\("([^"]+)"', self.get(script))
        assert found
        stream: HTTPResponse = urlopen(f"{self.address}{found[1]}", timeout=PATIENCE)
        return stream

    def stop(self) -> int:
        """Press Ctrl+C and return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)


@contextmanager
def serving(docs: Docs, *argv: str) -> Iterator[Served]:
    """Run ``docset serve`` on a free port, and make sure that it ends."""
    path = docs.directory.with_name("serve.log")
    with path.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "docset", "serve", *(argv or ("--port", "0"))],
            cwd=docs.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield Served(process, path)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def event(stream: HTTPResponse) -> str:
    """Return the next message of a stream of events."""
    for raw in stream:
        line = raw.decode().strip()
        if line.startswith("data:"):
            return line
    raise AssertionError("the stream has ended")


def test_a_save_is_rebuilt_and_open_pages_are_told(docs: Docs) -> None:
    with serving(docs) as served:
        assert served.shows("/left/index.html", "The left side")
        with served.events() as stream:
            first = event(stream)
            docs.edit("left/index.md", "The left side", "A new title")
            assert event(stream) != first
        page = served.get("/left/index.html")
        assert "A new title" in page
        assert served.shows("/right/index.html", "A new title")


def test_warnings_are_shown_and_go_when_they_are_mended(docs: Docs) -> None:
    with serving(docs) as served:
        served.shows("/left/index.html", "The left side")
        with served.events() as stream:
            assert "left/index.md:4" not in event(stream)
            docs.edit("left/index.md", "`right-start`", "`gone`")
            assert "left/index.md:4" in event(stream)
            docs.edit("left/index.md", "`gone`", "`right-start`")
            assert "left/index.md:4" not in event(stream)


def test_the_alerts_of_a_page_can_be_asked_for_and_follow_each_save(docs: Docs) -> None:
    docs.append("left/index.md", "* A wierd item")
    with serving(docs) as served:
        served.shows("/left/index.html", "A wierd item")
        script = served.get("/-/docset/preview.js")
        assert "/-/docset/alerts?" in script

        def alerts(page: str) -> list[str]:
            return list(json.loads(served.get(f"/-/docset/alerts?{page}")))

        for page in ("/left/index.html", "/left/", "%2Fleft%2Findex.html"):
            assert any(
                alert.startswith("left/index.md:6:5: Spelling.Typo ") for alert in alerts(page)
            )
        assert alerts("/left/genindex.html") == alerts("/left/../../x.html") == []
        docs.edit("left/index.md", "wierd", "weird")
        assert not any("Spelling.Typo" in alert for alert in alerts("/left/index.html"))


def test_nothing_of_the_preview_is_published(docs: Docs) -> None:
    docs.append("left/index.md", "* A wierd item")
    assert docs.build().code == 0
    for file in docs.site.rglob("*.*"):
        assert b"/-/docset" not in file.read_bytes()
        assert b"docset-alerts" not in file.read_bytes()


ERRORS = {
    "conf.py": ("left/conf.py", "1 / 0"),
    "syntax": ("left/conf.py", "("),
    "extension": ("left/conf.py", 'extensions = ["no_such_extension"]'),
    "theme": ("left/conf.py", 'html_theme = "no_such_theme"'),
    "table": ("pyproject.toml", "[["),
    "page": ("left/index.md", "```{nonsense}\n```"),
}


@pytest.mark.parametrize("error", ERRORS)
def test_it_stays_alive_through_errors_and_shows_them(error: str, docs: Docs) -> None:
    name, line = ERRORS[error]
    with serving(docs) as served:
        served.shows("/left/index.html", "The left side")
        good = (docs.directory / name).read_text("utf-8")
        with served.events() as stream:
            assert '"problems": []' in event(stream)
            docs.append(name, line)
            assert '"problems": []' not in event(stream)
            (docs.directory / name).write_text(good, "utf-8")
            while '"problems": []' not in event(stream):
                pass
        docs.edit("left/index.md", "The left side", "Alive and well")
        assert served.shows("/left/index.html", "Alive and well")


def test_it_starts_with_an_error_and_recovers(docs: Docs) -> None:
    docs.append("left/conf.py", "1 / 0")
    with serving(docs) as served:
        served.shows("/left/index.html", "ZeroDivisionError")
        docs.edit("left/conf.py", "1 / 0", "")
        assert served.shows("/left/index.html", "The left side")


def test_new_and_deleted_pages_are_followed(docs: Docs) -> None:
    with serving(docs) as served:
        served.shows("/left/index.html", "The left side")
        docs.write({"left/more.md": "# More to read\n"})
        docs.append("left/index.md", "```{toctree}\nmore\n```")
        assert served.shows("/left/more.html", "More to read")
        docs.edit("left/index.md", "```{toctree}\nmore\n```", "")
        (docs.directory / "left/more.md").unlink()
        served.wait_for(lambda: "More to read" not in served.get("/left/more.html") or None)


def test_ctrl_c_ends_it_with_nothing_left_running(docs: Docs) -> None:
    with serving(docs) as served:
        served.shows("/left/index.html", "The left side")
        with served.events() as stream:
            event(stream)
            assert served.stop() in {0, 130}
        assert wait_until_gone(served.process.pid) == []
        assert "Traceback" not in served.log.read_text("utf-8")


def test_terminating_it_leaves_nothing_running(docs: Docs) -> None:
    with serving(docs) as served:
        served.shows("/left/index.html", "The left side")
        served.process.kill()
        served.process.wait(timeout=PATIENCE)
        assert wait_until_gone(served.process.pid) == []


def test_a_port_that_is_taken_is_one_line(docs: Docs) -> None:
    with serving(docs) as served:
        port = served.address.rpartition(":")[2]
        run = docs.command("serve", "--port", port)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert port in run.stderr


def test_it_serves_on_the_loopback_address_only(docs: Docs) -> None:
    import psutil

    with serving(docs) as served:
        served.shows("/left/index.html", "The left side")
        listening = [
            connection.laddr.ip
            for connection in psutil.Process(served.process.pid).net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
    assert listening == ["127.0.0.1"]
