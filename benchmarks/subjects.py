"""What is measured: servers and workers, with the options that make them comparable."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING

from benchmarks.brokers import BROKERS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SERVERS", "SUBJECTS", "Subject"]

ELDER = "django_prodserver.backends"
LISTEN = "127.0.0.1:{port}"

CELERY = """
    import os

    from celery import Celery

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    app = Celery("mysite", broker=os.environ["BENCH_REDIS"])
"""
DRAMATIQ = """
    import os

    import django
    import dramatiq
    from dramatiq.brokers.redis import RedisBroker

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    django.setup()
    dramatiq.set_broker(RedisBroker(url=os.environ["BENCH_REDIS"]))
"""


@dataclass(frozen=True)
class Subject:
    """A backend, the native command that does the same, and the project that both need."""

    backend: str
    package: str
    """The distribution that must be installed."""
    native: str
    """The package's own command; ``{port}`` is where it listens."""
    args: Mapping[str, str] = field(default_factory=dict)
    """ARGS of the process, with ``{port}`` too."""
    app: str = ""
    """APP of the process."""
    ready: str = ""
    """What a worker prints when it is ready; empty for a server, which answers instead."""
    page: str = "/admin/login/"
    """What a server answers with 200."""
    elder: str = ""
    """The class of the public package that does the same; empty: none."""
    settings: str = ""
    """Lines at the end of the settings."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Modules of the project."""
    migrated: bool = False
    """Its tables must be in the database."""

    @property
    def broker(self) -> str:
        """The environment variable with the address where it finds its tasks; empty: none."""
        texts = " ".join((self.settings, *self.files.values()))
        return next((variable for variable in BROKERS if variable in texts), "")


def _celery(backend: str, native: str, ready: str = "", elder: str = "", page: str = "") -> Subject:
    # Only at this level Celery says that it is ready.
    args = {"port": "{port}"} if backend == "flower" else {"loglevel": "info"}
    options = " ".join(f"--{name}={value}" for name, value in args.items())
    return Subject(
        backend,
        "flower" if backend == "flower" else "celery",
        f"celery -A mysite.celery {native} {options}",
        args,
        app="mysite.celery.app",
        ready=ready,
        page=page,
        elder=f"{ELDER}.{elder}",
        files={"mysite/celery.py": dedent(CELERY)},
    )


SERVERS = (
    Subject(
        "gunicorn",
        "gunicorn",
        f"gunicorn mysite.wsgi:application --bind={LISTEN}",
        {"bind": LISTEN},
        elder=f"{ELDER}.servers.gunicorn.GunicornServer",
    ),
    Subject(
        "uvicorn",
        "uvicorn",
        "uvicorn mysite.asgi:application --port={port}",
        {"port": "{port}"},
        elder=f"{ELDER}.servers.uvicorn.UvicornServer",
    ),
    Subject(
        "uvicorn-wsgi",
        "uvicorn",
        "uvicorn mysite.wsgi:application --interface=wsgi --port={port}",
        {"port": "{port}"},
        elder=f"{ELDER}.servers.uvicorn.UvicornWSGIServer",
    ),
    Subject(
        "granian",
        "granian",
        "granian mysite.asgi:application --interface=asginl --port={port}",
        {"port": "{port}"},
        elder=f"{ELDER}.servers.granian.GranianASGIServer",
    ),
    Subject(
        "granian-wsgi",
        "granian",
        "granian mysite.wsgi:application --interface=wsgi --port={port}",
        {"port": "{port}"},
        elder=f"{ELDER}.servers.granian.GranianWSGIServer",
    ),
    Subject(
        "waitress",
        "waitress",
        f"waitress-serve --listen={LISTEN} mysite.wsgi:application",
        {"listen": LISTEN},
        elder=f"{ELDER}.servers.waitress.WaitressServer",
    ),
    Subject(
        "hypercorn",
        "hypercorn",
        f"hypercorn mysite.asgi:application --bind={LISTEN}",
        {"bind": LISTEN},
    ),
    Subject(
        "daphne",
        "daphne",
        "daphne mysite.asgi:application --port={port}",
        {"port": "{port}"},
    ),
    _celery("flower", "flower", elder="servers.flower.CeleryFlower", page="/"),
)

WORKERS = (
    _celery("celery", "worker", " ready.", "workers.celery.CeleryWorker"),
    _celery("celery-beat", "beat", "beat: Starting...", "workers.celery.CeleryBeat"),
    Subject(
        "django-tasks",
        "django-tasks-db",
        "manage.py db_worker --no-reload",
        ready="Starting worker",
        elder=f"{ELDER}.workers.django_tasks.DjangoTasksWorker",
        settings=dedent("""
            INSTALLED_APPS += ["django_tasks_db"]
            if django.VERSION < (6, 0):
                INSTALLED_APPS += ["django_tasks"]
            TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        """),
        migrated=True,
    ),
    Subject(
        "django-q2",
        "django-q2",
        "manage.py qcluster",
        ready=" running.",
        elder=f"{ELDER}.workers.django_q2.DjangoQ2Worker",
        settings=dedent("""
            INSTALLED_APPS += ["django_q"]
            Q_CLUSTER = {"workers": 1, "orm": "default", "timeout": 60, "retry": 90}
        """),
        migrated=True,
    ),
    Subject(
        "huey",
        "huey",
        "manage.py run_huey --graceful-signal=TERM",
        ready="Huey consumer started",
        settings=dedent("""
            INSTALLED_APPS += ["huey.contrib.djhuey"]
            HUEY = {"connection": {"url": os.environ["BENCH_REDIS"]}, "immediate": False}
        """),
    ),
    Subject(
        "rq",
        "django-rq",
        "manage.py rqworker",
        ready="Listening on",
        settings=dedent("""
            INSTALLED_APPS += ["django_rq"]
            RQ_QUEUES = {"default": {"URL": os.environ["BENCH_REDIS"]}}
        """),
    ),
    Subject(
        "dramatiq",
        "dramatiq",
        "dramatiq mysite.worker --processes=1",
        {"processes": "1"},
        app="mysite.worker",
        ready="Worker process is ready for action.",
        files={"mysite/worker.py": dedent(DRAMATIQ)},
    ),
    Subject(
        "procrastinate",
        "procrastinate",
        "manage.py procrastinate worker",
        ready="Starting worker on",
        settings=dedent("""
            INSTALLED_APPS += ["procrastinate.contrib.django"]
            DATABASES["default"] = {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": "127.0.0.1",
                "PORT": os.environ["BENCH_POSTGRES"],
                "USER": "postgres",
                "NAME": "postgres",
            }
            LOGGING = {
                "version": 1,
                "handlers": {"console": {"class": "logging.StreamHandler"}},
                "loggers": {"procrastinate.worker": {"handlers": ["console"], "level": "INFO"}},
            }
        """),
        migrated=True,
    ),
)

SUBJECTS = {subject.backend: subject for subject in (*SERVERS, *WORKERS)}
