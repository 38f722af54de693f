"""Python and shell: read by their own interpreter, then by a linter."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

from docset.pages.rules import Rule
from docset.pages.validators.programs import finished, found
from docset.pages.validators.text import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.pages.validators.text import Text

__all__ = ["compile_python", "lint_python", "lint_shell", "read_shell"]


def compile_python(text: Text) -> Iterator[Finding]:
    """Compile Python."""
    try:
        compile(text.body, "block", "exec", dont_inherit=True)
    except SyntaxError as error:
        message = f"this is no Python: {error.msg}"
        yield Finding(error.lineno or 1, message, column=error.offset or 1)


def lint_python(text: Text) -> Iterator[Finding]:
    """Look for mistakes in a whole Python file, such as unused imports and unknown names."""
    if not text.whole:
        return
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--output-format=json"]
    result = finished([*command, "--stdin-filename", text.path, "-"], text.body)
    if result.returncode not in (0, 1):
        yield Finding(1, f"ruff failed: {result.stderr.strip()}", Rule.LINT)
        return
    for found_ in json.loads(result.stdout):
        place = found_["location"]
        message = f"ruff {found_['code']}: {found_['message']}"
        yield Finding(place["row"], message, Rule.LINT, place["column"])


_PROMPT = "$ "


def read_shell(text: Text) -> Iterator[Finding]:
    """Let bash read the script without running it; a session, which it would take, is no script."""
    # For bash, a prompt is the name of a program, and whatever is typed behind it is right.
    for number, typed in enumerate(text.body.splitlines(), 1):
        if typed.startswith(_PROMPT):
            yield Finding(number, "this is typed at a prompt: use `console`, so that it is run")
            return
    result = finished(["bash", "--noprofile", "--norc", "-n"], text.body)
    if result.returncode or result.stderr:
        match = re.search(r"line (\d+): (.*)", result.stderr)
        line, message = (int(match[1]), match[2]) if match else (1, result.stderr.strip())
        yield Finding(line, f"this is no shell script: {message}")


# A part of a script may use what comes before it, and set what comes after it uses.
_OF_WHOLE_SCRIPTS = ("--exclude=SC2034,SC2154",)


def lint_shell(text: Text) -> Iterator[Finding]:
    """Look for mistakes in a shell script with ShellCheck."""
    shell = "sh" if text.language == "sh" else "bash"
    command = [found("shellcheck"), "--norc", "--format=json", "--severity=info"]
    part = () if text.whole else _OF_WHOLE_SCRIPTS
    result = finished([*command, f"--shell={shell}", *part, "-"], text.body)
    for each in json.loads(result.stdout):
        message = f"shellcheck SC{each['code']}: {each['message']}"
        yield Finding(each["line"], message, Rule.LINT, each["column"])
