"""The command line: its options, and errors as one line each."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from docset import manifest, project, writing
from docset.__main__ import repeat
from docset.progress import Reporter
from docset.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE_ERROR = 2
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code.

    0: the site is complete and clean; 1: warnings or errors; 2: a mistake in usage or
    configuration; 130: interrupted.
    """
    reporter = Reporter()
    try:
        options = parser().parse_args(arguments)
        return int(options.run(options, reporter))
    except ProjectError as error:
        reporter.message(str(error))
        return USAGE_ERROR
    except OSError as error:
        reporter.message(f"cannot write or read {error.filename or 'a file'}: {error.strerror}")
        return 1
    except KeyboardInterrupt:
        reporter.message("interrupted")
        return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, like every other error of the command."""

    def error(self, message: str) -> NoReturn:
        raise ProjectError(f"{message}; see `{self.prog} --help`")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; a mistake is a ProjectError."""
    parser = _Parser(
        prog="docset",
        description="Build several Sphinx roots that refer to each other as one site.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    build = _command(commands, "build", _build, "build what changed")
    build.add_argument("--clean", action="store_true", help="forget what earlier builds left")
    build.add_argument(
        "--root",
        action="append",
        default=[],
        metavar="NAME",
        help="build this root only; repeatable",
    )
    serve = _command(commands, "serve", _serve, "build, serve, and build again on every save")
    serve.add_argument(
        "--port", type=_port, default=0, help="the port on 127.0.0.1 (default: a free one)"
    )
    check = _command(
        commands, "check", _check, "build, and check the links and the markup of the joined site"
    )
    check.add_argument("--clean", action="store_true", help="forget what earlier builds left")
    check.set_defaults(root=[])
    writing.add_commands(commands)
    for command in (build, serve, check):
        command.add_argument(
            "--output", type=Path, metavar="DIR", help="the folder of the joined site"
        )
    pages = _command(commands, "pages", _pages, "run what the pages show, and compare")
    pages.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="a page or a folder of pages; else all"
    )
    pages.add_argument(
        "--update", action="store_true", help="write what commands really print into the pages"
    )
    pages.add_argument(
        "--ratchet", action="store_true", help="keep how many blocks of all pages are checked now"
    )
    return parser


def _command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    function: object,
    text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.set_defaults(run=function)
    command.add_argument(
        "--project", type=Path, default=Path(), metavar="DIR", help="default: here"
    )
    command.add_argument(
        "--jobs",
        type=_jobs,
        default=0,
        metavar="N",
        help="processes at a time (default: one per core)",
    )
    return command


def _pages(options: argparse.Namespace, _: Reporter) -> int:
    from docset.pages import door  # noqa: PLC0415

    chosen = [f"--{name}-pages" for name in ("update", "ratchet") if getattr(options, name)]
    return door.run(project.load(options.project), options.files, options.jobs, chosen)


def _jobs(text: str) -> int:
    return _whole_number(text, 1, 1_000)


def _port(text: str) -> int:
    return _whole_number(text, 0, 65_535)


def _whole_number(text: str, least: int, most: int) -> int:
    if text.isdecimal() and least <= int(text) <= most:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")


def _build(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset import build  # noqa: PLC0415 - not needed when nothing has changed

    loaded = project.load(options.project, output=options.output)
    if not options.clean and not options.root:
        last = manifest.load(str(loaded.directory), str(loaded.output) if loaded.redirected else "")
        if last is not None:
            return repeat(last)
    wanted = build.Options(options.jobs, options.clean, tuple(options.root))
    return build.build(loaded, wanted, reporter).code


def _serve(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset.serve import serve  # noqa: PLC0415

    loaded = project.load(options.project, output=options.output)
    with contextlib.suppress(KeyboardInterrupt):
        serve(loaded, options.port, options.jobs, reporter)
    return 0


def _check(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset import sitelinks, sphinxlint  # noqa: PLC0415

    code = _build(options, reporter)
    if code:
        return code
    loaded = project.load(options.project, output=options.output)
    leaked = map(str, sphinxlint.in_site(loaded))
    faults = [*sitelinks.faults(loaded.output), *leaked]
    for fault in faults:
        reporter.problem(fault)
    return 1 if faults else 0
