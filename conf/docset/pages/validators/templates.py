"""A program that parses a Django template, and the validator that runs it.

The template is parsed in a process of its own, because Django is set up once for a process.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from typing import TYPE_CHECKING

from docset.pages.validators.programs import finished
from docset.pages.validators.text import Finding, MissingProgramError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.pages.validators.text import Text

__all__ = ["parse_template"]

_PROGRAM = """
import json, sys
import django
from django.conf import settings
from django.template import Engine, TemplateSyntaxError
from django.template.backends.django import get_installed_libraries

names = "admin auth contenttypes humanize messages sessions staticfiles".split()
settings.configure(INSTALLED_APPS=[f"django.contrib.{name}" for name in names])
django.setup()
try:
    Engine(debug=True, libraries=get_installed_libraries()).from_string(sys.stdin.read())
except TemplateSyntaxError as error:
    token = getattr(error, "token", None)
    print(json.dumps([token.lineno if token else 1, str(error)]))
"""


def parse_template(text: Text) -> Iterator[Finding]:
    """Parse a template with Django's engine and the tags of Django's own apps."""
    if importlib.util.find_spec("django") is None:
        raise MissingProgramError("django")
    result = finished([sys.executable, "-c", _PROGRAM], text.body)
    if result.returncode:
        yield Finding(1, f"the template cannot be parsed: {result.stderr.strip()}")
    elif result.stdout:
        line, message = json.loads(result.stdout)
        yield Finding(line, f"this is no Django template: {message}")
