"""The rules of the folder ``styles`` as their files describe them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).parent.parent.parent
STYLES = REPOSITORY / "styles"


@dataclass(frozen=True)
class Rule:
    """A rule of Vale: its name, such as ``Beginner.Latin``, and what its file says."""

    name: str
    definition: dict[str, Any]

    @property
    def style(self) -> str:
        return self.name.partition(".")[0]

    @property
    def scope(self) -> str:
        """Which text it reads; ``text`` is all prose."""
        return str(self.definition.get("scope", "text"))

    @property
    def cases(self) -> list[dict[str, Any]]:
        return list(self.definition["tests"])

    @property
    def phrase(self) -> str:
        """The first example that fires and is one line, without the mark of a heading."""
        examples = [str(case["input"]).strip() for case in self.cases if case.get("want") != ""]
        return min(examples, key=lambda example: "\n" in example).removeprefix("## ")


def rules() -> list[Rule]:
    """Return every rule, by name."""
    return [
        Rule(f"{file.parent.name}.{file.stem}", yaml.safe_load(file.read_text("utf-8")))
        for file in sorted(STYLES.glob("*/*.yml"))
        if not file.name.endswith(".test.yml")
    ]
