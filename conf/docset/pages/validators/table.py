"""Which text is checked by what: one table, by language and by the name of the file."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from docset.pages.validators import parsers, scripts
from docset.pages.validators.containers import (
    check_compose,
    connect_services,
    follows,
    lint_dockerfile,
)
from docset.pages.validators.services import check_nginx, checked_by_promtool, verify_unit
from docset.pages.validators.templates import parse_template

if TYPE_CHECKING:
    from docset.pages.validators.text import Finding, Text, Validator

__all__ = ["PYTHON", "TABLE", "Kind", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """A kind of text: its languages, patterns of the names of its files, and its validators.

    Without patterns, every text of the languages is meant. A validator runs only if the ones
    before it have found nothing. A kind ``judges`` where they know what the file is for, not only
    its language: then the page need not use it.
    """

    name: str
    languages: frozenset[str]
    validators: tuple[Validator, ...]
    files: tuple[str, ...] = ()
    judges: bool = False

    def means(self, text: Text) -> bool:
        """Tell whether the text is of this kind."""
        if text.language not in self.languages:
            return False
        path = PurePosixPath("/", text.path)
        return not self.files or any(fnmatch(str(path), f"*/{each}") for each in self.files)

    def findings(self, text: Text) -> list[Finding]:
        """Return what is wrong with the text; raise MissingProgramError where nobody can tell."""
        for validator in self.validators:
            if found := list(validator(text)):
                return found
        return []


PYTHON = frozenset({"python", "py"})
"""The languages of blocks of Python."""
_YAML = frozenset({"yaml", "yml"})
_UNIT = frozenset({"ini", "cfg", "systemd"})

# The first kind that means a text is its kind.
TABLE = (
    Kind("Python", PYTHON, (scripts.compile_python, scripts.lint_python)),
    Kind("shell", frozenset({"bash", "sh", "shell"}), (scripts.read_shell, scripts.lint_shell)),
    Kind(
        "Compose",
        _YAML,
        (parsers.read_yaml, follows("compose-spec"), connect_services, check_compose),
        ("compose*.y*ml", "docker-compose*.y*ml"),
        judges=True,
    ),
    Kind(
        "GitHub workflow",
        _YAML,
        (parsers.read_yaml, follows("github-workflows")),
        (".github/workflows/*.y*ml",),
        judges=True,
    ),
    Kind(
        "GitLab CI",
        _YAML,
        (parsers.read_yaml, follows("gitlab-ci")),
        (".gitlab-ci.yml",),
        judges=True,
    ),
    Kind(
        "Prometheus",
        _YAML,
        (parsers.read_yaml, checked_by_promtool("config", "--syntax-only")),
        ("prometheus.y*ml",),
        judges=True,
    ),
    Kind(
        "alert rules",
        _YAML,
        (parsers.read_yaml, checked_by_promtool("rules")),
        ("alerts*.y*ml", "*rules.y*ml"),
        judges=True,
    ),
    Kind("YAML", _YAML, (parsers.read_yaml,)),
    Kind("JSON", frozenset({"json"}), (parsers.read_json,)),
    Kind("TOML", frozenset({"toml"}), (parsers.read_toml,)),
    Kind(
        "systemd unit",
        _UNIT,
        (verify_unit,),
        ("*.service", "*.socket", "*.timer", "*.path", "*.target", "*.mount"),
        judges=True,
    ),
    Kind("systemd unit without a name", frozenset({"systemd"}), (verify_unit,), judges=True),
    Kind("INI", frozenset({"ini", "cfg"}), (parsers.read_ini,)),
    Kind("Dockerfile", frozenset({"dockerfile", "docker"}), (lint_dockerfile,), judges=True),
    Kind("nginx", frozenset({"nginx"}), (check_nginx,), judges=True),
    Kind("Django template", frozenset({"html", "django", "html+django"}), (parse_template,)),
    Kind("HTTP", frozenset({"http"}), (parsers.read_http,)),
    Kind(
        "requirements",
        frozenset({"text"}),
        (parsers.read_requirements,),
        ("requirements*.txt", "requirements/*.txt"),
        judges=True,
    ),
)


def kind_of(text: Text) -> Kind | None:
    """Return the kind of a text, or None where nothing checks it."""
    return next((kind for kind in TABLE if kind.means(text)), None)
