"""What opens in one column closes in the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.page import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page
    from docset.prose.site import Site

RULE = "Markup.BadDedent"
LEVEL = "error"

FIRING = (
    Case("# One\n\n1. One.\n\n   ```text\n   code\n```\n"),
    Case("# One\n\n- One.\n\n  :::{note}\n  Words.\n   :::\n"),
    Case("# One\n\n```text\ncode\n ```\n"),
)
SILENT = (
    Case("# One\n\n1. One.\n\n   ```text\n   code\n   ```\n"),
    Case("# One\n\n- One.\n\n  :::{note}\n  Words.\n  :::\n"),
    Case("# One\n\n> ```text\n> code\n> ```\n"),
    Case("# One\n\n- ```text\n  code\n  ```\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield what closes a fence in another column, or cuts it because it stands too far left."""
    lines = page.text.split("\n")
    for fence in page.fences:
        line, column = fence.last, fence.closing_column
        if not column and line < len(lines) and lines[line].strip() == fence.marker:
            line, column = line + 1, len(lines[line]) - len(lines[line].lstrip()) + 1
        if column and column != fence.column:
            message = f"begin in column {fence.column}, as the fence of line {fence.line} does"
            yield Finding(line, column, message)
