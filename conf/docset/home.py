"""The landing page of the joined site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from docset.project import ProjectError

if TYPE_CHECKING:
    from docset.project import Project
    from docset.site import Site

_TEMPLATE = "index.html"

_DEFAULT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ project.title }}</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.6 }
body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
</style>
</head>
<body>
<h1>{{ project.title }}</h1>
<ul>
{%- for root in project.roots %}
<li><a href="{{ root.name }}/index.html">{{ root.title }}</a></li>
{%- endfor %}
</ul>
</body>
</html>
"""


def add(site: Site, project: Project) -> None:
    """Add the landing page, and what lies beside its template, to the site.

    Raise ProjectError when the template cannot be rendered.
    """
    environment = Environment(
        loader=FileSystemLoader(project.home or []), autoescape=True, undefined=StrictUndefined
    )
    if project.home is not None:
        site.add_tree("", project.home)
        site.files.pop(_TEMPLATE, None)
        for part in project.home.glob("_*"):
            # A leading underscore marks a part that templates include, not a page.
            site.files.pop(part.name, None)
    try:
        own = project.home is not None and (project.home / _TEMPLATE).is_file()
        template = environment.get_template(_TEMPLATE) if own else environment.from_string(_DEFAULT)
        site.content[_TEMPLATE] = template.render(project=project).encode()
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"{project.home}/{_TEMPLATE}" + (f":{line}" if line else "")
        raise ProjectError(f"{place}: {error}") from None
