"""The loop that waits for output, signals, endings and times, and does what each asks for."""

import math
import select
import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django_prodserver.supervisor import orphans
from django_prodserver.supervisor.child import Child
from django_prodserver.supervisor.endings import OnExit, describe, exit_code, signal_name
from django_prodserver.supervisor.lines import OWN_NAME, Labels
from django_prodserver.supervisor.output import Output
from django_prodserver.supervisor.signals import Signals, has_terminal

__all__ = ["Supervisor"]

# How often to look whether a process group is empty: no event tells on every system.
GLANCE = 0.1
# How long to wait for what even KILL does not end, and for a reader who does not read; seconds.
PATIENCE = 5.0
# Passed on to whoever does something about them. By name, for not every system has all of them.
FORWARDED = ("SIGHUP", "SIGUSR1", "SIGUSR2")
# Passed on as they are; for any other signal that would end us, the children get SIGTERM.
STOPPING = ("SIGTERM", "SIGINT", "SIGQUIT")


@dataclass
class Stop:
    """The end of everything, once it has begun."""

    number: int
    """The signal that the children were told to stop with."""
    deadline: float
    """When whoever still runs is killed."""
    code: int | None
    """The exit code; None: that of the first child that does not end well."""
    killed: bool = False

    def judge(self, code: int) -> None:
        """Takes note of how a child ended that was told to."""
        if self.code is None and code not in {0, 128 + self.number}:
            self.code = code


class Supervisor:
    """Runs children until one ends or a signal comes; then stops all of them."""

    def __init__(
        self,
        children: Sequence[Child],
        output: Output,
        labels: Labels,
        *,
        on_exit: OnExit,
        grace: float,
    ) -> None:
        self.children = children
        self.output = output
        self.labels = labels
        self.on_exit = on_exit
        self.grace = grace
        self.signals = Signals()
        self.stop: Stop | None = None
        self.asked = False
        """Whether a signal has asked to stop."""
        self.told: set[int] = set()
        """Strays that were told to stop."""

    def run(self) -> int:
        """Returns the exit code when nothing runs any more."""
        # What others started in this process before is no business of ours.
        self.strangers = orphans.children()
        self.had_terminal = has_terminal()
        orphans.adopt()
        with self.signals:
            try:
                for child in self.children:
                    if not self.stop:
                        self._start(child, time.monotonic())
                while not self._finished(time.monotonic()):
                    self._turn()
                self._flush()
            finally:
                self._abandon()
        return self.stop.code or 0 if self.stop else 0

    def _turn(self) -> None:
        ready = self._wait()
        now = time.monotonic()
        self.output.answer(ready.get(self.output.fd, 0))
        for child in self.children:
            if child.fd in ready:
                self._show(child.name, child.read())
        for number in self.signals.read():
            self._hear(number, now)
        for pid, returncode in orphans.reap():
            for child in self.children:
                if child.pid == pid:
                    self._ended(child, returncode, now)
        if self.output.lost and not self.stop:
            # What a program shows that loses its terminal, or the reader of its pipe.
            number = signal.SIGHUP if self._terminal_closed() else signal.SIGPIPE
            self._stop(signal.SIGTERM, now, 128 + number)
        self._keep_time(now)

    # Waiting

    def _wait(self) -> dict[int, int]:
        """Waits until there is something to do; returns the events of each file descriptor."""
        poll = select.poll()
        poll.register(self.signals.fd, select.POLLIN)
        if not self.output.lost:
            poll.register(self.output.fd, self.output.events)
        # Who writes faster than our reader reads has to wait; but not for ever to stop.
        if not self.output.full or (self.stop and self.output.stuck):
            for child in self.children:
                if child.fd is not None:
                    poll.register(child.fd, select.POLLIN)
        seconds = self._next_time() - time.monotonic()
        return dict(poll.poll(None if seconds == math.inf else max(0, seconds * 1000)))

    def _next_time(self) -> float:
        ending = self.stop and (
            self.stop.killed or self.output.full or all(not child.pid for child in self.children)
        )
        if ending or any(child.leaves for child in self.children):
            return time.monotonic() + GLANCE
        times = [child.due for child in self.children if child.due is not None]
        return min([*times, self.stop.deadline if self.stop else math.inf])

    def _keep_time(self, now: float) -> None:
        if self.stop and now >= self.stop.deadline:
            self._kill(self.stop)
        for child in self.children:
            if child.leaves:
                self._clear(child, now)
            if child.due is not None and now >= child.due and child.group is None:
                self._start(child, now)
        if self.output.dropped and not self.output.full:
            dropped, self.output.dropped = self.output.dropped, 0
            self._say(f"{dropped} lines were dropped, because nobody read them")

    def _finished(self, now: float) -> bool:
        gone = all(child.gone for child in self.children)
        late = self.stop is not None and now >= self.stop.deadline
        strays = self._dismiss_strays(late=late) if gone or late else frozenset()
        if self.stop and now >= self.stop.deadline + PATIENCE:
            self._say("something survived SIGKILL and is left behind")
            return True
        return gone and not strays

    def _flush(self) -> None:
        """Writes what waits, as long as somebody reads, and no signal asks again to stop."""
        while self.output.pending:
            poll = select.poll()
            poll.register(self.signals.fd, select.POLLIN)
            poll.register(self.output.fd, select.POLLOUT)
            ready = dict(poll.poll(PATIENCE * 1000))
            if not ready or any(signal_name(n) in STOPPING for n in self.signals.read()):
                return
            self.output.answer(ready.get(self.output.fd, 0))

    # Starting and ending

    def _start(self, child: Child, now: float) -> None:
        try:
            child.start(now)
        except OSError as error:
            self._say(f"{child.name} cannot be started: {error}")
            self._decide(child, 127 if isinstance(error, FileNotFoundError) else 126, now)
        else:
            self._say(f"{child.name} started with pid {child.pid}")

    def _ended(self, child: Child, returncode: int, now: float) -> None:
        if self.stop or not self.output.full:
            self._show(child.name, child.drain())
        self._say(f"{child.name} {describe(returncode)}")
        child.end(returncode, now + self.grace)
        self._decide(child, exit_code(returncode), now)

    def _decide(self, child: Child, code: int, now: float) -> None:
        if self.stop:
            self.stop.judge(code)
        elif self.on_exit is OnExit.STOP:
            self._stop(signal.SIGTERM, now, code)
        else:
            pause = child.backoff.pause(now - child.started)
            child.due = now + pause
            self._say(f"{child.name} starts again in {pause:g} s")

    def _clear(self, child: Child, now: float) -> None:
        """Sees to it that nothing is left of the group of a process that has ended."""
        if self.output.full and not self.stop:
            # What it wrote last has no room yet.
            return
        if child.group_is_empty():
            # A process outside the group may hold the pipe open for ever.
            self._show(child.name, [*child.drain(), *child.close()])
        elif now >= min(child.deadline, self.stop.deadline if self.stop else math.inf):
            child.send_group(signal.SIGKILL)

    # Signals

    def _hear(self, number: int, now: float) -> None:
        name = signal_name(number)
        if number == signal.SIGHUP and self._terminal_closed():
            if not self.stop:
                self._stop(signal.SIGTERM, now, 128 + number)
        elif name in FORWARDED:
            if not self.stop:
                self._say(f"{name} received")
                self._forward(number)
        elif number != signal.SIGCHLD:
            self._say(f"{name} received")
            self.stop = self.stop or self._stop(number if name in STOPPING else signal.SIGTERM, now)
            if self.asked:
                self._kill(self.stop)
            self.asked = True

    def _forward(self, number: int) -> None:
        for child in self.children:
            if child.pid is None or child.survives(number):
                child.send(number)
            else:
                self._say(f"{child.name} would end of {signal_name(number)}, so it does not get it")

    def _terminal_closed(self) -> bool:
        return self.had_terminal and not has_terminal()

    def _stop(self, number: int, now: float, code: int | None = None) -> Stop:
        self.stop = Stop(number, now + self.grace, code)
        for child in self.children:
            child.due = None
            child.send(number)
        return self.stop

    def _kill(self, stop: Stop) -> None:
        if stop.killed:
            return
        stop.killed = True
        stop.deadline = min(stop.deadline, time.monotonic())
        for child in self.children:
            if child.pid is not None:
                self._say(f"{child.name} is killed, for it has not stopped yet")
            child.send_group(signal.SIGKILL)

    def _dismiss_strays(self, *, late: bool) -> frozenset[int]:
        """Stops what left its group; returns the process ids of what still runs."""
        leaders = {child.pid for child in self.children}
        strays = orphans.children() - self.strangers - leaders
        for pid in strays if late else strays - self.told:
            orphans.send(pid, signal.SIGKILL if late else signal.SIGTERM)
        self.told |= strays
        return strays

    def _abandon(self) -> None:
        """Stops what an error in this module leaves running; without an error, nothing is left."""
        rest = [child for child in self.children if child.group is not None]
        for child in rest:
            # Nobody reads any more: it must not wait for that.
            child.close()
            child.send(signal.SIGTERM)
        end = time.monotonic() + self.grace
        while rest and time.monotonic() < end:
            time.sleep(GLANCE)
            ended = {pid for pid, _ in orphans.reap()}
            for child in rest:
                if child.pid in ended:
                    child.end(0, end)
            rest = [child for child in rest if not child.group_is_empty()]
        for child in rest:
            child.send_group(signal.SIGKILL)
        for pid in orphans.children() - self.strangers:
            orphans.send(pid, signal.SIGKILL)

    # Speaking

    def _show(self, name: str, lines: Iterable[bytes]) -> None:
        stuck = self.stop is not None and self.output.stuck
        for line in lines:
            if stuck:
                self.output.dropped += 1
            else:
                self.output.add(self.labels.line(name, line))

    def _say(self, sentence: str) -> None:
        self._show(OWN_NAME, [sentence.encode("utf-8", "backslashreplace")])
