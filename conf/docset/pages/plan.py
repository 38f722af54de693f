"""What is to be done with each part of a page, decided before anything runs."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygments.lexers import get_all_lexers

from docset.pages.compare import difference, matches
from docset.pages.coverage import Coverage
from docset.pages.edits import Edit, read_caption
from docset.pages.faults import Fault, PageError
from docset.pages.fragments import RefusedError, continued, dry_runs, has_processes
from docset.pages.metadata import NO_PORT, Checkout, Metadata, Preparation, Setup
from docset.pages.outcome import Skip, lacking
from docset.pages.page import Block
from docset.pages.rules import Rule
from docset.pages.session import PYTHON, SHELL, Prompts, Step, read_session
from docset.pages.uses import is_used
from docset.pages.validators.table import PYTHON as PYTHON_LANGUAGES
from docset.pages.validators.table import kind_of
from docset.pages.validators.text import MissingProgramError, Text

if TYPE_CHECKING:
    from docset.pages.page import Page
    from docset.pages.validators.table import Kind

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


Action = Session | Write | Preparation


@dataclass(frozen=True)
class Plan:
    """The actions of a page in order, what becomes of its blocks, and what is wrong already."""

    actions: tuple[Action, ...]
    skips: tuple[Skip, ...]
    coverage: Coverage
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
        planner.coverage,
        tuple(sorted({*page.faults, *planner.faults})),
    )


# The languages of sessions, and the prompts in them.
_SESSIONS = {"console": SHELL, "pycon": PYTHON}


class _FaultsAreNotedError(Exception):
    """Nothing more is to be said of the block."""


class _Planner:
    """Decides block by block, from the top of the page to its end."""

    def __init__(self, page: Page) -> None:
        self.actions: list[Action] = []
        self.skips: list[Skip] = []
        self.faults: list[Fault] = []
        self.coverage = Coverage()
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
            except _FaultsAreNotedError:
                continue

    def _place(self, part: Block | Preparation) -> None:
        if isinstance(part, Preparation):
            if isinstance(part, Checkout) and self.actions:
                message = "'checkout' stands before all else, for that is done in the copy"
                raise PageError(part.line, Rule.COMMENT, message)
            self.actions.append(part)
        elif part.metadata.skip:
            self.skips.append(Skip(part.line, part.metadata.skip))
            self.coverage += Coverage(skipped=1)
        elif not part.language:
            raise PageError(part.line, Rule.LANGUAGE, "this code block has no language")
        elif part.metadata.dry_run:
            self._compare_dry_run(part, part.metadata.dry_run)
            self.coverage += Coverage(validated=1)
        elif prompts := _SESSIONS.get(part.language):
            self.actions.append(_session(part, prompts))
            self.coverage += Coverage(executed=1)
        else:
            self._place_text(part)

    def _place_text(self, block: Block) -> None:
        if misplaced := _only_for_sessions(block.metadata):
            raise PageError(block.line, Rule.COMMENT, f"{misplaced!r} is for console blocks")
        try:
            edit = read_caption(block.caption)
        except ValueError as error:
            raise PageError(block.line, Rule.CAPTION, str(error)) from None
        kind = self._validate(block, edit)
        settings = None
        if block.language in PYTHON_LANGUAGES and has_processes(block.body):
            settings = self._settings = continued(block.body, self._settings)
        if edit and block.line < self._last_command:
            if not (kind and kind.judges) and not (block.quote and block.quote.used):
                self._refuse_unnamed(block, edit.path)
            self.actions.append(Write(edit, block.body, block.line, block.metadata.requires))
            self.coverage += Coverage(files=1)
        elif block.quote and block.quote.used:
            self.coverage += Coverage(files=1)
        elif settings:
            _dry_runs(settings, block.line)
            self.coverage += Coverage(validated=1)
        else:
            _refuse_unused(block, edit, checked=kind is not None)
            self.coverage += Coverage(validated=1)

    def _refuse_unnamed(self, block: Block, path: str) -> None:
        """Raise PageError where the reader writes a file and nothing on the page uses it."""
        typed = "\n".join(_text(p) for p in self._parts if _types(p) and p.line > block.line)
        others = "\n".join(_text(p) for p in self._parts if not _types(p) and not _writes(p, path))
        if not is_used(path, typed, others):
            message = f"no command after {path} uses it, and no other block names it"
            raise PageError(block.line, Rule.UNUSED_FILE, message)

    def _validate(self, block: Block, edit: Edit | None) -> Kind | None:
        """Add what is wrong with the text to the faults; return the kind that checks it, if any."""
        path, whole = (edit.path, edit.whole) if edit else ("", False)
        if block.quote:
            path, whole = block.quote.file, block.quote.whole
        text = Text(block.language, block.body, path, whole)
        if not (kind := kind_of(text)):
            _refuse_unknown(block)
            return None
        try:
            findings = kind.findings(text)
        except MissingProgramError as error:
            self.skips.append(lacking(str(error), block.line))
            return kind
        if findings:
            self.faults += [block.fault(f.line, f.rule, f.message, f.column) for f in findings]
            raise _FaultsAreNotedError
        return kind

    def _compare_dry_run(self, block: Block, process: str) -> None:
        """Compare a command line with what ``prodserver --dry-run`` makes of the settings above."""
        if self._settings is None:
            message = "no block above assigns PRODUCTION_PROCESSES"
            raise PageError(block.line, Rule.COMMAND_LINE, message)
        lines = _dry_runs(self._settings, block.line)
        if process not in lines:
            message = f"the settings above have no process named {process!r}"
            raise PageError(block.line, Rule.COMMAND_LINE, message)
        shown = [line.removeprefix("$ ") for line in block.body.splitlines()]
        if not matches(shown, lines[process]):
            raise PageError(
                block.body_line,
                Rule.COMMAND_LINE,
                f"{process!r} becomes another command line:\n{difference(shown, lines[process])}",
            )


def _types(part: Block | Preparation) -> bool:
    """Tell whether something is typed at this part of the page."""
    if isinstance(part, Preparation):
        return isinstance(part, Setup)
    metadata = part.metadata
    return part.language in _SESSIONS and not metadata.skip and not metadata.dry_run


def _text(part: Block | Preparation) -> str:
    """Return what stands at this part of the page."""
    if isinstance(part, Block):
        return part.body
    return part.command if isinstance(part, Setup) else part.folder


def _writes(part: Block | Preparation, path: str) -> bool:
    """Tell whether the part is the file, or a piece of it."""
    return isinstance(part, Block) and part.caption.partition(" ")[0] == path


def _dry_runs(settings: str, line: int) -> dict[str, str]:
    try:
        return dry_runs(settings)
    except RefusedError as error:
        raise PageError(line, Rule.SETTINGS, str(error)) from None


def _session(block: Block, prompts: Prompts) -> Session:
    terminal = block.caption or "Terminal 1"
    if terminal == "Terminal":
        terminal = "Terminal 1"
    if not re.fullmatch(r"Terminal \d", terminal):
        raise PageError(
            block.line,
            Rule.CAPTION,
            f"the caption of a session names its terminal: 'Terminal 2', not {terminal!r}",
        )
    steps = read_session(block.body, block.body_line, prompts)
    last, metadata = steps[-1], block.metadata
    if prompts is PYTHON and (metadata.goes_on or metadata.exit is not None or last.interrupted):
        raise PageError(block.line, Rule.COMMENT, "'port', 'exit' and ^C are for console blocks")
    if metadata.goes_on and last.command is None:
        message = "'port' needs a command that starts the server"
        raise PageError(block.line, Rule.COMMENT, message)
    if metadata.port == NO_PORT and not any(line.strip() for line in last.shown.lines):
        message = "'port: none' needs the output by which a reader knows that it is ready"
        raise PageError(block.line, Rule.COMMENT, message)
    if metadata.goes_on and metadata.exit is not None and last.interrupted is None:
        message = "'exit' is for a server that the block ends with ^C"
        raise PageError(block.line, Rule.COMMENT, message)
    return Session(terminal, steps, block.line, block.metadata)


def _only_for_sessions(metadata: Metadata) -> str | None:
    for key in ("port", "exit", "timeout"):
        if getattr(metadata, key) is not None:
            return key
    return None


def _refuse_unknown(block: Block) -> None:
    known = {"none", *(alias for _, aliases, _, _ in get_all_lexers() for alias in aliases)}
    if block.language not in known:
        near = difflib.get_close_matches(block.language, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = f"unknown language {block.language!r}{hint}"
        raise PageError(block.line, Rule.LANGUAGE, message)


def _refuse_unused(block: Block, edit: Edit | None, *, checked: bool) -> None:
    if block.quote:
        message = (
            f"nothing uses {block.quote.file}: give it a caption and a command after it, "
            f"or quote a file of a folder in tool.docset.pages.examples"
        )
        raise PageError(block.line, Rule.QUOTE, message)
    if edit:
        message = f"nothing on the page uses {edit.path}: no command comes after it"
        raise PageError(block.line, Rule.UNUSED_FILE, message)
    if not checked:
        message = (
            f"nothing checks a {block.language!r} block: name its file in a caption, "
            f"or say why not in a comment above it: % test: skip: …"
        )
        raise PageError(block.line, Rule.UNCHECKED, message)
