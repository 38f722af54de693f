"""How one process becomes another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from django_prodserver.exceptions import LaunchError, PackageMissing
from django_prodserver.exports import export
from django_prodserver.launch import Launch
from django_prodserver.scripts import console_script
from django_prodserver.starting import start
from tests.django_prodserver.site import wait_for

STARTER = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure()
from django_prodserver.launch import Launch
from django_prodserver.starting import start
print("printed before", end=" ")
start(
    Launch((sys.executable, "-c", {program!r}), env={{"ADDED": "yes"}}, cwd=Path({cwd!r})),
    {{"ONLY": "this"}},
    platform={platform!r},
)
"""


def _starter(program: str, platform: str, cwd: Path) -> list[str]:
    text = STARTER.format(program=program, platform=platform, cwd=str(cwd))
    return [sys.executable, "-c", text]


REPORT = """
import os
print(os.getpid(), os.getcwd(), os.environ["ADDED"], os.environ["ONLY"], "HOME" in os.environ)
"""


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_the_program_gets_its_directory_and_environment(platform: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        _starter(REPORT, platform, tmp_path), stdout=subprocess.PIPE, text=True
    ) as process:
        printed, _ = process.communicate(timeout=20)
    _, _, pid, *rest = printed.split()

    assert printed.startswith("printed before")
    assert rest == [str(tmp_path), "yes", "this", "False"]
    assert (int(pid) == process.pid) is (platform == "linux")


def test_the_program_hears_the_signals_that_this_process_has_blocked(tmp_path: Path) -> None:
    block = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())"
    [*python, starter] = _starter(
        "import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))", "linux", tmp_path
    )
    printed = subprocess.check_output([*python, f"{block}\n{starter}"], text=True, timeout=20)

    assert printed.split()[-1] == "set()"


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_the_exit_code_is_the_program_s(platform: str, tmp_path: Path) -> None:
    done = subprocess.run(
        _starter("raise SystemExit(37)", platform, tmp_path), check=False, timeout=20
    )

    assert done.returncode == 37


def test_on_windows_ctrl_c_leaves_the_end_to_the_program(tmp_path: Path) -> None:
    program = (
        "import signal, sys, time, pathlib\n"
        "def end(*_): time.sleep(0.3); sys.exit(5)\n"
        "signal.signal(signal.SIGINT, end)\n"
        "pathlib.Path('ready').touch()\n"
        "time.sleep(20)\n"
    )
    with subprocess.Popen(_starter(program, "win32", tmp_path), start_new_session=True) as process:
        wait_for((tmp_path / "ready").exists)
        os.killpg(process.pid, signal.SIGINT)

        assert process.wait(20) == 5


def test_a_program_that_cannot_be_executed_is_one_line(tmp_path: Path) -> None:
    program = tmp_path / "not-executable"
    program.touch()
    here = Path.cwd()
    try:
        with pytest.raises(LaunchError, match=r"Cannot start .*: .*Permission denied"):
            start(Launch((str(program),), cwd=tmp_path), {}, platform=sys.platform)
    finally:
        os.chdir(here)


def test_a_console_script_runs_with_this_interpreter() -> None:
    python, script = console_script("gunicorn", "gunicorn")

    assert python == sys.executable
    assert Path(script).name == "gunicorn"


def test_a_missing_console_script_names_the_places_and_the_way_out() -> None:
    with pytest.raises(PackageMissing) as raised:
        console_script("no-such-command", "no-such-package")

    assert str(Path(sys.executable).parent) in raised.value.message
    assert raised.value.hint.endswith("python -m pip install --force-reinstall no-such-package")


def test_the_command_of_a_package_in_a_target_directory_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pip install --target leaves it, with another place in its list of files."""
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in {
        "served-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: served\nVersion: 1.0\n",
        "served-1.0.dist-info/RECORD": "../../bin/served,,\n",
        "bin/served": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    assert console_script("served", "served") == (sys.executable, str(tmp_path / "bin" / "served"))


def test_a_launch_prints_as_a_line_for_the_shell(tmp_path: Path) -> None:
    launch = Launch(
        ("/bin/sh", "-c", 'printf "%s|" "$@" "$GREETING"', "sh", "it's", "$HOME", "a b", "*"),
        env={"GREETING": '100% "quoted"\n; exit 3'},
    )
    done = subprocess.run(
        ["/bin/sh", "-c", str(launch)], capture_output=True, text=True, cwd=tmp_path, check=True
    )

    assert done.stdout == 'it\'s|$HOME|a b|*|100% "quoted"\n; exit 3|'


def test_a_command_on_windows_is_a_program_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_prodserver.scripts.script_directories", lambda: (tmp_path,))
    program = tmp_path / "gunicorn.exe"
    program.touch()

    assert console_script("gunicorn", "gunicorn", platform="win32") == (str(program),)
    with pytest.raises(PackageMissing, match="There is no command 'waitress-serve'"):
        console_script("waitress-serve", "no-such-package", platform="win32")


def test_a_program_of_windows_is_a_plain_command_in_a_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_prodserver.exports.compose.script_directories", lambda: (tmp_path,))
    launch = Launch((str(tmp_path / "gunicorn.exe"), "mysite.wsgi:application"))
    [file] = export("compose", "mysite", {"web": launch})

    assert 'command: ["gunicorn", "mysite.wsgi:application"]' in file.content
