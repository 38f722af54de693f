"""``docset linkcheck`` asks servers of this machine, which answer in every way."""

from __future__ import annotations

import functools
import io
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from docset.__main__ import main
from docset.linkcheck import check
from docset.linkcheck.asker import Manners

from tests.conf.linkcheck.web import Web, certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = """\
[tool.docset]
title = "Small"
url = "https://docs.example.org/"
code = ["package"]

[[tool.docset.roots]]
name = "root"
path = "root"
"""
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass
class Done:
    """What a command has left behind."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Linked:
    """A project with pages that link to a web."""

    directory: Path
    web: Web
    patch: pytest.MonkeyPatch

    def write(self, text: str, name: str = "root/page.md") -> None:
        """Write a file; ``WEB`` stands for the address of the web."""
        path = self.directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("WEB", self.web.address), "utf-8")

    def check(self, *arguments: str, **environment: str) -> Done:
        """Run the command here; nothing leads past 127.0.0.1."""
        out, err = io.StringIO(), io.StringIO()
        with self.patch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.directory)
            for name in PROXIES:
                patch.delenv(name, raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            code = main(["linkcheck", "--timeout", "1", *arguments])
        return Done(code, out.getvalue(), err.getvalue())

    def alerts(self, link: str, **environment: str) -> list[str]:
        """Return the alerts for one link, which stands at column 6 of line 3."""
        self.write(f"# Title\n\nSee <{link}>.\n")
        result = self.check(**environment)
        assert result.returncode == (1 if result.stdout else 0), result.stderr
        return result.stdout.replace(self.web.address, "WEB").splitlines()


@pytest.fixture
def linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Linked]:
    # Between attempts it waits for seconds, which no server of this machine needs.
    monkeypatch.setattr(check, "Manners", functools.partial(Manners, first_pause=0.1))
    (tmp_path / "root").mkdir()
    (tmp_path / "package").mkdir()
    (tmp_path / "root/conf.py").touch()
    (tmp_path / "pyproject.toml").write_text(TABLE, "utf-8")
    with Web() as web:
        yield Linked(tmp_path, web, monkeypatch)


def test_a_link_that_works_is_asked_for_once_and_politely(linked: Linked) -> None:
    assert linked.alerts("WEB/page") == []
    assert linked.web.asked == [("HEAD", "/page")]
    assert linked.web.agents == {"docset-linkcheck (+https://docs.example.org/)"}


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone(linked: Linked, status: int) -> None:
    [alert] = linked.alerts(f"WEB/status/{status}")
    assert alert.startswith(f"root/page.md:3:5: links.gone WEB/status/{status}: the page is gone")


def test_a_page_that_moved_for_good_is_named_with_its_new_address(linked: Linked) -> None:
    [alert] = linked.alerts("WEB/moved/new-page")
    assert ":3:5: links.moved WEB/moved/new-page: write WEB/new-page: " in alert


def test_a_page_that_is_elsewhere_for_now_is_no_alert(linked: Linked) -> None:
    assert linked.alerts("WEB/moved-for-now/page") == []


def test_only_what_moved_for_good_is_to_be_written(linked: Linked) -> None:
    [alert] = linked.alerts("WEB/moved/moved-for-now/page")
    assert "write WEB/moved-for-now/page: " in alert
    assert linked.alerts("WEB/moved-for-now/moved/page") == []


def test_a_redirect_to_a_page_that_is_gone_is_gone(linked: Linked) -> None:
    [alert] = linked.alerts("WEB/moved/status/404")
    assert " links.gone " in alert


def test_redirects_without_end(linked: Linked) -> None:
    [alert] = linked.alerts("WEB/circle")
    assert " links.unreachable WEB/circle: leads from one redirect to the next" in alert


@pytest.mark.parametrize("path", ["busy-then-well/2", "busy-until-then-well"])
def test_a_busy_server_is_asked_again_when_it_says(linked: Linked, path: str) -> None:
    started = time.monotonic()
    assert linked.alerts(f"WEB/{path}") == []
    # A date has whole seconds: up to one of the two is lost.
    assert time.monotonic() - started > (2 if "/" in path else 1)


def test_nobody_waits_for_a_server_that_is_busy_for_an_hour(linked: Linked) -> None:
    started = time.monotonic()
    [alert] = linked.alerts("WEB/busy-then-well/3600")
    assert " links.unreachable WEB/busy-then-well/3600: answers 429 Too Many Requests" in alert
    assert time.monotonic() - started < 50


def test_the_first_pause_of_the_command_itself_is_a_second(linked: Linked) -> None:
    kept = {key: value for key, value in os.environ.items() if key not in PROXIES}
    linked.write("# Title\n\n<WEB/busy-then-well/0>\n")
    command = [sys.executable, "-m", "docset", "linkcheck"]
    subprocess.run(command, cwd=linked.directory, env=kept, timeout=60, check=True)

    first, second = linked.web.moments
    assert second - first >= 1


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_error_that_passes_is_no_alert(linked: Linked, status: int) -> None:
    assert linked.alerts(f"WEB/ill-then-well/{status}") == []
    assert [method for method, _ in linked.web.asked] == ["HEAD", "GET", "HEAD"]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_an_error_that_stays(linked: Linked, status: int) -> None:
    [alert] = linked.alerts(f"WEB/status/{status}")
    assert f" links.unreachable WEB/status/{status}: answers {status} " in alert


def test_a_server_that_does_not_know_head_is_asked_with_get(linked: Linked) -> None:
    assert linked.alerts("WEB/get-only") == []
    assert linked.web.asked == [("HEAD", "/get-only"), ("GET", "/get-only")]


def test_a_server_that_takes_too_long(linked: Linked) -> None:
    [alert] = linked.alerts("WEB/slow")
    assert alert.endswith("links.unreachable WEB/slow: no answer within 1 seconds")
    assert linked.web.times("/slow") == 3


def test_a_server_that_hangs_up(linked: Linked) -> None:
    [alert] = linked.alerts("WEB/hang-up")
    assert " links.unreachable WEB/hang-up: no connection: " in alert


def test_nobody_listens(linked: Linked) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    [alert] = linked.alerts(address)
    assert f" links.unreachable {address}: no connection: " in alert


@pytest.mark.parametrize("expired", [False, True])
def test_a_certificate_is_trusted_when_its_authority_is_and_it_has_not_expired(
    linked: Linked, tmp_path: Path, expired: bool
) -> None:
    authority, leaf = certificate(tmp_path, expired=expired)
    with Web(leaf) as secure:
        unknown = linked.alerts(f"{secure.address}/page")
        known = linked.alerts(f"{secure.address}/page", SSL_CERT_FILE=str(authority))

    assert [f"links.tls {secure.address}/page: the certificate is not trusted: " in alert
            for alert in unknown] == [True]  # fmt: skip
    assert [alert.endswith("certificate has expired") for alert in known] == [True] * expired


@pytest.mark.parametrize("anchor", ["top", "old-anchor", "t%6Fp"])
def test_an_anchor_that_the_page_has(linked: Linked, anchor: str) -> None:
    assert linked.alerts(f"WEB/page#{anchor}") == []
    assert linked.web.asked == [("GET", "/page")]


@pytest.mark.parametrize("anchor", ["bottom", "not-this"])
def test_an_anchor_that_the_page_has_not(linked: Linked, anchor: str) -> None:
    [alert] = linked.alerts(f"WEB/page#{anchor}")
    assert f" links.anchor WEB/page#{anchor}: the page has no anchor #{anchor}" in alert


def test_anchors_are_looked_for_in_html_alone(linked: Linked) -> None:
    assert linked.alerts("WEB/text#L12") == []


def test_an_address_is_asked_for_once_and_reported_at_each_place(linked: Linked) -> None:
    linked.write("# One\n\n[x](WEB/status/410)\n", "root/one.md")
    linked.write("# Two\n\nText\n[x][y]\n\n[y]: WEB/status/410\n", "root/two.md")
    linked.write('"""Words.\n\nSee `them <WEB/status/410>`_.\n"""\n', "package/module.py")
    linked.write("# Read me\n\nA [link](WEB/status/410).\n", "README.md")

    places = [line.partition(" links.gone")[0] for line in linked.check().stdout.splitlines()]
    assert linked.web.times("/status/410") == 2
    assert places == [
        "README.md:3:4:",
        "package/module.py:3:12:",
        "root/one.md:3:2:",
        "root/two.md:6:6:",
    ]


def test_code_is_no_link(linked: Linked) -> None:
    linked.write("# Title\n\n`WEB/a`\n\n```text\nWEB/b\n```\n\n% WEB/c\n")
    assert linked.check().returncode == 0
    assert linked.web.asked == []


def test_what_was_well_is_not_asked_for_again_the_same_day(linked: Linked) -> None:
    linked.write("# Title\n\n<WEB/page> <WEB/status/404>\n")
    for _ in range(2):
        assert linked.check().returncode == 1
    assert (linked.web.times("/page"), linked.web.times("/status/404")) == (1, 4)

    memory = linked.directory / "build/docset/links.json"
    known = json.loads(memory.read_text("utf-8"))
    assert list(known) == [f"{linked.web.address}/page"]
    memory.write_text(json.dumps(dict.fromkeys(known, 1.0)), "utf-8")
    linked.check()
    assert linked.web.times("/page") == 2
    linked.check("--fresh")
    assert linked.web.times("/page") == 3
    memory.write_text("no JSON", "utf-8")
    linked.check()
    assert linked.web.times("/page") == 4


def test_a_host_is_not_asked_for_everything_at_once(linked: Linked) -> None:
    linked.write("# Title\n\n" + "\n".join(f"<WEB/pause/{number}>" for number in range(12)))
    assert linked.check().returncode == 0
    assert len(linked.web.asked) == 12
    assert linked.web.most_at_once == 2


def test_the_list_of_exceptions_is_honored_and_kept_short(linked: Linked) -> None:
    linked.write("# Title\n\n<WEB/moved/a> <WEB/moved/b> <WEB/status/404>\n")
    linked.write(
        """\
[[ignored]]
address = "WEB/status/*"
reason = "known to be gone"

[[moved]]
address = "WEB/moved/a"
reason = "it leads to the newest version on purpose"

[[moved]]
address = "WEB/never"
reason = "once it did"
""",
        ".linkcheck.toml",
    )
    unused, moved = linked.check().stdout.replace(linked.web.address, "WEB").splitlines()
    assert (
        unused == ".linkcheck.toml:10:1: links.unused no address is 'WEB/never': remove this entry"
    )
    assert " links.moved WEB/moved/b: " in moved
    assert linked.web.times("/status/404") == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[ignored]]\naddress = 'x'\n", "each [[ignored]] needs an address and a reason"),
        (
            "[[moved]]\naddress = 'x'\nreason = ' '\n",
            "each [[moved]] needs an address and a reason",
        ),
        ("[[gone]]\naddress = 'x'\n", "unknown table 'gone'; known: ignored, moved"),
        ("[[", ".linkcheck.toml: "),
    ],
)
def test_a_mistake_in_the_list_is_one_line(linked: Linked, text: str, message: str) -> None:
    linked.write(text, ".linkcheck.toml")
    result = linked.check()
    [line] = result.stderr.splitlines()
    assert (result.returncode, result.stdout) == (2, "")
    assert message in line


def test_only_the_files_that_are_named_are_checked(linked: Linked) -> None:
    linked.write("# One\n\n<WEB/one>\n", "root/one.md")
    linked.write("# Two\n\n<WEB/two>\n", "root/two.md")
    assert linked.check("root/two.md").returncode == 0
    assert linked.web.asked == [("HEAD", "/two")]
