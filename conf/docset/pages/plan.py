"""What is to be done with each part of a page, decided before anything runs."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygments.lexers import get_all_lexers

from docset.pages.compare import difference, matches
from docset.pages.edits import Edit, read_caption
from docset.pages.faults import Fault, PageError
from docset.pages.fragments import dry_runs, has_processes
from docset.pages.metadata import Metadata, Setup
from docset.pages.outcome import Skip
from docset.pages.session import Step, read_session
from docset.pages.validators import VALIDATORS, InvalidTextError, lint_python

if TYPE_CHECKING:
    from docset.pages.page import Block, Page

__all__ = ["Plan", "Session", "Write", "make_plan"]


@dataclass(frozen=True)
class Session:
    """Steps that a reader takes in one terminal."""

    terminal: str
    steps: tuple[Step, ...]
    line: int
    metadata: Metadata

    @property
    def requires(self) -> str | None:
        """What the machine must have for the page to go on."""
        return self.metadata.requires


@dataclass(frozen=True)
class Write:
    """A file that a reader writes or changes."""

    edit: Edit
    body: str
    line: int
    requires: str | None = None


@dataclass(frozen=True)
class Plan:
    """The actions of a page in order, how many blocks were validated, and what is wrong already."""

    actions: tuple[Session | Write | Setup, ...]
    skips: tuple[Skip, ...]
    validated: int
    faults: tuple[Fault, ...]

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that the page serves, ascending."""
        sessions = (action for action in self.actions if isinstance(action, Session))
        return tuple(sorted({s.metadata.port for s in sessions if s.metadata.port}))


def make_plan(page: Page) -> Plan:
    """Return the plan of a page; every block is run, validated or skipped, or it is a fault."""
    planner = _Planner(page)
    planner.plan()
    return Plan(
        tuple(planner.actions),
        tuple(planner.skips),
        planner.validated,
        tuple(sorted({*page.faults, *planner.faults})),
    )


class _Planner:
    """Decides block by block, from the top of the page to its end."""

    def __init__(self, page: Page) -> None:
        self.actions: list[Session | Write | Setup] = []
        self.skips: list[Skip] = []
        self.faults: list[Fault] = []
        self.validated = 0
        self._parts = page.parts
        self._last_command = max((p.line for p in page.parts if _types(p)), default=0)
        # The settings that the page showed last.
        self._settings: str | None = None

    def plan(self) -> None:
        for part in self._parts:
            try:
                self._place(part)
            except PageError as error:
                self.faults.append(error.fault)

    def _place(self, part: Block | Setup) -> None:
        if isinstance(part, Setup):
            self.actions.append(part)
        elif part.metadata.skip:
            self.skips.append(Skip(part.line, part.metadata.skip))
        elif not part.language:
            raise PageError(part.line, "this code block has no language")
        elif part.metadata.dry_run:
            self._compare_dry_run(part, part.metadata.dry_run)
        elif part.language == "console":
            self.actions.append(_session(part))
        else:
            self._place_text(part)

    def _place_text(self, block: Block) -> None:
        if misplaced := _only_for_sessions(block.metadata):
            raise PageError(block.line, f"{misplaced!r} is for console blocks")
        try:
            edit = read_caption(block.caption)
        except ValueError as error:
            raise PageError(block.line, str(error)) from None
        checked = _validate(block, edit)
        settings = block.language == "python" and has_processes(block.body)
        if settings:
            self._settings = block.body
        if edit and block.line < self._last_command:
            self.actions.append(Write(edit, block.body, block.line, block.metadata.requires))
        elif settings:
            _dry_runs(block.body, block.line)
            self.validated += 1
        elif edit:
            raise PageError(
                block.line, f"nothing on the page uses {edit.path}: no command comes after it"
            )
        elif not checked:
            raise PageError(block.line, _unchecked(block.language))
        else:
            self.validated += 1

    def _compare_dry_run(self, block: Block, process: str) -> None:
        """Compare a command line with what ``prodserver --dry-run`` makes of the settings above."""
        if self._settings is None:
            raise PageError(block.line, "no block above assigns PRODUCTION_PROCESSES")
        lines = _dry_runs(self._settings, block.line)
        if process not in lines:
            raise PageError(block.line, f"the settings above have no process named {process!r}")
        shown = [line.removeprefix("$ ") for line in block.body.splitlines()]
        if not matches(shown, lines[process]):
            raise PageError(
                block.body_line,
                f"{process!r} becomes another command line:\n{difference(shown, lines[process])}",
            )
        self.validated += 1


def _types(part: Block | Setup) -> bool:
    """Tell whether something is typed at this part of the page."""
    if isinstance(part, Setup):
        return True
    metadata = part.metadata
    return part.language == "console" and not metadata.skip and not metadata.dry_run


def _dry_runs(settings: str, line: int) -> dict[str, str]:
    try:
        return dry_runs(settings)
    except InvalidTextError as error:
        raise PageError(line, str(error)) from None


def _session(block: Block) -> Session:
    terminal = block.caption or "Terminal 1"
    if terminal == "Terminal":
        terminal = "Terminal 1"
    if not re.fullmatch(r"Terminal \d", terminal):
        raise PageError(
            block.line,
            f"the caption of a console names its terminal: 'Terminal 2', not {terminal!r}",
        )
    steps = read_session(block.body, block.body_line)
    last, metadata = steps[-1], block.metadata
    if metadata.port and last.command is None:
        raise PageError(block.line, "'port' needs a command that starts the server")
    if metadata.port and metadata.exit is not None and last.interrupted is None:
        raise PageError(block.line, "'exit' is for a server that the block ends with ^C")
    return Session(terminal, steps, block.line, block.metadata)


def _only_for_sessions(metadata: Metadata) -> str | None:
    for key in ("port", "exit", "timeout"):
        if getattr(metadata, key) is not None:
            return key
    return None


def _validate(block: Block, edit: Edit | None) -> bool:
    """Validate a block if its language has a validator; return whether it has one."""
    if not (validator := VALIDATORS.get(block.language)):
        _refuse_unknown(block)
        return False
    try:
        validator(block.body)
        if block.language == "python" and edit and edit.whole:
            lint_python(block.body, edit.path)
    except InvalidTextError as error:
        raise PageError(block.body_line + error.line - 1, str(error)) from None
    return True


def _refuse_unknown(block: Block) -> None:
    known = {"none", *(alias for _, aliases, _, _ in get_all_lexers() for alias in aliases)}
    if block.language not in known:
        near = difflib.get_close_matches(block.language, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise PageError(block.line, f"unknown language {block.language!r}{hint}")


def _unchecked(language: str) -> str:
    return (
        f"nothing checks a {language!r} block: name its file in a caption, "
        f"or say why not in a comment above it: % test: skip: …"
    )
