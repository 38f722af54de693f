"""Files that describe containers, and others whose schema check-jsonschema brings along."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import yaml

from docset.pages.rules import Rule
from docset.pages.validators.programs import file_of, finished, found
from docset.pages.validators.text import Finding, MissingProgramError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from docset.pages.validators.text import Text, Validator

__all__ = ["check_compose", "connect_services", "follows", "has_compose", "lint_dockerfile"]

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


# Other files of Compose change these, and mean nothing without them.
_ALONE = re.compile(r"(?:docker-)?compose\.ya?ml")


def connect_services(text: Text) -> Iterator[Finding]:
    """Look for services that a whole Compose file waits for and does not have."""
    if not _stands_alone(text):
        return
    services = yaml.safe_load(text.body).get("services") or {}
    for name, service in services.items():
        wanted = service.get("depends_on") or {}
        for other in wanted:
            if other in services or _may_lack(wanted, other):
                continue
            line = _line_of(f"$.services.{name}.depends_on", text.body)
            message = f"{name!r} depends on {other!r}, which is no service of this file"
            yield Finding(line, message, Rule.CONFIG)


def _stands_alone(text: Text) -> bool:
    is_main = bool(_ALONE.fullmatch(PurePosixPath(text.path).name))
    return text.whole and is_main and "include" not in yaml.safe_load(text.body)


def _may_lack(wanted: Collection[str], service: str) -> bool:
    return isinstance(wanted, dict) and wanted[service].get("required") is False


def check_compose(text: Text) -> Iterator[Finding]:
    """Let Docker read a whole Compose file, where the machine has the plugin for it."""
    if not _stands_alone(text) or not has_compose():
        return
    # Without values it would look at little; the reader's own may be anything.
    values = dict.fromkeys(_VARIABLE.findall(text.body), "1")
    with file_of(text.body, "compose.yaml") as file:
        for name in _env_files(text.body):
            (file.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (file.parent / name).touch()
        command = [found("docker"), "compose", "--file", str(file), "config", "--quiet"]
        result = finished(command, variables=values)
    said = result.stderr.strip().rpartition("\n")[2]
    if result.returncode and not _OF_THE_READER.search(said):
        yield Finding(1, f"docker compose: {said}", Rule.CONFIG)


# Such as $NAME, ${NAME} and ${NAME:?message}; two dollars are none.
_VARIABLE = re.compile(r"(?<!\$)\$(?:\$\$)*\{?([A-Za-z_]\w*)(?!\w|:?[-+])")
_OF_THE_READER = re.compile(r"no such file or directory")


def _env_files(body: str) -> Iterator[str]:
    """Yield the files with variables that lie below the folder of the Compose file."""
    for service in (yaml.safe_load(body).get("services") or {}).values():
        named = service.get("env_file") or ()
        for each in [named] if isinstance(named, str) else named:
            path = PurePosixPath(each["path"] if isinstance(each, dict) else each)
            if not path.is_absolute() and ".." not in path.parts:
                yield str(path)


@cache
def has_compose() -> bool:
    """Tell whether this machine has the plugin of Docker that reads Compose files."""
    try:
        return finished([found("docker"), "compose", "version"]).returncode == 0
    except MissingProgramError:
        return False


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
