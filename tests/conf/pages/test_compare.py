"""Output on the page against output that came."""

from __future__ import annotations

import pytest
from docset.pages.compare import difference, matches, merged
from docset.pages.normalize import normalize


@pytest.mark.parametrize(
    ("shown", "output"),
    [
        ("a\nb", "a\nb\n"),
        ("a  \n\n", "\na"),
        ("a\n...\nd", "a\nb\nc\nd"),
        ("a\n...\nd", "a\nd"),
        ("...", ""),
        ("...\nb", "a\nb"),
        ("a ... c", "a b c"),
        ("a...", "abc"),
        ("  a", "  a"),
        ("[1-9] (a|b) *", "[1-9] (a|b) *"),
    ],
)
def test_equal_output_matches(shown: str, output: str) -> None:
    assert matches(shown.split("\n"), output)


@pytest.mark.parametrize(
    ("shown", "output"),
    [
        ("a", "a\nb"),
        ("a\nb", "a"),
        ("a\n...\nd", "a\nb\nc"),
        ("a...c", "a\nc"),
        ("  a", "    a"),
        ("[1-9]", "5"),
        ("a\n\nb", "a\nb"),
    ],
)
def test_other_output_does_not_match(shown: str, output: str) -> None:
    assert not matches(shown.split("\n"), output)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "[2026-11-22 16:57:24 +0000] [12] [INFO] x",
            "[2027-01-02 01:02:03 +0100] [4567] [INFO] x",
        ),
        ("2026-11-22T16:57:24.123Z", "2026-11-23T16:57:24Z"),
        ("Date: Sun, 22 Nov 2026 16:57:24 GMT", "Date: Mon, 23 Nov 2026 01:02:03 GMT"),
        ('[22/Nov/2026:16:57:24 +0000] "GET /"', '[23/Dec/2026:00:00:00 +0000] "GET /"'),
        ("November 22, 2026 - 16:57:24", "May 2, 2027 - 06:57:24"),
        ("Listening at: http://127.0.0.1:8000 (12)", "Listening at: http://127.0.0.1:8000 (3456)"),
        ("Booting worker with pid: 12", "Booting worker with pid: 99999"),
        ("Starting gunicorn 27.0.1", "Starting gunicorn 28.1.0"),
        ("x 4.0.0.dev0", "x 4.0.0"),
        ("Server: WSGIServer/0.2 CPython/3.11.7", "Server: WSGIServer/0.2 CPython/3.14.0rc1"),
        ("Successfully installed a-1.2.3 b-1.0.0", "Successfully installed a-1.2.4 b-2.0.0"),
        ("lib/python3.11/site-packages", "lib/python3.14/site-packages"),
        ("Ran 1 test in 0.003s", "Ran 1 test in 1.2s"),
        ("<object at 0x7faed4640e30>", "<object at 0x7fbbbbbbbe30>"),
        ("bash: x: command not found", "bash: line 3: x: command not found"),
    ],
)
def test_what_differs_from_run_to_run_is_equal(one: str, other: str) -> None:
    assert one != other
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.2:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001"),
        ("HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"),
        ("status 3", "status 4"),
        ("0.0.0.0:8000", "127.0.0.1:8000"),
        ("--workers=3", "--workers=4"),
        ("a (b)", "a (c)"),
    ],
)
def test_what_a_reader_would_notice_is_not_equal(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)


def test_a_difference_leaves_out_what_only_looks_different() -> None:
    shown = ["Starting x 1.2.3", "...", "port 1"]
    assert difference(shown, "Starting x 2.0.0\nport 2\n").splitlines() == [
        "--- the page",
        "+++ the output",
        "@@ -1,3 +1,2 @@",
        " Starting x 1.2.3",
        "-...",
        "-port 1",
        "+port 2",
    ]


def test_new_output_keeps_the_words_of_the_page_where_they_are_right() -> None:
    shown = ["Starting x 1.2.3", "a ... c", "old"]
    assert merged(shown, "Starting x 2.0.0\na b c\nnew\n") == ["Starting x 1.2.3", "a ... c", "new"]
