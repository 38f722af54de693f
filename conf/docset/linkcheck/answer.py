"""What became of an address that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["OK", "Answer", "Rule"]

Rule = Literal["", "links.anchor", "links.gone", "links.moved", "links.tls", "links.unreachable"]


@dataclass(frozen=True)
class Answer:
    """The rule that an address breaks, empty when all is well, and what to say about it."""

    rule: Rule = ""
    message: str = ""


OK = Answer()
