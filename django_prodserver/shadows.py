"""Files of a project that are imported in place of an installed module, because of their name."""

import os
import sys
from collections.abc import Iterable
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

__all__ = ["shadow_behind", "shadow_of"]


def shadow_of(module: str, directories: Iterable[str]) -> Path | None:
    """Returns the file or folder in these directories that hides an installed module; None: none.

    What a package has installed there, as ``pip install --target`` does, hides nothing.
    """
    module, places = module.partition(".")[0], {*map(os.path.realpath, directories)}
    shadow = _place(PathFinder.find_spec(module))
    if shadow is None or os.path.realpath(shadow.parent) not in places:
        return None
    elsewhere = [path for path in sys.path if os.path.realpath(path) not in places]
    is_hiding = _place(PathFinder.find_spec(module, elsewhere)) and not _is_installed(shadow)
    return shadow if is_hiding else None


def shadow_behind(error: Exception, directories: Iterable[str]) -> Path | None:
    """Returns the file or folder that hides the module of which an import has missed something."""
    match error:
        case ImportError(name=str(name)):
            return shadow_of(name, directories)
        case AttributeError(obj=ModuleType(__name__=name)):
            return shadow_of(name, directories)
    return None


def _place(spec: ModuleSpec | None) -> Path | None:
    """Returns the file of a module, or the folder of a package."""
    # A folder without __init__.py comes after all that is installed.
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)


def _is_installed(path: Path) -> bool:
    # It takes a while to import, and few projects have such a file.
    from importlib.metadata import distributions  # noqa: PLC0415

    found = distributions(path=[str(path.parent)])
    return any(file.parts[0] == path.name for each in found for file in each.files or ())
