"""The rules that pages are held to: each kind of fault has a name and a meaning."""

from __future__ import annotations

from enum import Enum

__all__ = ["Rule"]


class Rule(Enum):
    """A kind of fault; the value is what holds for every page without it."""

    # What an author wrote, before anything runs.
    COMMENT = "A comment for the tests has a key and a value that they know, right above a block."
    REASON = "A block that is skipped has a reason of substance, which readers see below it."
    MARKUP = "Code stands in a form that the tests can read."
    LANGUAGE = "A block of code names its language."
    CAPTION = "A caption names a file below the reader's home or a terminal."
    SESSION = "A session is made of prompts, commands and output."
    QUOTE = "A quoted file is one that is used, and has the markers between which it is quoted."
    UNCHECKED = "A block is run, is a file that is used, is validated, or says why it is not."
    UNUSED_FILE = "A file that the page shows is used by a command after it, or by another file."
    # What the text of a block says.
    SYNTAX = "A text can be read in its language."
    LINT = "A linter finds no mistake in a text."
    CONFIG = "The program that a file is for takes it."
    SETTINGS = "Settings that are shown work in a real project."
    COMMAND_LINE = "Settings become the command line that is shown."
    # What all pages are together.
    COVERAGE = "No root and product has fewer checked blocks than before, or more skipped ones."
    # What happens when a reader does as the page says.
    BUILD = "The distributions of the project can be built."
    PACKAGE = "A page installs the project's own distributions, as they are here."
    EDIT = "What a file is to be changed in is there."
    TERMINAL = "A terminal is free when a command is typed."
    OUTPUT = "A command prints what the page shows."
    EXIT_STATUS = "A command ends with status 0, or with the one that the page names."
    TIMEOUT = "A command and a page end within their time."
    SHELL = "A command leaves the shell running."
    PORT = "The port that a page serves is free."
    SERVER = "A server opens its port and runs until the page ends it."
    STOP = "What is asked to end ends."
    LEFT_RUNNING = "A page leaves nothing running."

    @property
    def id(self) -> str:
        """The name that authors see."""
        return f"pages.{self.name.lower().replace('_', '-')}"
