"""Files of services that run on the machine: each is read by the service's own program."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from docset.pages.rules import Rule
from docset.pages.validators.programs import file_of, finished, found
from docset.pages.validators.text import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docset.pages.validators.text import Text, Validator

__all__ = ["check_nginx", "checked_by_promtool", "verify_unit"]


# ---- systemd -------------------------------------------------------------------------------------

# A unit starts programs of the reader's machine, after units of that machine.
_OF_THE_MACHINE = re.compile(
    r"is not executable: No such file|Unit \S+ not found|Failed to load environment files"
)
_TYPES = {"[Socket]": "socket", "[Timer]": "timer", "[Path]": "path", "[Mount]": "mount"}


def verify_unit(text: Text) -> Iterator[Finding]:
    """Let systemd read a unit; it is content where it says nothing.

    A key that systemd does not know is only a warning for systemd-analyze: it ends with status 0.
    """
    name = PurePosixPath(text.path).name or f"unit.{_type(text.body)}"
    program = found("systemd-analyze")
    with file_of(text.body, name) as unit:
        if unit.suffix in (".socket", ".timer", ".path"):
            service = unit.with_suffix(".service")
            service.write_text("[Service]\nExecStart=/bin/true\n")
        command = [program, "verify", "--man=no", "--recursive-errors=no", str(unit)]
        said = finished(command, variables={"SYSTEMD_UNIT_PATH": f"{unit.parent}:"}).stderr
    for line in said.splitlines():
        yield from _complaint(line, unit)


def _type(body: str) -> str:
    sections = (line.strip() for line in body.splitlines())
    return next((_TYPES[line] for line in sections if line in _TYPES), "service")


def _complaint(line: str, unit: Path) -> Iterator[Finding]:
    """Yield what systemd says of this unit; it may speak of others of the machine too."""
    if match := re.match(rf"{re.escape(str(unit))}:(\d+): (.*)", line):
        yield Finding(int(match[1]), f"systemd: {match[2]}", Rule.CONFIG)
    elif line.startswith(f"{unit.name}: ") and not _OF_THE_MACHINE.search(line):
        yield Finding(1, f"systemd: {line.removeprefix(f'{unit.name}: ')}", Rule.CONFIG)


# ---- nginx ---------------------------------------------------------------------------------------

_AROUND = "daemon off; pid {folder}/pid; error_log stderr;"
_IN_HTTP = "access_log off; {temporary}"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_CERTIFICATE = re.compile(r"(\bssl_(?:trusted_|client_)?certificate)\s+[^;\s]+")
_KEY = re.compile(r"(\bssl_certificate_key)\s+[^;\s]+")
_LOG = re.compile(r"(\b(?:access|error)_log)\s+/[^;\s]+")


def check_nginx(text: Text) -> Iterator[Finding]:
    """Let nginx test a configuration: a whole one, or what belongs into its ``http`` part.

    Certificates and logs are those of the reader's machine: others stand in for them.
    """
    program = found("nginx")
    with file_of(text.body, "nginx.conf") as file:
        file.write_text(_complete(text.body, file.parent))
        command = [program, "-t", "-q", "-e", "stderr", "-p", str(file.parent), "-c", str(file)]
        said = finished(command).stderr
    for line in said.splitlines():
        # Testing binds the ports too, which others may have, or only root may bind.
        match = re.match(r".*\[(?:emerg|warn)\] \S+ (?!bind\(\))(.*?)(?: in \S+:(\d+))?$", line)
        if match:
            yield Finding(int(match[2] or 1), f"nginx: {match[1]}", Rule.CONFIG)


def _complete(body: str, folder: Path) -> str:
    """Return a configuration that nginx can test, with each line where it was."""
    certificate, key = _certificate(folder) if "ssl_certificate" in body else ("", "")
    body = _CERTIFICATE.sub(rf"\1 {certificate}", body)
    body = _KEY.sub(rf"\1 {key}", body)
    body = _LOG.sub(r"\1 /dev/null", body)
    if re.search(r"^\s*events\b", body, re.MULTILINE):
        return body
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
    around = _AROUND.format(folder=folder)
    return f"{around} events {{}} http {{ {_IN_HTTP.format(temporary=temporary)} {body}\n}}\n"


def _certificate(folder: Path) -> tuple[Path, Path]:
    import trustme  # noqa: PLC0415 - slow to import, and seldom needed

    made = trustme.CA().issue_cert("example.com")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made.cert_chain_pems[0].write_to_path(certificate)
    made.private_key_pem.write_to_path(key)
    return certificate, key


# ---- Prometheus ----------------------------------------------------------------------------------


def checked_by_promtool(*arguments: str) -> Validator:
    """Return a validator that runs ``promtool check`` with these arguments on the file."""

    def validate(text: Text) -> Iterator[Finding]:
        """Let promtool check the text."""
        program = found("promtool")
        with file_of(text.body, "text.yml") as file:
            result = finished([program, "check", *arguments, str(file)])
            said = f"{result.stdout}\n{result.stderr}".replace(f"{file}: ", "")
        if result.returncode:
            lines = [line.strip() for line in said.split("FAILED:", 1)[-1].splitlines()]
            complaint = " ".join(filter(None, lines))
            yield Finding(_line_in(complaint), f"promtool: {complaint}", Rule.CONFIG)

    return validate


def _line_in(complaint: str) -> int:
    """Return the line that is named as ``line 7`` or, in front, as ``5:15``."""
    match = re.search(r"\bline (\d+)", complaint) or re.match(r"(\d+):\d+", complaint)
    return int(match[1]) if match else 1
