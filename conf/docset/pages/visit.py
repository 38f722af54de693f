"""Follows a page as a reader would, and notes what comes out otherwise than the page says."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.pages import processes
from docset.pages.checkout import CheckoutError
from docset.pages.compare import difference, matches, merged
from docset.pages.faults import PageError
from docset.pages.interpreter import Interpreter
from docset.pages.metadata import Checkout, Copy, Preparation, Setup
from docset.pages.opening import Opening
from docset.pages.outcome import Update, lacking
from docset.pages.plan import Session, Write
from docset.pages.ports import PortTakenError, borrowed
from docset.pages.rules import Rule
from docset.pages.sandbox import uv
from docset.pages.session import INTERRUPT, PYTHON, Shown, Step
from docset.pages.terminal import ShellEndedError, Terminal
from docset.pages.wheels import Wheel, foreign

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docset.pages.checkout import Repository
    from docset.pages.limits import Limits
    from docset.pages.outcome import Outcome
    from docset.pages.plan import Action, Plan
    from docset.pages.sandbox import Sandbox

__all__ = ["Visit"]

# Requirements that are not called like the program by which we know them.
_PROGRAMS = {"postgresql": "psql", "redis": "redis-server"}


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
        repository: Repository,
        *,
        update: bool,
    ) -> None:
        self._sandbox = sandbox
        # Where terminals open, and below which the files are that readers write.
        self._folder = sandbox.home
        self._wheels = wheels
        self._outcome = outcome
        self._limits = limits
        self._repository = repository
        self._update = update
        self._deadline = time.monotonic() + limits.page
        self._terminals: dict[str, Terminal] = {}
        self._serving: dict[Terminal, _Serving] = {}
        self._interpreters: dict[Terminal, Interpreter] = {}
        self._ports: tuple[int, ...] = ()
        self._held = ExitStack()
        self._line = 1

    def follow(self, plan: Plan) -> None:
        """Do everything that the plan says; whatever happens, leave nothing running."""
        self._ports = plan.ports
        try:
            for index, action in enumerate(plan.actions):
                if missing := self._missing(action):
                    left = plan.actions[index:]
                    self._outcome.skips += [lacking(missing, each.line) for each in left]
                    break
                self._do(action)
            self._judge_the_end()
        except PageError as error:
            self._outcome.faults.append(error.fault)
        finally:
            self._close()

    def _missing(self, action: Action) -> str | None:
        """Return the requirement that this machine does not meet."""
        needed = None if isinstance(action, Preparation) else action.requires
        if needed and not shutil.which(_PROGRAMS.get(needed, needed), path=self._path()):
            return needed
        return None

    def _path(self) -> str:
        """Return the folders in which programs are that the page can start."""
        folders = [self._sandbox.environment["PATH"]]
        if self._folder != self._sandbox.home and (tools := self._repository.tools):
            folders.append(str(tools))
        return os.pathsep.join(folders)

    def _do(self, action: Action) -> None:
        self._line = action.line
        if isinstance(action, Write):
            self._write(action)
        elif isinstance(action, Setup):
            self._prepare(action)
        elif isinstance(action, Copy):
            self._copy(action)
        elif isinstance(action, Checkout):
            self._check_out(action)
        else:
            for step in action.steps:
                self._line = step.line
                self._take(step, action, last=step is action.steps[-1])
                self._outcome.commands += step.command is not None

    def _write(self, write: Write) -> None:
        file = self._folder / write.edit.path
        old = file.read_text("utf-8") if file.is_file() else None
        try:
            new = write.edit.apply(old, write.body)
        except (ValueError, SyntaxError) as error:
            raise PageError(write.line, Rule.EDIT, str(error)) from None
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new, "utf-8")
        # A reader is slower: for Python, what has kept its second and its size has not changed.
        for compiled in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
            compiled.unlink(missing_ok=True)

    def _prepare(self, setup: Setup) -> None:
        terminal = self._terminal("Terminal 1")
        self._leave_python(terminal, Step(None, setup.line, Shown((), setup.line)))
        # Readers do not have uv: what they see is done by pip itself.
        for command in (uv(), setup.command, "unset -f uv"):
            step = Step(command, setup.line, Shown((), setup.line))
            self._run(terminal, step, 0, self._limits.page)
        self._expect_own_wheels()

    def _copy(self, copy: Copy) -> None:
        project = self._repository.directory
        source = (project / copy.folder).resolve()
        if not source.is_dir() or not source.is_relative_to(project):
            raise PageError(copy.line, Rule.COMMENT, f"the project has no folder {copy.folder}")
        target = self._sandbox.home / source.name
        leftovers = shutil.ignore_patterns("__pycache__", ".venv", "*.sqlite3")
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=leftovers)

    def _check_out(self, checkout: Checkout) -> None:
        self._folder = self._sandbox.home / checkout.folder
        try:
            self._repository.check_out(self._folder)
        except CheckoutError as error:
            raise PageError(checkout.line, Rule.COMMENT, str(error)) from None

    def _terminal(self, name: str) -> Terminal:
        if name not in self._terminals:
            self._terminals[name] = Terminal(self._folder, self._sandbox.environment)
        return self._terminals[name]

    # ---- One step ------------------------------------------------------------------------------

    def _take(self, step: Step, session: Session, *, last: bool) -> None:
        terminal = self._terminal(session.terminal)
        goes_on = last and session.metadata.goes_on
        port = (session.metadata.port or None) if last else None
        status = session.metadata.exit if last else None
        limits = self._limits.within(session.metadata.timeout)
        if step.prompts is not PYTHON:
            self._leave_python(terminal, step)
        if step.command is None:
            self._see_more(terminal, step, status, limits.patience)
        elif serving := self._serving.get(terminal):
            self._refuse_ended(terminal, serving)
            line = serving.line
            message = f"{session.terminal} still runs the command of line {line}"
            raise PageError(step.line, Rule.TERMINAL, message)
        elif step.prompts is PYTHON:
            self._ask_python(terminal, step, limits.command)
        elif goes_on or step.interrupted:
            if port:
                self._borrow_ports(session.line)
            self._serve(terminal, step, port, limits)
        else:
            self._run(terminal, step, status or 0, limits.command)
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
            raise PageError(line, Rule.PORT, str(error)) from None
        # The page is not slow because other pages are.
        self._deadline += time.monotonic() - began

    def _run(self, terminal: Terminal, step: Step, status: int, limit: float) -> None:
        terminal.start(step.command or "")
        if not self._wait(terminal, step, lambda: not terminal.busy, limit):
            raise self._wrong(terminal, step, Rule.TIMEOUT, f"it did not end within {limit:g} s")
        self._expect_status(terminal, step, status)
        if any(line.strip() for line in step.shown.lines):
            self._expect(terminal.output, step.shown, step)

    def _ask_python(self, terminal: Terminal, step: Step, limit: float) -> None:
        """Type a statement into the Python of the terminal, which is started if it is not there."""
        if terminal not in self._interpreters or not terminal.busy:
            folder = self._sandbox.folder("python")
            self._interpreters[terminal] = Interpreter(terminal, folder)
        python, start = self._interpreters[terminal], len(terminal.output)
        python.type(step.command or "")
        if not self._wait(terminal, step, python.done, limit):
            raise self._wrong(terminal, step, Rule.TIMEOUT, f"it did not end within {limit:g} s")
        # What was printed before the end was told.
        self._wait(terminal, step, lambda: True, limit)
        self._expect(terminal.output[start:], step.shown, step)

    def _leave_python(self, terminal: Terminal, step: Step) -> None:
        if python := self._interpreters.pop(terminal, None):
            python.leave()
            if not self._wait(terminal, step, lambda: not terminal.busy, self._limits.grace):
                raise self._wrong(terminal, step, Rule.STOP, "the Python before it does not end")

    def _serve(self, terminal: Terminal, step: Step, port: int | None, limits: Limits) -> None:
        """Start a command that goes on; wait for its port and for the output that is shown."""
        terminal.start(step.command or "")
        opening = Opening(terminal, step.shown.lines, port, limits, self._sandbox.as_read)
        opened = self._wait(terminal, step, opening.decided, limits.command)
        if not terminal.busy:
            message = f"it ended by itself, with status {terminal.status}"
            raise self._wrong(terminal, step, Rule.SERVER, message)
        if not opening.open:
            message = f"port {port} did not open within {limits.command:g} s"
            raise self._wrong(terminal, step, Rule.SERVER, message)
        if not opened or not opening.as_shown:
            self._expect(terminal.output, step.shown, step)
        self._serving[terminal] = _Serving(step.line, len(terminal.output))

    def _see_more(self, terminal: Terminal, step: Step, status: int | None, limit: float) -> None:
        """Compare the output that a server printed since the page showed it last."""
        if not (serving := self._serving.get(terminal)):
            message = "this is no command: write '$ ' before what is typed"
            raise PageError(step.line, Rule.SESSION, message)
        lines = step.shown.lines
        if any(line.strip() for line in lines):
            start = serving.shown
            self._wait(
                terminal,
                step,
                lambda: matches(lines, self._sandbox.as_read(terminal.output[start:])),
                limit,
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
            message = f"the command did not end within {self._limits.grace:g} s of Ctrl+C"
            raise PageError(shown.line, Rule.STOP, message)
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
            raise self._wrong(terminal, step, Rule.SHELL, "it ended the shell") from None
        if left <= limit:
            message = f"the page takes longer than {self._limits.page:g} s"
            raise self._wrong(terminal, step, Rule.TIMEOUT, message)
        return False

    # ---- What must hold ------------------------------------------------------------------------

    def _expect_status(self, terminal: Terminal, step: Step, status: int) -> None:
        if terminal.status != status:
            message = f"exit status {terminal.status}, expected {status}"
            raise self._wrong(terminal, step, Rule.EXIT_STATUS, message)

    def _expect(self, output: str, shown: Shown, step: Step, pressed: str = "") -> None:
        output = self._sandbox.as_read(output)
        if matches(shown.lines, output):
            return
        if self._update:
            self._outcome.updates.append(_update(shown, output, pressed))
            return
        what = step.typed if step.command else "the output of the server"
        raise PageError(
            shown.line,
            Rule.OUTPUT,
            f"{what}\nThe output is not what the page shows:\n" + difference(shown.lines, output),
        )

    def _expect_own_wheels(self) -> None:
        for wrong in foreign(self._sandbox.home, self._wheels):
            raise PageError(self._line, Rule.PACKAGE, wrong)

    def _wrong(self, terminal: Terminal, step: Step, rule: Rule, message: str) -> PageError:
        typed = step.typed if step.command else f"$ {terminal.command}"
        return PageError(step.line, rule, f"{typed}\n{message}\n{self._said(terminal)}")

    def _said(self, terminal: Terminal) -> str:
        output = self._sandbox.as_read(terminal.output).rstrip()
        return f"It printed:\n{output}" if output else "It printed nothing."

    # ---- The end -------------------------------------------------------------------------------

    def _judge_the_end(self) -> None:
        """Stop the servers of the page; raise PageError for anything else that it leaves."""
        for terminal in list(self._interpreters):
            self._leave_python(terminal, Step(None, self._line, Shown((), self._line)))
        for terminal in self._terminals.values():
            serving = self._serving.get(terminal)
            if serving:
                self._refuse_ended(terminal, serving)
            elif left := terminal.processes:
                raise PageError(self._line, Rule.LEFT_RUNNING, _left_running(left))
        for terminal, serving in self._serving.items():
            if killed := terminal.stop(self._limits.grace):
                message = f"did not end within {self._limits.grace:g} s: {killed[0]}"
                raise PageError(serving.line, Rule.STOP, message)
        if left := self._strays():
            raise PageError(self._line, Rule.LEFT_RUNNING, _left_running(left))

    def _refuse_ended(self, terminal: Terminal, serving: _Serving) -> None:
        if not self._runs(terminal, 0):
            message = (
                f"the server ended, with status {terminal.status}, and the page does not show it"
            )
            raise PageError(serving.line, Rule.SERVER, f"{message}\n{self._said(terminal)}")

    def _runs(self, terminal: Terminal, seconds: float) -> bool:
        """Tell whether the command in the terminal still runs after that time."""
        try:
            return not terminal.wait(lambda: not terminal.busy, seconds)
        except ShellEndedError:
            return False

    def _strays(self) -> list[processes.Process]:
        """Return what the page has started and not ended.

        It is below the terminals; systems other than Linux do not tell that of a process whose
        parent has ended, but what has kept the HOME of the page is found there too.
        """
        terminals = self._terminals.values()
        own = {pid for terminal in terminals for pid in terminal.own}
        found = {p.pid: p for terminal in terminals for p in terminal.left}
        found |= {p.pid: p for p in processes.in_home(self._sandbox.home) if p.pid not in own}
        return list(found.values())

    def _close(self) -> None:
        for python in self._interpreters.values():
            python.leave()
        for terminal in self._terminals.values():
            terminal.close()
        processes.end(processes.in_home(self._sandbox.home), self._limits.grace)
        self._held.close()


def _update(shown: Shown, output: str, pressed: str) -> Update:
    """Return the output as new text of the page; ``pressed`` stands before its first line."""
    old, new = list(shown.lines), merged(shown.lines, output)
    if old:
        old[0], new[0] = pressed + old[0], pressed + new[0]
    return Update(shown.line, tuple(old), tuple(new))


def _left_running(left: Sequence[processes.Process]) -> str:
    return "the page leaves running: " + "; ".join(processes.describe(left))
