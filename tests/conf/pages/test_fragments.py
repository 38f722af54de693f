"""Settings that a page only shows are loaded into a real project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.pages.coverage import Coverage

if TYPE_CHECKING:
    from tests.conf.pages.conftest import Pages

SETTINGS = """
```{{code-block}} python
:caption: mysite/settings.py

PRODUCTION_PROCESSES = {{
    "web": {{"BACKEND": "gunicorn", "ARGS": {{"{option}": 3}}}},
}}
```
"""
BECOMES = """
% test: dry-run: {process}

```console
$ ...gunicorn mysite.wsgi:application --workers={workers}
```
"""


def test_valid_settings_and_their_command_line_are_validated(pages: Pages) -> None:
    text = SETTINGS.format(option="workers") + BECOMES.format(process="web", workers=3)
    outcome = pages.run(text)
    assert outcome.faults == []
    assert outcome.coverage == Coverage(validated=2)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (SETTINGS.format(option="wokers"), 1, "refuses these settings"),
        (BECOMES.format(process="web", workers=3), 3, "no block above assigns"),
        (
            SETTINGS.format(option="workers") + BECOMES.format(process="wbe", workers=3),
            11,
            "no process named 'wbe'",
        ),
        (
            SETTINGS.format(option="workers") + BECOMES.format(process="web", workers=4),
            12,
            "gunicorn mysite.wsgi:application --workers=3",
        ),
    ],
)
def test_wrong_settings_or_another_command_line_are_a_fault(
    pages: Pages, text: str, line: int, message: str
) -> None:
    (fault,) = pages.run(text).faults
    assert fault.line == line
    assert message in fault.message


@pytest.mark.parametrize(
    ("language", "fragment"),
    [
        ("python", "PRODUCTION_PROCESSES = {process}"),
        ("py", "PRODUCTION_PROCESSES = {process}"),
        ("python", "PRODUCTION_PROCESSES: dict = {process}"),
        ("python", "PRODUCTION_PROCESSES |= {process}"),
        ("python", "PRODUCTION_PROCESSES.update({process})"),
        ("python", 'PRODUCTION_PROCESSES["web"] = {process}["web"]'),
        ("python", "if True:\n    PRODUCTION_PROCESSES = {process}"),
    ],
)
def test_every_way_to_set_processes_is_loaded_into_a_project(
    pages: Pages, language: str, fragment: str
) -> None:
    process = '{"web": {"BACKEND": "gunicorn"}}'
    text = f"```{language}\n{fragment.format(process=process)}\n```\n"
    outcome = pages.run(text)
    assert (outcome.faults, outcome.coverage) == ([], Coverage(validated=1))
    (fault,) = pages.faults(text.replace("gunicorn", "gunicron"))
    assert "There is no backend 'gunicron'" in fault


def test_a_change_of_processes_is_made_to_those_above(pages: Pages) -> None:
    change = '\n```python\nPRODUCTION_PROCESSES["web"]["ARGS"]["workers"] = 5\n```\n'
    text = SETTINGS.format(option="workers") + change + BECOMES.format(process="web", workers=5)
    assert not pages.faults(text)
    (fault,) = pages.faults(change)
    assert "KeyError: 'web'" in fault
