"""What a fresh project does on demand: work that takes a while, and leaves traces in files."""

import time
from pathlib import Path

from django.conf import settings

__all__ = ["work"]


def work(name: str, seconds: float = 0.0) -> None:
    """Works for so many seconds.

    The file ``NAME.started`` is in the project's directory from the beginning, and ``NAME.done``
    from the end on: it holds the setting ``GREETING``.
    """
    directory = Path(settings.BASE_DIR)  # type: ignore[misc]  # startproject writes it
    (directory / f"{name}.started").touch()
    time.sleep(seconds)
    # Whoever sees the file sees all of it.
    unfinished = directory / f"{name}.unfinished"
    unfinished.write_text(str(getattr(settings, "GREETING", "")))
    unfinished.rename(directory / f"{name}.done")
