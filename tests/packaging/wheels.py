"""Building distributions and reading wheels."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from configparser import ConfigParser
from email import message_from_string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path


def build(source: Path, output: Path, *kinds: str) -> None:
    """Build with the locked hatchling."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", output, source],
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=True,
    )


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def in_dist_info(wheel: Path, file: str) -> str:
    return next(
        content.decode()
        for name, content in contents(wheel).items()
        if name.endswith(f".dist-info/{file}")
    )


def metadata_of(wheel: Path) -> Message:
    return message_from_string(in_dist_info(wheel, "METADATA"))


def entry_points_of(wheel: Path) -> ConfigParser:
    parser = ConfigParser(delimiters="=")
    parser.read_string(in_dist_info(wheel, "entry_points.txt"))
    return parser
