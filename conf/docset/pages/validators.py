"""Checks of blocks that are shown and not run: each reads the text and raises what is wrong."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import tomllib
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["VALIDATORS", "InvalidTextError", "lint_python"]


class InvalidTextError(Exception):
    """What is wrong with the text; ``line`` counts from 1 within it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def check_python(text: str) -> None:
    """Compile Python."""
    try:
        compile(text, "block", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise InvalidTextError(error.lineno or 1, f"this is no Python: {error.msg}") from None


def lint_python(text: str, path: str) -> None:
    """Look for mistakes in a whole Python file, such as unused imports and unknown names."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--output-format=json"]
    result = subprocess.run(
        [*command, "--stdin-filename", path, "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode not in (0, 1):
        raise InvalidTextError(1, f"ruff failed: {result.stderr.strip()}")
    for finding in json.loads(result.stdout):
        code, message = finding["code"], finding["message"]
        raise InvalidTextError(finding["location"]["row"], f"ruff {code}: {message}")


def check_yaml(text: str) -> None:
    """Parse YAML, one document or several."""
    try:
        list(yaml.safe_load_all(text))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidTextError(line, f"this is no YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise InvalidTextError(1, f"this is no YAML: {error}") from None


def check_json(text: str) -> None:
    """Parse JSON."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidTextError(error.lineno, f"this is no JSON: {error.msg}") from None


def check_toml(text: str) -> None:
    """Parse TOML."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        raise InvalidTextError(int(match[1]) if match else 1, f"this is no TOML: {error}") from None


def check_ini(text: str) -> None:
    """Parse an INI file; a section or an option that stands twice is a mistake."""
    parser = configparser.ConfigParser(strict=True, interpolation=None, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next(iter(getattr(error, "errors", ())), (1,))[0]
        message = error.message.splitlines()[0]
        raise InvalidTextError(int(line), f"this is no INI file: {message}") from None


def check_shell(text: str) -> None:
    """Let bash read the script without running it."""
    result = subprocess.run(
        ["bash", "--noprofile", "--norc", "-n"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    )
    if result.returncode or result.stderr:
        match = re.search(r"line (\d+): (.*)", result.stderr)
        line, message = (int(match[1]), match[2]) if match else (1, result.stderr.strip())
        raise InvalidTextError(line, f"this is no shell script: {message}")


VALIDATORS: Mapping[str, Callable[[str], None]] = MappingProxyType(
    {
        "bash": check_shell,
        "cfg": check_ini,
        "ini": check_ini,
        "json": check_json,
        "python": check_python,
        "sh": check_shell,
        "toml": check_toml,
        "yaml": check_yaml,
    }
)
"""The validator of each language that has one; it raises InvalidTextError."""
