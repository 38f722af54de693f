"""``manage.py prodworker``: start a worker of the project by its name."""

from django_prodserver.backends.base import Kind
from django_prodserver.management.commands import prodserver

__all__ = ["Command"]


class Command(prodserver.Command):
    """Does what ``prodserver`` does, for one kind of processes."""

    help = "Start a worker of PRODUCTION_PROCESSES."
    kind = Kind.WORKER
