"""The places of a page in which words can stand, each as the Markdown that puts a phrase there."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

PHRASE = "PHRASE"
SLUG = "SLUG"


@dataclass(frozen=True)
class Place:
    """A place: in its Markdown ``PHRASE`` stands for the phrase, ``SLUG`` for it as a name."""

    name: str
    kind: str
    """``prose``, which Vale reads; ``shown``, which it reads as ``docset prose`` shows it the page;
    ``silent``, which is no prose, or none that a rule of words could read."""
    markdown: str

    @property
    def is_in_front_matter(self) -> bool:
        """Whether it is a line of the front matter, below ``html_meta``."""
        return self.name in ("front matter", "description")

    def block(self, phrase: str) -> list[str]:
        """Return the lines of the place with this phrase in it, all as far in as its first."""
        slug = re.sub(r"\W+", "-", phrase).strip("-").lower()
        lines = self.markdown.replace(SLUG, slug).split("\n")
        return [each for line in lines for each in _with_phrase(line, phrase)]


def _with_phrase(line: str, phrase: str) -> list[str]:
    if PHRASE not in line:
        return [line]
    first, *rest = phrase.split("\n")
    return [line.replace(PHRASE, first), *(" " * line.find(PHRASE) + each for each in rest)]


def _places(kind: str, **markdown: str) -> list[Place]:
    return [
        Place(name.replace("_", " "), kind, textwrap.dedent(text).strip("\n"))
        for name, text in markdown.items()
    ]


def _fence(info: str, *lines: str, mark: str = "```") -> str:
    return "\n".join([f"{mark}{info}", *lines, mark])


def _colons(info: str, *lines: str, mark: str = ":::") -> str:
    return _fence(info, *lines, mark=mark)


PLACES = (
    *_places(
        "prose",
        paragraph="PHRASE",
        heading="## PHRASE",
        list="- PHRASE",
        numbered_list="1. PHRASE",
        list_in_a_list="""
            - One.

              - PHRASE
            """,
        quotation="> PHRASE",
        table="""
            | One | Two |
            |---|---|
            | 1 | PHRASE |
            """,
        head_of_a_table="""
            | One | PHRASE |
            |---|---|
            | 1 | 2 |
            """,
        definition="""
            Word
            : PHRASE
            """,
        admonition_with_colons=_colons("{note}", "PHRASE"),
        admonition_with_backticks=_fence("{note}", "PHRASE"),
        admonition_in_a_list="""
            1. One.

               :::{tip}
               PHRASE
               :::
            """,
        tab=_colons("{tab-set}", _colons("{tab-item} Linux", "PHRASE"), mark="::::"),
        caption_of_a_figure=_fence("{figure} picture.svg", ":alt: A picture", "", "PHRASE"),
        description_of_an_option=_fence("{option} --bind", "", "PHRASE"),
        glossary=_fence("{glossary}", "word", "  PHRASE"),
        bold="One. **PHRASE**",
        link="One. [PHRASE](https://example.com/)",
        title_of_a_role="One. {ref}`PHRASE <label>`",
    ),
    *_places(
        "silent",
        code=_fence("text", "PHRASE"),
        code_block=_fence("{code-block} text", ":caption: page.txt", "", "PHRASE"),
        code_in_a_tab=_fence("{code-tab} text", "PHRASE"),
        code_in_a_list="""
            1. One.

               ```text
               PHRASE
               ```
            """,
        code_in_an_admonition=_colons("{note}", _fence("text", "PHRASE")),
        inline_code="One `PHRASE` two",
        label="(SLUG)=",
        role="One {setting}`PHRASE` two",
        target_of_a_role="One {ref}`two <SLUG>` three",
        target_of_a_link="One [two](https://example.com/SLUG) three",
        address="One <https://example.com/SLUG> two",
        comment="% PHRASE",
        comment_of_HTML="<!-- PHRASE -->",
        included_file=_fence("{literalinclude} SLUG.py"),
        option_of_a_directive=_fence("{figure} picture.svg", ":name: SLUG"),
        raw_HTML=_fence("{raw} html", "<!-- PHRASE -->"),
        eval_rst=_fence("{eval-rst}", "PHRASE"),
        name_of_a_file=_fence("{code-block} text", ":caption: SLUG.py", "", "word"),
        what_is_done_to_a_file=_fence(
            "{code-block} text", ":caption: page.py (PHRASE)", "", "word"
        ),
        entry_of_a_toctree=_fence("{toctree}", "SLUG"),
        port_of_a_test="% test: port: PHRASE",
        front_matter="keywords: PHRASE",
    ),
    *_places(
        "shown",
        title_of_an_admonition=_colons("{admonition} PHRASE", "word"),
        label_of_a_tab=_colons("{tab-set}", _colons("{tab-item} PHRASE", "word"), mark="::::"),
        text_for_a_picture=_fence("{figure} picture.svg", ":alt: PHRASE"),
        description="description: PHRASE",
        reason_of_a_test="% test: skip: PHRASE",
        caption_of_a_toctree=_fence("{toctree}", ":caption: PHRASE"),
        label_of_a_tab_of_code=_colons("{code-tab} python PHRASE", "word"),
        caption_of_code=_fence("{code-block} text", ":caption: PHRASE", "", "word"),
        caption_of_an_included_file=_fence("{literalinclude} page.py", ":caption: PHRASE"),
        title_of_a_download="One {download}`PHRASE <page.py>` two",
        title_of_a_link='One [two](https://example.com/ "PHRASE") three',
        title_of_a_link_definition='[two]: https://example.com/ "PHRASE"',
    ),
)
