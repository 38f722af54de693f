"""What ``manage.py`` does when it needs no process of its own: it prints, or it refuses."""

from __future__ import annotations

import io
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any, NoReturn
from unittest.mock import patch

from django.core.management import execute_from_command_line
from django.test import override_settings


@dataclass
class Done:
    """What a command has left behind."""

    returncode: int
    stdout: str
    stderr: str


def type_in(*words: str, **settings: Any) -> Done:
    """Runs ``manage.py`` with these words here; fails if it starts something."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        override_settings(**settings),
        patch.object(os, "execve", _refuse),
        patch.object(subprocess, "Popen", _refuse),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            execute_from_command_line(["manage.py", *words])
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def _refuse(*arguments: object, **_: object) -> NoReturn:
    # A server would take the place of this process, and of all the tests in it.
    raise AssertionError(f"It started {arguments}.")
