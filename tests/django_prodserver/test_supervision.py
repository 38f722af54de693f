"""Several processes under one parent: every line, signal and exit code arrives, nothing is left."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import pytest

from django_prodserver.exceptions import UsageError
from django_prodserver.launch import Launch
from django_prodserver.supervisor import supervise
from django_prodserver.supervisor.endings import Backoff, describe, exit_code
from django_prodserver.supervisor.lines import Labels, Lines, wants_color
from tests.django_prodserver.site import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 20.0

# The programs that run: a parent gets its job, and what it runs, as JSON.
# A shell that runs tests in the background ignores two signals, and so would all below it.
PRELUDE = """
import fcntl, json, os, signal, subprocess, sys, termios
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
if os.isatty(1):
    fcntl.ioctl(1, termios.TIOCSCTTY, 0)
job = json.loads(sys.argv[1])
"""
SUPERVISOR = """
from pathlib import Path
from django_prodserver.launch import Launch
from django_prodserver.supervisor import OnExit, supervise
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
import signal, sys
def got(number, frame):
    print("got", signal.Signals(number).name)
    if signal.Signals(number).name in {"SIGTERM", "SIGINT", "SIGQUIT"}:
        sys.exit(CODE)
for name in ("TERM", "INT", "QUIT", "HUP", "USR1", "USR2"):
    signal.signal(getattr(signal, "SIG" + name), got)
print("ready")
while True:
    signal.pause()
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


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    with contextlib.closing(Nursery(tmp_path)) as nursery:
        yield nursery


# Nothing is left behind, however the parent ends


def _end(parent: Parent, way: str, reader: int) -> None:
    """Ends a parent whose child is ready; ``reader`` is what its output can be read from."""
    if way in {"the reader leaves", "the terminal closes"}:
        text = b""
        while b"ready" not in text:
            text += os.read(reader, 4096)
        os.close(reader)
        return
    parent.until("ready")
    if way != "an error":
        parent.send(getattr(signal, way))


def _outlet(way: str) -> tuple[int, int | None]:
    match way:
        case "the reader leaves":
            return os.pipe()
        case "the terminal closes":
            return pty.openpty()
    return -1, None


WAYS = {
    "SIGTERM": 0,
    "SIGINT": 0,
    "SIGQUIT": 0,
    "SIGALRM": 0,
    "SIGKILL": -signal.SIGKILL,
    "an error": 1,
    "the reader leaves": 128 + signal.SIGPIPE,
    "the terminal closes": 128 + signal.SIGHUP,
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_ends_the_parent_its_child_ends_too(nursery: Nursery, way: str) -> None:
    reader, stdout = _outlet(way)
    web, first = (STUBBORN, FAIL) if way == "an error" else (SLEEP, "")
    parent = nursery.supervise(web=web, first=first, stdout=stdout, grace=0.5)
    _end(parent, way, reader)

    assert parent.exit_code() == WAYS[way]
    wait_for(parent.nothing_is_left)


@pytest.mark.parametrize("way", WAYS)
def test_a_naive_parent_leaves_its_child_behind(nursery: Nursery, way: str) -> None:
    reader, stdout = _outlet(way)
    then = {"an error": "raise MemoryError", "the reader leaves": CHATTER}.get(way, "")
    parent = nursery.naive(web=SLEEP, stdout=stdout, then=then)
    _end(parent, way, reader)

    parent.exit_code()
    assert parent.left()


# An error in our own code, in the midst of things.
FAIL = """
from django_prodserver.supervisor.loop import Supervisor
show = Supervisor._show
def fail(self, name, lines):
    show(self, name, lines)
    if b"ready" in lines:
        self.output.answer(4)
        raise MemoryError
Supervisor._show = fail
"""
CHATTER = "while True: print(1, flush=True)"


def test_a_terminal_that_closes_ends_a_parent_that_writes_elsewhere(nursery: Nursery) -> None:
    terminal, slave = pty.openpty()
    path = os.ttyname(slave)
    first = f"fcntl.ioctl(os.open({path!r}, os.O_RDWR | os.O_NOCTTY), termios.TIOCSCTTY, 0)"
    parent = nursery.supervise(web=_catch(), first=first).until("ready")
    os.close(slave)
    os.close(terminal)

    assert parent.exit_code() == 128 + signal.SIGHUP
    assert "got SIGTERM" in parent.output()
    assert not parent.left()


def test_what_outlives_its_parent_in_the_group_is_killed(nursery: Nursery) -> None:
    parent = nursery.supervise(web=HEIR, grace=0.5).until("ready")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert not parent.left()


def test_a_parent_that_kills_its_child_alone_leaves_the_grandchild(nursery: Nursery) -> None:
    nursery.naive(web=HEIR, then="children[0].kill()").until("ready")
    parent = nursery.parents[0]
    wait_for(lambda: len(parent.left()) == 1)

    parent.send(signal.SIGTERM)
    parent.exit_code()
    assert len(parent.left()) == 1


def test_what_left_the_group_is_killed(nursery: Nursery) -> None:
    parent = nursery.supervise(web=DAEMON, grace=0.5).until("ready")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert not parent.left()


def test_a_parent_that_kills_the_group_leaves_what_left_it(nursery: Nursery) -> None:
    kill_group = "import os; os.killpg(children[0].pid, signal.SIGKILL)"
    parent = nursery.naive(web=DAEMON, then=kill_group).until("ready")
    wait_for(lambda: len(parent.left()) == 1)

    parent.send(signal.SIGTERM)
    parent.exit_code()
    assert len(parent.left()) == 1


def test_an_ending_takes_the_rest_of_the_group_along(nursery: Nursery) -> None:
    heir = PARENT.replace("DETACHED", "False").replace("END", "time.sleep(0.2); sys.exit(3)")
    parent = nursery.supervise(web=heir, worker=SLEEP, grace=0.5)

    assert parent.exit_code() == 3
    assert not parent.left()


# As the first process of a container


def _container() -> tuple[str, ...]:
    words = ("--user", "--map-root-user", "--fork", "--pid", "--mount-proc", "--kill-child")
    command = ("unshare", *words)
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("this user may not make a process id namespace")
    return command


def _zombies(parent: Parent) -> list[psutil.Process]:
    below = psutil.Process(parent.process.pid).children(recursive=True)
    return [process for process in below if process.status() == psutil.STATUS_ZOMBIE]


def _first(parent: Parent) -> psutil.Process:
    """The process that has the id 1 inside."""
    return psutil.Process(parent.process.pid).children()[0]


def test_only_a_proc_of_its_own_is_believed() -> None:
    code = "from django_prodserver.supervisor import orphans; print(orphans.proc_is_ours())"
    mounted = _container()
    foreign = tuple(word for word in mounted if word != "--mount-proc")

    answers = [
        subprocess.check_output([*prefix, sys.executable, "-c", code], text=True, timeout=PATIENCE)
        for prefix in ((), mounted, foreign)
    ]
    assert answers == ["True\n", "True\n", "False\n"]


def test_the_first_process_of_a_container_hears_term(nursery: Nursery) -> None:
    parent = nursery.supervise(web=SLEEP, prefix=_container()).until("ready")
    _first(parent).send_signal(signal.SIGTERM)

    assert parent.exit_code() == 0


def test_a_naive_first_process_of_a_container_is_deaf_to_term(nursery: Nursery) -> None:
    parent = nursery.naive(web=SLEEP, prefix=_container()).until("ready")
    _first(parent).send_signal(signal.SIGTERM)

    with pytest.raises(subprocess.TimeoutExpired):
        parent.process.wait(0.5)


def test_the_first_process_of_a_container_reaps_orphans(nursery: Nursery) -> None:
    parent = nursery.supervise(web=ORPHANER, prefix=_container()).until("ready")

    assert not _zombies(parent)


def test_a_naive_first_process_of_a_container_collects_zombies(nursery: Nursery) -> None:
    parent = nursery.naive(web=ORPHANER, prefix=_container()).until("ready")

    assert _zombies(parent)


# Signals


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_signal_to_stop_reaches_every_process_as_it_is(nursery: Nursery, name: str) -> None:
    parent = _catchers(nursery)
    parent.send(getattr(signal, name))

    assert parent.exit_code() == 0
    output = parent.output()
    assert re.findall(r"(\S+) +\| got (\w+)", output).count(("web", name)) == 1
    assert re.findall(r"(\S+) +\| got (\w+)", output).count(("worker", name)) == 1
    assert output.count("got") == 2
    assert f"prodserver | {name} received" in output


def test_another_signal_that_would_end_the_parent_stops_with_term(nursery: Nursery) -> None:
    parent = _catchers(nursery)
    parent.send(signal.SIGALRM)

    assert parent.exit_code() == 0
    assert parent.output().count("got SIGTERM") == 2


@pytest.mark.parametrize("name", ["SIGHUP", "SIGUSR1", "SIGUSR2"])
def test_a_signal_that_is_no_end_reaches_every_process(nursery: Nursery, name: str) -> None:
    parent = _catchers(nursery)
    parent.send(getattr(signal, name))
    parent.until(f"got {name}", times=2)
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert parent.output().count("got SIGTERM") == 2


def test_a_signal_that_is_no_end_ends_nobody(nursery: Nursery) -> None:
    parent = nursery.supervise(web=_catch(), worker=SLEEP).until("ready", times=2)
    parent.send(signal.SIGHUP)
    parent.until("got SIGHUP").until("worker would end of SIGHUP, so it does not get it")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert "worker was killed by signal SIGTERM" in parent.output()


def test_a_signal_reaches_the_process_but_not_its_children(nursery: Nursery) -> None:
    code = "import subprocess, sys, time\n"
    code += f"worker = subprocess.Popen([sys.executable, '-u', '-c', {_catch()!r}])\n"
    code += "try: time.sleep(100)\n"
    code += "except KeyboardInterrupt: worker.kill()"
    parent = nursery.supervise(web=code).until("ready")
    parent.send(signal.SIGINT)

    assert parent.exit_code() == 0
    assert "got" not in parent.output()


def test_an_ignored_signal_stays_ignored(nursery: Nursery) -> None:
    parent = nursery.supervise(web=_catch(), prefix=("nohup",)).until("ready")
    parent.send(signal.SIGHUP)
    parent.send(signal.SIGUSR1)
    parent.until("got SIGUSR1")

    assert "SIGHUP" not in parent.output()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_second_signal_to_stop_kills_at_once(nursery: Nursery, name: str) -> None:
    parent = nursery.supervise(web=STUBBORN, grace=1000).until("ready")
    parent.send(signal.SIGTERM)
    parent.until("SIGTERM received")
    parent.send(getattr(signal, name))

    assert parent.exit_code() == 128 + signal.SIGKILL
    assert "web is killed, for it has not stopped yet" in parent.output()
    assert not parent.left()


def test_whoever_does_not_stop_in_time_is_killed(nursery: Nursery) -> None:
    parent = nursery.supervise(web=STUBBORN, worker=SLEEP, grace=0.3).until("ready", times=2)
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 128 + signal.SIGKILL
    assert "worker was killed by signal SIGTERM" in parent.output()
    assert "web was killed by signal SIGKILL" in parent.output()


def _catch(code: int = 0) -> str:
    return CATCH.replace("CODE", str(code))


def _catchers(nursery: Nursery) -> Parent:
    return nursery.supervise(web=_catch(), worker=_catch()).until("ready", times=2)


# Exit codes, and starting again


@pytest.mark.parametrize(
    ("ending", "code", "words"),
    [
        ("sys.exit(0)", 0, "exited with code 0"),
        ("sys.exit(3)", 3, "exited with code 3"),
        ("os.kill(os.getpid(), 11)", 139, "was killed by signal SIGSEGV"),
    ],
)
def test_one_that_ends_stops_the_others_and_gives_the_exit_code(
    nursery: Nursery, ending: str, code: int, words: str
) -> None:
    parent = nursery.supervise(web=_catch(4), worker=f"import os, sys, time\n{ending}")

    assert parent.exit_code() == code
    assert f"worker {words}" in parent.output()
    assert re.search(r"web (exited with code 4|was killed by signal SIGTERM)", parent.output())


@pytest.mark.parametrize(("web", "code"), [(0, 0), (4, 4), (128 + signal.SIGTERM, 0)])
def test_stopped_as_asked_the_code_is_that_of_who_ended_badly(
    nursery: Nursery, web: int, code: int
) -> None:
    parent = nursery.supervise(web=_catch(web), worker=_catch()).until("ready", times=2)
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == code


def test_one_that_ends_starts_again_while_the_others_go_on(nursery: Nursery) -> None:
    parent = nursery.supervise(web="print('hello')", worker=SLEEP, on_exit="restart")
    parent.until("web starts again in 2 s")
    parent.send(signal.SIGTERM)

    assert parent.exit_code() == 0
    assert "web starts again in 1 s" in parent.output()
    assert parent.output().count("web        | hello") == 2
    assert parent.output().count("worker started") == 1


def test_it_starts_again_only_when_nothing_of_it_is_left(nursery: Nursery) -> None:
    # It listens to nothing but KILL, which comes 1.5 s after the end; the pause is over by then.
    heir = PARENT.replace("DETACHED", "False").replace("END", "time.sleep(0.3)")
    parent = nursery.supervise(web=heir, on_exit="restart", grace=1.5, first=CENSUS)
    parent.until("web started", times=2)

    assert "0 of web were left" in parent.output()


# Notes how many of the group exist whenever a child is started.
CENSUS = """
from django_prodserver.supervisor.child import Child
start = Child.start
def count(self, now):
    if self._process:
        print(len(os.popen(f"ps -o pid= -g {self._process.pid}").readlines()), "of web were left")
        sys.stdout.flush()
    start(self, now)
Child.start = count
"""


@pytest.mark.parametrize(
    ("argv", "cwd", "code", "words"),
    [
        ("/missing/program", None, 127, "/missing/program cannot be started: No such file"),
        ("/etc/passwd", None, 126, "/etc/passwd cannot be started: Permission denied"),
        (sys.executable, "/missing/folder", 127, "web cannot be started: .*/missing/folder"),
    ],
)
def test_what_cannot_be_started_is_one_line_and_stops_the_others(
    nursery: Nursery, argv: str, cwd: str | None, code: int, words: str
) -> None:
    parent = nursery.supervise(web=[argv], worker=SLEEP, cwd=cwd)

    assert parent.exit_code() == code
    assert re.search(words, parent.output())
    assert "Traceback" not in parent.output()


def test_what_cannot_be_started_is_tried_again(nursery: Nursery) -> None:
    parent = nursery.supervise(web=["/missing"], cwd="/missing/folder", on_exit="restart")
    parent.until("web starts again in 2 s")


def test_pauses_grow_up_to_a_limit_and_begin_anew_after_a_long_run() -> None:
    backoff = Backoff(first=1, limit=10)

    assert [backoff.pause(ran=0.1) for _ in range(6)] == [1, 2, 4, 8, 10, 10]
    assert [backoff.pause(ran=10), backoff.pause(ran=9)] == [1, 2]


def test_a_return_code_is_told_in_words_and_as_a_shell_does() -> None:
    assert [exit_code(returncode) for returncode in (0, 3, -9)] == [0, 3, 137]
    assert describe(3) == "exited with code 3"
    assert describe(-15) == "was killed by signal SIGTERM"
    assert describe(-40) == "was killed by signal number 40"


# What a process finds


FACTS = """
import json, os, sys
json.dump({
    "environ": dict(os.environ),
    "session": os.getsid(0) == os.getpgid(0) == os.getpid(),
    "stdin": sys.stdin.read(),
    "cwd": os.getcwd(),
}, sys.stdout)
"""


def test_a_process_finds_the_surroundings_of_one_started_by_hand(nursery: Nursery) -> None:
    # Not in Python, which ignores two signals itself.
    code = ["/bin/sh", "-c", "grep -E 'Sig(Ign|Blk)' /proc/self/status"]
    parent = nursery.supervise(web=code)

    assert parent.exit_code() == 0
    assert re.findall(r"Sig(\w+):\s+0+$", parent.output(), re.MULTILINE) == ["Blk", "Ign"]


def test_a_process_has_a_session_no_input_and_the_environment_of_its_launch(
    nursery: Nursery,
) -> None:
    parent = nursery.supervise(web=FACTS, env={"GREETING": "hello", "PATH": None})

    assert parent.exit_code() == 0
    facts = json.loads(re.findall(r"\{.*\}", parent.output())[0])
    assert facts["session"]
    assert (facts["stdin"], facts["cwd"]) == ("", str(nursery.path))
    assert facts["environ"]["GREETING"] == "hello"
    assert facts["environ"]["MARK"] == parent.mark
    assert "PATH" not in facts["environ"]
    assert facts["environ"]["PYTHONUNBUFFERED"] == "1"


def test_a_choice_about_buffering_stands(nursery: Nursery) -> None:
    parent = nursery.supervise(web=FACTS, env={"PYTHONUNBUFFERED": ""})

    assert parent.exit_code() == 0
    assert '"PYTHONUNBUFFERED": ""' in parent.output()


# Output


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


# Where it does not run


def test_on_windows_it_says_what_to_do_instead() -> None:
    with pytest.raises(UsageError, match=r"Windows.*Start each on its own: prodserver web"):
        supervise({"web": Launch(("web",))}, {}, platform="win32")


def test_it_can_be_imported_where_posix_names_are_missing() -> None:
    # What CPython lacks on Windows, of the modules that are used here.
    code = """
import os, select, signal, subprocess
for module, names in (
    (os, "WNOHANG killpg getppid"), (select, "poll POLLIN POLLOUT POLLERR POLLHUP PIPE_BUF"),
    (signal, "SIGKILL SIGHUP SIGQUIT SIGALRM SIGCHLD SIGPIPE SIGUSR1 SIGUSR2"),
):
    for name in names.split():
        delattr(module, name)
import django_prodserver.supervisor
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
