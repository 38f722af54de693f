"""An incremental build is what a clean build is, whatever was edited before."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.conf.engine.edits import EDITS, Pick, Step
from tests.conf.engine.judge import Command, MismatchError, Trial, run_sequence
from tests.conf.engine.mishaps import MISHAPS
from tests.conf.engine.model import Flavor, small_project
from tests.conf.engine.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAVORS: tuple[Flavor, ...] = ("plain", "furo")
# So many edits between two builds: the site tells of each of them.
TOGETHER = 9


@pytest.fixture(scope="module")
def runners() -> Iterator[tuple[Warm, Warm]]:
    """Two warm processes, so that both builds of a comparison run at once."""
    with Warm() as living, Warm() as clean:
        yield living, clean


def dealt(flavor: Flavor) -> list[Step]:
    """Return steps of a flavor: those of all hold every edit and every mishap once.

    After each step one repairs: a failed build has no site to compare. The soak searches for
    other orders, and tries every kind with every flavor.
    """
    source = random.Random(1)
    kinds = sorted((EDITS.keys() | MISHAPS.keys()) - {"repair"})
    source.shuffle(kinds)
    edits = [(kind, source.randrange(10_000)) for kind in kinds[FLAVORS.index(flavor) :: 2]]
    steps = [tuple(edits[at : at + TOGETHER]) for at in range(0, len(edits), TOGETHER)]
    return [part for step in steps for part in (step, (("repair", 0),))]


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.timeout(600)
def test_incremental_builds_equal_clean_builds(
    flavor: Flavor, runners: tuple[Warm, Warm], tmp_path: Path
) -> None:
    run_sequence(tmp_path / "trial", flavor, dealt(flavor), *runners)


@pytest.mark.timeout(300)
def test_the_command_itself_builds_what_a_clean_build_does(
    runners: tuple[Warm, Warm], tmp_path: Path
) -> None:
    broken = (("change_title", 1), ("break_reference", 2))
    steps: list[Step] = [broken, (("kill_build", 3), ("repair", 4))]
    run_sequence(tmp_path / "trial", "furo", steps, Command(), runners[1])


class Forgetful(Warm):
    """A build that loses one line: what a page says that has just changed."""

    def finish(self) -> int:
        code = super().finish()
        for page in self.site.rglob("one.html"):
            page.write_text(page.read_text("utf-8").replace("Other words", "Old words"), "utf-8")
        return code

    site: Path


def test_a_stale_page_is_seen(runners: tuple[Warm, Warm], tmp_path: Path) -> None:
    with Forgetful() as living:
        living.site = tmp_path / "trial/living/build/site"
        with pytest.raises(MismatchError, match=r"the sites differ(.|\n)*Other words"):
            run_sequence(tmp_path / "trial", "plain", _edits_of("one"), living, runners[1])


def _edits_of(name: str) -> list[Step]:
    """Return an edit that changes the text of a page of this name."""
    for seed in range(1000):
        project = small_project("plain")
        if f"/{name}." in EDITS["change_text"](project, Pick(seed)):
            return [(("change_text", seed),)]
    raise AssertionError(name)


def test_every_edit_can_follow_every_other() -> None:
    for seed in range(300):
        source = random.Random(seed)
        project = small_project(source.choice(FLAVORS))
        for name in source.sample(sorted(EDITS), 12):
            EDITS[name](project, Pick(source.randrange(1000)))
            assert project.files()


def test_writing_touches_only_what_changed(runners: tuple[Warm, Warm], tmp_path: Path) -> None:
    trial = Trial(tmp_path / "trial", "plain", *runners)
    before = {path: path.stat().st_mtime_ns for path in trial.sources()}
    trial.edit_something(Pick(0))
    after = {path: path.stat().st_mtime_ns for path in trial.sources()}
    assert 0 < len(after.items() - before.items()) < len(after) / 2
