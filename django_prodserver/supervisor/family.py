"""All the children together, from their start to the last end."""

import os
from collections.abc import Mapping

from django_prodserver.launch import Launch
from django_prodserver.supervisor.child import Child
from django_prodserver.supervisor.endings import GRACE, OnExit
from django_prodserver.supervisor.lines import Labels, wants_color
from django_prodserver.supervisor.loop import Supervisor
from django_prodserver.supervisor.output import Output

__all__ = ["supervise"]

STANDARD_OUTPUT = 1


def supervise(
    launches: Mapping[str, Launch],
    environ: Mapping[str, str],
    *,
    on_exit: OnExit = OnExit.STOP,
    grace: float = GRACE,
    output: int = STANDARD_OUTPUT,
    color: bool | None = None,
) -> int:
    """Runs the launches by their names until one ends or a signal asks to stop.

    Returns the exit code for this process: that of the launch that ended on its own; else 0, or
    the code of the first launch that did not end well when it was told to.
    ``grace`` is how many seconds a launch may take to stop before it is killed.
    ``output`` is a file descriptor; ``color`` None: colored on a terminal, unless ``environ`` has
    ``NO_COLOR`` or ``FORCE_COLOR``.
    Runs in the main thread alone, for signals arrive there.
    """
    if color is None:
        color = wants_color(environ, terminal=os.isatty(output))
    children = [Child(name, launch, environ) for name, launch in launches.items()]
    labels = Labels(launches, color=color)
    return Supervisor(children, Output(output), labels, on_exit=on_exit, grace=grace).run()
