"""The short names of the built-in backends."""

from collections.abc import Mapping

__all__ = ["BUILT_IN"]

BUILT_IN: Mapping[str, str] = {
    name: f"django_prodserver.backends.{path}"
    for name, path in {
        "celery": "celery.CeleryWorker",
        "celery-beat": "celery.CeleryBeat",
        "daphne": "daphne.DaphneServer",
        "django-q2": "django_q2.DjangoQ2Worker",
        "django-tasks": "django_tasks.DjangoTasksWorker",
        "dramatiq": "dramatiq.DramatiqWorker",
        "dummy": "dummy.DummyBackend",
        "dummy-worker": "dummy.DummyWorker",
        "flower": "celery.CeleryFlower",
        "granian": "granian.GranianASGIServer",
        "granian-wsgi": "granian.GranianWSGIServer",
        "gunicorn": "gunicorn.GunicornServer",
        "huey": "huey.HueyWorker",
        "hypercorn": "hypercorn.HypercornServer",
        "procrastinate": "procrastinate.ProcrastinateWorker",
        "rq": "rq.RQWorker",
        "runserver": "runserver.DjangoRunserver",
        "uvicorn": "uvicorn.UvicornServer",
        "uvicorn-wsgi": "uvicorn.UvicornWSGIServer",
        "waitress": "waitress.WaitressServer",
    }.items()
}
"""The dotted path of the class for each short name."""
