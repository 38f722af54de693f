"""What every check finds on one page, for the preview to show beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from docset.project import Project
    from docset.prose.alerts import Alert

__all__ = ["alerts_at"]


def alerts_at(project: Project, address: str) -> Sequence[str]:
    """Return the alerts on the page at an address of the site, such as ``/guides/install.html``.

    A mistake in what configures the checks is an alert, too. Nothing is found on a page that has
    no source, such as a general index.
    """
    file = _source(project, address)
    if file is None:
        return ()
    try:
        return [str(alert) for alert in sorted(set(_alerts(project, file)))]
    except (ProjectError, OSError) as error:
        return [f"the checks cannot run: {error}"]


def _source(project: Project, address: str) -> Path | None:
    name, _, page = address.lstrip("/").partition("/")
    docname = f"{page}index.html" if page.endswith("/") or not page else page
    for root in project.roots:
        file = root.path / f"{docname.removesuffix('.html')}.md"
        if root.name == name and file.is_file() and file.resolve().is_relative_to(root.path):
            return file
    return None


def _alerts(project: Project, file: Path) -> Sequence[Alert]:
    # Imported when a page asks: a preview starts without them.
    from docset.formatter import rumdl  # noqa: PLC0415
    from docset.prose.report import alerts  # noqa: PLC0415
    from docset.prose.site import of_project  # noqa: PLC0415
    from docset.spelling.check import alerts as misspellings  # noqa: PLC0415

    path = project.relative(file)
    texts = {path: file.read_text("utf-8")}
    return [
        *alerts(project, of_project(project), [path]),
        *rumdl.alerts(project, texts),
        *misspellings(project, texts),
    ]
