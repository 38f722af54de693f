"""The views of a fresh project."""

import os
import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from django_prodserver.testing.work import work

__all__ = ["urlpatterns"]


def hello(_: HttpRequest) -> HttpResponse:
    """Answers ``hello``."""
    return HttpResponse("hello")


def cookie(_: HttpRequest) -> HttpResponse:
    """Answers ``hello`` with a cookie of the name ``visitor``."""
    response = HttpResponse("hello")
    response.set_cookie("visitor", "you")
    return response


def slow(request: HttpRequest) -> HttpResponse:
    """Answers ``finished`` after ``?seconds=``; see :func:`work` for ``?name=``."""
    work(request.GET.get("name", "slow"), float(request.GET.get("seconds", "1")))
    return HttpResponse("finished")


def facts(_: HttpRequest) -> JsonResponse:
    """Answers what the process knows of itself, as JSON."""
    return JsonResponse(
        {
            "pid": os.getpid(),
            "parent": os.getppid(),
            "cwd": os.getcwd(),  # noqa: PTH109 - plain text
            "greeting": getattr(settings, "GREETING", None),
            "settings": os.environ["DJANGO_SETTINGS_MODULE"],
            "environ": dict(os.environ),
            "path": sys.path,
        }
    )


urlpatterns = [
    path("", hello),
    path("cookie/", cookie),
    path("slow/", slow),
    path("facts/", facts),
]
