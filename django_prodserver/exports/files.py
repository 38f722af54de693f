"""What an exporter makes: files, as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django_prodserver.exceptions import LaunchError, UsageError
from django_prodserver.launch import Launch

__all__ = ["STOP_SECONDS", "File", "Inexpressible", "printed", "variables", "write"]

STOP_SECONDS = 60
"""How long a process may take to end: Gunicorn's requests have 30 seconds, tasks often more."""


class Inexpressible(Exception):
    """A text that the format of a file cannot hold; the message says which and why."""


@dataclass(frozen=True)
class File:
    """One file of an export; nothing is written yet."""

    name: str
    """The name without a directory."""
    content: str
    """The whole text; it ends with a line break."""


def variables(launch: Launch) -> tuple[dict[str, str], list[str]]:
    """Returns the variables that a launch sets, and the names of those that it removes."""
    env: Mapping[str, str | None] = launch.env
    given = {name: value for name, value in env.items() if value is not None}
    return given, [name for name in env if name not in given]


def printed(files: Iterable[File]) -> str:
    """Returns one file as it is, and several each under a comment line with its name."""
    known = list(files)
    if len(known) == 1:
        return known[0].content
    return "\n".join(f"# {file.name}\n{file.content}" for file in known)


def write(files: Iterable[File], directory: Path, *, overwrite: bool = False) -> list[Path]:
    """Writes the files into a directory, which is made if need be, and returns their paths.

    A file that is there with the same content stays as it is.

    Raises:
        UsageError: another file of that name is there, and ``overwrite`` is false; nothing has
            been written then.
        LaunchError: the operating system refuses.
    """
    known = {directory / file.name: file.content.encode() for file in files}
    try:
        changed = [path for path, content in known.items() if _differs(path, content)]
        taken = [str(path) for path in changed if path.exists() or path.is_symlink()]
        if taken and not overwrite:
            raise UsageError(
                f"There is already another {', '.join(taken)}. "
                "Remove it, or name another directory."
            )
        directory.mkdir(parents=True, exist_ok=True)
        for path in changed:
            with path.open("wb" if overwrite else "xb") as file:
                file.write(known[path])
    except OSError as error:
        raise LaunchError(f"Cannot write to {directory}: {error}.") from error
    return list(known)


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content
