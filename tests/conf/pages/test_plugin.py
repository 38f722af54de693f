"""``pytest tutorials`` runs the pages of the root ``tutorials``."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.conf.pages.conftest import OURS_ALONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conf.pages.conftest import Site

GOOD = "```console\n$ echo hello\nhello\n```\n"
BAD = "# Title\n\n```console\n$ echo hello\nbye\n```\n"


def test_each_page_of_a_root_is_one_test_under_its_path(site: Site) -> None:
    site.write("learn/index.md", "# No code\n")
    site.write("learn/product/first.md", GOOD)
    site.write("elsewhere/page.md", BAD)
    result = site.pytest("-v")
    assert result.returncode == 0, result.stdout
    assert re.findall(r"^(\S+) PASSED", result.stdout, re.MULTILINE) == [
        "learn/index.md",
        "learn/product/first.md",
    ]


def test_a_faulty_page_fails_with_page_line_and_difference(site: Site) -> None:
    site.write("learn/page.md", BAD)
    result = site.pytest()
    assert result.returncode == 1
    assert "\nlearn/page.md:5:1: pages.output $ echo hello\n" in result.stdout
    assert "\n-bye\n+hello\n" in result.stdout
    assert "Traceback" not in result.stdout


def test_pages_are_chosen_by_keyword_and_by_path(site: Site) -> None:
    site.write("learn/one.md", GOOD)
    site.write("learn/two.md", BAD)
    assert "1 passed, 1 deselected" in site.pytest("-k", "one").stdout
    assert "1 failed in" in site.pytest("learn/two.md").stdout


def test_the_summary_counts_by_root_and_names_what_was_skipped(site: Site) -> None:
    site.write("learn/one.md", GOOD + "\n```json\n{}\n```\n")
    site.write("learn/two.md", "% test: skip: needs a real DNS name\n\n" + BAD.split("\n\n")[1])
    for arguments in ((), ("-n", "2")):
        output = site.pytest(*arguments).stdout
        assert (
            "learn: 2 pages, 3 blocks, 1 executed, 0 files, 1 validated, 1 skipped, 1 commands"
            in output
        )
        assert "skipped learn/two.md:3: needs a real DNS name" in output


def test_update_writes_the_real_output_into_the_page_and_then_it_passes(site: Site) -> None:
    page = site.write(
        "learn/page.md",
        r"""
        # Title

        1. In a list:

           ```console
           $ printf 'a 1.2.3\nb\n\nc\n'
           a 1.0.0
           B
           $ echo same
           same
           $ echo $HOME
           nothing
           more
           ```

        > ```console
        > $ sleep 60
        > ^C
        > stopped
        > $ echo end
        > fin
        > ```

        The end.
        """,
    )
    before = page.read_text()
    assert site.pytest().returncode == 1
    assert page.read_text() == before
    result = site.pytest("--update-pages")
    assert result.returncode == 0, result.stdout
    assert "4 outputs updated" in result.stdout
    lines = page.read_text().split("\n")
    assert lines[6:14] == [
        "   a 1.0.0",
        "   b",
        "",
        "   c",
        "   $ echo same",
        "   same",
        "   $ echo $HOME",
        "   /home/you",
    ]
    assert "> $ echo end\n> end\n> ```\n\nThe end.\n" in page.read_text()
    assert site.pytest().returncode == 0


def test_a_test_run_that_is_killed_leaves_no_server(site: Site, port: int) -> None:
    site.write(
        "learn/page.md",
        f"""
        ```console
        $ (setsid env -i sleep 60.{port} > log 2>&1 &)
        ```

        % test: port: {port}

        ```console
        $ python3 -m http.server {port}
        ```

        ```{{code-block}} console
        :caption: Terminal 2

        $ sleep 60
        ```
        """,
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=site.directory,
        env={**os.environ, **OURS_ALONE},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: listening(port))
        started = psutil.Process(run.pid).children(recursive=True)
        assert ["sleep", f"60.{port}"] in [process.cmdline() for process in started]
    finally:
        run.kill()
        run.wait()
    wait_for(lambda: not listening(port) and not any(map(lives, started)))
    for sandbox in Path(tempfile.gettempdir()).glob("page-*"):
        shutil.rmtree(sandbox)


def lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_workers_share_wheels_that_are_built_once(site: Site) -> None:
    builds = site.write("builds.txt", "")
    site.write(
        "backend.py",
        f"""
        import zipfile

        def build_wheel(folder, config_settings=None, metadata_directory=None):
            with open({str(builds)!r}, "a") as log:
                log.write("built")
            name = "garden-1.0-py3-none-any.whl"
            with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
                wheel.writestr("garden-1.0.dist-info/METADATA", "Name: garden\\nVersion: 1.0\\n")
                wheel.writestr("garden-1.0.dist-info/RECORD", "")
            return name
        """,
    )
    with (site.directory / "pyproject.toml").open("a") as file:
        file.write('[project]\nname = "garden"\nversion = "1.0"\n[build-system]\nrequires = []\n')
        file.write('build-backend = "backend"\nbackend-path = ["."]\n')
    for name in ("one", "two", "three"):
        site.write(f"learn/{name}.md", GOOD)
    result = site.pytest("-n", "2")
    assert "3 passed" in result.stdout, result.stdout
    assert builds.read_text() == "built"


def test_a_mistake_in_the_table_of_roots_is_one_line(site: Site) -> None:
    site.write("learn/page.md", GOOD)
    file = site.directory / "pyproject.toml"
    file.write_text(file.read_text().replace('path = "learn"', 'path = "lern"'))
    result = site.pytest("learn")
    assert result.returncode == 2
    assert "lern does not exist" in result.stdout
    assert "Traceback" not in result.stdout
    assert "plugin.py" not in result.stdout


def test_markdown_of_other_projects_is_left_alone(site: Site) -> None:
    site.write("learn/page.md", BAD)
    site.write("pyproject.toml", "[tool.other]\n")
    assert site.pytest("learn").returncode == 5


def test_the_plugin_brings_nothing_along_until_there_is_a_page() -> None:
    code = "import sys, pytest; before = set(sys.modules); import docset.pages.plugin; "
    code += "print(*sorted(set(sys.modules) - before))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    ours = ("docset", "tomllib", "string", "types")
    assert not [name for name in result.stdout.split() if not name.startswith(ours)]
