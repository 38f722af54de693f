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
        from django_prodserver import checks  # noqa: PLC0415

        register(checks.check_production_processes)
        register(checks.check_deployment, deploy=True)
