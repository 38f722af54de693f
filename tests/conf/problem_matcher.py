"""What GitHub shows beside the lines of a change: the problem matcher, applied to an output."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parents[2] / ".github/docset.json"


@dataclass(frozen=True)
class Annotation:
    """A line of an output that GitHub understands."""

    file: str
    line: str
    column: str
    code: str
    message: str


def shown_on_github(output: str) -> list[Annotation]:
    """Return what the problem matcher of this repository finds in an output."""
    [matcher] = json.loads(FILE.read_text("utf-8"))["problemMatcher"]
    [pattern] = matcher["pattern"]
    found = (re.fullmatch(pattern["regexp"], line) for line in output.splitlines())
    names = ("file", "line", "column", "code", "message")
    return [Annotation(*(match[pattern[name]] for name in names)) for match in found if match]
