"""What silences a rule says why; what gives no reason is an alert, and silences nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from docset.prose import vale
from docset.prose.alerts import Alert
from docset.prose.allowances import apply
from docset.prose.reader import read

from tests.styles.mutants import project as with_rules
from tests.styles.test_mutants import pytestmark as needs_vale

if TYPE_CHECKING:
    from pathlib import Path

    from docset.project import Project

ALERT = Alert("page.md", 5, 1, "X.Words", "no such words")


def applied(text: str, *alerts: Alert) -> list[tuple[int, str]]:
    """Return the line and the rule of each alert that is left on a page."""
    left = apply(read("page.md", text), alerts, lambda _: True)
    return [(alert.line, alert.rule) for alert in left]


@pytest.mark.parametrize("reason", ["x", "it is", "todo: write it later", "a - b", "...  ... ..."])
def test_a_reason_without_substance_allows_nothing(reason: str) -> None:
    text = f"# One\n\n% prose: allow X.Words: {reason}\n\nWords.\n"
    assert applied(text, ALERT) == [(5, "X.Words"), (3, "All.Allow")]


def test_a_reason_of_three_words_allows_the_rule() -> None:
    assert applied("# One\n\n% prose: allow X.Words: it is quoted\n\nWords.\n", ALERT) == []


# Each with the line of its switch, and words below it that a rule of Vale forbids.
SWITCHES = {
    "all rules": "<!-- vale off -->",
    "without blanks": "<!--vale off-->",
    "in three lines": "<!--\nvale off\n-->",
    "one rule": "<!-- vale Beginner.Minimizing = NO -->",
    "one style": "<!-- vale Beginner = NO -->",
    "one word": '<!-- vale Beginner.Minimizing["Just"] = NO -->',
    "other styles": "<!-- vale style = HowTo -->",
    "amid words": "Words <!-- vale off --> and words.",
    "beside code": "Words `in code` <!-- vale off --> and `more`.",
    "in a box": ":::{note}\n<!-- vale off -->\n:::",
    "in a box of backticks": "```{note}\n<!-- vale off -->\n```",
    "in a tab": "::::{tab-set}\n:::{tab-item} One\n<!-- vale off -->\n:::\n::::",
    "in a list": "- <!-- vale off -->",
    "in a cell": "| a |\n|---|\n| <!-- vale off --> |",
    "in a quotation": "> <!-- vale off -->",
    "in HTML": "<div>\n<!-- vale off -->\n</div>",
    "in a caption": "```{figure} picture.svg\n\n<!-- vale off -->\n```",
}
# Where Vale reads no HTML, or what is no switch.
NO_SWITCHES = {
    "code": "```text\n<!-- vale off -->\n```",
    "a code block": "```{code-block} text\n<!-- vale off -->\n```",
    "code in a list": "- One.\n\n  ```text\n  <!-- vale off -->\n  ```",
    "raw HTML": "```{raw} html\n<!-- vale off -->\n```",
    "code in a line": "Write `<!-- vale off -->` there.",
    "a comment": "% <!-- vale off -->",
    "another comment": "<!-- vale is a linter -->",
    "words": "Turn vale off.",
}


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=SWITCHES)
def test_a_switch_of_vale_is_an_alert_wherever_vale_obeys_it(switch: str) -> None:
    text = f"# One\n\n{switch}\n\nJust a page.\n"
    line = 3 + switch.split("<!--", maxsplit=1)[0].count("\n")
    assert applied(text) == [(line, "All.Allow")]


@pytest.mark.parametrize("block", NO_SWITCHES.values(), ids=NO_SWITCHES)
def test_what_vale_does_not_obey_is_no_alert(block: str) -> None:
    assert applied(f"# One\n\n{block}\n\nJust a page.\n") == []


def test_a_switch_in_the_front_matter_is_an_alert() -> None:
    assert applied('---\nkeywords: "<!-- vale off -->"\n---\n\n# One\n') == [(2, "All.Allow")]


@needs_vale
@pytest.mark.parametrize(
    ("blocks", "obeys"), [(SWITCHES, True), (NO_SWITCHES, False)], ids=["switches", "others"]
)
def test_vale_obeys_the_switches_and_nothing_else(
    tmp_path: Path, blocks: dict[str, str], *, obeys: bool
) -> None:
    copy = with_rules(tmp_path.resolve())
    names = {f"{name.replace(' ', '-')}.md": block for name, block in blocks.items()}
    for name, block in names.items():
        (copy.directory / name).write_text(f"# One\n\n{block}\n\nJust a page.\n", "utf-8")
    found = vale.alerts(copy, names)
    heard = {alert.path for alert in found if alert.rule == "Beginner.Minimizing"}
    assert set(names) - heard == (set(names) if obeys else set())


def test_a_text_that_is_no_page_may_not_silence_a_rule_either(site: Project) -> None:
    (site.directory / "README.md").write_text("# One\n\nWords. <!-- vale off -->\n")
    ended = subprocess.run(
        [sys.executable, "-m", "docset.prose.texts", "README.md"],
        cwd=site.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.startswith("README.md:3:8: All.Allow this silences rules: remove it")
