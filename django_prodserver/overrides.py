"""What the command line says to the server: it replaces options of ARGS, for this run."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from django_prodserver.arguments import translate
from django_prodserver.backends.base import BaseProcessBackend
from django_prodserver.exceptions import UsageError
from django_prodserver.spelling import did_you_mean, quoted

__all__ = ["OpenParser", "refuse_strays"]


class OpenParser(CommandParser):
    """Collects under ``unknown`` the words that it does not know: they are for the server."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Namespace:  # type: ignore[override] # Django's declares less
        """Returns the options, and ``unknown`` among them."""
        options: Namespace
        options, options.unknown = self.parse_known_args(args, namespace)
        return options


def refuse_strays(unknown: Sequence[str], backend: BaseProcessBackend, own: Sequence[str]) -> None:
    """Refuses words before ``--`` that nobody understands.

    ``own`` are the options of the command itself, for suggestions.

    Raises:
        UsageError: a word is an option of nobody or the value of none, or an option has a mistake.
    """
    table = backend.options
    for word in unknown:
        flag = word.partition("=")[0]
        if flag.startswith("--") and table and not table.flag(flag):
            known = [*own, *(each for option in table for each in option.flags)]
            raise UsageError(
                f"Neither prodserver nor {backend.name} has an option {quoted(flag)}. "
                f"{did_you_mean(flag, known)}".strip()
            )
    arguments = translate(list(unknown), table, "The command line", backend.name)
    if arguments.errors:
        raise UsageError(str(arguments.errors[0]))
    if arguments.positionals:
        raise UsageError(
            f"{quoted(arguments.positionals[0])} is one word too many: name one process. "
            f"A word for {backend.name} that is no option goes after --."
        )
