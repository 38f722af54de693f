"""The environment that a server inherits: the one of before the settings were loaded.

``manage.py`` loads the settings before a command runs, and settings may write to ``os.environ``,
as those that read a file ``.env`` do.
Handed on, such a variable would keep its value when the server loads the settings anew.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from django_prodserver.settings_module import VARIABLE

__all__ = ["before_settings"]

INITIAL = Path("/proc/self/environ")
# What a script imports that does nothing but start a command.
PLAIN = sys.stdlib_module_names | {"django"}
UNPLAIN = re.compile(r"\b(?:environ|putenv|exec|import_module|__import__|runpy)\b")
NAMING = re.compile(rf"os\.environ(?:\.setdefault\(|\[)'{VARIABLE}'")


def before_settings() -> dict[str, str]:
    """Returns the environment variables that this process was started with.

    Only Linux tells them. Elsewhere these are the variables of now, and so they are where the
    running script does more than to name the settings and to start a command: a ``manage.py`` that
    loads a file ``.env`` may be the only one that does.
    """
    script = getattr(sys.modules["__main__"], "__file__", None)
    variables = _initial() if script and _sets_none(Path(script)) else None
    return dict(os.environ) if variables is None else variables


def _sets_none(script: Path) -> bool:
    """Whether a script sets no variable but the one that names the settings."""
    try:
        tree = ast.parse(script.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    others = NAMING.sub("", ast.unparse(tree))
    return PLAIN.issuperset(_imported(tree)) and not UNPLAIN.search(others)


def _imported(tree: ast.Module) -> Iterator[str]:
    """Iterates over the packages that are imported; empty for the one of the script itself."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=module, level=level):
                yield "" if level or not module else module.partition(".")[0]


def _initial() -> dict[str, str] | None:
    """Returns what the system knows of the start; None where it does not, or no longer."""
    try:
        pairs = [pair.partition(b"=") for pair in INITIAL.read_bytes().split(b"\0")]
    except OSError:
        return None
    # Whoever gives a process another title writes it over its variables, and zeros behind it.
    if pairs.pop() != (b"", b"", b"") or not all(equals for _, equals, _ in pairs):
        return None
    # Of two with one name, Python takes the first.
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in reversed(pairs)}
