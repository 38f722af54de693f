from __future__ import annotations

from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings

from tests.django_prodserver import settings as test_settings
from tests.django_prodserver.site import Site

if TYPE_CHECKING:
    from pathlib import Path

if not settings.configured:
    names = [name for name in dir(test_settings) if name.isupper()]
    settings.configure(**{name: getattr(test_settings, name) for name in names})
    django.setup()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site.create(tmp_path)
