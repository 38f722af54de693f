"""An incremental build is what a clean build is, whatever was edited before."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conf.engine.edits import EDITS, Edit, Pick
from tests.conf.engine.judge import Command, MismatchError, Trial, run_sequence
from tests.conf.engine.mishaps import MISHAPS
from tests.conf.engine.model import Flavor, small_project
from tests.conf.engine.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAVORS: tuple[Flavor, ...] = ("plain", "furo")
NUMBERS = itertools.count()
# One step in four repairs: a failed build has no site to compare.
ANY = st.sampled_from(sorted(EDITS.keys() | MISHAPS.keys()))
NAMES = st.one_of(st.just("repair"), ANY, ANY, ANY)
STEPS = st.tuples(NAMES, st.integers(0, 9_999))


@pytest.fixture(scope="module")
def runners() -> Iterator[tuple[Warm, Warm]]:
    """Two warm processes, so that both builds of a comparison run at once."""
    with Warm() as living, Warm() as clean:
        yield living, clean


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.timeout(600)
def test_incremental_builds_equal_clean_builds(
    flavor: Flavor, runners: tuple[Warm, Warm], tmp_path: Path
) -> None:
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        # Shrinking would take minutes; the soak does it.
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=6, max_size=6))
    def sequence(edits: list[Edit]) -> None:
        run_sequence(tmp_path / f"{next(NUMBERS)}", flavor, [*edits, ("repair", 0)], *runners)

    sequence()


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.timeout(300)
def test_the_command_itself_builds_what_a_clean_build_does(flavor: Flavor, tmp_path: Path) -> None:
    edits = [("change_title", 1), ("break_reference", 2), ("kill_build", 3), ("repair", 4)]
    run_sequence(tmp_path / "trial", flavor, edits, Command())


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


def _edits_of(name: str) -> list[Edit]:
    """Return an edit that changes the text of a page of this name."""
    for seed in range(1000):
        project = small_project("plain")
        if f"/{name}." in EDITS["change_text"](project, Pick(seed)):
            return [("change_text", seed)]
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
