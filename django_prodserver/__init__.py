"""Start any production server or worker of a Django project with one command.

Put ``"django_prodserver"`` into ``INSTALLED_APPS``, name the processes in
``PRODUCTION_PROCESSES``, and run ``python manage.py prodserver NAME``.
"""

__all__ = ["__version__"]

# The public package of this name ends at 3.x: nothing here may ever be mistaken for it.
__version__ = "4.0.0.dev0"
