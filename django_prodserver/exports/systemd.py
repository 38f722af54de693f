"""Units for systemd: a service for each process, and a target that groups them."""

import re
from collections.abc import Iterator, Mapping

from django_prodserver.exports.files import STOP_SECONDS, File, Inexpressible, variables
from django_prodserver.launch import Launch
from django_prodserver.spelling import quoted

__all__ = ["entry", "files"]

PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./-]+")
ESCAPES = {"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t"}
CONTROLS = r"[\x00-\x1f\x7f]"


def entry(project: str, name: str, launch: Launch) -> str:
    """Returns the service of one process.

    Raises:
        Inexpressible: systemd would refuse a path or a text.
    """
    return "\n".join(_lines(project, name, launch)) + "\n"


def files(project: str, entries: Mapping[str, str]) -> list[File]:
    """Returns the services, and the target that starts and stops them together."""
    services = {f"{project}-{name}.service": text for name, text in entries.items()}
    target = f"""\
[Unit]
Description={project}
Wants={" ".join(services)}

[Install]
WantedBy=multi-user.target
"""
    units = {**services, f"{project}.target": target}
    return [File(name, text) for name, text in units.items()]


def _lines(project: str, name: str, launch: Launch) -> Iterator[str]:
    yield "[Unit]"
    yield f"Description={project} {name}"
    yield "After=network.target"
    yield f"PartOf={project}.target"
    yield ""
    yield "[Service]"
    yield f"Type={'notify' if launch.notifies else 'exec'}"
    yield "# The user that the process runs as; without it, root."
    yield "#User=www-data"
    yield f"WorkingDirectory={_directory(str(launch.cwd))}"
    given, removed = variables(launch)
    yield from (f"Environment={_assignment(*pair)}" for pair in given.items())
    yield from (f"UnsetEnvironment={variable}" for variable in removed)
    program, *arguments = launch.argv
    yield f"ExecStart={' '.join([_program(program), *map(_argument, arguments)])}"
    if launch.reload_signal:
        yield f"ExecReload=/bin/kill -{launch.reload_signal} $MAINPID"
    yield f"SyslogIdentifier={project}-{name}"
    yield "Restart=on-failure"
    yield "# Slow enough that systemd never gives up, as it does after 5 starts in 10 seconds."
    yield "RestartSec=5"
    yield "KillMode=mixed"
    yield "# Longer than the longest request or task."
    yield f"TimeoutStopSec={STOP_SECONDS}"


def _argument(text: str) -> str:
    return _word(text).replace("$", "$$")


def _assignment(variable: str, value: str) -> str:
    if re.search(CONTROLS, re.sub(r"[\t\n]", "", value)):
        raise Inexpressible(f"the value of {variable}, {quoted(value)}, has control characters.")
    return _word(f"{variable}={value}")


def _program(path: str) -> str:
    """Returns the path of the program, where neither "$$" nor special characters may stand."""
    if re.search(CONTROLS + r"""|[$'"\\]""", path):
        raise Inexpressible(f"the path {quoted(path)} has special characters.")
    return _word(path)


def _directory(path: str) -> str:
    """Returns the directory, which is the rest of its line: there are no quotes."""
    if path != path.strip() or path.endswith("\\") or re.search(CONTROLS, path):
        raise Inexpressible(f"the directory {quoted(path)} cannot stand in a line.")
    return path.replace("%", "%%")


def _word(text: str) -> str:
    for character in text:
        if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
            raise Inexpressible(f"{quoted(text)} has a code point that is no character.")
    return text if PLAIN.fullmatch(text) else f'"{"".join(map(_escape, text))}"'


def _escape(character: str) -> str:
    if re.match(CONTROLS, character):
        return ESCAPES.get(character, f"\\x{ord(character):02x}")
    return ESCAPES.get(character, character)
