"""Imports everything that builds commonly need.

The process that leads a build imports this module before it forks the processes of the roots: what
is imported here is imported one time, not once for each root. What is not installed is left out,
and a module that a project does not use costs nothing but its import.
"""

from __future__ import annotations

import contextlib
import importlib
import io
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name
from sphinx.application import builtin_extensions

if TYPE_CHECKING:
    from collections.abc import Iterable

_MODULES = (
    "sphinx.application",
    "sphinx.builders.html",
    "sphinx.directives.code",
    "sphinx.directives.other",
    "sphinx.directives.patches",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "sphinx.roles",
    "sphinx.search.en",
    "sphinx.transforms.i18n",
    "sphinx.transforms.post_transforms.code",
    "sphinx.transforms.post_transforms.images",
    "docutils.languages.en",
    "docutils.parsers.rst.languages.en",
    "docutils.parsers.rst.states",
    "docutils.writers.html5_polyglot",
    "pygments.formatters.html",
    "pygments.lexers.configs",
    "pygments.lexers.data",
    "pygments.lexers.python",
    "pygments.lexers.shell",
    "pygments.styles.native",
    "furo",
    "jinja2.ext",
    "myst_parser.mdit_to_docutils.sphinx_",
    "myst_parser.parsers.sphinx_",
    "myst_parser.sphinx_ext.directives",
    "myst_parser.sphinx_ext.main",
    "myst_parser.sphinx_ext.mathjax",
    "myst_parser.sphinx_ext.myst_refs",
    "sphinx_basic_ng",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_tabs.tabs",
    "sphinxext.opengraph",
    "docset.navigation",
    "docset.rootbuild",
)

_LANGUAGES = ("bash", "console", "html", "ini", "json", "pycon", "python", "toml", "yaml")


def _import(names: Iterable[str]) -> None:
    # sphinxext.opengraph prints that matplotlib is missing, which nobody asked.
    with contextlib.redirect_stdout(io.StringIO()):
        for name in names:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


_import(_MODULES)
_import(builtin_extensions)
# A lexer compiles its expressions when it is made for the first time.
for _language in _LANGUAGES:
    get_lexer_by_name(_language)
