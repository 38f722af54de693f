"""Every line arrives, whole and with a name, and nobody waits for a reader for ever."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import time

import psutil
import pytest

from django_prodserver.supervisor.lines import Labels, Lines, wants_color
from tests.django_prodserver.site import wait_for
from tests.django_prodserver.supervisor.parents import SLEEP, Nursery, Parent


def test_each_line_carries_the_name_of_its_process(nursery: Nursery) -> None:
    code = "import os; print('out'); os.write(2, b'err\\n'); os.write(1, b'\\xff no end')"
    parent = nursery.supervise(web=code)

    assert parent.exit_code() == 0
    lines = parent.log.read_bytes().splitlines()
    assert lines[0].startswith(b"prodserver | web started with pid ")
    assert lines[1:] == [
        b"web        | out",
        b"web        | err",
        b"web        | \xff no end",
        b"prodserver | web exited with code 0",
    ]


def test_lines_of_two_processes_never_mix(nursery: Nursery) -> None:
    # Each line comes in pieces, so that the pieces of both processes alternate.
    code = f"""
import os
for number in range(4000):
    for piece in (b"%d a" % number, b"b" * 300, b"c\\n"):
        os.write(1, piece)
{SLEEP}
"""
    parent = nursery.supervise(web=code, worker=code).until("ready", times=2)
    output = parent.output()

    lines = [f"{number} a{'b' * 300}c" for number in range(4000)] + ["ready"]
    for name in ("web       ", "worker    "):
        assert re.findall(rf"^{name} \| (.*)$", output, re.MULTILINE) == lines
    assert output.count("\n") == 2 * len(lines) + 2


HIGH_WATER = """
import atexit
atexit.register(lambda: sys.stderr.write(Path("/proc/self/status").read_text()))
"""


def test_a_line_that_never_ends_takes_no_memory(nursery: Nursery) -> None:
    endless = "import os\nfor _ in range(800): os.write(1, b'x' * (1 << 17))"
    parent = nursery.supervise(web=endless, first=HIGH_WATER)
    assert parent.exit_code() == 0
    output = parent.output()

    assert len("".join(re.findall("x{2,}", output))) == 800 << 17
    assert max(map(len, output.splitlines())) < 1 << 17
    # Of 100 MiB that passed, it never held many.
    assert _high_water(parent) < 50_000


def test_a_reader_who_is_slow_gets_every_line(nursery: Nursery) -> None:
    reader, writer = os.pipe()
    parent = nursery.supervise(web="for n in range(400_000): print(n)", stdout=writer)
    # The program waits for us: what it has to say is more than anybody keeps for it.
    wait_for(lambda: _cpu_rests(parent))
    with os.fdopen(reader) as file:
        lines = file.read().splitlines()

    assert [line for line in lines if line.startswith("web")] == [
        f"web        | {n}" for n in range(400_000)
    ]


def test_a_reader_who_does_not_read_keeps_nobody_from_stopping(nursery: Nursery) -> None:
    reader, writer = os.pipe()
    # It has much to say before it ends; nobody takes it, and it ends all the same.
    flood = """
import os, signal, sys
def end(*_):
    for _ in range(60_000):
        os.write(1, b"y" * 999 + b"\\n")
    sys.exit()
signal.signal(signal.SIGTERM, end)
while True:
    os.write(1, b"x" * 999 + b"\\n")
"""
    first = "from django_prodserver.supervisor import loop; loop.PATIENCE = 0.2" + HIGH_WATER
    parent = nursery.supervise(web=flood, stdout=writer, first=first)
    wait_for(lambda: _cpu_rests(parent))
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert _high_water(parent) < 50_000
    assert not parent.left()
    os.close(reader)


def _high_water(parent: Parent) -> int:
    """How much memory the parent had at most, in KiB."""
    return int(re.findall(r"VmHWM:\s+(\d+) kB", parent.output())[0])


def _cpu_rests(parent: Parent) -> bool:
    """Whether parent and children use no processor, for a while."""
    family = [psutil.Process(parent.process.pid)]
    family += family[0].children(recursive=True)
    before = [process.cpu_times()[:2] for process in family]
    time.sleep(0.2)
    return len(family) > 1 and before == [process.cpu_times()[:2] for process in family]


def test_a_parent_with_nothing_to_do_does_nothing(nursery: Nursery) -> None:
    parent = nursery.supervise(web=SLEEP).until("ready")
    wait_for(lambda: _cpu_rests(parent))
    switches = psutil.Process(parent.process.pid).num_ctx_switches
    before = switches().voluntary
    time.sleep(0.5)

    assert switches().voluntary == before


def test_a_terminal_shows_colors(nursery: Nursery) -> None:
    master, slave = pty.openpty()
    parent = nursery.supervise(web="print('hello')", stdout=slave)
    text = b""
    with contextlib.suppress(OSError):
        while True:
            text += os.read(master, 4096)
    os.close(master)

    assert parent.exit_code() == 0
    assert b"\033[0;36mweb        |\033[0m hello" in text


@pytest.mark.parametrize(
    ("environ", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_the_environment_decides_about_colors(
    environ: dict[str, str], terminal: bool, wanted: bool
) -> None:
    assert wants_color(environ, terminal=terminal) is wanted


def test_names_stand_in_one_column_each_in_a_color_of_its_own() -> None:
    plain = Labels(["web", "mail-worker"], color=False)
    colored = Labels(["web", "mail-worker"], color=True)

    assert plain.line("web", b"hello") == b"web         | hello\n"
    assert plain.line("prodserver", b"hello") == b"prodserver  | hello\n"
    assert colored.line("web", b"") == b"\033[0;36mweb         |\033[0m \n"
    assert colored.line("mail-worker", b"") == b"\033[0;33mmail-worker |\033[0m \n"


@pytest.mark.parametrize("size", range(1, 12))
def test_lines_are_the_same_in_whatever_pieces_they_come(size: int) -> None:
    text, lines = b"ab\r\n\ncd\nef", Lines()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]

    assert [line for piece in pieces for line in lines.feed(piece)] == [b"ab", b"", b"cd"]
    assert [*lines.end(), *lines.end()] == [b"ef"]


def test_a_line_beyond_the_limit_comes_in_pieces() -> None:
    lines = Lines(limit=4)

    assert lines.feed(b"abcdefghij") == [b"abcd", b"efgh"]
    assert lines.feed(b"klm\nn") == [b"ijkl", b"m"]
    assert lines.end() == [b"n"]
