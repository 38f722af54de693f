"""The Django application."""

from django.apps import AppConfig
from django.core.checks import register

__all__ = ["ProdserverConfig"]


class ProdserverConfig(AppConfig):
    """Offers the management commands and registers the system checks."""

    name = "django_prodserver"
    verbose_name = "Production processes"

    def ready(self) -> None:
        """Register the checks once the app registry is complete."""
        from django_prodserver.checks import check_production_processes  # noqa: PLC0415

        register(check_production_processes)
