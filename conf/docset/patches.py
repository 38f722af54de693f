"""Every change to the internals of Sphinx and Furo, with its reason and its versions.

Each is a shortcut to what stock code makes, never something else; the self-test in
``tests/conf/test_patches.py`` compares the two on real pages. With a version that none was measured
on, a shortcut is not taken: the build is slower and its result the same.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx


def apply(app: Sphinx, leave_page: Callable[[], None]) -> None:
    """Apply to an initialized application what its versions allow."""
    _announce_finish(app.builder, leave_page)


def _announce_finish(builder: Any, leave_page: Callable[[], None]) -> None:
    """Learn when the last page is written: Sphinx 9.0 fires no event between it and the indices."""
    finish = builder.finish

    @functools.wraps(finish)
    def announced() -> None:
        leave_page()
        finish()

    builder.finish = announced
