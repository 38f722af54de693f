"""Where the commands of installed packages are."""

import os
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django_prodserver.exceptions import PackageMissing

__all__ = ["console_script", "script_directories"]


def console_script(command: str, package: str, *, platform: str = sys.platform) -> tuple[str, ...]:
    """Returns the words that run a command of an installed package with this interpreter.

    The interpreter stands first, because the script's own first line may name another one.
    On Windows the command is a program, which knows its interpreter.

    Raises:
        PackageMissing: no such script is installed for this interpreter.
    """
    places = []
    for place in _places(package):
        places.append(place)
        script = place / (f"{command}.exe" if platform == "win32" else command)
        if script.is_file():
            return (str(script),) if platform == "win32" else (sys.executable, str(script))
    raise PackageMissing(
        f"There is no command {command!r} in {', '.join(map(str, dict.fromkeys(places)))}.",
        f"Install it again: python -m pip install --force-reinstall {package}",
    )


# A start asks several times, and each makes hundreds of variables anew.
@cache
def script_directories() -> tuple[Path, Path]:
    """Returns where this interpreter's packages have their commands: for all, and for the user."""
    schemes = (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user"))
    system, user = (Path(sysconfig.get_path("scripts", scheme)) for scheme in schemes)
    return system, user


def _places(package: str) -> Iterator[Path]:
    yield from script_directories()
    # Few come so far, and the import takes longer than all the rest of a start.
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415

    try:
        found = distribution(package)
    except PackageNotFoundError:
        return
    # A virtual environment that sees the system's packages has none of their scripts.
    for file in found.files or []:
        if file.parent.name in {"bin", "Scripts"}:
            yield Path(os.path.normpath(file.locate())).parent
    # Here pip install --target puts them, and writes down another place.
    yield Path(str(found.locate_file("bin")))
