"""Views that tell a load balancer or a container whether the project answers.

``path("health/", include("django_prodserver.health"))`` in the URLconf gives ``/health/live`` and
``/health/ready``.
Both answer GET and HEAD to anybody, and tell nothing but the names of the databases.
"""

import logging
import threading
from concurrent.futures import Future, wait

from django.contrib.auth.decorators import login_not_required
from django.db import connections, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.log import log_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

__all__ = ["app_name", "live", "ready", "urlpatterns"]

SECONDS = 3.0
"""How long a database may take to answer."""

logger = logging.getLogger(__name__)
# The checks that run, by the alias of the database: while one hangs, no other joins it.
running: dict[str, Future[bool]] = {}
lock = threading.Lock()


@transaction.non_atomic_requests
@login_not_required
@never_cache
@require_safe
def live(_: HttpRequest) -> JsonResponse:
    """Answers 200 while the process answers at all: ``{"live": true}``."""
    return JsonResponse({"live": True})


# ATOMIC_REQUESTS would ask the database before the view does.
@transaction.non_atomic_requests
@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answers 200 when every database of the settings answers, else 503.

    The body is ``{"ready": false, "databases": {"default": "failed"}}``; a database is ``ok`` or
    ``failed``. One that does not answer within three seconds has failed.
    A connection that hangs is waited for by all: give ``OPTIONS`` a ``connect_timeout``, where the
    driver has it, to be ready soon after the database is back.
    """
    checks = {alias: _check(alias) for alias in connections if not _is_dummy(alias)}
    wait(checks.values(), timeout=SECONDS)
    answers = {alias: check.done() and check.result() for alias, check in checks.items()}
    databases = {alias: "ok" if answer else "failed" for alias, answer in answers.items()}
    return _response(request, databases)


def _response(request: HttpRequest, databases: dict[str, str]) -> JsonResponse:
    failed = [alias for alias, answer in databases.items() if answer != "ok"]
    body = {"ready": not failed, "databases": databases}
    response = JsonResponse(body, status=503 if failed else 200)
    if failed:
        # As an error, which a 503 is to Django, every probe would be a mail to the administrators.
        log_response(
            "Not ready: no answer of %s",
            ", ".join(failed),
            response=response,
            request=request,
            level="warning",
        )
    return response


def _is_dummy(alias: str) -> bool:
    """Whether this stands for the database of a project that has none."""
    return bool(connections.settings[alias]["ENGINE"] == "django.db.backends.dummy")


def _check(alias: str) -> "Future[bool]":
    """Returns whether a database answers, in the future.

    A connection belongs to a thread, and may wait for long: so the check has one of each.
    Neither the view waits longer than it wants, nor the process when it is to end.
    """
    with lock:
        return running.get(alias) or _begun(alias)


def _begun(alias: str) -> "Future[bool]":
    check: Future[bool] = Future()
    try:
        threading.Thread(target=_answer, args=(alias, check), daemon=True).start()
    # So many run that there can be no other, at the moment.
    except RuntimeError as error:
        logger.warning("Database %r is not asked: %s", alias, error)
        check.set_result(False)
    else:
        running[alias] = check
    return check


def _answer(alias: str, check: "Future[bool]") -> None:
    answer = False
    # Whatever a driver does, it is asked again the next time.
    try:
        answer = _answers(alias)
    finally:
        with lock:
            del running[alias]
        check.set_result(answer)


def _answers(alias: str) -> bool:
    try:
        connection = connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            connection.close()
    # A driver may fail with anything; whatever it is, the database does not answer.
    except Exception as error:  # noqa: BLE001
        logger.warning("Database %r does not answer: %s", alias, error)
        return False
    return True


app_name = "health"
urlpatterns = [path("live", live, name="live"), path("ready", ready, name="ready")]
