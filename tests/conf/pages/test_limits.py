"""What is written about time limits is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docset import pages
from docset.pages.limits import Limits

PAGE = Path(__file__).parents[3] / "how-to/contribute/write-a-page.md"


@pytest.mark.parametrize("text", [PAGE.read_text("utf-8"), str(pages.__doc__)])
def test_the_limit_of_a_command_is_the_one_that_authors_read(text: str) -> None:
    (line,) = re.findall(r"^.*\btimeout: .*$", text, re.MULTILINE)
    (seconds,) = re.findall(r"instead of (\d+)", line)
    assert float(seconds) == Limits().command
