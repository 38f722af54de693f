"""``docset spelling``: known misspellings, found by typos.

A page that shows a misspelling on purpose says so in a comment, and so does code::

    % spelling: allow <word>: the page shows what a mistake looks like
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docset.project import ProjectError
from docset.prose.alerts import Alert
from docset.prose.shown import show
from docset.reasons import has_substance
from docset.spelling.texts import texts
from docset.spelling.vocabulary import configuration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docset.progress import Reporter
    from docset.project import Project

__all__ = ["alerts", "check"]

TYPO = "Spelling.Typo"
UNUSED = "Spelling.Allow"
_ALLOWED = re.compile(r"spelling: allow (?P<word>\w+): (?P<reason>.+)")
_FOUND = 2
"""What typos ends with when it has found something."""


def check(project: Project, names: Sequence[Path], reporter: Reporter) -> int:
    """Print the misspellings in these files and folders, or in all; return 1 when there are any."""
    read = texts(project, names)
    return show(alerts(project, read), len(read), reporter)


def alerts(project: Project, read: Mapping[str, str]) -> Iterator[Alert]:
    """Yield the misspellings that the file does not allow, and what it allows in vain."""
    allowed = {
        (path, match["word"].lower()): text.count("\n", 0, match.start()) + 1
        for path, text in read.items()
        for match in _ALLOWED.finditer(text)
        if has_substance(match["reason"])
    }
    met = set()
    for found in _typos(project, read):
        path, word, line = found["path"], found["typo"], found["line_num"]
        if (path, word.lower()) not in allowed:
            yield _alert(found, read[path])
        elif allowed[path, word.lower()] != line:
            met.add((path, word.lower()))
    for (path, word), line in allowed.items():
        if (path, word) not in met:
            message = f"{word!r} stands nowhere else in this file: remove this comment"
            yield Alert(path, line, 1, UNUSED, message)


def _alert(found: Mapping[str, Any], text: str) -> Alert:
    line, word = found["line_num"], found["typo"]
    before = text.split("\n")[line - 1].encode()[: found["byte_offset"]].decode()
    better = " or ".join(repr(each) for each in found["corrections"])
    hint = f"write {better}" if better else "write another word"
    return Alert(found["path"], line, len(before) + 1, TYPO, f"{word!r} is misspelled: {hint}")


def _typos(project: Project, read: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Return what typos finds in texts, by their path."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in read.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="")
        settings = Path(folder, "settings-of-typos.toml")
        settings.write_text(configuration(project), "utf-8")
        output = _run(Path(folder), settings.name, list(read))
    found = [json.loads(line) for line in output.splitlines()]
    return [each for each in found if each["type"] == "typo"]


def _run(folder: Path, settings: str, names: Sequence[str]) -> str:
    program = Path(sys.executable).with_name("typos")
    options = ["--format", "json", "--config", settings, "--isolated", "--no-check-filenames"]
    ended = subprocess.run(
        [program, *options, "--hidden", "--no-ignore", "--file-list", "-"],
        cwd=folder,
        input="\n".join(names),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode not in {0, _FOUND}:
        raise ProjectError(f"typos: {' '.join(ended.stderr.split())}")
    return ended.stdout
