"""Django's own development server, ``manage.py runserver``: not for production.

Everything that django-prodserver knows about it is in this module.
"""

from django_prodserver.backends.base import BaseServerBackend
from django_prodserver.backends.management import ManagementCommandBackend

__all__ = ["DjangoRunserver"]


class DjangoRunserver(ManagementCommandBackend, BaseServerBackend):
    """The process is ``runserver``, of whichever app offers it: the static files app, or Daphne."""

    label = "runserver"
    command = "runserver"
    development_only = True
    notices_changes = True

    @property
    def app(self) -> str:  # type: ignore[override] # found out, not known
        """The app whose ``runserver`` Django would run."""
        from django.core.management import get_commands  # noqa: PLC0415 - as in its base class

        return str(get_commands()["runserver"])
