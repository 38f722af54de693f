"""Inventories of outside projects: small text files, compiled for Sphinx without a network."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docset.project import Project

__all__ = ["TEXTS", "mapping"]

TEXTS = Path(__file__).resolve().parent / "inventories"
_ADDRESS = re.compile(r"^# Address: (https://\S+/)$", re.MULTILINE)


def mapping(site: Project) -> dict[str, tuple[str, str]]:
    """Return an ``intersphinx_mapping`` of the texts, compiled below build/inventories."""
    compiled = site.directory / "build" / "inventories"
    return {text.stem: (_address(text), _compile(text, compiled)) for text in _texts()}


def _texts() -> list[Path]:
    return sorted(TEXTS.glob("*.txt"))


def _address(text: Path) -> str:
    match = _ADDRESS.search(text.read_text("utf-8"))
    if match is None:
        raise ValueError(f"{text}: no line '# Address: https://…/' says where its pages are")
    return match[1]


def _compile(text: Path, folder: Path) -> str:
    """Return the path of the compiled text; the digest in its name keeps it from going stale."""
    source = text.read_bytes()
    target = folder / f"{text.stem}-{hashlib.sha256(source).hexdigest()[:12]}.inv"
    if not target.exists():
        # Needed after a change only, and slow to import.
        import sphobjinv  # noqa: PLC0415

        inventory = sphobjinv.Inventory(plaintext=source)
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(f".{os.getpid()}")
        sphobjinv.writebytes(unfinished, sphobjinv.compress(inventory.data_file()))
        unfinished.replace(target)
    return str(target)
