"""The directive ``python-module``: everything public of a module, from its docstrings.

::

    ```{python-module} django_prodserver.launch
    ```

Autodoc makes it. What it does not know: our docstrings list exceptions below ``Raises:``, and our
signatures name types such as ``collections.abc.Sequence``. Nobody wrote a reference there, and the
inventories hold only what pages refer to, so such a name stays plain text.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import sys
from importlib import import_module
from inspect import isclass, isroutine
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, get_origin

from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["PythonModule", "is_plain", "with_raises"]

# Beside the standard library: what our own signatures mention.
_PACKAGES = frozenset({"django"})

_RAISED = re.compile(r"    (?P<name>[\w.]+): (?P<when>.*)")


class PythonModule(SphinxDirective):
    """Shows what a module has in ``__all__``.

    With ``inherited-from`` its classes show what they inherit, up to a class of that name.
    """

    required_arguments = 1
    option_spec: ClassVar[Any] = {"inherited-from": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return what autodoc makes of the module."""
        path = self.arguments[0]
        values = _values(path)
        lines = [f".. automodule:: {path}", "   :members:"]
        if values:
            lines.append(f"   :exclude-members: {', '.join(values)}")
        if base := self.options.get("inherited-from"):
            lines.append(f"   :inherited-members: {base}")
        # Autodoc would leave out values without a docstring, such as a type of another module.
        for name in values:
            lines += ["", f".. autodata:: {path}.{name}"]
        # Autodoc writes reStructuredText.
        return self.parse_text_to_nodes("\n".join(["```{eval-rst}", *lines, "```"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and answer for outside names after everybody else."""
    app.add_directive("python-module", PythonModule)
    app.connect("autodoc-process-docstring", _process_docstring)
    app.connect("autodoc-process-signature", _process_signature)
    app.connect("missing-reference", _leave_text, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _values(path: str) -> list[str]:
    """Return the public names of a module that are neither classes nor functions."""
    module = import_module(path)
    return [
        name
        for name in module.__all__
        if get_origin(value := getattr(module, name)) or not (isclass(value) or isroutine(value))
    ]


def _process_docstring(
    _app: Sphinx, _kind: str, name: str, _object: object, _options: object, lines: list[str]
) -> None:
    lines[:] = with_raises(lines, _exceptions(name.partition(".")[0]))


def _exceptions(package: str) -> dict[str, str]:
    """Return the path of each exception that the imported modules of a package define."""
    return {
        name: f"~{path}.{name}"
        for path, module in list(sys.modules.items())
        if path.partition(".")[0] == package
        for name, value in vars(module).items()
        # Not isinstance(): it would wake a lazy object, such as Django's settings.
        if type(value) is type and issubclass(value, BaseException) and value.__module__ == path
    }


def with_raises(lines: list[str], paths: dict[str, str]) -> list[str]:
    """Return a docstring whose ``Raises:`` section is a list that Sphinx understands.

    ``paths`` tell what to refer to for the name of an exception.
    """
    if "Raises:" not in lines:
        return lines
    start = lines.index("Raises:")
    section = [
        f"* :exc:`{paths.get(match['name'], match['name'])}`: {match['when']}"
        if (match := _RAISED.fullmatch(line))
        else line
        for line in lines[start + 1 :]
    ]
    return [*lines[:start], "Raises:", "", *section]


def _process_signature(*event: Any) -> tuple[str | None, str | None]:
    """Return a signature in which a default that a dataclass makes anew is Python, too."""
    signature, returned = event[-2:]
    return signature and signature.replace("<factory>", "..."), returned


def _leave_text(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.TextElement | None:
    if node.get("refdomain") == "py" and is_plain(node["reftarget"], node["reftype"]):
        return content
    return None


def is_plain(target: str, kind: str) -> bool:
    """Tell whether it is a name of another project, an inner module or a type variable."""
    module, _, name = target.rpartition(".")
    if kind == "mod":
        return importlib.util.find_spec(target) is not None
    if module.partition(".")[0] in sys.stdlib_module_names | _PACKAGES:
        return True
    # The page may have been read by an earlier build, which imported the module.
    with contextlib.suppress(ImportError, ValueError):
        return isinstance(getattr(import_module(module), name, None), TypeVar)
    return False
