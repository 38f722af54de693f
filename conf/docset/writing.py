"""The commands for those who write pages; each is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docset import project

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from docset.progress import Reporter

    Run = Callable[[argparse.Namespace, Reporter], int]

__all__ = ["add_commands"]


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add them to the command line."""
    new = _command(commands, "new", _new, "write a new page that passes all checks")
    new.add_argument("mode", choices=project.MODES, help="what the page is for")
    new.add_argument("title", help='such as "How to restart a server"')
    new.add_argument(
        "--folder", metavar="NAME", help="a folder of the root; may be left out if it has one"
    )
    text = "write the Markdown of the pages in the one way that they are written"
    formatter = _command(commands, "format", _format, text)
    formatter.add_argument("--check", action="store_true", help="change nothing, only report")
    _add_files(formatter)
    _command(commands, "rest", _rest, "check the reStructuredText of docstrings and of pages")
    spelling = _command(commands, "spelling", _spelling, "look for words that are misspelled")
    _add_files(spelling)
    prose = _command(commands, "prose", _prose, "check how the pages are written")
    prose.add_argument("--measure", action="store_true", help="show how hard each page is to read")
    prose.add_argument("--record", action="store_true", help="write down how hard the pages are")
    _add_files(prose)
    linkcheck = _command(commands, "linkcheck", _linkcheck, "ask whether links to other sites work")
    linkcheck.add_argument("--fresh", action="store_true", help="ask for all of them")
    linkcheck.add_argument(
        "--timeout", type=_seconds, default=20.0, metavar="SECONDS", help="default: %(default)s"
    )
    _add_files(linkcheck)


def _command(
    commands: argparse._SubParsersAction[Any],
    name: str,
    run: Run,
    text: str,
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + "."
    )
    command.set_defaults(run=run)
    command.add_argument(
        "--project", type=Path, default=Path(), metavar="DIR", help="default: here"
    )
    return command


def _add_files(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="default: all files of the project"
    )


def _new(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset.newpage.add import add  # noqa: PLC0415

    loaded = project.load(options.project)
    return add(loaded, options.mode, options.title, options.folder, reporter)


def _format(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset.formatter import format as formatting  # noqa: PLC0415

    action = formatting.check if options.check else formatting.rewrite
    return action(project.load(options.project), options.files, reporter)


def _rest(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset import sphinxlint  # noqa: PLC0415
    from docset.prose.shown import show  # noqa: PLC0415

    loaded = project.load(options.project)
    return show(sphinxlint.in_sources(loaded), len(loaded.modules()), reporter)


def _spelling(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset.spelling.check import check  # noqa: PLC0415

    return check(project.load(options.project), options.files, reporter)


def _prose(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset.prose import report  # noqa: PLC0415

    loaded = project.load(options.project)
    if options.record:
        return report.record(loaded, reporter)
    if options.measure:
        return report.measure(loaded, options.files)
    return report.check(loaded, options.files, reporter)


def _linkcheck(options: argparse.Namespace, reporter: Reporter) -> int:
    from docset.linkcheck.check import check  # noqa: PLC0415

    loaded = project.load(options.project)
    return check(loaded, options.files, reporter, fresh=options.fresh, timeout=options.timeout)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 600:
        raise ValueError(text)
    return seconds
