"""Texts that one parser reads."""

from __future__ import annotations

import configparser
import http.client
import json
import re
import tomllib
from typing import TYPE_CHECKING

import yaml
from packaging.requirements import InvalidRequirement, Requirement

from docset.pages.rules import Rule
from docset.pages.validators.text import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.pages.validators.text import Text

__all__ = ["read_http", "read_ini", "read_json", "read_requirements", "read_toml", "read_yaml"]


def read_yaml(text: Text) -> Iterator[Finding]:
    """Parse YAML, one document or several; a key that stands twice is a mistake."""
    try:
        list(yaml.safe_load_all(text.body))
        for document in yaml.compose_all(text.body, yaml.SafeLoader):
            yield from _repeated(document, set())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        yield Finding(line, f"this is no YAML: {error.problem}", column=column)
    except yaml.YAMLError as error:
        yield Finding(1, f"this is no YAML: {error}")


def _repeated(node: yaml.Node | None, seen: set[int]) -> Iterator[Finding]:
    """Yield the keys of YAML mappings that stand there already; parsers keep the last one."""
    # An alias is the node of its anchor, and may even stand within it.
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item, seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[tuple[str, str]] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in keys:
                    mark = key.start_mark
                    yield _twice(key.value, mark.line + 1, mark.column + 1)
                keys.add((key.tag, key.value))
            yield from _repeated(value, seen)


def _twice(key: str, line: int, column: int) -> Finding:
    return Finding(line, f"the key {key!r} stands twice", column=column)


def read_json(text: Text) -> Iterator[Finding]:
    """Parse JSON; a key that stands twice is a mistake."""
    try:
        json.loads(text.body)
    except json.JSONDecodeError as error:
        yield Finding(error.lineno, f"this is no JSON: {error.msg}", column=error.colno)
    else:
        yield from _repeated_in_json(text.body)


# Strings are read as a whole, so that what stands in them is no brace.
_OF_OBJECTS = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*")(?P<colon>\s*:)?|[{}]')


def _repeated_in_json(body: str) -> Iterator[Finding]:
    """Yield the keys of objects that stand there already, in a text that is JSON."""
    objects: list[set[str]] = []
    for match in _OF_OBJECTS.finditer(body):
        if match[0] == "{":
            objects.append(set())
        elif match[0] == "}":
            objects.pop()
        elif match["colon"]:
            key = json.loads(match["text"])
            if key in objects[-1]:
                line = body.count("\n", 0, match.start()) + 1
                yield _twice(key, line, match.start() - body.rfind("\n", 0, match.start()))
            objects[-1].add(key)


def read_toml(text: Text) -> Iterator[Finding]:
    """Parse TOML."""
    try:
        tomllib.loads(text.body)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at line ")
        line, column = re.findall(r"\d+", place) if place.count(",") else ("1", "1")
        yield Finding(int(line), f"this is no TOML: {message}", column=int(column))


def read_ini(text: Text) -> Iterator[Finding]:
    """Parse an INI file; a section or an option that stands twice is a mistake."""
    parser = configparser.ConfigParser(strict=True, interpolation=None, allow_no_value=True)
    try:
        parser.read_string(text.body)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next(iter(getattr(error, "errors", ())), (1,))[0]
        message = error.message.splitlines()[0]
        yield Finding(int(line), f"this is no INI file: {message}")


def read_requirements(text: Text) -> Iterator[Finding]:
    """Parse each line of a requirements file that names a package."""
    for number, line in enumerate(text.body.splitlines(), 1):
        wanted = re.sub(r"(^|\s)#.*", "", line).strip()
        if not wanted or wanted.startswith("-"):
            continue
        try:
            Requirement(wanted)
        except InvalidRequirement as error:
            message = str(error).splitlines()[0]
            yield Finding(number, f"pip does not understand this: {message}", Rule.CONFIG)


_REQUEST = re.compile(r"[A-Z]+ \S+ HTTP/(?:1\.[01]|2|3)")
_RESPONSE = re.compile(r"HTTP/(?:1\.[01]|2|3) [1-5]\d\d(?: .*)?")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:(?: .*)?")


def read_http(text: Text) -> Iterator[Finding]:
    """Read the head of an HTTP message: its first line, and the headers up to an empty line."""
    first, *rest = text.body.splitlines() or [""]
    if _RESPONSE.fullmatch(first):
        status = int(first.split()[1])
        if status not in http.client.responses:
            yield Finding(1, f"this is no HTTP: there is no status {status}")
    elif not _REQUEST.fullmatch(first):
        yield Finding(1, "this is no HTTP: begin with 'GET / HTTP/1.1' or 'HTTP/1.1 200 OK'")
    for number, line in enumerate(rest, 2):
        if not line.strip():
            return
        if not _HEADER.fullmatch(line):
            yield Finding(number, "this is no HTTP header: write 'Name: value'")
