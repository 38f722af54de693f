"""The Sphinx configuration of every root: ``globals().update(configure("tutorials"))``."""

from __future__ import annotations

import contextlib
import copy
import io
from pathlib import Path
from typing import Any

import outside
import siblings
from docset import project

__all__ = ["configure"]

CONF = Path(__file__).resolve().parent


def configure(name: str) -> dict[str, Any]:
    """Return the configuration of the root of that name in the table of roots.

    Everything that depends on the roots comes from ``[tool.docset]`` in pyproject.toml.
    Raise ProjectError when the table has a mistake or no such root.
    """
    site = project.load(CONF.parent)
    root = site.root(name)
    address = f"{site.url}{root.name}/"
    return {
        "project": f"{site.title}: {root.title}",
        "html_title": root.title,
        "html_baseurl": address,
        "ogp_site_url": address,
        "ogp_site_name": site.title,
        "intersphinx_mapping": outside.mapping(site) | siblings.mapping(site, root),
        "siblings": [sibling.name for sibling in site.roots if sibling != root],
        "html_context": {
            "site": {
                "title": site.title,
                "url": site.url,
                "roots": [(each.name, each.title) for each in site.roots],
                "here": root.name,
            }
        },
        # Extensions add to lists in place, and a process may configure more than once.
        **copy.deepcopy(_WRITING | _REFERENCES | _LOOK),
    }


_WRITING: dict[str, Any] = {
    "language": "en",
    "extensions": [
        "myst_parser",
        "sphinx.ext.autodoc",
        "sphinx.ext.intersphinx",
        "sphinx_copybutton",
        "sphinx_design",
        "sphinx_tabs.tabs",
        "sphinxext.opengraph",
        "docset.pages.notes",
        "backend_table",
        "object_types",
        "option_tables",
        "prose_checks",
        "prose_rules",
        "python_modules",
        "siblings",
        "tested_versions",
    ],
    "exclude_patterns": ["_build"],
    "myst_enable_extensions": ["attrs_block", "attrs_inline", "colon_fence", "deflist"],
    "myst_heading_anchors": 3,
    # Without "D": a pair of hyphens is the beginning of an option, not a dash.
    "smartquotes_action": "qe",
    "highlight_language": "none",
    # Names in signatures are as short as a reader would write them.
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "autodoc_typehints_format": "short",
    # A session is copied as what a reader types: without prompts, without output.
    "copybutton_prompt_text": r"\$ |> |>>> ",
    "copybutton_prompt_is_regexp": True,
    "copybutton_copy_empty_lines": False,
}

_REFERENCES: dict[str, Any] = {
    "nitpicky": True,
    # Names may stand in several inventories: a reference says which one it means.
    "intersphinx_disabled_reftypes": ["*"],
}

_LOOK: dict[str, Any] = {
    "html_theme": "furo",
    "html_static_path": [str(CONF / "static"), str(CONF / "home" / "site.css")],
    "html_favicon": str(CONF / "home" / "favicon.svg"),
    "html_js_files": ["pages.js"],
    "html_css_files": ["site.css", "pages.css"],
    "templates_path": [str(CONF / "templates"), str(CONF / "home")],
    "pygments_style": "github-light-high-contrast",
    "pygments_dark_style": "github-dark",
    "html_permalinks_icon": "#",
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_copyright": False,
    # Furo's own list minus what only asks Read the Docs for advertisements and versions.
    "html_sidebars": {
        "**": [
            "sidebar/brand.html",
            "sidebar/search.html",
            "sidebar/scroll-start.html",
            "sidebar/navigation.html",
            "sidebar/scroll-end.html",
        ]
    },
    "ogp_social_cards": {"enable": False},
}

# Its first import prints a line about missing social cards, even with -q.
with contextlib.redirect_stdout(io.StringIO()):
    import sphinxext.opengraph  # noqa: F401
