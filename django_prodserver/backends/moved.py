"""The class paths of django-prodserver 3 that have moved, and those that are gone."""

from collections.abc import Mapping

__all__ = ["GONE", "MOVED"]

BACKENDS = "django_prodserver.backends"

MOVED: Mapping[str, str] = {
    f"{BACKENDS}.{old}": f"{BACKENDS}.{new}"
    for old, new in {
        "servers.flower.CeleryFlower": "celery.CeleryFlower",
        "servers.granian.GranianASGIServer": "granian.GranianASGIServer",
        "servers.granian.GranianWSGIServer": "granian.GranianWSGIServer",
        "servers.gunicorn.GunicornServer": "gunicorn.GunicornServer",
        "servers.uvicorn.UvicornServer": "uvicorn.UvicornServer",
        "servers.uvicorn.UvicornWSGIServer": "uvicorn.UvicornWSGIServer",
        "servers.waitress.WaitressServer": "waitress.WaitressServer",
        "workers.celery.CeleryBeat": "celery.CeleryBeat",
        "workers.celery.CeleryWorker": "celery.CeleryWorker",
        "workers.django_q2.DjangoQ2Worker": "django_q2.DjangoQ2Worker",
        "workers.django_tasks.DjangoTasksWorker": "django_tasks.DjangoTasksWorker",
        "dev.django_runserver.DjangoRunserver": "runserver.DjangoRunserver",
        "django_runserver.DjangoRunserver": "runserver.DjangoRunserver",
    }.items()
}
"""Where the class of an old path is now."""

RUNSERVER = "Use 'runserver', or the command manage.py runserver."
WERKZEUG = "Use the command runserver_plus of django-extensions."

GRANIAN = "Extend GranianASGIServer or GranianWSGIServer."

GONE: Mapping[str, str] = {
    f"{BACKENDS}.{old}": way_out
    for old, way_out in {
        "_runserver_base.BaseRunserverBackend": "Extend BaseServerBackend.",
        "daphne.DaphneRunserver": RUNSERVER,
        "dev.daphne.DaphneRunserver": RUNSERVER,
        "dev.werkzeug.RunserverPlus": WERKZEUG,
        "dev.werkzeug.WerkzeugRunserver": WERKZEUG,
        "granian.GranianServerBase": GRANIAN,
        "servers.granian.GranianServerBase": GRANIAN,
        "werkzeug.RunserverPlus": WERKZEUG,
        "werkzeug.WerkzeugRunserver": WERKZEUG,
    }.items()
}
"""What to use instead of a class that is no more: a sentence."""
