"""References between roots: judged with page and line, in every direction, again and again."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.conf.engine.docs import Docs
from tests.conf.engine.judge import write
from tests.conf.engine.model import NAMES, small_project

if TYPE_CHECKING:
    from tests.conf.engine.warm import Warm


@pytest.fixture(scope="module")
def four(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Docs:
    """Four roots that have been built; a test leaves them as they were."""
    docs = Docs(tmp_path_factory.mktemp("four") / "project", warm)
    docs.directory.mkdir()
    write(docs.directory, small_project("plain").files())
    assert docs.build().code == 0
    return docs


@pytest.mark.parametrize(("root", "other"), list(itertools.permutations(NAMES, 2)))
def test_a_broken_reference_fails_until_it_is_mended(root: str, other: str, four: Docs) -> None:
    page, good = f"{root}/index.md", f"`{other}-index-details`"
    lines = (four.directory / page).read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if f"+{other}:" in line)
    four.edit(page, good, "`gone`")
    first, again = four.build(), four.build()
    four.edit(page, "`gone`", good)
    mended = four.build()
    assert first.code == again.code == 1
    assert first.warnings == again.warnings
    assert [line.startswith(f"{page}:{number}:1: build.problem ") for line in first.warnings] == [
        True
    ]
    assert "gone" in first.warnings[0]
    assert f"{page}:{number}:1: build.problem " not in first.warnings[0].removeprefix(
        f"{page}:{number}:1: build.problem "
    )
    assert (mended.code, mended.warnings) == (0, ())


@pytest.mark.parametrize(
    "reference",
    [
        "{external+right:ref}`nowhere`",
        "{external+right:doc}`nowhere`",
        "{external+right:term}`nowhere`",
        "{external+right:py:func}`nowhere`",
        "{external+right:std:ref}`nowhere`",
        "{external+nowhere:ref}`right-start`",
        "{external:ref}`nowhere`",
        "{ref}`nowhere`",
        "{py:func}`nowhere`",
        "{doc}`nowhere`",
        "[text](../right/index.html#nowhere)",
        "[text](../right/nowhere.html)",
        "[text](#nowhere)",
        "[text](inv:right:std:label#nowhere)",
    ],
)
def test_what_nothing_answers_is_an_error_with_its_line(reference: str, docs: Docs) -> None:
    number = docs.append("left/index.md", f"Some text: {reference}")
    for _ in range(2):
        outcome = docs.build()
        assert outcome.code == 1
        assert [
            line
            for line in outcome.warnings
            if line.startswith(f"left/index.md:{number}:1: build.problem ")
        ]
        assert not docs.site.exists()


def test_the_line_is_that_of_the_sentence_not_of_its_paragraph(docs: Docs) -> None:
    begin = docs.append(
        "left/index.md", "One sentence.\nAnother one: {external+right:ref}`nowhere`.\nA third."
    )
    outcome = docs.build()
    assert [line.split(": ")[0] for line in outcome.warnings] == [f"left/index.md:{begin + 1}:1"]


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("{external+right:ref}`right-start`", 'href="../right/index.html#right-start"'),
        ("{external+right:doc}`text <index>`", 'href="../right/index.html"'),
        ("{external+right:term}`pear`", 'href="../right/index.html#term-pear"'),
        ("{external+right:py:func}`call`", 'href="../right/index.html#call"'),
        ("{external:ref}`right-start`", 'href="../right/index.html#right-start"'),
    ],
)
def test_what_a_sibling_answers_leads_to_it(reference: str, address: str, docs: Docs) -> None:
    docs.append("right/index.md", "```{glossary}\npear\n  A fruit.\n```")
    docs.append("right/index.md", "```{py:function} call()\n```")
    docs.append("left/index.md", f"Some text: {reference}")
    outcome = docs.build()
    assert (outcome.code, outcome.warnings) == (0, ())
    assert address in docs.page("left/index.html")


def test_unqualified_references_are_answered_as_intersphinx_would(docs: Docs) -> None:
    docs.edit("left/conf.py", 'intersphinx_disabled_reftypes = ["*"]', "")
    docs.append("right/index.md", "```{py:function} call()\n```")
    docs.append("left/index.md", "{ref}`right-start` and {py:func}`call`.")
    outcome = docs.build()
    assert (outcome.code, outcome.warnings) == (0, ())
    assert docs.page("left/index.html").count('href="../right/index.html#right-start"') == 2
    assert 'href="../right/index.html#call"' in docs.page("left/index.html")


def test_unqualified_references_stay_at_home_where_intersphinx_is_told_so(docs: Docs) -> None:
    number = docs.append("left/index.md", "{ref}`right-start`")
    outcome = docs.build()
    assert outcome.code == 1
    assert [
        line
        for line in outcome.warnings
        if line.startswith(f"left/index.md:{number}:1: build.problem ")
    ]


def test_a_heading_that_is_renamed_is_renamed_in_the_other_root(docs: Docs) -> None:
    docs.build()
    docs.edit("right/index.md", "# The right side", "# The bright side")
    assert docs.build().code == 0
    assert "The bright side" in docs.page("left/index.html")


def test_a_label_that_moves_to_another_page_is_followed(docs: Docs) -> None:
    docs.build()
    docs.edit("right/index.md", "(right-start)=\n", "")
    docs.append("right/index.md", "```{toctree}\nmore\n```")
    docs.write({"right/more.md": "(right-start)=\n# More\n"})
    assert docs.build().code == 0
    assert 'href="../right/more.html#right-start"' in docs.page("left/index.html")


def test_a_label_that_goes_breaks_the_other_root(docs: Docs) -> None:
    docs.build()
    docs.edit("right/index.md", "(right-start)=\n", "")
    outcome = docs.build()
    assert outcome.code == 1
    assert [line.partition(" ")[0] for line in outcome.warnings] == ["left/index.md:4:1:"]


def test_links_to_anchors_of_a_sibling_are_followed(docs: Docs) -> None:
    docs.append("left/index.md", "{external+right:ref}`right-start`")
    docs.write({"left/plain.rst": RST})
    docs.append("left/index.md", "```{toctree}\nplain\n```")
    assert docs.build().code == 0
    docs.edit("left/plain.rst", "#right-start", "#wrong-start")
    outcome = docs.build()
    assert outcome.code == 1
    assert [line.startswith("left/plain.rst:4:1: build.problem ") for line in outcome.warnings] == [
        True
    ]
    assert "wrong-start" in outcome.warnings[0]


RST = """\
Plain
=====

See `that <../right/index.html#right-start>`_.
"""


def test_no_warning_is_printed_twice(docs: Docs) -> None:
    docs.write({"left/note.txt": "{external+right:ref}`gone`\n"})
    docs.append("left/index.md", "```{include} note.txt\n```")
    docs.append("left/index.md", "```{include} note.txt\n```")
    docs.append("left/index.md", "{ref}`missing` and {ref}`missing`")
    run = docs.command("build")
    problems = [line for line in run.stderr.splitlines() if not line.startswith("docset: ")]
    assert run.returncode == 1
    assert len(problems) >= 2
    assert len(set(problems)) == len(problems)


def test_a_root_that_is_not_strict_fails_for_siblings_only(docs: Docs) -> None:
    docs.edit("pyproject.toml", 'path = "left"', 'path = "left"\nstrict = false')
    docs.append("left/index.md", "{py:func}`nowhere`")
    docs.append("left/index.md", "{ref}`missing`")
    assert docs.build().code == 0
    docs.append("left/index.md", "{external+right:ref}`gone`")
    outcome = docs.build()
    assert outcome.code == 1
    assert [line for line in outcome.warnings if "gone" in line]
    assert docs.build().code == 1


def test_a_strict_root_fails_for_the_same(docs: Docs) -> None:
    docs.append("left/index.md", "{py:func}`nowhere`")
    assert docs.build().code == 1


def test_siblings_can_be_named_by_aliases(docs: Docs) -> None:
    docs.edit("pyproject.toml", 'path = "right"', 'path = "right"\naliases = ["right-dev"]')
    docs.append("left/index.md", "{external+right-dev:ref}`right-start`")
    assert docs.build().code == 0
    assert docs.page("left/index.html").count('href="../right/index.html#right-start"') == 2
    docs.append("left/index.md", "{external+right-dev:ref}`gone`")
    assert docs.build().code == 1


SHARED_CONF = """\
import os

side = os.environ["SIDE"]
project = side
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
html_theme = "basic"
intersphinx_mapping = {
    "left-docs": ("https://left.example.org/", None),
    "right-docs": ("https://right.example.org/", None),
}
"""
SHARED_TABLE = """\
[tool.docset]
title = "Shared"
url = "https://docs.example.org/"

[[tool.docset.roots]]
name = "left"
path = "docs/left"
conf = "docs"
env = { SIDE = "left" }
aliases = ["left-docs"]

[[tool.docset.roots]]
name = "right"
path = "docs/right"
conf = "docs"
env = { SIDE = "right" }
aliases = ["right-docs"]
"""


def test_roots_can_share_one_conf_py(warm: Warm, tmp_path: object, docs: Docs) -> None:
    shared = Docs(docs.directory.with_name("shared"), warm)
    pages = {
        f"docs/{name}/index.md": f"({name}-start)=\n# This is {name}\n\n"
        f"{{external+{other}-docs:ref}}`{other}-start`\n"
        for name, other in (("left", "right"), ("right", "left"))
    }
    shared.write({"pyproject.toml": SHARED_TABLE, "docs/conf.py": SHARED_CONF} | pages)
    outcome = shared.build()
    assert (outcome.code, outcome.warnings, outcome.notes[:-1]) == (0, (), ())
    assert 'href="../right/index.html#right-start"' in shared.page("left/index.html")
    assert "<title>This is right — right" in shared.page("right/index.html").replace("&#8212;", "—")
    shared.edit("docs/conf.py", '"basic"', '"alabaster"')
    assert shared.build().code == 0
    assert all("alabaster.css" in shared.page(f"{side}/index.html") for side in ("left", "right"))


def test_a_root_in_another_markup_and_theme_stands_beside(docs: Docs) -> None:
    docs.edit("left/conf.py", '"basic"', '"furo"')
    docs.edit("right/conf.py", '"myst_parser", ', "")
    (docs.directory / "right/index.md").unlink()
    docs.write({"right/index.rst": ".. _right-start:\n\nThe right side\n======\n\n" + IN_RST})
    docs.edit("right/index.rst", "======", "==============")
    outcome = docs.build()
    assert (outcome.code, outcome.warnings) == (0, ())
    assert 'href="../left/index.html#left-start"' in docs.page("right/index.html")
    assert "furo.css" in docs.page("left/index.html")
    assert "furo" not in docs.page("right/index.html").lower()


IN_RST = "See :external+left:ref:`left-start`.\n"
