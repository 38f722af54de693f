"""How hard pages are to read: what is counted, and what may not get worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docset.project import ProjectError
from docset.prose import ratchet
from docset.prose.figures import Sentences, sentences_of
from docset.prose.glossary import Glossary
from docset.prose.reader import read
from docset.prose.syllables import syllables

if TYPE_CHECKING:
    from docset.prose.page import Page

GLOSSARY = Glossary(("server", "command line"), frozenset())
TEXT = """\
# No sentence

The server starts.
It reads `a long piece of code`, and a command
line.

- an item without a period

| no | sentence |
|---|---|
| at | all |

```text
nor code
```
"""


def measured(text: str) -> Sentences:
    page: Page = read("page.md", text)
    return sentences_of(page, GLOSSARY)


def test_sentences_words_and_jargon_of_running_text_are_counted() -> None:
    sentences = measured(TEXT)
    assert sentences.count == 3
    assert sentences.words == 3 + 7 + 5
    assert sentences.jargon == 2
    assert sentences.longest == (7, 4)


def test_code_counts_as_one_word_without_syllables() -> None:
    assert "piece" not in measured(TEXT).spelled


@pytest.mark.parametrize(
    ("word", "number"),
    [("process", 2), ("server", 2), ("a", 1), ("application", 4), ("uvicorn", 0)],
)
def test_syllables_are_those_that_are_spoken(word: str, number: int) -> None:
    assert syllables(word) == number


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    # 6 words, 1 sentence, 10 syllables: 0.39 * 6 + 11.8 * 10 / 6 - 15.59
    sentences = measured("The application receives a good request.\n")
    assert sentences.grade == pytest.approx(0.39 * 6 + 11.8 * 11 / 6 - 15.59)


def test_a_name_that_the_dictionary_lacks_does_not_make_a_page_harder() -> None:
    plain = measured("The server starts.\n").grade
    assert measured("The Uvicorn starts.\n").grade < plain


def test_longer_sentences_and_words_raise_the_grade() -> None:
    easy = measured("The server starts.\nIt waits for you.\n").grade
    assert measured("The server starts and it waits for you to come back.\n").grade > easy
    assert measured("The application starts.\nIt anticipates everybody.\n").grade > easy


MODES = {"how-to": measured(TEXT)}


def test_what_is_written_down_can_be_read_and_is_no_fault() -> None:
    text = ratchet.written({"how-to": 8}, MODES, {"page.md": MODES["how-to"]})
    recorded = ratchet.read(text)
    assert recorded.goals == {"how-to": 8}
    assert recorded.pages.keys() == {"page.md"}
    grades = {"page.md": MODES["how-to"].grade}
    assert list(ratchet.alerts(recorded, text, "figures.toml", MODES, grades)) == []


def found(text: str, grades: dict[str, float]) -> list[str]:
    """Return the alerts for a text that records figures."""
    modes = MODES if "[modes]" in text else {}
    alerts = ratchet.alerts(ratchet.read(text), text, "figures.toml", modes, grades)
    return [str(alert).removeprefix("figures.toml:") for alert in alerts]


def test_a_figure_of_a_mode_that_rises_or_falls_is_an_alert_at_its_line() -> None:
    reached = "{ grade = 0.0, sentence = 9.9, jargon = 0.0 }"
    _, shorter, more = found(f"[goals]\nhow-to = 8\n\n[modes]\nhow-to = {reached}\n", {})
    assert shorter.startswith("5:1: All.Figures the mean length of a sentence of how-to fell from")
    assert more.startswith(
        "5:1: All.Figures the number of glossary words in a hundred of how-to rose from 0.0 to 13.3"
    )
    assert "docset prose --record" in shorter
    assert "docset prose --record" in more


def test_a_figure_that_is_about_what_it_was_is_no_alert() -> None:
    assert found('[pages]\n"page.md" = 3.0\n', {"page.md": 2.1}) == []


def test_a_page_that_became_easier_is_an_alert_so_that_it_stays_so() -> None:
    [alert] = found('[pages]\n"page.md" = 3.0\n', {"page.md": 1.9})
    assert alert.startswith("2:1: All.Figures the reading grade of page.md fell from 3.0 to 1.9")


def test_what_is_not_recorded_is_an_alert() -> None:
    assert found("[modes]\n", {"new.md": 2.0}) == [
        *(
            f"1:1: All.Figures the {name} of how-to is not recorded: run 'docset prose --record'"
            for name in ratchet.NAMES.values()
        ),
        "1:1: All.Figures the reading grade of new.md is not recorded: run 'docset prose --record'",
    ]


def test_a_page_that_is_gone_is_an_alert() -> None:
    [alert] = found('[pages]\n"old.md" = 3.0\n', {})
    assert alert.startswith("2:1: All.Figures there is no page old.md")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[goal]\n", "unknown table 'goal'"),
        ("[goals]\nhowto = 8\n", "unknown mode 'howto'"),
        ("[goals\n", "figures.toml"),
    ],
)
def test_a_mistake_in_the_file_is_said(text: str, message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        ratchet.read(text)
