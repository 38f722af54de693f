"""The parts of a page, and the places of its words."""

from __future__ import annotations

from docset.prose.inline import OBJECT, prose_of
from docset.prose.page import Code, Directive, Prose
from docset.prose.reader import read
from hypothesis import given
from hypothesis import strategies as st

PAGE = """\
---
myst:
  html_meta:
    description: "A page of everything."
---

(label)=
# A `title` of {ref}`some <label>` kind

Words in *a* paragraph.
  Its second line.

1. An item

   ```console
   $ no words
   ```

   with a second paragraph

| Head \\| one | Two |
|---|---|
| cell | cell |

term
: its definition

:::{tip} Words of a title
:class: no-words

Inside it.

```{note}
Deeper.
```
:::

> A quote

```{figure} picture.svg
:alt: What it shows

A caption
```

```{glossary}
:sorted:

word
  What it means.
```

% a comment
% test: skip: it needs `make` and a host

```{code-block} console
:caption: mysite/settings.py (add at the end)

$ no words
```

```{code-block} text
:emphasize-lines: 1
:caption: What it prints

no words
```

```{literalinclude} some.py
:caption: Some of `it`
```

```{code-tab} python On a host
no words
```

```{toctree}
:caption: All pages

some
```

A [link](https://example.org "with a title") and [more](./two 'with
one').

<p>markup</p>

- An item with a [third].

  [third]: https://example.org "a title
  of two lines"
[fourth]: <./four> 'four'
  [fifth]:
  ./five
  (five)
[sixth]: https://example.org/title
"""


def test_every_place_where_words_stand_is_found_with_its_line_and_column() -> None:
    lines = PAGE.split("\n")
    places = list(read("page.md", PAGE).of(Prose))
    for place in places:
        for text, (line, column) in zip(place.source.split("\n"), place.starts, strict=True):
            assert lines[line - 1][column - 1 :].startswith(text), (place, line, column)
    assert [(place.line, place.column, place.kind) for place in places] == [
        (4, 19, "description"),
        (8, 3, "heading"),
        (10, 1, "paragraph"),
        (13, 4, "item"),
        (19, 4, "item"),
        (21, 3, "cell"),
        (21, 17, "cell"),
        (23, 3, "cell"),
        (23, 10, "cell"),
        (25, 1, "term"),
        (26, 3, "definition"),
        (28, 10, "title"),
        (31, 1, "paragraph"),
        (34, 1, "paragraph"),
        (38, 3, "quote"),
        (41, 7, "alternative"),
        (43, 1, "caption"),
        (49, 1, "term"),
        (50, 3, "definition"),
        (54, 15, "reason"),
        (64, 11, "title"),
        (70, 11, "title"),
        (73, 22, "label"),
        (78, 11, "label"),
        (83, 1, "paragraph"),
        (83, 31, "tooltip"),
        (83, 64, "tooltip"),
        (88, 3, "item"),
        (90, 33, "tooltip"),
        (92, 21, "tooltip"),
        (95, 4, "tooltip"),
    ]


def test_what_is_inside_a_directive_knows_it() -> None:
    page = read("page.md", PAGE)
    deeper = next(place for place in page.of(Prose) if place.source == "Deeper.")
    assert [directive.name for directive in deeper.inside] == ["tip", "note"]
    assert [directive.fence for directive in deeper.inside] == [":::", "```"]
    assert [directive.end_line for directive in deeper.inside] == [36, 35]
    assert [code.language for code in page.of(Code)] == ["console", "console", "text", "python"]
    assert "raw" not in {directive.name for directive in page.of(Directive)}


def test_only_words_remain_of_a_line_and_each_stays_in_its_column() -> None:
    source = (
        "**Bold** `code` {term}`word <entry>` {ref}`no-words` {term}`plain` [link](http://x/a_(b)) "
        "<https://x.org> https://y.org/z. <b>tag</b> a_b \\* {{ it }} [text]{.class}"
    )
    text, roles, links = prose_of(source)
    assert len(text) == len(source)
    assert text.replace(OBJECT, " ").split() == [
        "Bold", "word", "plain", "link", ".", "tag", "a_b", "*", "text",
    ]  # fmt: skip
    for start in (text.index(word) for word in ("Bold", "word", "plain", "link", "tag", "text")):
        assert text[start : start + 3] == source[start : start + 3]
    assert [(role.kind, role.target, role.title) for role in roles] == [
        ("term", "entry", "word"),
        ("ref", "no-words", ""),
        ("term", "plain", "plain"),
    ]
    assert [link.target for link in links] == ["http://x/a_(b)", "https://x.org", "https://y.org/z"]


def test_a_place_knows_the_line_and_column_of_each_of_its_characters() -> None:
    page = read("page.md", "- one\n  two three\n")
    (item,) = page.of(Prose)
    assert item.at(item.text.index("three")) == (2, 7)


MARKS = st.sampled_from(
    [
        "# ",
        "- ",
        "1. ",
        "> ",
        "```",
        ":::{note} ",
        "```{glossary}",
        "| a |",
        "|---|",
        ": ",
        "%",
        "(a)=",
        "% test: skip: a b",
        "```{code-tab} text a\n:caption: a b\n",
        "```{toctree}\n:caption: a\n",
        "```{figure} a\n:alt: a b\n",
    ]
)
WORDS = st.sampled_from(
    ["word", "`code`", "{term}`a <b>`", "[a](b)", "**a", "\\|", "{ref}`", "  ", "é", '[a](b "c d")']
)
LINES = st.lists(st.one_of(MARKS, WORDS, st.just("\n"), st.just("\n\n")), max_size=40)


@given(LINES.map("".join))
def test_whatever_the_text_is_its_words_are_where_they_are_said_to_be(text: str) -> None:
    lines = text.split("\n")
    for prose in read("page.md", text).of(Prose):
        assert len(prose.text) == len(prose.source)
        for words, (line, column) in zip(prose.source.split("\n"), prose.starts, strict=True):
            assert lines[line - 1][column - 1 :].startswith(words)
