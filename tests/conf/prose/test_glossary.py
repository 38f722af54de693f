"""Where a text uses the words of a glossary."""

from __future__ import annotations

import pytest
from docset.prose.glossary import Glossary

GLOSSARY = Glossary(
    ("server", "development server", "process", "PID", "entry", "dry run"), frozenset()
)


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("A server starts.", [(2, "server", "server")]),
        ("Servers start.", [(0, "server", "Servers")]),
        ("Its server's PIDs", [(4, "server", "server"), (13, "PID", "PIDs")]),
        ("the development server", [(4, "development server", "development server")]),
        ("processes, entries", [(0, "process", "processes"), (11, "entry", "entries")]),
        ("a dry\nrun", [(2, "dry run", "dry\nrun")]),
        ("pid SERVER serverless multi-server server-side server.py observer", []),
        ("processing", []),
    ],
)
def test_each_form_of_a_term_is_found_and_nothing_else(
    text: str, uses: list[tuple[int, str, str]]
) -> None:
    assert list(GLOSSARY.uses(text)) == uses


def test_without_a_glossary_nothing_is_used() -> None:
    assert list(Glossary((), frozenset()).uses("a server")) == []
