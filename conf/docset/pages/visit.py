"""Follows a page as a reader would, and notes what comes out otherwise than the page says."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.pages import processes
from docset.pages.compare import difference, matches, merged
from docset.pages.faults import PageError
from docset.pages.metadata import Setup
from docset.pages.outcome import Outcome, Skip, Update
from docset.pages.plan import Plan, Session, Write
from docset.pages.ports import PortTakenError, borrowed
from docset.pages.session import INTERRUPT, Shown, Step
from docset.pages.terminal import ShellEndedError, Terminal
from docset.pages.wheels import Wheel, foreign

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docset.pages.sandbox import Sandbox

__all__ = ["Limits", "Visit"]

# Requirements that are not called like the program by which we know them.
_PROGRAMS = {"postgresql": "psql", "redis": "redis-server"}


@dataclass(frozen=True)
class Limits:
    """Times in seconds.

    ``command`` and ``page`` are time limits; ``grace`` is how long a server may take to end.
    Output has come to rest after ``quiet``; ``patience`` is the wait for output that is still to
    come once a port is open.
    """

    command: float = 30
    page: float = 300
    grace: float = 10
    quiet: float = 0.3
    patience: float = 5


@dataclass
class _Serving:
    """A command that goes on while the page does: where it was typed, how much of it was shown."""

    line: int
    shown: int = 0


class Visit:
    """One reading of a page, from its first line to its last."""

    def __init__(
        self,
        sandbox: Sandbox,
        wheels: Sequence[Wheel],
        outcome: Outcome,
        limits: Limits,
        *,
        update: bool,
    ) -> None:
        self._sandbox = sandbox
        self._wheels = wheels
        self._outcome = outcome
        self._limits = limits
        self._update = update
        self._deadline = time.monotonic() + limits.page
        self._terminals: dict[str, Terminal] = {}
        self._serving: dict[Terminal, _Serving] = {}
        self._ports: tuple[int, ...] = ()
        self._held = ExitStack()
        self._line = 1

    def follow(self, plan: Plan) -> None:
        """Do everything that the plan says; whatever happens, leave nothing running."""
        self._ports = plan.ports
        try:
            for index, action in enumerate(plan.actions):
                if missing := self._missing(action):
                    self._skip(plan.actions[index:], missing)
                    break
                self._do(action)
            self._judge_the_end()
        except PageError as error:
            self._outcome.faults.append(error.fault)
        finally:
            self._close()

    def _missing(self, action: Session | Write | Setup) -> str | None:
        """Return the requirement that this machine does not meet."""
        needed = None if isinstance(action, Setup) else action.requires
        path = self._sandbox.environment["PATH"]
        if needed and not shutil.which(_PROGRAMS.get(needed, needed), path=path):
            return needed
        return None

    def _skip(self, actions: Sequence[Session | Write | Setup], missing: str) -> None:
        reason = f"needs {missing}, which this machine does not have"
        self._outcome.skips += [Skip(action.line, reason) for action in actions]

    def _do(self, action: Session | Write | Setup) -> None:
        self._line = action.line
        if isinstance(action, Write):
            self._write(action)
        elif isinstance(action, Setup):
            self._prepare(action)
        else:
            for step in action.steps:
                self._line = step.line
                self._take(step, action, last=step is action.steps[-1])
                self._outcome.executed += step.command is not None

    def _write(self, write: Write) -> None:
        file = self._sandbox.home / write.edit.path
        old = file.read_text("utf-8") if file.is_file() else None
        try:
            new = write.edit.apply(old, write.body)
        except (ValueError, SyntaxError) as error:
            raise PageError(write.line, str(error)) from None
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new, "utf-8")
        # A reader is slower: for Python, what has kept its second and its size has not changed.
        for compiled in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
            compiled.unlink(missing_ok=True)
        self._outcome.files += 1

    def _prepare(self, setup: Setup) -> None:
        step = Step(setup.command, setup.line, Shown((), setup.line))
        self._run(self._terminal("Terminal 1"), step, 0, self._limits.page)
        self._expect_own_wheels()

    def _terminal(self, name: str) -> Terminal:
        if name not in self._terminals:
            self._terminals[name] = Terminal(self._sandbox.home, self._sandbox.environment)
        return self._terminals[name]

    # ---- One step ------------------------------------------------------------------------------

    def _take(self, step: Step, session: Session, *, last: bool) -> None:
        terminal = self._terminal(session.terminal)
        port = session.metadata.port if last else None
        status = session.metadata.exit if last else None
        limit = session.metadata.timeout or self._limits.command
        if step.command is None:
            self._see_more(terminal, step, status, limit)
        elif serving := self._serving.get(terminal):
            self._refuse_ended(terminal, serving)
            line = serving.line
            raise PageError(step.line, f"{session.terminal} still runs the command of line {line}")
        elif port or step.interrupted:
            if port:
                self._borrow_ports(session.line)
            self._serve(terminal, step, port, limit)
        else:
            self._run(terminal, step, status or 0, limit)
        if step.interrupted:
            self._interrupt(terminal, step, step.interrupted, status)
        self._expect_own_wheels()

    def _borrow_ports(self, line: int) -> None:
        """Take all ports of the page when the first is needed, and keep them to its end."""
        began = time.monotonic()
        ports, self._ports = self._ports, ()
        try:
            self._held.enter_context(borrowed(ports))
        except PortTakenError as error:
            raise PageError(line, str(error)) from None
        # The page is not slow because other pages are.
        self._deadline += time.monotonic() - began

    def _run(self, terminal: Terminal, step: Step, status: int, limit: float) -> None:
        terminal.start(step.command or "")
        if not self._wait(terminal, step, lambda: not terminal.busy, limit):
            raise self._wrong(terminal, step, f"it did not end within {limit:g} s")
        self._expect_status(terminal, step, status)
        if any(line.strip() for line in step.shown.lines):
            self._expect(terminal.output, step.shown, step)

    def _serve(self, terminal: Terminal, step: Step, port: int | None, limit: float) -> None:
        """Start a command that goes on; wait for its port and for the output that is shown."""
        terminal.start(step.command or "")
        opening = _Opening(terminal, step.shown.lines, port, self._limits, self._sandbox.as_read)
        opened = self._wait(terminal, step, opening.decided, limit)
        if not terminal.busy:
            raise self._wrong(terminal, step, f"it ended by itself, with status {terminal.status}")
        if not opening.open:
            raise self._wrong(terminal, step, f"port {port} did not open within {limit:g} s")
        if not opened or not opening.as_shown:
            self._expect(terminal.output, step.shown, step)
        self._serving[terminal] = _Serving(step.line, len(terminal.output))

    def _see_more(self, terminal: Terminal, step: Step, status: int | None, limit: float) -> None:
        """Compare the output that a server printed since the page showed it last."""
        if not (serving := self._serving.get(terminal)):
            raise PageError(step.line, "this is no command: write '$ ' before what is typed")
        lines = step.shown.lines
        if any(line.strip() for line in lines):
            start = serving.shown
            self._wait(
                terminal,
                step,
                lambda: matches(lines, self._sandbox.as_read(terminal.output[start:])),
                min(limit, self._limits.patience),
            )
            self._expect(terminal.output[start:], step.shown, step)
            serving.shown = len(terminal.output)
        if not step.interrupted and not self._runs(terminal, self._limits.quiet):
            self._expect_status(terminal, step, status or 0)
            del self._serving[terminal]

    def _interrupt(self, terminal: Terminal, step: Step, shown: Shown, status: int | None) -> None:
        """Press Ctrl+C, and compare what comes from there to the end of the command."""
        self._refuse_ended(terminal, self._serving.pop(terminal))
        # What was printed until now stands above the ^C, whether the page shows it or not.
        start = len(terminal.output)
        terminal.interrupt()
        if not self._wait(terminal, step, lambda: not terminal.busy, self._limits.grace):
            grace = f"{self._limits.grace:g} s"
            raise PageError(shown.line, f"the command did not end within {grace} of Ctrl+C")
        if status is not None:
            self._expect_status(terminal, step, status)
        if any(line.strip() for line in shown.lines):
            self._expect(terminal.output[start:], shown, step, pressed=INTERRUPT)

    def _wait(
        self, terminal: Terminal, step: Step, until: Callable[[], bool], limit: float
    ) -> bool:
        left = max(0.0, self._deadline - time.monotonic())
        try:
            if terminal.wait(until, min(limit, left)):
                return True
        except ShellEndedError:
            raise self._wrong(terminal, step, "it ended the shell") from None
        if left <= limit:
            page = f"the page takes longer than {self._limits.page:g} s"
            raise self._wrong(terminal, step, page)
        return False

    # ---- What must hold ------------------------------------------------------------------------

    def _expect_status(self, terminal: Terminal, step: Step, status: int) -> None:
        if terminal.status != status:
            got = f"exit status {terminal.status}, expected {status}"
            raise self._wrong(terminal, step, got)

    def _expect(self, output: str, shown: Shown, step: Step, pressed: str = "") -> None:
        output = self._sandbox.as_read(output)
        if matches(shown.lines, output):
            return
        if self._update:
            first, *rest = shown.lines
            new_first, *new_rest = merged(shown.lines, output)
            old, new = (pressed + first, *rest), (pressed + new_first, *new_rest)
            self._outcome.updates.append(Update(shown.line, old, new))
            return
        what = f"$ {step.command}" if step.command else "the output of the server"
        raise PageError(
            shown.line,
            f"{what}\nThe output is not what the page shows:\n" + difference(shown.lines, output),
        )

    def _expect_own_wheels(self) -> None:
        for wrong in foreign(self._sandbox.home, self._wheels):
            raise PageError(self._line, wrong)

    def _wrong(self, terminal: Terminal, step: Step, message: str) -> PageError:
        output = self._sandbox.as_read(terminal.output).rstrip()
        said = f"It printed:\n{output}" if output else "It printed nothing."
        return PageError(step.line, f"$ {step.command or terminal.command}\n{message}\n{said}")

    # ---- The end -------------------------------------------------------------------------------

    def _judge_the_end(self) -> None:
        """Stop the servers of the page; raise PageError for anything else that it leaves."""
        for terminal in self._terminals.values():
            serving = self._serving.get(terminal)
            if serving:
                self._refuse_ended(terminal, serving)
            elif left := terminal.processes:
                raise PageError(self._line, _left_running(left))
        for terminal, serving in self._serving.items():
            if killed := terminal.stop(self._limits.grace):
                raise PageError(
                    serving.line, f"did not end within {self._limits.grace:g} s: {killed[0]}"
                )
        if left := self._strays():
            raise PageError(self._line, _left_running(left))

    def _refuse_ended(self, terminal: Terminal, serving: _Serving) -> None:
        if not self._runs(terminal, 0):
            message = (
                f"the server ended, with status {terminal.status}, and the page does not show it"
            )
            raise PageError(serving.line, message)

    def _runs(self, terminal: Terminal, seconds: float) -> bool:
        """Tell whether the command in the terminal still runs after that time."""
        try:
            return not terminal.wait(lambda: not terminal.busy, seconds)
        except ShellEndedError:
            return False

    def _strays(self) -> list[processes.Process]:
        shells = {terminal.pid for terminal in self._terminals.values()}
        return [p for p in processes.in_home(self._sandbox.home) if p.pid not in shells]

    def _close(self) -> None:
        for terminal in self._terminals.values():
            terminal.close()
        processes.end(processes.in_home(self._sandbox.home), self._limits.grace)
        self._held.close()


def _left_running(left: Sequence[processes.Process]) -> str:
    return "the page leaves running: " + "; ".join(processes.describe(p) for p in left)


class _Opening:
    """Watches a server start."""

    def __init__(
        self,
        terminal: Terminal,
        shown: Sequence[str],
        port: int | None,
        limits: Limits,
        as_read: Callable[[str], str],
    ) -> None:
        self._terminal = terminal
        self._shown = shown if any(line.strip() for line in shown) else None
        self._port = port
        self._limits = limits
        self._as_read = as_read
        self._length = -1
        self._since = 0.0
        self.open = port is None
        self.as_shown = False

    def decided(self) -> bool:
        """Tell whether the server is ready, or has come to rest without being so."""
        if not self._terminal.busy:
            return True
        if not self.open:
            self.open = processes.listens(self._terminal.processes, self._port)
        if len(self._terminal.output) != self._length:
            self._length, self._since = len(self._terminal.output), time.monotonic()
            output = self._as_read(self._terminal.output)
            self.as_shown = self._shown is None or matches(self._shown, output)
        rest = time.monotonic() - self._since
        late = self._port is not None and rest > self._limits.patience
        return self.open and rest > self._limits.quiet and (self.as_shown or late)
