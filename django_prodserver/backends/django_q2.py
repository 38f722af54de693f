"""Django Q2, a task queue with schedules: https://django-q2.readthedocs.org.

Everything that django-prodserver knows about Django Q2 is in this module.
"""

from django_prodserver.backends.base import BaseWorkerBackend
from django_prodserver.backends.management import ManagementCommandBackend

__all__ = ["DjangoQ2Worker"]


class DjangoQ2Worker(ManagementCommandBackend, BaseWorkerBackend):
    """The process is ``manage.py qcluster``; the setting ``Q_CLUSTER`` says most about it."""

    label = "Django Q2"
    package = "django-q2"
    module = "django_q"
    app = "django_q"
    command = "qcluster"
