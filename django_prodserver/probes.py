"""Asking a running server whether it is well, as a container does every few seconds.

It needs neither settings nor Django to be set up, so it is fast, and no ``curl`` in the image.
"""

import http.client
import ssl
import threading
from collections.abc import Mapping, Sequence
from string import punctuation
from urllib.parse import SplitResult, quote, urlsplit

from django_prodserver.exceptions import LaunchError, UsageError
from django_prodserver.spelling import in_one_line, quoted

__all__ = ["Unhealthy", "check_health", "headers_for"]

EXAMPLE = "http://127.0.0.1:8000/health/ready"


class Unhealthy(LaunchError):
    """The server is not well; the message is one line. Exit code 1."""


def check_health(
    url: str, timeout: float = 5.0, *, headers: Mapping[str, str] | None = None
) -> None:
    """Returns when a GET of the URL is answered with 200 within so many seconds.

    Nothing but the status is read. No proxy is asked, and no redirect followed.
    ``headers`` replace those that are sent, such as ``Host``.

    Raises:
        Unhealthy: there is no answer in time, or another one.
        UsageError: the URL is not a whole one, or has characters that must be encoded.
    """
    parts = _parts(url)
    outcomes: list[Exception | tuple[int, str]] = []

    def ask() -> None:
        try:
            outcomes.append(_status(parts, timeout, headers or {}))
        except (OSError, http.client.HTTPException, ValueError) as error:
            outcomes.append(error)

    # A server that sends a byte now and then, and a slow look-up of the name, end no socket's
    # time limit. The thread ends with this process.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    problem = _problem(outcomes[0], timeout) if outcomes else _late(timeout)
    if problem:
        raise Unhealthy(f"{url}: {problem}")


def headers_for(
    url: str, allowed_hosts: Sequence[str], proxy_ssl_header: tuple[str, str] | None = None
) -> dict[str, str]:
    """Returns the headers with which a project takes a probe for a request of its visitors.

    The arguments are ``ALLOWED_HOSTS`` and ``SECURE_PROXY_SSL_HEADER``.
    ``Host`` is that of the URL if it is allowed, else the first that is. The other header says
    that the visitor came by HTTPS, so ``SECURE_SSL_REDIRECT`` has nothing to do.

    Raises:
        UsageError: the URL is not a whole one.
    """
    # A probe that needs no settings does not need this either.
    from django.http.request import split_domain_port, validate_host  # noqa: PLC0415

    host = _parts(url).netloc.rpartition("@")[2]
    if not validate_host(split_domain_port(host)[0], allowed_hosts):
        host = next((known.removeprefix(".") for known in allowed_hosts if known), host)
    if not proxy_ssl_header:
        return {"Host": host}
    name, value = proxy_ssl_header
    return {"Host": host, name.removeprefix("HTTP_").replace("_", "-"): value}


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"{quoted(url)} is not a whole URL. Write {EXAMPLE}, say.")
    encoded = quote(_target(parts), safe=punctuation, errors="surrogateescape")
    if encoded != _target(parts):
        whole_url = f"{parts.scheme}://{parts.netloc}{encoded}"
        raise UsageError(f"{quoted(url)} has characters that a URL cannot have. Write {whole_url}")
    return parts


def _target(parts: SplitResult) -> str:
    """Returns what stands behind the name of the machine."""
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def _status(parts: SplitResult, timeout: float, headers: Mapping[str, str]) -> tuple[int, str]:
    """Returns the status of the answer, and the place that it redirects to or an empty string."""
    https = parts.scheme == "https"
    connect = http.client.HTTPSConnection if https else http.client.HTTPConnection
    connection = connect(str(parts.hostname), parts.port, timeout=timeout)
    try:
        connection.request("GET", _target(parts), headers={"Connection": "close", **headers})
        response = connection.getresponse()
        return response.status, response.getheader("Location") or ""
    finally:
        connection.close()


def _problem(outcome: Exception | tuple[int, str], timeout: float) -> str:
    """Returns what is wrong with an outcome; an empty string: nothing."""
    match outcome:
        case (int(status), str(place)):
            return "" if status == 200 else f"the server answers {status}{_hint(status, place)}."
        case TimeoutError():
            return _late(timeout)
        case ssl.SSLError():
            return f"TLS fails: {in_one_line(outcome)}."
        case ConnectionRefusedError():
            return "nothing listens there."
    return f"no answer in HTTP: {in_one_line(outcome) or type(outcome).__name__}."


def _hint(status: int, place: str) -> str:
    if status == 400:
        return "; the Host that was sent may not be in ALLOWED_HOSTS"
    if place.startswith("https:"):
        return f", a redirect to {in_one_line(place)} (see SECURE_REDIRECT_EXEMPT)"
    return f", a redirect to {in_one_line(place)}" if place else ""


def _late(timeout: float) -> str:
    return f"no answer within {timeout:g} seconds."
