"""A probe learns whether the project answers and its databases do; nothing else is told to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from django_prodserver.exceptions import UsageError
from django_prodserver.probes import Unhealthy, check_health, headers_for
from tests.django_prodserver.site import BIN, Running, Site, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

URLS = """
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", lambda request: HttpResponse("hello")),
    path("session/", lambda request: HttpResponse(request.session.update({'seen': 1}))),
    path("users/", lambda request: HttpResponse(User.objects.count())),
    path("health/", include("django_prodserver.health")),
]
"""
# What comes in the way of a view that is asked without a cookie and without a database.
OBSTACLES = """
DATABASES["default"]["NAME"] = BASE_DIR / "data" / "db.sqlite3"
DATABASES["default"]["ATOMIC_REQUESTS"] = True
MIDDLEWARE += ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
SESSION_SAVE_EVERY_REQUEST = True
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "handlers": {"mail": {"class": "logging.FileHandler", "filename": "mail", "level": "ERROR"}},
    "loggers": {"django": {"handlers": ["mail"]}},
}
"""
WITHOUT_A_THREAD = """
import threading
from django.test import Client

# No machine has so much memory for the stack of a thread.
for size in (0, 1 << 46, 0):
    threading.stack_size(size)
    print(Client(SERVER_NAME="localhost").get("/health/ready").status_code)
"""
HANGING = """
DATABASES["default"] = {{
    "ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": {port}, "NAME": "db",
}}
"""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(running: Running, path: str, method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=15)
    with contextlib.closing(connection):
        connection.request(method, path)
        response = connection.getresponse()
        # The servers write the names of headers in different ways.
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, response.read().decode())


@contextlib.contextmanager
def serving(site: Site, server: str = "gunicorn") -> Iterator[Running]:
    site.write("mysite/urls.py", URLS)
    port = free_port()
    words = {
        "gunicorn": ["mysite.wsgi", "--threads=4", f"--bind=127.0.0.1:{port}"],
        "uvicorn": ["mysite.asgi:application", f"--port={port}"],
    }
    command = [sys.executable, str(BIN / server), *words[server]]
    with site.start(*command, port=port, env=site.variables) as running:

        def answers() -> bool:
            with contextlib.suppress(OSError):
                return bool(ask(running, "/health/live").status)
            return False

        running.until(answers)
        yield running


@pytest.fixture(params=["gunicorn", "uvicorn"])
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_ready_follows_the_database_and_live_does_not(site: Site, server: str) -> None:
    site.append("mysite/settings.py", OBSTACLES)
    data, away = site.path / "data", site.path / "away"
    data.mkdir()
    with serving(site, server) as running:
        before = ask(running, "/health/ready")
        data.rename(away)
        gone, live = ask(running, "/health/ready"), ask(running, "/health/live")
        away.rename(data)
        after = ask(running, "/health/ready")

    assert (before.status, before.json) == (200, {"ready": True, "databases": {"default": "ok"}})
    assert (gone.status, gone.json) == (503, {"ready": False, "databases": {"default": "failed"}})
    assert (live.status, live.json) == (200, {"live": True})
    assert (after.status, after.body) == (200, before.body)


def test_a_failure_is_logged_but_neither_told_nor_mailed(site: Site, server: str) -> None:
    site.append("mysite/settings.py", OBSTACLES + "MIDDLEWARE.pop()")
    mail = site.path / "mail"
    with serving(site, server) as running:
        gone = ask(running, "/health/ready")
        assert (gone.status, mail.read_text()) == (503, "")
        assert "unable to open" not in gone.body
        assert "Database 'default' does not answer: unable to open" in running.output()
        # The same database in a view of the project is an error.
        assert ask(running, "/users/").status == 500
        assert "unable to open" in mail.read_text()


def test_a_probe_needs_no_login_and_no_other_view_is_opened(site: Site, server: str) -> None:
    site.append("mysite/settings.py", OBSTACLES)
    (site.path / "data").mkdir()
    with serving(site, server) as running:
        assert ask(running, "/health/live").status == ask(running, "/health/ready").status == 200
        assert ask(running, "/").status == 302


def test_only_reading_is_allowed_and_nothing_is_stored(site: Site, server: str) -> None:
    engine = "django.contrib.sessions.backends.signed_cookies"
    site.configure(SESSION_ENGINE=engine, SESSION_SAVE_EVERY_REQUEST=True)
    with serving(site, server) as running:
        for path in ("/health/live", "/health/ready"):
            got, head, post = (ask(running, path, method) for method in ("GET", "HEAD", "POST"))
            assert (got.status, head.status) == (200, 200)
            # The project's own protection against forged requests comes first.
            assert post.status == 403
            assert head.body == ""
            assert "no-store" in got.headers["cache-control"]
            assert "set-cookie" not in got.headers
        assert "cache-control" not in ask(running, "/").headers
        assert "set-cookie" in ask(running, "/session/").headers


def test_another_method_is_refused_by_the_view_itself(site: Site) -> None:
    site.append("mysite/settings.py", "MIDDLEWARE = []")
    with serving(site) as running:
        posts = [ask(running, path, "POST") for path in ("/health/live", "/health/ready", "/")]
    assert [post.status for post in posts] == [405, 405, 200]


def test_every_database_is_named(site: Site) -> None:
    path = str(site.path / "missing" / "db")
    other = {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    site.append("mysite/settings.py", f"DATABASES['replica'] = {other!r}")
    with serving(site) as running:
        answer = ask(running, "/health/ready")
    assert answer.status == 503
    assert answer.json["databases"] == {"default": "ok", "replica": "failed"}
    assert path not in answer.body


def test_a_project_without_databases_is_ready(site: Site) -> None:
    site.append("mysite/settings.py", "DATABASES = {}")
    with serving(site) as running:
        answer = ask(running, "/health/ready")
    assert (answer.status, answer.json) == (200, {"ready": True, "databases": {}})


def test_a_process_that_can_start_no_thread_is_ready_again_when_it_can(site: Site) -> None:
    site.write("mysite/urls.py", URLS)
    answers = site.shell(WITHOUT_A_THREAD)

    assert answers.split() == ["200", "503", "200"]


def test_a_database_that_hangs_holds_up_no_other_view(site: Site, server: str) -> None:
    with silent_server() as (port, accepted):
        site.append("mysite/settings.py", HANGING.format(port=port))
        with serving(site, server) as running:
            answers: list[tuple[int, float]] = []

            def probe() -> None:
                start = time.monotonic()
                answers.append((ask(running, "/health/ready").status, time.monotonic() - start))

            probes = [threading.Thread(target=probe) for _ in range(2)]
            for thread in probes:
                thread.start()
            running.until(lambda: accepted)
            start = time.monotonic()
            assert ask(running, "/health/live").status == 200
            assert time.monotonic() - start < 2
            for thread in probes:
                thread.join()

    assert [status for status, _ in answers] == [503, 503]
    assert all(2.5 < seconds < 8 for _, seconds in answers)
    # While one check hangs, probes do not pile up behind the database.
    assert len(accepted) == 1


@contextlib.contextmanager
def silent_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """Accepts connections, and never says a word."""
    accepted: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    accepted.append(listener.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1], accepted
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in accepted:
                connection.close()


# ---- Asking


@dataclass
class Scripted:
    """A server that says the same to every request."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/health/ready"


@contextlib.contextmanager
def answering(*parts: bytes, every: float = 0.0) -> Iterator[Scripted]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scripted = Scripted(listener.getsockname()[1])

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    with listener.accept()[0] as connection:
                        scripted.requests.append(connection.recv(65536))
                        for part in parts:
                            connection.sendall(part)
                            time.sleep(every)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield scripted
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def complaint(url: str, timeout: float = 5.0) -> str:
    with pytest.raises(Unhealthy) as found:
        check_health(url, timeout)
    message = str(found.value)
    assert "\n" not in message
    assert found.value.exit_code == 1
    return message.removeprefix(f"{url}: ")


def test_only_200_is_healthy() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as server:
        check_health(server.url)
    with answering(b"HTTP/1.1 204 No Content\r\n\r\n") as server:
        assert complaint(server.url) == "the server answers 204."
    with answering(b"HTTP/1.1 503 Service Unavailable\r\n\r\n") as server:
        assert complaint(server.url) == "the server answers 503."


def test_a_redirect_is_not_followed() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as target:
        head = f"HTTP/1.1 302 Found\r\nLocation: {target.url}\r\n\r\n".encode()
        with answering(head) as server:
            assert complaint(server.url) == (f"the server answers 302, a redirect to {target.url}.")
        assert target.requests == []


def test_a_server_that_is_late_is_unhealthy() -> None:
    with answering(b"", every=3) as server:
        assert complaint(server.url, 0.5) == "no answer within 0.5 seconds."


def test_a_server_that_keeps_sending_is_late_as_well() -> None:
    head = b"HTTP/1.1 200 OK\r\nX: "
    with answering(head, *([b"a"] * 20), every=0.2) as server:
        start = time.monotonic()
        assert complaint(server.url, 0.6) == "no answer within 0.6 seconds."
        assert time.monotonic() - start < 1.5


def test_what_does_not_speak_http_is_unhealthy() -> None:
    assert complaint(f"http://127.0.0.1:{free_port()}/") == "nothing listens there."
    with answering(b"SSH-2.0-OpenSSH\r\n") as server:
        assert complaint(server.url).startswith("no answer in HTTP: ")
        assert complaint(server.url.replace("http", "https", 1)).startswith("TLS fails: ")


def test_no_proxy_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    with (
        answering(b"HTTP/1.1 200 OK\r\n\r\n") as server,
        answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy,
    ):
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        check_health(server.url)
        # Whoever minds the variable meets the proxy.
        assert curl(server.url) == "502"
        assert len(server.requests) == len(proxy.requests) == 1


def curl(url: str) -> str:
    from urllib.error import HTTPError
    from urllib.request import build_opener

    with pytest.raises(HTTPError) as error:
        # urlopen() keeps the proxies of its first call.
        build_opener().open(url, timeout=5)
    return str(error.value.code)


@pytest.mark.parametrize(
    "url", ["/health/ready", "8000/health", "127.0.0.1:8000", "ftp://a/", "http://", "http://a:b/"]
)
def test_a_url_must_be_whole(url: str) -> None:
    with pytest.raises(UsageError, match=r"Write http://127\.0\.0\.1:8000/health/ready, say"):
        check_health(url)


def test_a_url_is_written_as_urls_are() -> None:
    """What would have to be encoded first could be meant in two ways."""
    for path, encoded in (("/grün ?a= ", r"/gr%C3%BCn%20\?a=%20"), ("/\udcff", "/%FF")):
        with pytest.raises(UsageError, match=rf"Write http://127\.0\.0\.1:8000{encoded}$"):
            check_health(f"http://127.0.0.1:8000{path}")
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as server:
        check_health(server.url + "gr%C3%BCn?a=[1]&b=~")


def test_a_probe_of_localhost_is_taken_for_a_visitor(site: Site) -> None:
    hosts, proxy = [".example.com"], ("HTTP_X_FORWARDED_PROTO", "https")
    site.configure(ALLOWED_HOSTS=hosts, SECURE_PROXY_SSL_HEADER=proxy, SECURE_SSL_REDIRECT=True)
    site.configure(DEBUG=False)
    with serving(site) as running:
        url = f"http://127.0.0.1:{running.port}/health/ready"
        assert complaint(url) == (
            "the server answers 400; the Host that was sent may not be in ALLOWED_HOSTS."
        )
        with pytest.raises(
            Unhealthy, match=r"301, a redirect to https://example.com/.* \(see SECURE_REDIRECT"
        ):
            check_health(url, headers=headers_for(url, hosts))
        check_health(url, headers=headers_for(url, hosts, proxy))


HOSTS = [
    ("http://127.0.0.1:8000/", ["*"], "127.0.0.1:8000"),
    ("http://127.0.0.1:8000/", [], "127.0.0.1:8000"),
    ("http://127.0.0.1:8000/", ["example.com", "127.0.0.1"], "127.0.0.1:8000"),
    ("http://127.0.0.1:8000/", ["example.com", "www.example.com"], "example.com"),
    ("http://127.0.0.1:8000/", [".example.com"], "example.com"),
    ("http://www.example.com/", [".example.com"], "www.example.com"),
    ("http://[::1]:8000/", ["[::1]"], "[::1]:8000"),
]


@pytest.mark.parametrize(("url", "allowed", "host"), HOSTS)
def test_the_host_is_one_that_the_project_accepts(url: str, allowed: list[str], host: str) -> None:
    assert headers_for(url, allowed) == {"Host": host}


def test_a_probe_imports_no_settings(site: Site) -> None:
    code = "import sys, django_prodserver.probes; print('django.conf' in sys.modules)"
    environ = {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert site.run(sys.executable, "-c", code, env=environ).stdout == "False\n"
    with_settings = code.replace("django_prodserver.probes", "django.conf")
    assert site.run(sys.executable, "-c", with_settings, env=environ).stdout == "True\n"
