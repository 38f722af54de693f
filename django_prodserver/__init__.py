"""Start any production server or worker of a Django project with one command.

Put ``"django_prodserver"`` into ``INSTALLED_APPS``, name the processes in
``PRODUCTION_PROCESSES``, and run ``python manage.py prodserver NAME``.
"""

__all__: list[str] = []
