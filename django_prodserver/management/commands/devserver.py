"""``manage.py devserver``: start a process of the project for development, by its name."""

from django_prodserver.management.commands import prodserver

__all__ = ["Command"]


class Command(prodserver.Command):
    """Does what ``prodserver`` does, with what the entries say under DEV."""

    help = "Start a process of PRODUCTION_PROCESSES for development: it notices changed code."
    development = True
