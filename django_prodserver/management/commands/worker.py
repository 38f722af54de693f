"""``manage.py worker``: the former name of ``prodworker``."""

from django_prodserver.backends.base import Kind
from django_prodserver.management.commands import prodserver

__all__ = ["Command"]


class Command(prodserver.Command):
    """Does what ``prodserver`` does, for one kind of processes."""

    help = "The former name of prodworker."
    kind = Kind.WORKER
