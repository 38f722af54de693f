"""The smallest settings that the type checker and tests without a project of their own can work with."""

SECRET_KEY = "fake-and-only-for-tests"
INSTALLED_APPS = ["django_prodserver"]
PRODUCTION_PROCESSES = {"web": {"BACKEND": "gunicorn"}}
