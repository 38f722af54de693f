"""Another project may use the plugin: it needs a table of roots, and nothing of ours."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import docset.pages
from docset.pages.metadata import KEYS
from docset.project import PageRules

if TYPE_CHECKING:
    from tests.conf.pages.conftest import Site

PAGE = """
# Our shop

% test: setup: mkdir work && cd work

```{code-block} python
:caption: work/shop.py

PRICE = 1
```

```{code-block} python
:caption: work/shop.py (replace PRICE)

PRICE = 2
```

```console
$ python3 -c 'import shop; print(shop.PRICE)'
2
```

```pycon
>>> import shop
>>> shop.PRICE
2
```

```{literalinclude} ../../examples/shop/settings.toml
:language: toml
:start-after: "# for readers"
```

% test: copy: examples/shop

```console
$ cat ~/shop/settings.toml
...
open = true
```

```json
{"open": true}
```

% test: skip: needs a till, which is no program

```console
$ till
```

% test: port: {port}

```{code-block} console
:caption: Terminal 2

$ python3 -m http.server {port}
...
```
"""


def test_a_small_project_of_somebody_else_runs_its_pages(site: Site, port: int) -> None:
    site.write("examples/shop/settings.toml", "secret = 1\n# for readers\nopen = true\n")
    site.write("learn/shop/first.md", PAGE.replace("{port}", str(port)))
    with (site.directory / "pyproject.toml").open("a") as file:
        file.write('[tool.docset.pages]\nexamples = ["examples"]\ncoverage = "kept.toml"\n')
    for arguments in (("--ratchet-pages",), ("-n", "2")):
        result = site.pytest(*arguments)
        assert result.returncode == 0, result.stdout
        assert (
            "learn/shop: 1 pages, 9 blocks, 4 executed, 3 files, 1 validated, 1 skipped, "
            "5 commands\n  skipped learn/shop/first.md:" in result.stdout
        )


def test_the_description_names_every_key() -> None:
    text = docset.pages.__doc__ or ""
    keys = {*KEYS, *(field.name.replace("_", "-") for field in fields(PageRules))}
    assert not {key for key in keys if f"``{key}:" not in text and f"``{key}``" not in text}
