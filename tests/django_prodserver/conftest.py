from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings

from tests.django_prodserver import settings as test_settings
from tests.django_prodserver.site import VIEWS, Site

if TYPE_CHECKING:
    from pathlib import Path

if not settings.configured:
    names = [name for name in dir(test_settings) if name.isupper()]
    settings.configure(**{name: getattr(test_settings, name) for name in names})
    django.setup()


@pytest.fixture(scope="session")
def startproject(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as a reader has it after adding the app, plus views that tests ask questions."""
    path = tmp_path_factory.mktemp("startproject")
    command = [sys.executable, "-m", "django", "startproject", "mysite", str(path)]
    subprocess.run(command, check=True, timeout=60)
    site = Site(path, path)
    site.write("mysite/urls.py", VIEWS)
    site.append("mysite/settings.py", "INSTALLED_APPS += ['django_prodserver']")
    return path


@pytest.fixture
def site(startproject: Path, tmp_path: Path) -> Site:
    path, home = tmp_path / "project", tmp_path / "home"
    home.mkdir()
    shutil.copytree(startproject, path)
    return Site(path, home)
