"""The shortcuts through Furo and Sphinx make what stock code makes."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CONF = """\
project = "Trees"
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
html_theme = "furo"
"""

TABLE = """\
[tool.docset]
title = "Trees"
url = "https://docs.example.org/"

[[tool.docset.roots]]
name = "trees"
path = "trees"
title = "Trees"
"""

PAGES = {
    "index.md": """\
# Start & `end` "here"

```{toctree}
:caption: First <part>

guide/index
lonely
```

```{toctree}
:caption: Second
:hidden:
:numbered:

deep/one/two/leaf
A title of its own <other>
Elsewhere <https://example.org/?a=1&b=2>
twice
self
```
""",
    "guide/index.md": """\
# Guide

```{toctree}
:titlesonly:

first
/guide/nested/index
```
""",
    "guide/first.md": """\
# First

## Not in the tree

```python
print("one")
```

```{code-block} python
:emphasize-lines: 2
:linenos:

print("one")
print("two")
```

```{code-block} ini
:caption: settings.ini

[server]
port = 8000
```

A paragraph with `code`, *emphasis* and {index}`an entry`.
""",
    "guide/nested/index.md": "# Nested\n\n```{toctree}\n:glob:\n\n*\n```\n",
    "guide/nested/a.md": "# A > B\n",
    "guide/nested/b.md": "# *B*\n\n```{toctree}\n/twice\n```\n",
    "lonely.md": "# Lonely\n",
    "deep/one/two/leaf.md": "# Leaf\n",
    "other.md": "# Other\n",
    "twice.md": "# Twice\n",
    "orphan.md": "---\norphan: true\n---\n\n# Orphan\n",
}


@pytest.fixture(scope="module", name="project")
def _project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("trees")
    (project / "pyproject.toml").write_text(TABLE)
    for name, text in {"conf.py": CONF, **PAGES}.items():
        path = project / "trees" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return project


@pytest.fixture(scope="module", name="stock")
def _stock(project: Path) -> Path:
    output = project / "stock"
    command = [sys.executable, "-m", "sphinx", "-q", str(project / "trees"), str(output)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return output


RUN = "import sys; from docset.cli import run; sys.exit(run(sys.argv[1:]))"
OTHER_FURO = "import furo; furo.__version__ = '2099.1'"
OTHER_SPHINX = "import sphinx; sphinx.version_info = (99, 1, 0, 'final', 0)"


def build(project: Path, *options: str, first: str = "") -> subprocess.CompletedProcess[str]:
    """Run the engine; ``first`` is what its interpreter runs before it."""
    program = f"{first}; {RUN}" if first else RUN
    arguments = ["build", "--project", str(project), *options]
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def tree(page: Path) -> str:
    match = re.search(r'<div class="sidebar-tree">(.*?)</div>', page.read_text("utf-8"), re.DOTALL)
    assert match, f"{page} has no navigation"
    return match[1]


def pages_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def test_navigation_is_what_stock_furo_renders_on_every_page(project: Path, stock: Path) -> None:
    build(project, "--clean")
    ours = project / "build" / "docset" / "roots" / "trees" / "html"

    assert pages_of(ours) == pages_of(stock)
    assert len(pages_of(ours)) == len(PAGES) + len(["genindex", "search"])
    for name in pages_of(stock):
        assert tree(ours / name) == tree(stock / name), name


def test_trees_differ_from_page_to_page(stock: Path) -> None:
    """Otherwise the test above would compare nothing."""
    trees = {tree(stock / name) for name in pages_of(stock)}
    assert len(trees) >= len(PAGES)


def test_every_file_is_what_stock_sphinx_writes(project: Path, stock: Path) -> None:
    build(project, "--clean")
    assert_same_files(project / "build" / "docset" / "roots" / "trees" / "html", stock)


def assert_same_files(ours: Path, stock: Path) -> None:
    names = [path.relative_to(stock) for path in stock.rglob("*") if path.is_file()]
    kept = [name for name in names if name.name != ".buildinfo" and ".doctrees" not in name.parts]
    assert kept
    for name in kept:
        assert (ours / name).read_bytes() == (stock / name).read_bytes(), name


def test_an_unknown_version_of_furo_is_told_and_rendered_by_stock_code(
    project: Path, stock: Path
) -> None:
    result = build(project, "--clean", first=OTHER_FURO)
    ours = project / "build" / "docset" / "roots" / "trees" / "html"

    assert result.stderr.count("Furo 2099.1 was not measured") == 1
    assert tree(ours / "guide/nested/a.html") == tree(stock / "guide/nested/a.html")


def test_known_versions_are_not_told(project: Path) -> None:
    assert "was not measured" not in build(project, "--clean").stderr


def test_an_unknown_version_of_sphinx_is_told_and_builds_what_stock_sphinx_does(
    project: Path, stock: Path
) -> None:
    result = build(project, "--clean", first=OTHER_SPHINX)

    assert result.stderr.count("was not measured: what changed is built afresh") == 1
    assert_same_files(project / "build" / "docset" / "roots" / "trees" / "html", stock)


def test_a_root_that_changed_is_read_as_a_whole_with_an_unknown_version_of_sphinx_only(
    project: Path,
) -> None:
    page = project / "trees" / "other.md"
    build(project)

    page.write_text("# Other\n\nOne more sentence.\n")
    assert "trees: 1 read\n" in build(project).stdout

    page.write_text(PAGES["other.md"])
    assert f"trees: {len(PAGES)} read\n" in build(project, first=OTHER_SPHINX).stdout
