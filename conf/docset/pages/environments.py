"""A program that does what ``python -m venv DIRECTORY`` does, by copying what that made before.

Making a virtual environment takes seconds, nearly all of them to install pip into it, and what
comes out differs only by the path of the directory. (pip's own list of its files keeps the hashes
of scripts with the other path, which pip does not look at.)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["make"]


def make(target: Path, templates: Path) -> None:
    """Make an environment in a directory that does not exist.

    ``templates`` is the folder of the environments that are copied, shared by many processes.
    """
    # The name of the directory is in the prompt of the environment.
    template = templates / target.name
    if not template.is_symlink():
        _make_template(template)
    original = template.readlink()
    shutil.copytree(original, target, symlinks=True)
    for file in (target / "pyvenv.cfg", *(target / "bin").iterdir()):
        if not file.is_symlink():
            file.write_bytes(file.read_bytes().replace(os.fsencode(original), os.fsencode(target)))


def _make_template(template: Path) -> None:
    template.parent.mkdir(parents=True, exist_ok=True)
    original = Path(tempfile.mkdtemp(dir=template.parent)) / template.name
    subprocess.run([sys.executable, "-m", "venv", original], check=True)
    try:
        # Complete as soon as it is there.
        template.symlink_to(original)
    except FileExistsError:
        shutil.rmtree(original.parent)


if __name__ == "__main__":
    make(Path(os.path.abspath(sys.argv[1])), Path(sys.argv[2]))  # noqa: PTH100 - as venv does
