"""Answers about installed packages: kept while nothing that they were read from has changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from answers import READER, Answers

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_answer_holds_until_a_file_changes(tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    source.write_text("before")
    answers = Answers(tmp_path / "answers")
    tables = [{"files": [str(source)], "options": ["a"]}]

    assert answers.known(["Server"]) is None
    assert answers.keep(["Server"], tables) == tables
    assert answers.known(["Server"]) == tables
    assert answers.known(["Other"]) is None

    source.write_text("after it")
    assert answers.known(["Server"]) is None
    answers.keep(["Other"], [{"files": []}])
    assert len(list((tmp_path / "answers").iterdir())) == 1


def test_an_answer_ends_when_a_package_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "site-packages"
    packages.mkdir()
    os.utime(packages, (1, 1))
    monkeypatch.syspath_prepend(str(packages))
    answers = Answers(tmp_path / "answers")
    answers.keep(["Server"], [{"files": []}])
    assert answers.known(["Server"]) == [{"files": []}]

    (packages / "another-1.0.dist-info").mkdir()

    assert answers.known(["Server"]) is None


def test_an_answer_holds_for_a_place_without_packages_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    answers = Answers(tmp_path / "answers")
    answers.keep(["Server"], [{"files": []}])

    ours, absent = READER.parent, tmp_path / "absent"
    monkeypatch.setenv("PYTHONPATH", f"{ours}{os.pathsep}{absent}")
    assert answers.known(["Server"]) == [{"files": []}]

    monkeypatch.setenv("PYTHONPATH", f"{ours}{os.pathsep}{tmp_path}")
    assert answers.known(["Server"]) is None


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file is in the way")
    answers = Answers(tmp_path / "answers")

    assert answers.keep(["Server"], [{"files": []}]) == [{"files": []}]
    assert answers.known(["Server"]) is None
