"""Celery's worker, its scheduler and Flower, with a real Redis as their broker."""

from __future__ import annotations

import contextlib
import signal
import unittest
import urllib.error
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click
import pytest
from celery import Celery, concurrency  # type: ignore[import-untyped] # it has no types
from celery.bin.base import CLIContext  # type: ignore[import-untyped] # it has no types
from celery.bin.beat import beat  # type: ignore[import-untyped] # it has no types
from celery.bin.celery import celery  # type: ignore[import-untyped] # it has no types
from celery.bin.worker import worker  # type: ignore[import-untyped] # it has no types
from celery.utils.log import mlevel  # type: ignore[import-untyped] # it has no types
from django.utils.translation import gettext_lazy
from flower.command import flower, is_flower_option  # type: ignore[import-untyped] # as above
from flower.options import options  # type: ignore[import-untyped] # it has no types
from hypothesis import strategies as st

from django_prodserver.backends import find_backend
from django_prodserver.backends.celery import CeleryBeat, CeleryFlower, CeleryWorker
from django_prodserver.exceptions import ApplicationMissing
from django_prodserver.testing.contracts import (
    OnHup,
    ServerContract,
    Typed,
    WorkerContract,
)
from django_prodserver.testing.running import free_port
from tests.django_prodserver.brokers import RedisProject
from tests.django_prodserver.imagined import imagined
from tests.django_prodserver.round_trip import TEXT, assert_reads_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_prodserver.backends.base import BaseProcessBackend
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running

APPLICATION = """
from celery import Celery

app = Celery("mysite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["mysite"])
"""

TASKS = """
from mysite.celery import app
from django_prodserver.testing.work import work


@app.task
def task(name, seconds):
    work(name, seconds)
"""


class CeleryProject(RedisProject):
    """The project that all three run."""

    def broker(self, address: str) -> dict[str, object]:
        return {"CELERY_BROKER_URL": address}

    def prepare(self, project: FreshProject) -> None:
        super().prepare(project)
        project.write("mysite/celery.py", APPLICATION)
        project.write("mysite/tasks.py", TASKS)

    def test_a_broken_application_ends_with_the_native_exit_code(self) -> None:
        project = self.project()
        project.write("mysite/celery.py", "import nothing_of_this_name\n")
        both = self.start(project, free_port()), self.start_native(project, free_port())
        self.assert_same_exit_code("broken application", *both)
        assert both[0].exit_code() != 0


class TestCeleryWorker(CeleryProject, WorkerContract, unittest.TestCase):
    BACKEND = "celery"
    PACKAGE = "celery"
    ENTRY: ClassVar = {"APP": "mysite"}
    MISTAKE = ("concurency", "concurrency")
    READY = "ready."
    ON_HUP = OnHup.RELOADS
    BROKER_DOWN: ClassVar = {
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": False,
    }
    TYPED: ClassVar[Typed] = (
        ({"queues": ["mail", "images"]}, "--queues=mail,images"),
        ({"exclude_queues": ("a", "b"), "include": ["c"]}, "--exclude-queues=a,b --include=c"),
        ({"autoscale": [10, 3]}, "--autoscale=10,3"),
        (
            {"without_gossip": True, "without_mingle": False, "beat": None},
            "--without-gossip --beat",
        ),
        ({"hostname": "w1@%h", "time_limit": 2.5}, "--hostname=w1@%h --time-limit=2.5"),
        ("-Q mail -c 2 worker.prefetch=1", "-Q mail -c 2 worker.prefetch=1"),
        ({}, ""),
        ({"loglevel": "INFO", "logfile": "-"}, "--loglevel=INFO --logfile=-"),
        ({"pool": "solo", "concurrency": 1}, "--pool=solo --concurrency=1"),
        (
            {"max_tasks_per_child": 100, "max-memory-per-child": 200000},
            "--max-tasks-per-child=100 --max-memory-per-child=200000",
        ),
        (
            {"optimization": "fair", "prefetch-multiplier": 1},
            "--optimization=fair --prefetch-multiplier=1",
        ),
        ({"statedb": Path("/var/lib/worker.state")}, "--statedb=/var/lib/worker.state"),
        ({"queues": "mail,images"}, "--queues=mail,images"),
        (["-c", 4, "--purge"], "-c 4 --purge"),
        ({"events": True, "discard": True}, "--events --discard"),
        ({"heartbeat_interval": 5, "without_heartbeat": False}, "--heartbeat-interval=5"),
    )

    EVERY_KIND: ClassVar = (
        ({"loglevel": "INFO", "concurrency": 2}, "--loglevel=INFO --concurrency=2"),
        ({"queues": ["mail", "images"]}, "--queues=mail,images"),
        ({"hostname": gettext_lazy("Yes"), "logfile": ""}, "--hostname=Yes --logfile="),
        (
            {"time_limit": 60.5, "soft-time-limit": Decimal("3E+1")},
            "--time-limit=60.5 --soft-time-limit=30",
        ),
        ({"pidfile": Path("celery.pid")}, "--pidfile=celery.pid"),
        (
            {"without_mingle": True, "without-gossip": None, "purge": False},
            "--without-mingle --without-gossip",
        ),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert (project.path / "celery.pid").read_text().strip() == str(running.pid)
        assert "celery@Yes ready." in running.output()
        assert len(running.children()) == 2
        project.shell("from mysite.tasks import task; task.apply_async(('a', 0), queue='mail')")
        running.until((project.path / "a.done").exists)

    def args(self, port: int) -> dict[str, Any]:
        return {"loglevel": "INFO", "concurrency": 1, "without_mingle": True}

    def options(self, port: int) -> list[str]:
        return ["--loglevel=INFO", "--concurrency=1", "--without-mingle"]

    def native(self, *options: str) -> list[str]:
        return ["celery", "-A", "mysite", "worker", *options]

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import task; task.delay({name!r}, {seconds})"

    def test_its_own_variables_are_read_and_args_win_over_them(self) -> None:
        project = self.project()
        project.environ["CELERY_WORKER_CONCURRENCY"] = "3"
        for args, number in (({}, 3), ({"concurrency": 2}, 2)):
            entry = {"BACKEND": self.BACKEND, **self.ENTRY, "ARGS": args}
            project.configure(PRODUCTION_PROCESSES={self.NAME: entry})
            running = self.start_configured(project)
            _until_it_prints(running, f"concurrency: {number}")

    def test_its_own_variable_names_the_application(self) -> None:
        project = self.project()
        project.environ["APP"] = "mysite"
        entry = {"BACKEND": self.BACKEND, "ARGS": self.args(0)}
        project.configure(PRODUCTION_PROCESSES={self.NAME: entry})
        running = self.start_configured(project)
        self.until_ready(running)
        self.assert_works(project, running)


class CeleryOther(CeleryProject):
    """What holds for those that are no worker."""

    def test_signals_end_it_with_the_native_exit_code(self) -> None:
        project = self.project()
        for event, number in (("term", signal.SIGTERM), ("hup", signal.SIGHUP)):
            both = self.start(project, free_port()), self.start_native(project, free_port())
            self.until_ready(*both)
            for running in both:
                running.signal(number)
            self.assert_same_exit_code(event, *both)


class TestCeleryBeat(CeleryOther, unittest.TestCase):
    BACKEND = "celery-beat"
    PACKAGE = "celery"
    NAME = "beat"
    ENTRY: ClassVar = {"APP": "mysite.celery:app"}
    MISTAKE = ("shedule", "schedule")
    # It has opened its schedule then.
    READY = "beat: Ticking"
    TYPED: ClassVar[Typed] = (
        ({"schedule": "x", "max-interval": 5}, "--schedule=x --max-interval=5"),
        ({}, ""),
        ({"loglevel": "INFO"}, "--loglevel=INFO"),
        ({"logfile": Path("/var/log/beat.log")}, "--logfile=/var/log/beat.log"),
        ({"pidfile": ""}, "--pidfile="),
        ({"scheduler": "mysite.schedule:Scheduler"}, "--scheduler=mysite.schedule:Scheduler"),
        ({"max_interval": 0}, "--max-interval=0"),
        ({"max_interval": "30"}, "--max-interval=30"),
        ({"enable_remote_control": False}, "--no-enable-remote-control"),
        ({"remote_control": True}, "--enable-remote-control"),
        ({"hostname": "beat@%h"}, "--hostname=beat@%h"),
        ({"detach": True, "uid": 1000, "gid": 1000}, "--detach --uid=1000 --gid=1000"),
        ({"detach": False, "umask": "022"}, "--umask=022"),
        ("-s 'the schedule' -l INFO", "-s 'the schedule' -l INFO"),
        (["--schedule", Path("/var/lib/beat")], "--schedule /var/lib/beat"),
    )

    EVERY_KIND: ClassVar = (
        # These two stand before the subcommand.
        ({"no_color": True, "skip-checks": None}, "--no-color --skip-checks"),
        ({"loglevel": gettext_lazy("DEBUG"), "pidfile": ""}, "--loglevel=DEBUG --pidfile="),
        (
            {"schedule": Path("the schedule"), "max_interval": 5},
            "'--schedule=the schedule' --max-interval=5",
        ),
        ({"remote_control": False, "detach": False}, "--no-enable-remote-control"),
        (
            {"hostname": Decimal("1E+3"), "executable": "python3"},
            "--hostname=1000 --executable=python3",
        ),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        running.until(lambda: any(project.path.glob("the schedule*")))
        assert not (project.path / "celerybeat.pid").exists()

    def args(self, port: int) -> dict[str, Any]:
        # Two of them must not share the file of the schedule.
        return {"loglevel": "DEBUG", "schedule": f"schedule-{port}"}

    def options(self, port: int) -> list[str]:
        return ["--loglevel=DEBUG", f"--schedule=schedule-{port}"]

    def native(self, *options: str) -> list[str]:
        before = [each for each in options if each in {"--no-color", "--skip-checks"}]
        rest = options[len(before) :]
        return ["celery", "-A", "mysite.celery:app", *before, "beat", *rest]

    def assert_works(self, project: FreshProject, running: Running) -> None:
        # It was to send the task each second.
        running.until(
            lambda: "Sending due task each-second (mysite.tasks.task)" in running.output()
        )
        words = project.resolved(["celery", "-A", "mysite", "worker", "--pool=solo"])
        with project.start(*words, env=project.variables) as native:
            native.until((project.path / "of-beat.done").exists)

    def prepare(self, project: FreshProject) -> None:
        super().prepare(project)
        every = {"task": "mysite.tasks.task", "schedule": 1.0, "args": ("of-beat", 0)}
        project.configure(CELERY_BEAT_SCHEDULE={"each-second": every})

    def test_its_own_variables_are_read_and_args_win_over_them(self) -> None:
        project = self.project()
        project.environ["CELERY_BEAT_SCHEDULE"] = "of-the-environment"
        for args, file in (({}, "of-the-environment"), ({"schedule": "of-args"}, "of-args")):
            entry = {"BACKEND": self.BACKEND, **self.ENTRY, "ARGS": {"loglevel": "DEBUG", **args}}
            project.configure(PRODUCTION_PROCESSES={self.NAME: entry})
            running = self.start_configured(project)
            running.until(lambda file=file: any(project.path.glob(f"{file}*")))  # type: ignore[misc]


class TestFlower(CeleryOther, unittest.TestCase):
    BACKEND = "flower"
    PACKAGE = "flower"
    NAME = "monitor"
    ENTRY: ClassVar = {"APP": "mysite.celery.app"}
    MISTAKE = ("adress", "address")
    TYPED: ClassVar[Typed] = (
        ({"basic_auth": ["me:one", "you:two"]}, "--basic-auth=me:one,you:two"),
        ({"debug": True, "auto_refresh": False}, "--debug --auto-refresh=false"),
        ({"task_runtime_metric_buckets": [1, 2.5]}, "--task-runtime-metric-buckets=1,2.5"),
        ("--port=5566 --read_only", "--port=5566 --read_only"),
        ({}, ""),
        ({"port": 5566, "address": "127.0.0.1"}, "--port=5566 --address=127.0.0.1"),
        ({"unix_socket": Path("/run/flower.sock")}, "--unix-socket=/run/flower.sock"),
        ({"url-prefix": "flower"}, "--url-prefix=flower"),
        ({"persistent": None, "db": "/var/lib/flower"}, "--persistent --db=/var/lib/flower"),
        (
            {"state_save_interval": 5000, "max_tasks": 100},
            "--state-save-interval=5000 --max-tasks=100",
        ),
        ({"inspect_timeout": 1500.5}, "--inspect-timeout=1500.5"),
        ({"enable_events": False, "read_only": True}, "--enable-events=false --read-only"),
        ({"auth": r".*@example\.com"}, r"'--auth=.*@example\.com'"),
        ({"basic-auth": "me:one,you:two"}, "--basic-auth=me:one,you:two"),
        (["--port", "5566"], "--port 5566"),
    )

    EVERY_KIND: ClassVar = (
        ({"port": "{port}", "address": "127.0.0.1"}, "--port={port} --address=127.0.0.1"),
        ({"basic_auth": ["me:one", "you:two"]}, "--basic-auth=me:one,you:two"),
        (
            {"inspect-timeout": 1500.5, "state_save_interval": 100},
            "--inspect-timeout=1500.5 --state-save-interval=100",
        ),
        (
            {"task_runtime_metric_buckets": (1, Decimal("2.50"))},
            "--task-runtime-metric-buckets=1,2.50",
        ),
        ({"persistent": True, "db": Path("flower.db")}, "--persistent --db=flower.db"),
        ({"natural-time": None, "auto_refresh": False}, "--natural-time --auto-refresh=false"),
        ({"logging": gettext_lazy("debug"), "url_prefix": ""}, "--logging=debug --url-prefix="),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            running.get("/")
        running.until(lambda: any(project.path.glob("flower.db*")))

    def args(self, port: int) -> dict[str, Any]:
        return {"port": port, "address": "127.0.0.1"}

    def options(self, port: int) -> list[str]:
        return [f"--port={port}", "--address=127.0.0.1"]

    def native(self, *options: str) -> list[str]:
        return ["celery", "-A", "mysite.celery.app", "flower", *options]

    def is_ready(self, running: Running) -> bool:
        with contextlib.suppress(OSError):
            return running.get("/healthcheck") == "OK"
        return False

    def assert_works(self, project: FreshProject, running: Running) -> None:
        words = project.resolved(
            ["celery", "-A", "mysite", "worker", "--pool=solo", "--hostname=w@h"]
        )
        with project.start(*words, env=project.variables):
            running.until(lambda: "w@h" in running.get("/workers?json=1"))

    # What every other server promises, and is asked for the project's own page.
    ENVIRONMENT: ClassVar = {"FLOWER_PORT": "{port}", "FLOWER_ADDRESS": "127.0.0.1"}
    test_a_port_in_use_ends_with_the_native_exit_code = (
        ServerContract.test_a_port_in_use_ends_with_the_native_exit_code
    )
    test_its_own_environment_variables_are_read_and_args_win_over_them = (
        ServerContract.test_its_own_environment_variables_are_read_and_args_win_over_them
    )


def _until_it_prints(running: Running, text: str) -> None:
    running.until(lambda: text in running.output())


def _backend(
    kind: type[BaseProcessBackend], environ: Mapping[str, str] | None = None, **entry: Any
) -> BaseProcessBackend:
    entries = {"x": {"BACKEND": "tested", **entry}}
    project = imagined(entries, environ=environ or {})
    return kind(**entry).bind(project, "x")


@pytest.mark.parametrize("name", ["worker", "beat", "flower"])
def test_global_options_stand_before_the_subcommand_wherever_they_are_in_args(name: str) -> None:
    kind = {"worker": CeleryWorker, "beat": CeleryBeat, "flower": CeleryFlower}[name]
    backend = _backend(kind, APP="mysite", ARGS={"quiet": True, **OWN[name], "workdir": "/srv"})

    assert backend.prep_server_args() == [
        *("-A", "mysite", "--quiet", "--workdir=/srv"),
        *(name, *(f"--{key}={value}" for key, value in OWN[name].items())),
    ]


OWN: dict[str, dict[str, object]] = {
    "worker": {"concurrency": 2},
    "beat": {"schedule": "x"},
    "flower": {"port": 1},
}


@pytest.mark.parametrize("kind", [CeleryWorker, CeleryBeat, CeleryFlower])
def test_an_entry_without_app_is_refused(kind: type[BaseProcessBackend]) -> None:
    with pytest.raises(ApplicationMissing):
        _backend(kind).prep_server_args()


@pytest.mark.parametrize("kind", [CeleryWorker, CeleryBeat, CeleryFlower])
@pytest.mark.parametrize(
    ("environ", "app", "named"),
    [
        ({"APP": "mysite"}, None, []),
        ({"CELERY_APP": "mysite"}, None, []),
        ({"APP": "other"}, "mysite", ["-A", "mysite"]),
    ],
)
def test_a_variable_of_celery_names_the_application_where_the_entry_does_not(
    kind: type[BaseProcessBackend], environ: Mapping[str, str], app: str | None, named: list[str]
) -> None:
    entry = {"APP": app} if app else {}
    backend = _backend(kind, environ, **entry)
    (*before, subcommand) = backend.prep_server_args()

    assert before == named
    assert subcommand in {"worker", "beat", "flower"}
    # Where it decides, what is printed or exported must not depend on who runs it.
    assert (backend.launch().env.items() >= environ.items()) is (not app)


@pytest.mark.parametrize("environ", [{"APP": ""}, {"CELERY_WORKER_APP": "mysite"}])
def test_a_variable_that_names_no_application_is_not_enough(environ: dict[str, str]) -> None:
    with pytest.raises(ApplicationMissing):
        _backend(CeleryWorker, environ).prep_server_args()


def test_app_may_stand_among_the_args() -> None:
    assert _backend(CeleryWorker, ARGS="-A other").prep_server_args() == ["-A", "other", "worker"]


def test_an_app_on_the_command_line_replaces_the_one_of_the_settings() -> None:
    backend = CeleryWorker(APP="mysite").bind(imagined({}), "x", ["--app=other"])

    assert backend.prep_server_args() == ["--app=other", "worker"]


def test_flower_s_own_variables_and_celery_s_are_known() -> None:
    table = CeleryFlower().read_options()
    variables = {option.names[0]: option.variables for option in table if option.names}

    assert variables["unix_socket"] == ("FLOWER_UNIX_SOCKET",)
    assert variables["broker"] == ("BROKER_URL", "CELERY_BROKER")


def test_the_class_of_flower_is_found_by_its_old_path() -> None:
    assert find_backend("django_prodserver.backends.servers.flower.CeleryFlower") is CeleryFlower


def test_every_option_of_the_installed_commands_is_known() -> None:
    for kind, command in ((CeleryWorker, worker), (CeleryBeat, beat)):
        table = kind().read_options()
        assert {flag for option in table for flag in (*option.flags, *option.negatives)} == {
            *_flags(command),
            *_flags(celery),
        }


def _flags(command: click.Command) -> set[str]:
    options = [each for each in command.params if isinstance(each, click.Option)]
    flags = {flag for each in options for flag in (*each.opts, *each.secondary_opts)}
    return flags | {"--help"}


# What Celery makes of a value, where it is not the value itself.
READ: dict[str, Any] = {
    "loglevel": mlevel,
    "pool": concurrency.get_implementation,
    "autoscale": lambda limits: (max(limits), min(limits)),
    **dict.fromkeys(("queues", "exclude_queues", "include"), list),
}


@pytest.mark.parametrize(("kind", "command"), [(CeleryWorker, worker), (CeleryBeat, beat)])
def test_celery_reads_back_exactly_the_values_of_args(
    kind: type[BaseProcessBackend], command: click.Command
) -> None:
    values: dict[str, Any] = {
        # An empty text and zero stand for what the project's own settings say.
        **{str(each.name): _meant(each) for each in command.params if each.callback},
        "concurrency": st.integers(1, 99),
        "hostname": st.from_regex(r"[a-z]+@[a-z.]+", fullmatch=True),
        # The others need packages of their own.
        "pool": st.sampled_from(["prefork", "solo", "threads"]),
        "autoscale": st.lists(st.integers(0, 99), min_size=2, max_size=2),
    }
    # It changes to this directory, and forgets its name: a test of its own.
    assert_reads_back(
        kind,
        lambda words: _read(words, command),
        APP="mysite",
        values=values,
        read=READ,
        without=["workdir"],
    )


def _meant(parameter: click.Parameter) -> st.SearchStrategy[Any]:
    if isinstance(parameter.type, click.types.BoolParamType):
        return st.just(value=True)
    return st.integers(1, 99) if parameter.type is click.INT else TEXT.filter(bool)


def _read(words: list[str], command: click.Command) -> dict[str, Any]:
    """Returns what Celery reads: the global options, and those of the subcommand."""
    before = celery.make_context("celery", list(words))
    rest: list[str] = before._protected_args + before.args
    assert rest[0] == command.name
    chosen = CLIContext(app=Celery("mysite"), no_color=False, workdir=None)
    after = command.make_context(rest[0], rest[1:], parent=before, obj=chosen)
    return {**before.params, **after.params}


def test_flower_reads_back_exactly_the_values_of_args() -> None:
    def parse(words: list[str]) -> Mapping[str, Any]:
        for known in options._options.values():
            known._value = known.UNSET
        given = _read(words, flower)
        arguments = [word for word in given.pop("tornado_argv") if is_flower_option(word)]
        # It is not final: nothing is logged to the files that the options name.
        options.parse_command_line(["flower", *arguments], final=False)
        return {**given, **options.as_dict()}

    assert_reads_back(
        CeleryFlower,
        parse,
        APP="mysite",
        values={"task_runtime_metric_buckets": st.lists(st.floats(0, 1e6), min_size=1)},
        read={known.name: list for known in options._options.values() if known.multiple},
        without=["workdir", "help"],
    )
