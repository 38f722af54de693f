"""What differs from run to run: a rule replaces it, on the page and in the output alike."""

from __future__ import annotations

import re

__all__ = ["normalize"]

_CLOCK = r"\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?"
_ZONE = r"(?:Z| ?[+-]\d{2}:?\d{2}| UTC| GMT)?"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (f"<{word}>", re.compile(pattern))
    for word, pattern in (
        # 2026-11-22 16:57:24 +0000 and 2026-11-22T16:57:24.123Z
        ("date", rf"\b\d{{4}}-\d{{2}}-\d{{2}}(?:[ T]{_CLOCK}{_ZONE})?"),
        # Sun, 22 Nov 2026 16:57:24 GMT, the date of HTTP
        ("date", rf"\b[A-Z][a-z]{{2}}, \d{{2}} {_MONTH} \d{{4}} {_CLOCK}{_ZONE}"),
        # 22/Nov/2026:16:57:24 +0000 and 22/Nov/2026 16:57:24, the dates of access logs
        ("date", rf"\b\d{{2}}/{_MONTH}/\d{{4}}[: ]{_CLOCK}{_ZONE}"),
        # November 22, 2026 - 16:57:24, the date of Django's runserver
        ("date", rf"\b{_MONTH}[a-z]* \d{{1,2}}, \d{{4}} - {_CLOCK}"),
        # [12345], (12345) and pid: 12345
        ("pid", r"(?<=\[)\d{1,7}(?=\])|(?<= \()\d{1,7}(?=\)$)"),
        ("pid", r"(?i)(?<=\bpid:)\s*\d+\b|(?<=\bpid )\d+\b|(?<=\bpid=)\d+\b"),
        # 27.0.1 and 4.0.0.dev0, but no internet address
        ("version", r"(?<![\w.])v?\d+\.\d+\.\d+(?:\.?(?:a|b|rc|dev|post)\d+)*(?![\w]|\.\d)"),
        ("version", r"(?<=[/-])\d+\.\d+\.\d+(?:\.?(?:a|b|rc|dev|post)\d+)*(?=[\s-]|$)"),
        ("python", r"\bpython3\.\d+\b"),
        ("python", r"(?<=\bPython )3\.\d+\b"),
        # 0.012s and 1.5 seconds
        ("duration", r"\b\d+\.\d+ ?(?:s|ms|secs?|seconds?)\b"),
        ("address", r"\b0x[0-9a-f]{6,16}\b"),
        # A shell that reads commands from a pipe counts lines where one at a terminal does not.
        ("shell", r"^bash: line \d+:|^bash:"),
    )
)


def normalize(line: str) -> str:
    """Return a line of output with all that differs from run to run replaced."""
    for word, pattern in _RULES:
        line = pattern.sub(word, line)
    return line.rstrip()
