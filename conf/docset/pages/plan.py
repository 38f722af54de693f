"""What is to be done with each part of a page, decided before anything runs."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygments.lexers import get_all_lexers  # type: ignore[import-untyped]

from docset.pages.edits import Edit, read_caption
from docset.pages.faults import Fault, PageError
from docset.pages.metadata import Metadata, Setup
from docset.pages.outcome import Skip
from docset.pages.session import Step, read_session
from docset.pages.validators import VALIDATORS, InvalidTextError, lint_python

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def make_plan(page: Page) -> Plan:
    """Return the plan of a page; every block is run, validated or skipped, or it is a fault."""
    actions: list[Session | Write | Setup] = []
    skips: list[Skip] = []
    faults = list(page.faults)
    validated = 0
    for part in page.parts:
        if isinstance(part, Setup):
            actions.append(part)
        elif part.metadata.skip:
            skips.append(Skip(part.line, part.metadata.skip))
        else:
            try:
                action = _action(part)
            except PageError as error:
                faults.append(error.fault)
                continue
            if action is None:
                validated += 1
            else:
                actions.append(action)
    faults += _unused_files(actions)
    return Plan(tuple(actions), tuple(skips), validated, tuple(sorted(set(faults))))


def _action(block: Block) -> Session | Write | None:
    """Return what a block is for; None when it is validated and nothing more."""
    if not block.language:
        raise PageError(block.line, "this code block has no language")
    if block.language == "console":
        return _session(block)
    if misplaced := _only_for_sessions(block.metadata):
        raise PageError(block.line, f"{misplaced!r} is for console blocks")
    try:
        edit = read_caption(block.caption)
    except ValueError as error:
        raise PageError(block.line, str(error)) from None
    checked = _validate(block, edit)
    if edit:
        return Write(edit, block.body, block.line, block.metadata.requires)
    if not checked:
        raise PageError(block.line, _unchecked(block.language))
    return None


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


def _unused_files(actions: list[Session | Write | Setup]) -> Iterator[Fault]:
    for index, action in enumerate(actions):
        later = actions[index + 1 :]
        if isinstance(action, Write) and all(isinstance(a, Write) for a in later):
            yield Fault(
                action.line,
                f"nothing on the page uses {action.edit.path}: no command comes after it",
            )
