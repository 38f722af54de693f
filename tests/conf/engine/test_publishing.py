"""What a build leaves behind, and what it leaves alone."""

from __future__ import annotations

import os
import pty
import re
import resource
import subprocess
import sys
import time
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.conf.engine.docs import Docs, two_roots
from tests.conf.engine.judge import files_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conf.engine.warm import Warm


def test_the_site_holds_each_root_in_its_folder(docs: Docs) -> None:
    assert docs.build().code == 0
    for name in ("left", "right"):
        assert f"The {name} side" in docs.page(f"{name}/index.html")
        assert (docs.site / name / "objects.inv").is_file()
        assert (docs.site / name / "searchindex.js").is_file()
    assert (docs.site / "objects.inv").is_file()


def test_a_build_writes_nothing_but_its_folders(docs: Docs) -> None:
    before = {path for path in docs.directory.rglob("*") if "__pycache__" not in path.parts}
    docs.build()
    docs.build("--clean")
    after = {path for path in docs.directory.rglob("*") if "__pycache__" not in path.parts}
    made = {path.relative_to(docs.directory).parts[:2] for path in after - before}
    assert made <= {("build",), ("build", "site"), ("build", "docset")}
    assert before <= after


def test_a_failed_build_leaves_the_last_good_site_and_says_so(docs: Docs) -> None:
    good = docs.build().site
    docs.edit("left/index.md", "`right-start`", "`gone`")
    docs.edit("right/index.md", "# The right side", "# Another title")
    failed = docs.build()
    assert failed.code == 1
    assert failed.site == good
    assert [note for note in failed.notes if "build/site" in note]


def test_a_first_build_that_fails_makes_no_site(docs: Docs) -> None:
    docs.edit("left/index.md", "`right-start`", "`gone`")
    assert docs.build().code == 1
    assert not docs.site.exists()


def test_another_output_gets_the_same_site(docs: Docs, tmp_path: Path) -> None:
    site = docs.build().site
    assert docs.build("--output", str(tmp_path / "elsewhere")).code == 0
    assert files_of(tmp_path / "elsewhere") == site


def test_a_clean_build_gives_the_same_site(docs: Docs) -> None:
    site = docs.build().site
    docs.edit("left/index.md", "The left side", "The other side")
    docs.build()
    docs.edit("left/index.md", "The other side", "The left side")
    assert docs.build("--clean").site == site


@pytest.mark.parametrize("jobs", ["1", "2", "4"])
def test_any_number_of_jobs_gives_the_same_site(jobs: str, docs: Docs, warm: Warm) -> None:
    site = docs.build().site
    twin = Docs(docs.directory.with_name("twin"), warm)
    twin.write(two_roots())
    outcome = twin.build("--jobs", jobs)
    assert (outcome.code, outcome.site) == (0, site)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_any_way_to_start_processes_gives_the_same_site(
    method: str, docs: Docs, warm: Warm
) -> None:
    site = docs.build().site
    twin = Docs(docs.directory.with_name("twin"), warm)
    twin.write(two_roots())
    run = twin.command("build", DOCSET_START_METHOD=method)
    assert run.returncode == 0, run.stderr
    assert files_of(twin.site) == site
    twin.edit("left/index.md", "`right-start`", "`gone`")
    broken = twin.command("build", DOCSET_START_METHOD=method)
    assert broken.returncode == 1
    assert "left/index.md:4:1: build.problem " in broken.stderr
    assert "Traceback" not in broken.stderr


def test_one_root_can_be_built(docs: Docs) -> None:
    docs.build()
    docs.edit("left/index.md", "The left side", "The new left")
    docs.edit("right/index.md", "The right side", "The new right")
    assert docs.build("--root", "left").code == 0
    assert "The new left" in docs.page("left/index.html")
    assert docs.build().code == 0
    assert "The new right" in docs.page("left/index.html")
    assert "The new right" in docs.page("right/index.html")


def test_an_output_that_is_a_file_is_one_line(docs: Docs) -> None:
    docs.write({"build/site": "in the way"})
    run = docs.command("build")
    assert run.returncode in {1, 2}
    assert "build/site" in run.stderr
    assert "Traceback" not in run.stderr
    assert (docs.directory / "build/site").read_text() == "in the way"


def test_a_work_folder_that_is_a_file_is_one_line(docs: Docs) -> None:
    docs.write({"build/docset": "in the way"})
    run = docs.command("build")
    assert run.returncode in {1, 2}
    assert "build/docset" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("size", [1, 2_000, 12_000])
def test_a_full_disk_is_one_line_and_the_old_site_stays(size: int, docs: Docs) -> None:
    good = docs.build().site
    filler = "\n\n".join(f"Paragraph {number} of many words." for number in range(1000))
    docs.append("left/index.md", filler)
    run = subprocess.run(
        [sys.executable, "-m", "docset", "build"],
        cwd=docs.directory,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        # No file can grow beyond this: every system call that writes more fails.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert run.returncode in {1, 2}, run.stderr
    assert "Traceback" not in run.stderr
    lines = [line for line in run.stderr.splitlines() if re.search("large|space|write", line)]
    assert len(lines) == 1, run.stderr
    assert files_of(docs.site) == good
    assert docs.build().code == 0
    assert "Paragraph 999" in docs.page("left/index.html")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_small_disk_is_one_line(docs: Docs) -> None:
    (docs.directory / "build").mkdir()
    disk = ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(docs.directory / "build")]
    if subprocess.run(disk, capture_output=True, check=False).returncode:
        pytest.skip("this container may not mount")
    try:
        run = docs.command("build")
    finally:
        subprocess.run(["umount", str(docs.directory / "build")], check=True)
    assert run.returncode in {1, 2}, run.stderr
    assert "Traceback" not in run.stderr
    assert len([line for line in run.stderr.splitlines() if "space" in line]) == 1, run.stderr


def test_foreign_files_in_the_output_are_not_overwritten(docs: Docs) -> None:
    docs.write({"build/site/thesis.txt": "years of work"})
    docs.build()
    assert (docs.site / "thesis.txt").read_text() == "years of work"


def test_two_builds_at_once_take_turns(docs: Docs) -> None:
    for number in range(30):
        docs.write({f"left/page{number}.md": f"---\norphan: true\n---\n# Page {number}\n"})
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "docset", "build"],
            cwd=docs.directory,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    texts = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], texts
    waiting = [line for text in texts for line in text.splitlines() if "waiting" in line]
    assert len(waiting) == 1
    assert any(str(run.pid) in waiting[0] for run in runs)
    assert "Page 29" in docs.page("left/page29.html")


def test_a_build_that_was_killed_leaves_no_lock(docs: Docs) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "docset", "build"], cwd=docs.directory, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not (docs.directory / "build/docset").is_dir() and time.monotonic() < deadline:
        time.sleep(0.01)
    run.kill()
    run.wait()
    assert docs.build().code == 0


def test_a_run_with_nothing_to_do_imports_the_standard_library_only(docs: Docs) -> None:
    imports = ("-X", "importtime")
    first = docs.command("build", flags=imports)
    again = docs.command("build", flags=imports)
    assert (first.returncode, again.returncode) == (0, 0)
    assert "sphinx" in _imported(first.stderr)
    # Editable installs have import hooks of their own, whose names begin with an underscore.
    foreign = {
        name
        for name in _imported(again.stderr)
        if name not in sys.stdlib_module_names and not name.startswith("_") and name != "docset"
    }
    assert foreign - {"site", "sitecustomize", "usercustomize"} == set()


def _imported(text: str) -> set[str]:
    found = re.findall(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\w+)", text, re.MULTILINE)
    return {name for name in found if name != "imported_package"}


def _on_a_terminal(docs: Docs, **environment: str) -> str:
    """Return what a build writes to a terminal."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "docset", "build"],
        cwd=docs.directory,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"TERM": "xterm", **os.environ, **environment},
    )
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 65_536):
            written += part
    except OSError:  # Linux says so when the other side is closed
        pass
    os.close(ours)
    run.wait(timeout=60)
    return written.decode()


COLOR = re.compile(r"\x1b\[[0-9;]*m")


def test_a_terminal_gets_progress_and_color_and_no_color_is_respected(docs: Docs) -> None:
    docs.edit("left/index.md", "`right-start`", "`gone`")
    plain = {"NO_COLOR": ""}
    colored = _on_a_terminal(docs, **plain)
    assert COLOR.search(colored)
    assert re.search(r"left.*1/1 read", colored)
    docs.append("left/index.md", "More.")
    assert not COLOR.search(_on_a_terminal(docs, NO_COLOR="1"))


def test_a_pipe_gets_plain_lines(docs: Docs) -> None:
    run = docs.command("build", NO_COLOR="")
    assert run.returncode == 0
    assert "\x1b" not in run.stdout + run.stderr
    assert "\r" not in run.stdout + run.stderr


# The merged inventory


def inventory(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the entries of an inventory: (type, name) and (address, title)."""
    _, _, _, _, packed = path.read_bytes().split(b"\n", 4)
    entries = {}
    for line in zlib.decompress(packed).decode().splitlines():
        found = re.fullmatch(r"(.+?) (\S+:\S+) (-?\d+) (\S*) (.*)", line)
        assert found, line
        name, kind, _, uri, title = found.groups()
        entries[kind, name] = (uri.replace("$", name), title)
    return entries


def test_the_inventories_of_the_roots_are_merged(docs: Docs) -> None:
    docs.append("right/index.md", "```{py:function} call()\n```")
    docs.append("right/index.md", "```{glossary}\npear\n  A fruit.\n```")
    docs.build()
    merged = inventory(docs.site / "objects.inv")
    assert merged["std:label", "left-start"][0] == "left/index.html#left-start"
    assert merged["std:label", "right-start"] == (
        "right/index.html#right-start",
        "The right side",
    )
    assert merged["std:doc", "left/index"] == ("left/index.html", "The left side")
    assert merged["py:function", "call"][0] == "right/index.html#call"
    assert merged["std:term", "pear"][0] == "right/index.html#term-pear"
    assert ("std:doc", "index") not in merged
    generated = {"genindex", "modindex", "py-modindex", "search"}
    assert not generated & {name for kind, name in merged if kind == "std:label"}


def test_the_inventory_of_a_root_is_its_own(docs: Docs) -> None:
    docs.build()
    own = inventory(docs.site / "left/objects.inv")
    assert own["std:doc", "index"] == ("index.html", "The left side")
    assert ("std:label", "genindex") in own


def test_a_name_that_two_roots_have_is_an_error(docs: Docs) -> None:
    docs.append("left/index.md", "(both)=\n## Both")
    docs.append("right/index.md", "(both)=\n## Both")
    outcome = docs.build()
    assert outcome.code == 1
    [line] = outcome.warnings
    assert "both" in line
    assert "left" in line
    assert "right" in line
    assert docs.build().warnings == outcome.warnings
    docs.edit("right/index.md", "(both)=", "(only)=")
    assert docs.build().code == 0


def test_a_name_that_a_lenient_root_repeats_is_left_out(docs: Docs) -> None:
    docs.edit("pyproject.toml", 'path = "right"', 'path = "right"\nstrict = false')
    docs.append("left/index.md", "(both)=\n## Both")
    docs.append("right/index.md", "(both)=\n## Both")
    outcome = docs.build()
    assert outcome.code == 0
    assert [line for line in [*outcome.warnings, *outcome.notes] if "both" in line]
    assert ("std:label", "both") not in inventory(docs.site / "objects.inv")


def test_an_image_that_comes_back_is_shown_as_before(docs: Docs) -> None:
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>{}</title></svg>'
    for folder in ("a", "b"):
        docs.write({f"left/{folder}/pic.svg": square.format(folder)})
        docs.write({f"left/{folder}/page.md": "# Page\n\n![A square](pic.svg)\n"})
    docs.append("left/index.md", "```{toctree}\na/page\nb/page\n```")
    good = docs.build()
    assert good.code == 0
    (docs.directory / "left/a/pic.svg").unlink()
    assert docs.build().code == 1
    docs.write({"left/a/pic.svg": square.format("a")})
    assert (docs.build().code, docs.build().site) == (0, good.site)


def test_a_page_in_another_markup_leaves_no_source_of_its_earlier_name(docs: Docs) -> None:
    assert docs.build().code == 0
    sources = docs.site / "right/_sources"
    assert [path.name for path in sources.iterdir()] == ["index.md.txt"]
    (docs.directory / "right/index.md").unlink()
    docs.write({"right/index.rst": ".. _right-start:\n\nRight\n=====\n"})
    assert docs.build().code == 0
    assert [path.name for path in sources.iterdir()] == ["index.rst.txt"]


def test_a_build_into_another_folder_leaves_the_site_to_be_built(
    docs: Docs, tmp_path: Path
) -> None:
    assert docs.build("--output", str(tmp_path / "elsewhere")).code == 0
    assert not docs.site.exists()
    assert docs.build().code == 0
    assert (docs.site / "index.html").is_file()


def test_foreign_files_are_kept_after_an_earlier_build_elsewhere(
    docs: Docs, tmp_path: Path
) -> None:
    assert docs.build().code == 0
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    assert docs.build("--output", str(foreign)).code == 2
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]
