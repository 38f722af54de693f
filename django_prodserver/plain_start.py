"""The short way from the console script to a server: for a start about which nothing is to be said.

It makes the same launch as the command and runs it, and needs neither Django's management commands
nor its settings, which take longer to load than all the rest.
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import AppRegistryNotReady

from django_prodserver.backends import backend_for
from django_prodserver.exceptions import ConfigurationError, LaunchError, UsageError
from django_prodserver.project import Project, import_directories

__all__ = ["start_plainly"]


def start_plainly(
    settings: object,
    environ: Mapping[str, str],
    name: str | None,
    pythonpath: str | None,
    overrides: Sequence[str],
) -> None:
    """Starts the process of that name; returns when it is not as simple as that.

    It returns for a process that runs inside the command, for one that has notes or needs Django to
    be set up, and for every mistake. The command finds the same again, and says it.
    """
    try:
        directories = import_directories(pythonpath)
        project = Project.from_settings(*directories, environ=environ, settings=settings)
        backend = backend_for(project, name, overrides)
        if not backend.in_process and not backend.launch().notes:
            backend.start_server(*backend.prep_server_args())
    except (AppRegistryNotReady, ConfigurationError, LaunchError, UsageError):
        return
