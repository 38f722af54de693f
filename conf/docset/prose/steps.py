"""Steps: what a page tells a reader to do, one thing after another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.page import Code, Numbered, Prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page

__all__ = ["commands", "steps"]

SESSIONS = frozenset({"console", "doscon", "ps1con", "shell-session"})
# A numbered list may as well say what happens in which order, or which place comes first.
_TASK = re.compile(
    r"""\s*(?:(?:first|then|next|finally|now),?\s|(?:in|on|at)\s[^,.;:]+,\s)?
    (?:you\s(?:can\s|must\s|should\s)?)?(?:(?:
      activate | add | append | apply | ask | build | call | change | choose | click | close
    | commit | configure | confirm | connect | copy | create | define | delete | deploy | describe
    | disable | download | edit | enable | ensure | enter | export | fill | find | give | go
    | import | insert | install | keep | let | make | mend | move | open | paste | pick | press
    | push | put | read | remove | rename | repeat | replace | restart | run | save | select | send
    | set | show | start | stop | switch | take | tell | try | turn | type | update | upgrade | use
    | verify | visit | wait | write
    )\b
    # What can be a noun as well is a verb before these: "name the host", not "name of the host".
    | (?:check | list | log | look | name | note | see | test)\s
      (?:a|all|an|at|each|every|how|if|in|into|it|its|one|that|the|these|this|two|what|whether
      |which|your)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:^|\s)\d{1,9}[.)]\s+\Z")
_PROMPT = re.compile(r"^(?:\$|>|PS[^>\n]*>|[A-Z]:\\[^>\n]*>) \S", re.MULTILINE)


def steps(page: Page) -> Iterator[Prose]:
    """Yield the first item of each numbered list that tells the reader what to do."""
    last = 0
    for numbered in page.of(Numbered):
        if numbered.line > last:
            last = numbered.end_line
            yield from _first_task(page, numbered)


def commands(page: Page) -> Iterator[Code]:
    """Yield each block with a command to type."""
    for code in page.of(Code):
        if code.language in SESSIONS and _PROMPT.search(code.body):
            yield code


def _first_task(page: Page, numbered: Numbered) -> Iterator[Prose]:
    lines = page.text.split("\n")
    for item in page.prose("item"):
        if not numbered.line <= item.line <= numbered.end_line:
            continue
        if _NUMBER.search(lines[item.line - 1][: item.column - 1]) and _TASK.match(item.text):
            yield item
            return
