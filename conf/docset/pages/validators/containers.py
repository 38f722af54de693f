"""Files that describe containers, and others whose schema check-jsonschema brings along."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import yaml

from docset.pages.rules import Rule
from docset.pages.validators.programs import file_of, finished, found
from docset.pages.validators.text import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.pages.validators.text import Text, Validator

__all__ = ["follows", "lint_dockerfile"]

# Versions of packages that a page names would be old before the page is.
_IGNORED = ("--ignore=DL3008", "--ignore=DL3013", "--ignore=DL3018")


def lint_dockerfile(text: Text) -> Iterator[Finding]:
    """Read a Dockerfile with hadolint."""
    command = [found("hadolint"), "--no-color", "--config=/dev/null", "--format=json", *_IGNORED]
    for each in json.loads(finished([*command, "-"], text.body).stdout):
        # Below 2000 are mistakes of form.
        rule = Rule.SYNTAX if each["code"] == "DL1000" else Rule.LINT
        message = f"hadolint {each['code']}: {each['message']}"
        yield Finding(each["line"], message, rule, each["column"])


def follows(schema: str) -> Validator:
    """Return a validator that holds a YAML file to a schema built into check-jsonschema."""

    def validate(text: Text) -> Iterator[Finding]:
        """Hold the text to the schema."""
        command = [found("check-jsonschema"), f"--builtin-schema=vendor.{schema}"]
        with file_of(text.body, "text.yaml") as file:
            result = finished([*command, "--output-format=json", str(file)])
        for error in json.loads(result.stdout)["errors"]:
            line = _line_of(error["path"], text.body)
            yield Finding(line, f"{error['path']}: {error['message']}", Rule.CONFIG)

    return validate


def _line_of(path: str, body: str) -> int:
    """Return the line where the value stands that a path such as ``$.services.web`` leads to."""
    node, line = yaml.compose(body, yaml.SafeLoader), 1
    for step in re.findall(r"\.([^.\[]+)|\[(\d+)\]", path):
        name, index = step
        if isinstance(node, yaml.MappingNode):
            found_ = [(key, value) for key, value in node.value if key.value == name]
            if not found_:
                return line
            line, node = found_[0][0].start_mark.line + 1, found_[0][1]
        elif isinstance(node, yaml.SequenceNode) and index:
            node = node.value[int(index)]
            line = node.start_mark.line + 1
    return line
