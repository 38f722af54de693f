"""What works and should not be so in production, for ``manage.py check --deploy``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodserver.arguments import Argument, Arguments
from django_prodserver.exceptions import CodeWatched, ConfigurationError, DevelopmentOnly
from django_prodserver.options import switches_on

if TYPE_CHECKING:
    from django_prodserver.backends.process import BaseProcessBackend

__all__ = ["risks_of", "watching"]

# The options by which servers and workers watch the code.
WATCHING = frozenset({"reload", "watch", "autoreload"})


def risks_of(backend: "BaseProcessBackend") -> Iterator[ConfigurationError]:
    """Iterates over what every kind of process should not do in production."""
    if backend.development_only:
        yield DevelopmentOnly(
            f"{backend.where}: {backend.name} is not made for production.",
            "Name another BACKEND, and this one under DEV, for devserver.",
        )
    for item in watching(backend.arguments):
        yield CodeWatched(
            f"{backend.where}: {item.words[0]} restarts the process whenever a file changes.",
            "Remove it from ARGS, or put it under DEV, for devserver.",
        )
    for name in _watching_variables(backend):
        yield CodeWatched(
            f"{backend.where}: {name} restarts the process whenever a file changes.",
            "Remove it from the environment.",
        )


def watching(arguments: Arguments) -> Iterator[Argument]:
    """Iterates over what makes a process watch the code."""
    for item in arguments.items:
        if item.option and WATCHING.intersection(item.option.keys) and item.switches_on:
            yield item


def _watching_variables(backend: "BaseProcessBackend") -> Iterator[str]:
    """Iterates over the variables that do the same where ARGS say nothing about it."""
    said, inherited = {item.option for item in backend.arguments.items}, backend.inherited
    for option in backend.options or ():
        if option not in said and WATCHING.intersection(option.keys):
            yield from (name for name in option.variables if switches_on(inherited.get(name, "")))
