"""Settings for the type checker, and for tests that need no project of their own."""

SECRET_KEY = "fake-and-only-for-tests"
INSTALLED_APPS = ["django_prodserver"]
PRODUCTION_PROCESSES = {"web": {"BACKEND": "gunicorn"}}
# No such modules are there, and none is imported.
WSGI_APPLICATION = "mysite.wsgi.application"
ASGI_APPLICATION = "mysite.asgi.application"
