"""The page that shows what the checks of prose demand: made from the checks themselves."""

from __future__ import annotations

from docset.prose.check import Case, Check
from prose_checks import description, table

CHECK = Check(
    rule="House.Roof",
    level="error",
    demand="A house has a ``roof``.",
    reason="It rains.",
    modes=frozenset({"how-to", "tutorials"}),
    firing=[Case("# A\n\n```text\nno roof\n```\n", others={"rain.md": "# Rain\n"})],
    silent=[Case("# B\n", others={"rain.md": "# Rain\n"})],
    find=lambda page, site: (),
)


def test_the_table_names_the_rule_its_pages_and_its_demand() -> None:
    assert list(table([CHECK]))[2] == (
        "| [`House.Roof`](#structure-house-roof) | how-to, tutorials | A house has a `roof`. |"
    )


def test_a_section_says_what_is_found_and_what_is_accepted() -> None:
    text = "\n".join(description(CHECK))
    assert text.startswith("A house has a `roof`.\n\nIt rains.\n")
    found, accepted = text.split("Accepted:")
    assert "``````markdown\n# A\n\n```text\nno roof\n```\n``````" in found
    assert "where the page `rain.md` is:\n\n``````markdown\n# Rain\n``````" in found
    assert "``````markdown\n# B\n``````" in accepted
    assert "rain.md" not in accepted
