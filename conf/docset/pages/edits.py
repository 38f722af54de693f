"""How a captioned block changes a file: it is the whole file, an addition, or a new value."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = ["Edit", "read_caption"]

_CAPTION = re.compile(r"(?P<path>[^\s()]+)(?:\s+\((?P<how>[^()]*)\))?")
_REPLACE = re.compile(r"replace ([A-Za-z_]\w*)")


@dataclass(frozen=True)
class Edit:
    """A change of the file at ``path``, relative to the reader's home.

    ``replaces`` is the top-level name that gets a new value.
    """

    path: str
    appends: bool = False
    replaces: str | None = None

    @property
    def whole(self) -> bool:
        """True where the block is the whole file."""
        return not self.appends and self.replaces is None

    def apply(self, old: str | None, body: str) -> str:
        """Return the new text of a file whose text is ``old``, or None when there is no such file.

        Raise ValueError when there is nothing to append to or to replace.
        """
        if self.whole:
            return body
        if old is None:
            raise ValueError(f"there is no file {self.path} to change")
        if self.replaces is None:
            return "\n\n".join([old.rstrip("\n"), body]) if old.strip() else body
        return self._replace(old, self.replaces, body)

    def _replace(self, old: str, name: str, body: str) -> str:
        found = [node for node in ast.parse(old).body if name in _assigned(node)]
        if not found:
            raise ValueError(f"{self.path} has no assignment of {name} to replace")
        node = found[-1]
        lines = old.splitlines(keepends=True)
        lines[node.lineno - 1 : node.end_lineno] = [body]
        return "".join(lines)


def read_caption(caption: str) -> Edit | None:
    """Return what a caption such as ``mysite/settings.py (add at the end)`` says.

    Return None where it names no file; raise ValueError where it says something unknown of one.
    """
    match = _CAPTION.fullmatch(caption)
    if not match or not _is_file(match["path"]):
        return None
    path, how = match["path"], match["how"]
    if path.startswith(("/", "~")) or ".." in PurePosixPath(path).parts:
        raise ValueError(f"{path}: a page writes files below the reader's home only")
    if how is None:
        return Edit(path)
    if how == "add at the end":
        return Edit(path, appends=True)
    if replaced := _REPLACE.fullmatch(how):
        return Edit(path, replaces=replaced[1])
    raise ValueError(f"({how}): write '(add at the end)' or '(replace NAME)'")


def _is_file(path: str) -> bool:
    return "/" in path or "." in path or path in ("Makefile", "Dockerfile", "Procfile", "Caddyfile")


def _assigned(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.AnnAssign):
        targets: list[ast.expr] = [node.target]
    elif isinstance(node, ast.Assign):
        targets = node.targets
    else:
        return set()
    return {target.id for target in targets if isinstance(target, ast.Name)}
