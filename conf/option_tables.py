"""The directive ``option-table``: every option of an installed package, as a table.

::

    ```{option-table} django_prodserver.backends.gunicorn.GunicornServer
    ```

Its argument is the path of a backend class; several classes share one table where they have the
same options. Each row is a link target and an ``option`` of the inventory: the short name of the
backend and the key, ``{option}`gunicorn bind```.

The backends are read by the program ``option_reader``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from answers import Answers
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

__all__ = ["READER", "Option", "ReadingError", "Table", "ask", "first_sentences", "read"]

logger = logging.getLogger(__name__)

READER = Path(__file__).with_name("option_reader.py")
SECONDS = 60
# A help text up to this length is shown whole.
LONG = 280

# How help texts refer to a page of their own documentation, whose title is enough here.
_TITLE = re.compile(r":\w+:`([^`<]+?)\s*<[^`>]+>`")
# How help texts mark code: with one or two backticks, and a role of Sphinx before them.
_CODE = re.compile(r"(?::\w+:)?(`{1,2})([^`]+)\1")

HEADINGS = ("Key", "Type", "Default", "Meaning")
# In percent: three narrow columns and a wide one.
WIDTHS = (25, 14, 20, 41)


class ReadingError(Exception):
    """The options of a backend cannot be read; the message says why."""


@dataclass(frozen=True)
class Option:
    """One option of a package, as a page shows it."""

    keys: Sequence[str]
    flags: Sequence[str]
    negatives: Sequence[str]
    names: Sequence[str]
    takes: str
    repeats: bool
    separator: str
    pairs: bool
    default: Any
    varies: bool
    """The machine decides about the default."""
    ours: Sequence[Any]
    """The value that django-prodserver sets by itself, where it does."""
    type: str
    choices: Sequence[str]
    positional: bool
    outer: bool
    variables: Sequence[str]
    meaning: str
    instead: str

    @property
    def is_argument(self) -> bool:
        """Whether a command line can express it, and so ARGS."""
        return bool(self.flags or self.negatives or self.positional)

    @property
    def key(self) -> str:
        """The key by which a page shows it."""
        positive = [flag[2:] for flag in self.flags if flag.startswith("--")]
        return next(iter((*positive, *self.names, *self.keys, *self.flags)))

    @property
    def aliases(self) -> list[str]:
        """The further keys that are not just the opposite, nor the same with ``_`` for ``-``."""
        seen = {_folded(self.key), *(_folded(flag[2:]) for flag in self.negatives)}
        unseen = {_folded(key): key for key in self.keys if _folded(key) not in seen}
        return list(unseen.values())


@dataclass(frozen=True)
class Table:
    """The options of a backend, and of which package they are."""

    program: str
    """The short name of the backend."""
    name: str
    version: str
    files: Sequence[str]
    """What the table depends on."""
    options: Sequence[Option]


def read(classes: Sequence[str], apps: Sequence[str] = ()) -> list[Table]:
    """Return the table of each class, read from what is installed.

    ``apps`` are Django apps that hold the management command of a backend.
    Raise ReadingError when a class or its package is missing, or when the classes differ.
    """
    answer = ask(*(f"--app={app}" for app in apps), *classes)
    tables = [_table(table) for table in answer]
    if any(table.options != tables[0].options for table in tables):
        raise ReadingError("they do not have the same options: give each a table of its own")
    return tables


def ask(*arguments: str) -> list[dict[str, Any]]:
    """Return what the reader says of each class.

    Raise ReadingError when it cannot.
    """
    # Celery alone takes a second. What is told of packages is kept where they are installed.
    answers = Answers(Path(sys.prefix) / ".option-tables")
    return answers.known(arguments) or answers.keep(arguments, _ask(arguments))


def _ask(arguments: Sequence[str]) -> list[dict[str, Any]]:
    try:
        result = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", READER, *arguments],
            # Whatever a package keeps in a set comes out in one order everywhere.
            env=os.environ | {"PYTHONHASHSEED": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise ReadingError(error.stderr.strip().rpartition("\n")[2]) from None
    answer = json.loads(result.stdout)
    if "error" in answer:
        raise ReadingError(answer["error"])
    return list(answer["tables"])


def _table(table: dict[str, Any]) -> Table:
    return Table(**table | {"options": [Option(**option) for option in table["options"]]})


def first_sentences(text: str, limit: int = LONG) -> str:
    """Return as many whole sentences as fit, at least one; dots say that there are more."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    ends = [match.end() for match in re.finditer(r"(?<=\w\w)[.!?](?=\s+[A-Z`\"'])", text)]
    if not ends:
        return text
    return text[: max((end for end in ends if end <= limit), default=ends[0])] + " …"


class OptionTable(SphinxDirective):
    """Shows the options of a backend."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {"app": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the table; warn, and return nothing, when it cannot be made."""
        classes = self.arguments[0].split()
        self.env.note_dependency(READER)
        try:
            tables = read(classes, self.options.get("app", "").split())
        except ReadingError as error:
            message = "the options of %s cannot be read: %s"
            logger.warning(message, ", ".join(classes), error, location=self.get_location())
            return []
        for file in tables[0].files:
            self.env.note_dependency(file)
        return [self._table(tables)]

    def _table(self, tables: list[Table]) -> nodes.table:
        table = nodes.table(classes=["option-table", "colwidths-given"])
        group = nodes.tgroup(cols=len(HEADINGS))
        self.set_source_info(table)
        first = tables[0]
        table += nodes.title("", f"All options of {first.name} {first.version}".strip())
        group += [nodes.colspec(colwidth=width) for width in WIDTHS]
        heading = nodes.row("", *(_cell([nodes.Text(text)]) for text in HEADINGS))
        body = nodes.tbody("", *(self._row(option, tables) for option in _sorted(first.options)))
        table += group
        group += [nodes.thead("", heading), body]
        return table

    def _row(self, option: Option, tables: list[Table]) -> nodes.row:
        row = nodes.row(ids=[make_id(self.env, self.state.document, tables[0].program, option.key)])
        self.state.document.note_explicit_target(row)
        for table in tables:
            for key in dict.fromkeys((option.key, *map(_folded, option.keys))):
                self._announce(table.program, key, row["ids"][0])
        link = nodes.reference("", "", _literal(option.key), internal=True, refid=row["ids"][0])
        row += _cell([link, *_aliases(option)])
        row += _cell(_words(_type(option)))
        row += _cell(_words(_default(option)))
        row += _cell(_meaning(option))
        return row

    def _announce(self, program: str, key: str, target: str) -> None:
        """Put the option into the inventory; warn when another page describes it already."""
        domain = self.env.domains.standard_domain
        page, _ = domain.progoptions.get((program, key), ("", ""))
        if page and page != self.env.current_document.docname:
            message = "the option %r of %s is described on the page %s already"
            logger.warning(message, key, program, page, location=self.get_location())
        domain.add_program_option(program, key, self.env.current_document.docname, target)


def _sorted(options: Sequence[Option]) -> list[Option]:
    """Return the options by name, those that ARGS cannot hold last."""
    return sorted(options, key=lambda option: (not option.is_argument, _folded(option.key)))


def _aliases(option: Option) -> Iterator[nodes.Node]:
    for alias in option.aliases:
        yield from (nodes.Text(" or "), _literal(alias))


def _type(option: Option) -> str:
    if not option.is_argument:
        return "not in `ARGS`"
    if option.takes == "NOTHING":
        # What is on, and has no opposite, stays on.
        stays_on = option.default is True and not option.negatives
        return "`True`" if stays_on else "`True` or `False`"
    if option.pairs:
        return "dictionary or list"
    kinds = [_kind_of_value(option)]
    if option.takes == "OPTIONAL":
        kinds.append("`True`")
    if option.repeats or option.separator or option.takes == "SEVERAL":
        kinds.append("list")
    return " or ".join(kinds)


def _kind_of_value(option: Option) -> str:
    if option.choices:
        return f"one of {' '.join(f'`{choice}`' for choice in option.choices)}"
    return "`True` or `False`" if option.type == "boolean" else option.type


def _default(option: Option) -> str:
    if option.varies:
        return "the machine decides"
    if option.default is None:
        return "not set"
    if isinstance(option.default, bool):
        return f"`{option.default}`"
    if isinstance(option.default, str) and '"' in option.default:
        return f"`{option.default!r}`"
    return f"`{json.dumps(option.default, ensure_ascii=False)}`"


def _meaning(option: Option) -> list[nodes.Node]:
    """Return the words of the package, in which nothing but code is marked, and then ours."""
    text = _CODE.sub(r"`\2`", _TITLE.sub(r"\1", first_sentences(option.meaning)))
    notes = list(_notes(option))
    if notes and text and text[-1] not in ".!?…":
        text += "."
    return _words(" ".join(filter(None, [text, *notes])))


def _notes(option: Option) -> Iterator[str]:
    if option.negatives:
        yield f"`False` becomes `{option.negatives[0]}`."
    if option.pairs:
        yield "Each pair has the form `NAME=VALUE`."
    if option.repeats:
        yield "A list repeats the option."
    elif option.separator:
        yield f"A list becomes one value with `{option.separator}` between its items."
    elif option.takes == "SEVERAL" and not option.positional:
        yield "The items of a list follow the option, each as an argument of its own."
    if option.positional:
        yield "Its value stands on the command line without a name."
    for value in option.ours:
        yield f"Where nothing sets it, django-prodserver sets `{value!r}`."
    if option.variables:
        yield f"Environment variable: {', '.join(f'`{name}`' for name in option.variables)}."
    if not option.is_argument:
        yield option.instead


def _words(text: str) -> list[nodes.Node]:
    """Return a text in which backticks enclose code; one that is alone stays as it is."""
    parts = re.split(r"`([^`]+)`", text)
    return [
        _literal(part) if place % 2 else nodes.Text(part)
        for place, part in enumerate(parts)
        if part
    ]


def _literal(text: str) -> nodes.literal:
    return nodes.literal("", text)


def _cell(content: list[nodes.Node]) -> nodes.entry:
    # These are not our sentences: quotation marks stay as they are.
    paragraph = nodes.paragraph("", "", *content, support_smartquotes=False)
    return nodes.entry("", paragraph)


def _folded(key: str) -> str:
    return key.replace("_", "-")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("option-table", OptionTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
