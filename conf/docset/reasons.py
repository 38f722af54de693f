"""Reasons that writers give for an exception."""

from __future__ import annotations

import re

__all__ = ["has_substance"]

LEAST = 3
"""How many words say enough."""

_EMPTY = re.compile(r"(?i)\W*(todo|fixme|later|wip|tbd|broken|flaky|skip)\b")


def has_substance(reason: str) -> bool:
    """Tell whether a reason says something: three words or more, and no word that puts it off."""
    return not _EMPTY.match(reason) and len(re.findall(r"\w\S*", reason)) >= LEAST
