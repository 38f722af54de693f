"""``manage.py server``: the former name of ``prodserver``, for servers alone."""

from django_prodserver.backends.base import Kind
from django_prodserver.management.commands import prodserver

__all__ = ["Command"]


class Command(prodserver.Command):
    """Does what ``prodserver`` does, for one kind of processes."""

    help = "The former name of prodserver, for servers alone."
    kind = Kind.SERVER
