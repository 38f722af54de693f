"""What a supervisor is to do, as text that one program leaves for the next."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django_prodserver.launch import Launch
from django_prodserver.supervisor.endings import GRACE, OnExit

__all__ = ["Job"]


@dataclass(frozen=True)
class Job:
    """Some launches by their names, and how to run them."""

    launches: Mapping[str, Launch]
    on_exit: OnExit = OnExit.STOP
    grace: float = GRACE
    """How many seconds a launch may take to stop before it is killed."""
    color: bool | None = None
    """Whether names are colored; None: on a terminal, unless the environment decides."""

    def dumps(self) -> str:
        """Returns the job as text, of ASCII alone: whatever is in it comes back as it was."""
        launches = {
            name: {"argv": launch.argv, "env": {**launch.env}, "cwd": launch.cwd}
            for name, launch in self.launches.items()
        }
        job = [launches, self.on_exit.value, self.grace, self.color]
        return json.dumps(job, default=os.fspath)

    @classmethod
    def loads(cls, text: str) -> Self:
        """Returns the job of such a text; a launch has what it takes to run it.

        Raises:
            TypeError, ValueError: the text is of something else.
        """
        launches, on_exit, grace, color = json.loads(text)
        return cls(
            {name: _launch(**each) for name, each in launches.items()},
            OnExit(on_exit),
            grace,
            color,
        )


def _launch(argv: list[str], env: dict[str, str | None], cwd: str) -> Launch:
    return Launch(tuple(argv), env, Path(cwd))
