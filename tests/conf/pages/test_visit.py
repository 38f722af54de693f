"""A page is followed as a reader would follow it."""

from __future__ import annotations

import http.server
import os
import re
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest
from docset.pages.coverage import Coverage

from tests.conf.pages.conftest import QUICK, Pages

SERVER = """
% test: port: {port}

```{{code-block}} console
:caption: Terminal 2

$ python3 -m http.server --bind 127.0.0.1 {port}
Serving HTTP on 127.0.0.1 port {port} (http://127.0.0.1:{port}/) ...
```
"""


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_files_are_written_added_to_and_replaced(pages: Pages) -> None:
    outcome = pages.run(
        """
        ```{code-block} python
        :caption: site/settings.py

        APPS = [
            "a",
        ]
        DEBUG = True
        ```

        ```{code-block} python
        :caption: site/settings.py (replace APPS)

        APPS = ["b"]
        ```

        ```{code-block} python
        :caption: `site/settings.py` (add at the end)

        HOST = "c"
        ```

        ```console
        $ cat site/settings.py
        APPS = ["b"]
        DEBUG = True

        HOST = "c"
        ```
        """
    )
    assert outcome.faults == []
    assert (outcome.coverage, outcome.commands) == (Coverage(executed=1, files=3), 1)


def test_a_changed_module_counts_though_its_size_and_second_are_the_same(pages: Pages) -> None:
    # Several times, for a second may end between the two files.
    turns = "".join(
        f"""
```{{code-block}} python
:caption: site/settings.py

NAME = "{name}"
```

```console
$ cd site && python3 -c "import settings; print(settings.NAME)" && cd ..
{name}
```
"""
        for name in ("a", "b", "c")
    )
    assert pages.faults(turns) == []


@pytest.mark.parametrize(
    ("caption", "message"),
    [
        (
            "a.py (replace NAME)",
            "page.md:7:1: pages.edit a.py has no assignment of NAME to replace",
        ),
        ("b.py (replace NAME)", "page.md:7:1: pages.edit there is no file b.py to change"),
        ("b.py (add at the end)", "page.md:7:1: pages.edit there is no file b.py to change"),
    ],
)
def test_a_change_of_what_is_not_there_fails(pages: Pages, caption: str, message: str) -> None:
    text = f"""
        ```{{code-block}} python
        :caption: a.py

        OTHER = 1
        ```

        ```{{code-block}} python
        :caption: {caption}

        NAME = 1
        ```

        ```console
        $ cat a.py b.py
        ```
        """
    assert pages.faults(text) == [message]


def test_a_terminal_keeps_its_directory_variables_and_last_status(pages: Pages) -> None:
    assert not pages.faults(
        """
        ```console
        $ mkdir a && cd a
        $ export NAME="a b"
        $ echo one \\
        >   two
        one two
        ```

        ```console
        $ echo "$PWD $NAME"
        /home/you/a a b
        $ (exit 3) || echo $?
        3
        ```

        % test: exit: 4

        ```console
        $ (exit 4)
        ```

        ```console
        $ echo $?
        4
        ```

        ```{code-block} console
        :caption: Terminal 2

        $ echo "$PWD$NAME"
        /home/you
        ```
        """
    )


def test_the_environment_is_a_reader_s(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV", "PYTEST_THEME"):
        monkeypatch.setenv(name, "leak")
    monkeypatch.setenv("PIP_TIMEOUT", "7")
    outcome = pages.run(
        """
        ```console
        $ env | grep -E '=leak|^PYTEST|^VIRTUAL' || echo clean
        clean
        $ echo $HOME $LC_ALL $COLUMNS $PIP_TIMEOUT
        /home/you C.UTF-8 80 7
        $ python3 -c 'import sys; print(sys.prefix == sys.base_prefix)'
        True
        $ cat
        $ test -t 1 || echo "a pipe"
        a pipe
        ```
        """
    )
    assert outcome.faults == []


def test_pip_does_not_touch_the_python_of_the_machine(pages: Pages) -> None:
    (fault,) = pages.faults("```console\n$ python3 -m pip install --no-index nothing\n```\n")
    assert "Could not find an activated virtualenv" in fault


def test_other_output_fails_at_its_line_with_a_diff(pages: Pages) -> None:
    (fault,) = pages.faults("```console\n$ true\n$ printf 'a\\nb\\nc\\n'\na\nB\nc\n```\n")
    assert fault.splitlines() == [
        "page.md:4:1: pages.output $ printf 'a\\nb\\nc\\n'",
        "The output is not what the page shows:",
        "--- the page",
        "+++ the output",
        "@@ -1,3 +1,3 @@",
        " a",
        "-B",
        "+b",
        " c",
    ]


def test_a_command_that_fails_is_a_fault_also_where_no_output_is_shown(pages: Pages) -> None:
    (fault,) = pages.faults("```console\n$ echo no >&2; false\n```\n")
    assert fault == (
        "page.md:2:1: pages.exit-status $ echo no >&2; false\n"
        "exit status 1, expected 0\nIt printed:\nno"
    )


def test_another_exit_status_can_be_expected(pages: Pages) -> None:
    text = "% test: exit: 3\n\n```console\n$ true\n$ (exit 3)\n```\n"
    assert not pages.faults(text)
    (fault,) = pages.faults(text.replace("(exit 3)", "true"))
    assert "exit status 0, expected 3" in fault


def test_a_command_that_ends_the_shell_is_noticed_at_once(pages: Pages) -> None:
    began = time.monotonic()
    (fault,) = pages.faults("```console\n$ echo bye; exit 0\n```\n")
    assert (
        fault == "page.md:2:1: pages.shell $ echo bye; exit 0\nit ended the shell\nIt printed:\nbye"
    )
    assert time.monotonic() - began < 3


def test_a_command_that_takes_too_long_is_stopped(pages: Pages) -> None:
    text = "% test: timeout: 0.3\n\n```console\n$ echo here; sleep 60\n```\n"
    (fault,) = pages.faults(text)
    assert "it did not end within 0.3 s\nIt printed:\nhere" in fault
    assert not pages.faults(text.replace("60", "0.1"))


def test_a_page_that_takes_too_long_is_stopped(pages: Pages) -> None:
    limits = QUICK.__class__(command=5, page=0.5, grace=1)
    (fault,) = pages.faults("```console\n$ true\n$ sleep 60\n```\n", limits)
    assert fault.startswith(
        "page.md:3:1: pages.timeout $ sleep 60\nthe page takes longer than 0.5 s"
    )


def test_hidden_setup_runs_before_the_steps_and_must_succeed(pages: Pages) -> None:
    text = "% test: setup: mkdir a && cd a\n\n```console\n$ pwd\n/home/you/a\n```\n"
    assert not pages.faults(text)
    (fault,) = pages.faults(text.replace("mkdir a", "false"))
    assert fault.startswith("page.md:1:1: pages.exit-status $ false && cd a\nexit status 1")


# ---- Servers -----------------------------------------------------------------------------------


def test_a_server_serves_another_terminal_and_is_stopped_at_the_end(
    pages: Pages, port: int
) -> None:
    outcome = pages.run(
        SERVER.format(port=port)
        + f"""
```console
$ curl http://127.0.0.1:{port}/ | head -n 1
<!DOCTYPE HTML...
```

```{{code-block}} console
:caption: Terminal 2

127.0.0.1 - - [22/Nov/2026 10:00:00] "GET / HTTP/1.1" 200 -
```
"""
    )
    assert outcome.faults == []
    assert not listening(port)


def test_control_c_ends_a_server_and_the_rest_of_its_output_is_compared(
    pages: Pages, port: int
) -> None:
    text = (
        SERVER.format(port=port)
        + """
```{code-block} console
:caption: Terminal 2

^C
Keyboard interrupt received, exiting.
$ echo free
free
```
"""
    )
    assert not pages.faults(text)
    (fault,) = pages.faults(text.replace("received", "ignored"))
    assert fault.startswith("page.md:13:1: pages.output ")
    assert "-Keyboard interrupt ignored, exiting.\n+Keyboard interrupt received" in fault


def test_control_c_may_stand_in_the_block_of_its_command(pages: Pages) -> None:
    page = """
        ```console
        $ python3 -c 'print("on"); __import__("time").sleep(60)'
        on
        ^CTraceback (most recent call last):
        ...
        KeyboardInterrupt
        $ echo $?
        130
        ```
        """
    assert not pages.faults(page)


def test_a_server_that_ignores_control_c_fails(pages: Pages) -> None:
    (fault,) = pages.faults("```console\n$ trap '' INT; sleep 60\n^C\n```\n")
    assert fault == "page.md:3:1: pages.stop the command did not end within 2 s of Ctrl+C"


def test_a_server_whose_output_differs_fails(pages: Pages, port: int) -> None:
    (fault,) = pages.faults(SERVER.format(port=port).replace("Serving HTTP", "Serving FTP"))
    assert fault.startswith("page.md:7:1: pages.output $ python3 -m http.server")
    assert "-Serving FTP on 127.0.0.1" in fault
    assert not listening(port)


def test_a_server_that_does_not_open_its_port_fails(pages: Pages, port: int) -> None:
    text = f"% test: port: {port}\n% test: timeout: 0.5\n\n```console\n$ echo hm; sleep 60\n```\n"
    (fault,) = pages.faults(text)
    assert f"port {port} did not open within 0.5 s\nIt printed:\nhm" in fault


def test_a_server_that_ends_by_itself_fails(pages: Pages, port: int) -> None:
    (fault,) = pages.faults(f"% test: port: {port}\n\n```console\n$ echo hm; (exit 3)\n```\n")
    assert fault.endswith("it ended by itself, with status 3\nIt printed:\nhm")


def test_a_server_that_ends_before_the_page_does_fails(pages: Pages, port: int) -> None:
    start = SERVER.format(port=port).replace(
        "$ python3", "$ sh -c 'echo $$ > pid; exec \"$@\"' - python3"
    )
    stop = "\n```console\n$ kill $(cat pid)\n$ sleep 0.5\n```\n"
    end = "\n% test: exit: 143\n\n```{code-block} console\n:caption: Terminal 2\n\n...\n```\n"
    (fault,) = pages.faults(start + stop)
    assert fault.startswith(
        "page.md:6:1: pages.server the server ended, with status 143, and the page does not "
        "show it\nIt printed:\nServing HTTP on 127.0.0.1"
    )
    assert not pages.faults(start + stop + end)


LATE = """
% test: port: {port}

```console
$ (sleep 2.5; echo Ready.) & python3 -m http.server {port} 2> log
...
Ready.
```
"""


def test_a_server_that_says_late_that_it_is_ready_has_the_time_that_the_block_gives(
    pages: Pages, port: int
) -> None:
    text = LATE.format(port=port)
    (fault,) = pages.faults(text)
    assert "The output is not what the page shows" in fault
    assert not pages.faults(f"\n% test: timeout: 10{text}")
    more = text.replace("Ready.\n```", "```").replace("...\n", "")
    wait = "\n% test: timeout: 10\n\n```console\n...\nReady.\n```\n"
    assert not pages.faults(more + wait)
    (fault,) = pages.faults(more + wait.replace("% test: timeout: 10\n\n", ""))
    assert "The output is not what the page shows" in fault


SUPERVISOR = """
```{{code-block}} bash
:caption: supervisor.sh

setsid python3 -m http.server "$1" &
trap 'kill $!; wait $!' TERM
wait
```

% test: port: {port}

```console
$ bash supervisor.sh {port}
```

```{{code-block}} console
:caption: Terminal 2

$ curl --silent http://127.0.0.1:{port}/supervisor.sh | head -n 1
setsid python3 -m http.server "$1" &
```
"""


def test_a_server_may_run_in_a_session_of_its_own(pages: Pages, port: int) -> None:
    assert not pages.faults(SUPERVISOR.format(port=port))
    assert not listening(port)


# It reads the files of a folder, as a worker reads a queue.
WORKER = """
```{code-block} bash
:caption: worker.sh

trap 'echo Bye.; exit' INT
sleep 0.5
echo "Ready."
while sleep 0.1; do
  if test -e task; then cat task && rm task; fi
done
```

% test: port: none

```{code-block} console
:caption: Terminal 2

$ bash worker.sh
Ready.
```
"""
SEND = "\n```console\n$ echo 'Good morning.' > task\n```\n"
DONE = "\n```{code-block} console\n:caption: Terminal 2\n\nGood morning.\n^C\nBye.\n```\n"


def test_a_worker_without_a_port_goes_on_until_ctrl_c(pages: Pages) -> None:
    again = "\n```{code-block} console\n:caption: Terminal 2\n\n$ echo free\nfree\n```\n"
    outcome = pages.run(WORKER + SEND + DONE + again)
    assert (outcome.faults, outcome.commands) == ([], 3)


def test_a_worker_is_ready_when_it_has_printed_what_is_shown(pages: Pages) -> None:
    look = "\n```console\n$ ls ready\n```\n"
    early = WORKER.replace("sleep 0.5\n", "echo Wait.; sleep 1; touch ready\n")
    early = early.replace("\nReady.\n```", "\nWait.\n```")
    (fault,) = pages.faults(early + look)
    assert "exit status 2" in fault
    assert not pages.faults(early.replace("\nWait.\n```", "\nWait.\nReady.\n```") + look)


def test_a_worker_that_is_never_ready_fails_after_its_time(pages: Pages) -> None:
    text = WORKER.replace("% test: port: none", "% test: port: none\n% test: timeout: 2")
    (fault,) = pages.faults(text.replace('echo "Ready."', "echo hm"))
    assert fault.startswith("page.md:19:1: pages.output $ bash worker.sh\n")
    assert "\n-Ready.\n+hm" in fault


def test_a_worker_that_ends_too_early_fails(pages: Pages) -> None:
    ended = WORKER.replace("while sleep 0.1", "while test -e nothing")
    (fault,) = pages.faults(ended)
    assert fault == (
        "page.md:17:1: pages.server $ bash worker.sh\n"
        "it ended by itself, with status 0\nIt printed:\nReady."
    )
    later = WORKER.replace("rm task", "rm task && exit 4")
    (fault,) = pages.faults(later + SEND.replace("> task", "> task; sleep 0.5") + DONE)
    assert fault.startswith(
        "page.md:17:1: pages.server the server ended, with status 4, and the page does not show it"
    )


def test_a_worker_that_no_ctrl_c_ends_is_stopped_at_the_end_of_the_page(pages: Pages) -> None:
    assert not pages.faults(WORKER + SEND)
    (fault,) = pages.faults(WORKER.replace("trap '", "trap '' TERM; trap '") + SEND)
    assert fault.startswith("page.md:17:1: pages.stop did not end within 2 s: bash worker.sh ")


def test_without_the_comment_a_worker_keeps_its_terminal_waiting(pages: Pages) -> None:
    (fault,) = pages.faults(
        WORKER.replace("% test: port: none", "% test: timeout: 2") + SEND + DONE
    )
    assert fault.startswith(
        "page.md:17:1: pages.timeout $ bash worker.sh\nit did not end within 2 s"
    )


def test_a_worker_that_shows_nothing_when_it_is_ready_is_refused(pages: Pages) -> None:
    (fault,) = pages.faults("% test: port: none\n\n```console\n$ sleep 60\n```\n")
    assert fault.startswith("page.md:3:1: pages.comment 'port: none' needs the output by which ")


def test_a_busy_terminal_takes_no_command(pages: Pages, port: int) -> None:
    text = SERVER.format(port=port) + SERVER.format(port=port)
    assert pages.faults(text) == [
        "page.md:15:1: pages.terminal Terminal 2 still runs the command of line 6"
    ]


def test_a_server_that_does_not_end_is_killed_and_named(pages: Pages, port: int) -> None:
    text = SERVER.format(port=port).replace("$ python3", "$ trap '' TERM; python3")
    (fault,) = pages.faults(text)
    assert fault.startswith("page.md:6:1: pages.stop did not end within 2 s: ")
    assert "http.server" in fault
    assert not listening(port)


@pytest.mark.parametrize(
    "command",
    [
        "python3 -m http.server {port} > log 2>&1 &",
        "setsid --fork python3 -m http.server {port} > log 2>&1",
        "(trap '' TERM; setsid --fork python3 -m http.server {port} > log 2>&1)",
        "(HOME=/tmp setsid python3 -m http.server {port} > log 2>&1 &)",
        "setsid env -i python3 -m http.server {port} > log 2>&1 &",
        "(trap '' TERM; exec setsid --fork env -i python3 -m http.server {port} > log 2>&1)",
        "(while python3 -m http.server {port}; do :; done) > log 2>&1 &",
    ],
)
def test_what_a_page_leaves_listening_is_named_and_ended(
    pages: Pages, port: int, command: str
) -> None:
    command = command.format(port=port)
    wait = f"until curl -s localhost:{port}; do sleep 0.1; done > out"
    (fault,) = pages.faults(f"```console\n$ {command}\n$ {wait}\n```\n")
    assert fault.startswith("page.md:3:1: pages.left-running the page leaves running: ")
    assert re.fullmatch(
        rf"\S*python\S* -m http.server {port} \(process \d+, listening on {port}\)", named(fault)
    )
    assert not listening(port)
    (fault,) = pages.faults(f"```console\n$ {command}\n$ {wait}\n$ false\n```\n")
    assert "exit status 1" in fault
    assert not listening(port)


def named(fault: str) -> str:
    return fault.partition("leaves running: ")[2]


def test_a_command_in_the_background_is_named_by_what_it_runs(pages: Pages) -> None:
    wait = "until test -s log; do sleep 0.1; done; sleep 0.5"
    (fault,) = pages.faults(f"```console\n$ (echo; sleep 60) > log &\n$ {wait}\n```\n")
    assert re.fullmatch(r"sleep 60 \(process \d+\)", named(fault))
    (fault,) = pages.faults("```console\n$ while :; do :; done > log &\n```\n")
    assert re.fullmatch(r"a command of the shell in the background \(process \d+\)", named(fault))


@pytest.mark.parametrize("end", ["exit 3", "kill -KILL $$", "exec true"])
def test_nothing_outlives_a_shell_that_ends(pages: Pages, port: int, end: str) -> None:
    server = f"(trap '' TERM; setsid env -i python3 -m http.server {port} > log 2>&1 &)"
    wait = f"until curl -s localhost:{port}; do sleep 0.1; done > out"
    (fault,) = pages.faults(f"```console\n$ {server}; {wait}; {end}\n```\n")
    assert "it ended the shell" in fault
    assert not listening(port)


def test_what_other_pages_started_is_left_alone(pages: Pages) -> None:
    started, slow = pages.directory / "started", "echo > {}; sleep 1.5; echo it went on"
    text = f"""
        ```console
        $ (setsid env -i sh -c '{slow.format(started)}' > log 2>&1 &)
        $ sleep 2.5; cat log
        it went on
        ```
        """
    other = Pages(pages.directory / "other", pages.built)
    other.directory.mkdir()
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.extend(pages.faults(text)))
    thread.start()
    while thread.is_alive() and not started.exists():
        time.sleep(0.02)
    (fault,) = other.faults("```console\n$ (setsid env -i sleep 60 > log 2>&1 &)\n```\n")
    assert thread.is_alive()
    # It is named by what it was in that moment: setsid, env, or sleep itself.
    assert re.fullmatch(r"(\S+ )*sleep 60 \(process \d+\)", named(fault))
    thread.join()
    assert found == []


def test_nothing_is_left_running_by_a_command_that_was_too_slow(pages: Pages, port: int) -> None:
    text = f"% test: timeout: 1\n\n```console\n$ python3 -m http.server {port}\n```\n"
    (fault,) = pages.faults(text)
    assert "did not end within 1 s" in fault
    assert not listening(port)


def test_a_port_that_a_stranger_has_is_one_clear_line(pages: Pages) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as stranger:
        port = stranger.server_port
        (fault,) = pages.faults(SERVER.format(port=port))
    name = psutil.Process().name()
    assert fault == (
        f"page.md:3:1: pages.port port {port} is taken by {name} (process {os.getpid()}), "
        "not by a page: "
        "stop it and run the page again"
    )


def test_pages_that_show_the_same_port_wait_for_each_other(pages: Pages, port: int) -> None:
    text = SERVER.format(port=port) + "\n```console\n$ sleep 0.5\n```\n"
    other = Pages(pages.directory / "other", pages.built)
    other.directory.mkdir()
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda p=p: found.extend(p.faults(text))) for p in (pages, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == []


def test_the_sandbox_is_gone_afterwards(pages: Pages) -> None:
    here, children = Path.cwd(), psutil.Process().children(recursive=True)
    (fault,) = pages.faults("```console\n$ echo $TMPDIR; false\n```\n")
    assert "/tmp" in fault
    assert Path.cwd() == here
    assert psutil.Process().children(recursive=True) == children
