"""``docset format`` writes Markdown in one way, and says what it cannot write."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conf.formatter.written import Written

TIDY = """\
(top)=
# Title

Words with *stress* and **weight**.

% test: port: 8000
```console
$ ls


a.txt
```

:::{note}
Something to know.

- one
- two
:::
"""


def test_a_tidy_page_stays_as_it_is(pages: Written) -> None:
    path = pages.write(TIDY)
    changed = path.stat().st_mtime_ns

    assert pages.format("--check") == (0, [])
    assert pages.format() == (0, [])
    assert path.read_text("utf-8") == TIDY
    assert path.stat().st_mtime_ns == changed


@pytest.mark.parametrize(
    ("untidy", "tidy", "rule"),
    [
        ("* one\n* two", "- one\n- two", "Markdown.MD004"),
        ("Words.   ", "Words.", "Markdown.MD009"),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo.", "Markdown.MD012"),
        ("With _stress_.", "With *stress*.", "Markdown.MD049"),
        ("With __weight__.", "With **weight**.", "Markdown.MD050"),
        ("~~~text\na\n~~~", "```text\na\n```", "Markdown.MD048"),
        ("***", "---", "Markdown.MD035"),
        ("Words:\n- one", "Words:\n\n- one", "Markdown.MD032"),
        ("1. one\n1. two", "1. one\n2. two", "Markdown.MD029"),
        ("a | b\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |", "Markdown.MD055"),
        ("## More\nWords.", "## More\n\nWords.", "Markdown.MD022"),
    ],
)
def test_what_only_looks_untidy_is_reported_and_rewritten(
    pages: Written, untidy: str, tidy: str, rule: str
) -> None:
    pages.write(f"# Title\n\n{untidy}\n")
    code, alerts = pages.format("--check")

    assert code == 1
    assert any(alert.startswith("root/index.md:") and f" {rule} " in alert for alert in alerts)
    assert pages.formatted(f"# Title\n\n{untidy}\n") == f"# Title\n\n{tidy}\n"
    assert pages.format("--check") == (0, [])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("#Title", "MD018"),
        # They may be part of an anchor.
        ("# Two  blanks", "MD064"),
        ("![](picture.svg)", "MD045"),
        ("    indented code", "MD046"),
        ("```\nno language\n```", "MD040"),
        ("# Title\n\n# Title", "MD025"),
        ("# Title\n\n### Too deep", "MD001"),
    ],
)
def test_what_only_a_person_can_mend_is_reported_and_stays(
    pages: Written, text: str, rule: str
) -> None:
    path = pages.write(f"{text}\n")
    for arguments in ((), ("--check",)):
        code, alerts = pages.format(*arguments)
        assert code == 1
        assert any(f"Markdown.{rule} " in alert for alert in alerts)
    assert path.read_text("utf-8") == f"{text}\n"


def test_carriage_returns_at_the_ends_of_lines_are_reported_and_removed(pages: Written) -> None:
    path = pages.write(TIDY.replace("\n", "\r\n"))

    code, [alert] = pages.format("--check")
    assert (code, alert.startswith("root/index.md:1:1: Format.LineEnds ")) == (1, True)
    assert path.read_bytes() == TIDY.replace("\n", "\r\n").encode()
    assert pages.format() == (0, [])
    assert path.read_bytes() == TIDY.encode()


def test_the_first_line_that_ends_otherwise_is_named(pages: Written) -> None:
    pages.write("# Title\n\nOne.\r\nTwo.\r\n")

    code, [alert] = pages.format("--check")

    assert (code, alert.partition(" ")[0]) == (1, "root/index.md:3:1:")


def test_a_page_that_cannot_be_formatted_stays_but_for_its_line_ends(pages: Written) -> None:
    path = pages.write("#Title\r\n\r\nWords.\r\n")

    code, [alert] = pages.format()

    assert (code, "Markdown.MD018" in alert) == (1, True)
    assert path.read_bytes() == b"#Title\n\nWords.\n"


def test_a_carriage_return_within_a_line_stays(pages: Written) -> None:
    assert "one\rtwo" in pages.formatted("# Title\n\n```text\none\rtwo\n```\n")


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning"])
@pytest.mark.parametrize("fence", ["```", "`````", "~~~"])
def test_an_admonition_in_another_fence_gets_colons(pages: Written, kind: str, fence: str) -> None:
    text = f"# Title\n\n{fence}{{{kind}}} Its title\n:class: wide\n\nWords.\n{fence}\n"
    pages.write(text)

    code, alerts = pages.format("--check")
    assert code == 1
    [alert] = [each for each in alerts if "Format.Admonition" in each]
    assert alert.startswith("root/index.md:3:1: ")

    tidy = f"# Title\n\n:::{{{kind}}} Its title\n:class: wide\n\nWords.\n:::\n"
    assert pages.formatted(text) == tidy


@pytest.mark.parametrize("kind", ["attention", "caution", "danger", "hint", "error", "seealso"])
def test_a_kind_that_a_person_has_to_choose_anew_stays(pages: Written, kind: str) -> None:
    text = f"# Title\n\n```{{{kind}}}\nWords.\n```\n"
    assert pages.formatted(text) == text


def test_colons_are_counted_so_that_no_fence_ends_early(pages: Written) -> None:
    text = """\
# Title

````{note}
```{tip}
Inside.
```

```text
::::
```
````

:::{tab-set}
```{warning}
Between colons.
```
:::

- ```{note}
  In a list.
  ```
"""
    assert (
        pages.formatted(text)
        == """\
# Title

:::::{note}
:::{tip}
Inside.
:::

```text
::::
```
:::::

::::{tab-set}
:::{warning}
Between colons.
:::
::::

- :::{note}
  In a list.
  :::
"""
    )


def test_an_admonition_shown_as_code_stays(pages: Written) -> None:
    text = "# Title\n\n````markdown\n```{note}\nWords.\n```\n````\n"
    assert pages.formatted(text) == text


def test_an_admonition_that_the_page_does_not_close_stays(pages: Written) -> None:
    text = "# Title\n\n```{note}\nWords.\n"
    assert pages.formatted(text) == text


def test_where_colons_mean_nothing_an_admonition_keeps_its_fence(pages: Written) -> None:
    pages.configure("deflist")
    text = "# Title\n\n```{note}\nWords.\n```\n"

    assert pages.formatted(text) == text
    pages.configure("colon_fence")
    assert pages.formatted(text) == text.replace("```", ":::")


def test_a_change_that_would_show_is_refused_with_its_place(pages: Written) -> None:
    # In this glossary the blanks decide what is a term, and rumdl takes it for Markdown.
    text = "# Title\n\nWords.\n\n:::{glossary}\nterm\n  * means   this\n:::\n"
    path = pages.write(text)

    code, alerts = pages.format()
    assert code == 1
    assert any(each.startswith("root/index.md:7:1: Format.Unsafe ") for each in alerts)
    assert path.read_text("utf-8") == text


def test_files_and_folders_can_be_named(pages: Written) -> None:
    named, other = pages.write("# One\n\n* x\n", "one.md"), pages.write("# Two\n\n* x\n", "two.md")
    pages.format(str(named))

    assert named.read_text("utf-8") == "# One\n\n- x\n"
    assert other.read_text("utf-8") == "# Two\n\n* x\n"
    pages.format(str(pages.directory / "root"))
    assert other.read_text("utf-8") == "# Two\n\n- x\n"


def test_what_lies_beside_the_configuration_is_formatted_too(pages: Written) -> None:
    readme = pages.directory / "README.md"
    readme.write_text("# Read me\n\n* x\n", "utf-8")
    pages.format()
    assert readme.read_text("utf-8") == "# Read me\n\n- x\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("no-such.md", None, "is no Markdown file of this project"),
        ("root/odd.md", b"# \xff\n", "is not UTF-8"),
        (".rumdl.toml", b"[global\n", "rumdl: "),
        ("root/conf.py", b"1/0\n", "root/conf.py: "),
    ],
)
def test_bad_input_is_one_line(
    pages: Written, name: str, content: bytes | None, message: str
) -> None:
    pages.write("# Title\n\n```{note}\nWords.\n```\n")
    if content is not None:
        (pages.directory / name).write_bytes(content)
    ended = subprocess.run(
        [sys.executable, "-m", "docset", "format", *([] if content else [name])],
        cwd=pages.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    [line] = ended.stderr.splitlines()
    assert message in line
