"""Whether something on a page uses a file that the page writes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_used"]

# Django imports these without being told their names.
_OF_DJANGO = frozenset({"settings", "urls", "wsgi", "asgi", "apps", "models", "admin"})
_DJANGO = ("manage.py", "django-admin", "prodserver", "devserver", "prodworker")
# Programs that look for a file by its name, and the words that start them.
_READERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Caddyfile": ("caddy",),
        "Makefile": ("make",),
        "Procfile": ("foreman", "honcho"),
        "pyproject.toml": ("pip", "uv", "build"),
    }
)


def is_used(path: str, typed: str, others: str) -> bool:
    """Tell whether the file is used by what is typed after it, or by other blocks of the page.

    It is where its name stands there, or the name of its module, or where something is typed that
    starts a program which looks for a file of this name by itself.
    """
    file = PurePosixPath(path)
    readers = _READERS.get(file.name, ())
    module = file.parent.name if file.stem == "__init__" else file.stem
    if file.suffix == ".py":
        if _has_word(module, typed + others):
            return True
        if module in _OF_DJANGO or "migrations" in file.parts:
            readers = _DJANGO
    return _has_name(file.name, typed + others) or any(_has_word(each, typed) for each in readers)


def _has_name(name: str, text: str) -> bool:
    """Tell whether the file is named, and not one whose name is longer, such as ``a.json.bak``."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-]|\.\w)", text) is not None


def _has_word(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None
