"""The machine of a reader: a home directory of its own and a clean environment."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from uv import find_uv_bin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docset.pages.wheels import Built

__all__ = ["READER_HOME", "Sandbox", "uv"]

READER_HOME = "/home/you"
"""The home directory that pages show."""

# How packages are fetched is the machine's business; everything else a reader does not have.
_KEPT_PREFIXES = ("PIP_", "SSL_CERT_", "UV_")
_KEPT = frozenset({"CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"})
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})
_PIP_CONFIGURATIONS = (
    ".config/pip/pip.conf",
    ".pip/pip.conf",
    "Library/Application Support/pip/pip.conf",
)


class Sandbox:
    """A temporary directory with ``home`` in it; gone, with its contents, at the end."""

    def __init__(self, built: Built) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="page-")).resolve()
        self.home = self._directory / "home"
        self._temporary, programs = self._directory / "tmp", self._directory / "bin"
        for folder in (self.home, self._temporary, programs):
            folder.mkdir()
        _write_python(programs / "python3")
        # In a terminal curl shows no progress, in a pipe it does.
        (programs / ".curlrc").write_text("no-progress-meter\n")
        self.environment = {
            **_kept(os.environ),
            # Without a virtual environment, a page must not install into the machine's Python.
            "PIP_REQUIRE_VIRTUALENV": "1",
            # Ours first, then where this machine keeps packages.
            "PIP_FIND_LINKS": f"{built.directory} {os.environ.get('PIP_FIND_LINKS', '')}".rstrip(),
            "PIP_CONSTRAINT": str(built.constraints),
            # Compiling takes most of an installation, and a page uses little of what is installed.
            "PIP_NO_COMPILE": "1",
            # The same for uv, which knows no variables of pip, and needs an environment, too.
            "UV_FIND_LINKS": f"{built.directory},{os.environ.get('UV_FIND_LINKS', '')}".rstrip(","),
            "UV_CONSTRAINT": str(built.constraints),
            "HOME": str(self.home),
            "TMPDIR": str(self._temporary),
            "PATH": os.pathsep.join([str(programs), *_path(os.environ)]),
            "USER": "you",
            "LOGNAME": "you",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "COLUMNS": "80",
            "PAGER": "cat",
            "CURL_HOME": str(programs),
            # Lines appear at once in a reader's terminal; in a pipe they do only so.
            "PYTHONUNBUFFERED": "1",
        }

    def folder(self, name: str) -> Path:
        """Return a path outside the reader's home where a new folder of the runner may be."""
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._directory)) / name

    def as_read(self, output: str) -> str:
        """Return output as it would be on a reader's machine, whose home is ``/home/you``."""
        output = output.replace(str(self.home), READER_HOME)
        return output.replace(str(self._temporary), "/tmp")  # noqa: S108 - a word on the page

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)


@cache
def uv() -> str:
    """Return a shell function for set-ups, in which uv makes an environment much faster than pip.

    Raise UvNotFound where it is not installed.
    """
    return f'uv() {{ {shlex.quote(find_uv_bin())} "$@"; }}'


def _python() -> str:
    """Return the Python of this test run, outside any virtual environment."""
    return str(
        Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    )


def _write_python(file: Path) -> None:
    """Make a command that starts that Python."""
    file.write_text(f'#!/bin/sh\nexec {shlex.quote(_python())} "$@"\n')
    file.chmod(0o755)


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in environment.items()
        if name in _KEPT or name.lower() in _PROXIES or name.startswith(_KEPT_PREFIXES)
    }
    # Both would look for their cache, and pip for its configuration, below the reader's home.
    home = Path.home()
    for file in (home / name for name in _PIP_CONFIGURATIONS):
        if file.is_file():
            kept.setdefault("PIP_CONFIG_FILE", str(file))
    caches = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    caches_of_pip = home / "Library/Caches" if sys.platform == "darwin" else caches
    kept.setdefault("PIP_CACHE_DIR", str(caches_of_pip / "pip"))
    kept.setdefault("UV_CACHE_DIR", str(caches / "uv"))
    return kept


def _path(environment: Mapping[str, str]) -> list[str]:
    """Return the directories of PATH without those of a virtual environment."""
    hidden = {Path(sys.prefix, "bin")} if sys.prefix != sys.base_prefix else set()
    if active := environment.get("VIRTUAL_ENV"):
        hidden.add(Path(active, "bin"))
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    return [folder for folder in folders if Path(folder) not in hidden]
