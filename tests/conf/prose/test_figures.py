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
    assert list(ratchet.modes_alerts(recorded, text, "figures.toml", MODES, {"page.md"})) == []


def test_a_figure_of_a_mode_that_rises_is_an_alert_at_its_line() -> None:
    text = (
        "[goals]\nhow-to = 8\n\n[modes]\nhow-to = { grade = 0.0, sentence = 4.9, jargon = 0.0 }\n"
    )
    found = list(ratchet.modes_alerts(ratchet.read(text), text, "figures.toml", MODES, set()))
    assert [alert.line for alert in found] == [5, 5]
    assert "number of glossary words in a hundred of how-to rose from 0.0 to 13.3" in str(found[1])
    assert "docset prose --record" in str(found[1])


def test_a_page_that_is_gone_is_an_alert() -> None:
    text = '[pages]\n"old.md" = 3.0\n'
    [alert] = ratchet.modes_alerts(ratchet.read(text), text, "figures.toml", {}, {"new.md"})
    assert str(alert).startswith("figures.toml:2:1: All.Figures there is no page old.md")


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
