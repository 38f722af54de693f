"""Readers see which blocks the tests do not run, and why."""

from __future__ import annotations

import re
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CONF = """
extensions = ["myst_parser", "sphinx_tabs.tabs", "docset.pages.notes"]
myst_enable_extensions = ["colon_fence"]
"""
SKIP = "% test: skip: needs a real DNS name"
TABS = (
    f"````{{tabs}}\n{SKIP}\n\n```{{code-tab}} console Linux\n$ a\n```\n"
    "```{code-tab} console Other\n$ b\n```\n````\n"
)
NOTE = '<p class="untested">Our tests do not run this block: needs a real DNS name.</p>'


def built(directory: Path, text: str) -> str:
    """Return the HTML of a page, without the white space between its tags."""
    (directory / "conf.py").write_text(CONF)
    (directory / "index.md").write_text("# Title\n\n" + dedent(text).lstrip("\n"))
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", ".", "out"]
    subprocess.run(command, cwd=directory, check=True, timeout=60)
    return re.sub(r">\s+<", "><", (directory / "out/index.html").read_text())


@pytest.mark.parametrize(
    ("text", "around"),
    [
        (f"{SKIP}\n```console\n$ a\n```\n", "</pre></div></div>{note}"),
        (
            f"{SKIP}\n\n% Another comment.\n\n```{{code-block}} python\n:caption: a.py\n\nx\n```\n",
            "</pre></div></div></div>{note}",
        ),
        (f"1. One\n\n   {SKIP}\n   ```console\n   $ a\n   ```\n", "</pre></div></div>{note}</li>"),
        (f":::{{note}}\n{SKIP}\n```console\n$ a\n```\n:::\n", "</pre></div></div>{note}</div>"),
        (TABS, "</pre></div></div>{note}</div>"),
    ],
    ids=["plain", "caption", "list", "admonition", "tab"],
)
def test_a_line_stands_right_below_the_block_that_is_skipped(
    tmp_path: Path, text: str, around: str
) -> None:
    html = built(tmp_path, text)
    assert html.count(NOTE) == 1
    assert around.format(note=NOTE) in html


def test_code_in_a_reason_is_code(tmp_path: Path) -> None:
    html = built(tmp_path, "% test: skip: needs the program `nats` here\n```console\n$ a\n```\n")
    assert re.search(r"needs the program <code.*nats.*</code> here\.</p>", html)


def test_other_blocks_have_no_line(tmp_path: Path) -> None:
    html = built(tmp_path, f"% test: exit: 1\n```console\n$ a\n```\n\n{SKIP}\n\nNo block.\n")
    assert "Our tests" not in html
