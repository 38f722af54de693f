"""What to run, as a value.

Backends build it, :mod:`django_prodserver.starting` runs it, and ``--dry-run`` prints it.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Launch"]


@dataclass(frozen=True)
class Launch:
    """One command that starts one process."""

    argv: tuple[str, ...]
    """The program, as an absolute path, and its arguments."""
    env: Mapping[str, str | None] = field(default_factory=dict)
    """Environment variables on top of those that the process inherits; None: it inherits none."""
    cwd: Path = field(default_factory=Path.cwd)
    """The working directory."""
    notes: tuple[str, ...] = ()
    """Sentences that a reader of the command line should know."""
    reload_signal: str = ""
    """The signal on which the program takes over changed code, such as ``HUP``; empty: none."""
    notifies: bool = False
    """Whether the program tells systemd when it is ready: ``sd_notify``."""

    def __str__(self) -> str:
        """Returns one line that a POSIX shell in the directory ``cwd`` runs as this command."""
        unset = [name for name, value in self.env.items() if value is None]
        env = ["env", *(word for name in unset for word in ("-u", name))] if unset else []
        assignments = [
            f"{name}={shlex.quote(value)}" for name, value in self.env.items() if value is not None
        ]
        return " ".join([*env, *assignments, shlex.join(self.argv)])

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """Returns the whole environment of a process that inherits these variables."""
        merged = {**inherited, **self.env}
        return {name: value for name, value in merged.items() if value is not None}
