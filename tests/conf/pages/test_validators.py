"""Each kind of text that a page may show: a good one passes, a bad one fails at its line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from docset.pages.rules import Rule
from docset.pages.validators import programs
from docset.pages.validators.containers import check_compose, connect_services, has_compose
from docset.pages.validators.table import TABLE, kind_of
from docset.pages.validators.text import MissingProgramError, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """A text that is right, and edits of it that are wrong: the line, and a part of the message."""

    kind: str
    text: Text
    wrong: tuple[tuple[str, str, Rule, int, str], ...]
    program: str = ""


NGINX = """\
server {
    listen 443 ssl;
    server_name example.com;
    ssl_certificate /etc/letsencrypt/live/example.com/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/example.com/privkey.pem;
    access_log /var/log/nginx/example.log;

    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }
}
"""
UNIT = """\
[Unit]
Description=My site
After=network.target postgresql.service

[Service]
User=mysite
WorkingDirectory=/srv/mysite
EnvironmentFile=/etc/mysite.env
Environment=A=1
Environment=B=2
ExecStart=/srv/mysite/.venv/bin/python manage.py prodserver web
Restart=always

[Install]
WantedBy=multi-user.target
"""
TIMER = "[Unit]\nDescription=Backup\n\n[Timer]\nOnCalendar=daily\n"
COMPOSE = """\
services:
  web:
    image: mysite:1
    ports:
      - "8000:8000"
    depends_on: [db, cache]
  cache:
    image: redis:7
    depends_on:
      db: {condition: service_started}
  db:
    image: postgres:17
"""
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
"""
PROMETHEUS = """\
scrape_configs:
  - job_name: mysite
    static_configs:
      - targets: ["127.0.0.1:8000"]
"""
ALERTS = """\
groups:
  - name: mysite
    rules:
      - alert: Down
        expr: up == 0
        for: 5m
"""
# The same key in another mapping, in another document, or of another type is another key.
YAML = """\
1: &one {a: 1, b: [1]}
"1": {b: 1, c: 2}
a: *one
---
a:
  - &loop
    c: 3
    d: 4
    e: *loop
  - c: 5
"""
JSON = """\
{"a": {"b": "{\\"b\\": 1, \\"b\\""},
 "b": ["b", "b"],
 "d": [{"b": 1, "c": 2}, {"b": 1}],
 "e": 1}
"""
TEMPLATE = "{% load static %}\n<p>\n{% if user %}{{ user|upper }}{% endif %}\n</p>\n"
DOCKERFILE = 'FROM python:3.12\nCOPY . /srv\nCMD ["python"]\n'
REQUEST = "GET / HTTP/1.1\nHost: example.com\n\nbody: any\n"

CASES = (
    Case(
        "Python",
        Text("python", "import os\n\nprint(os.sep)\n", "a.py", whole=True),
        (
            ("print(", "print((", Rule.SYNTAX, 3, "this is no Python"),
            ("os.sep", "1", Rule.LINT, 1, "ruff F401"),
        ),
    ),
    Case(
        "shell",
        Text("bash", 'name=$1\nif true; then\n  ls "$name"\nfi\n', "run.sh", whole=True),
        (
            ("fi\n", "", Rule.SYNTAX, 4, "this is no shell script"),
            ('"$name"', "$name", Rule.LINT, 3, "shellcheck SC2086"),
        ),
        "shellcheck",
    ),
    Case(
        "Compose",
        Text("yaml", COMPOSE, "compose.yaml", whole=True),
        (
            ("image", "imag", Rule.CONFIG, 2, "'imag' was unexpected"),
            ("web:", "web: [", Rule.SYNTAX, 4, "this is no YAML"),
            ("[db", "[bd", Rule.CONFIG, 6, "'web' depends on 'bd', which is no service"),
            ("db: {c", "bd: {c", Rule.CONFIG, 9, "'cache' depends on 'bd', which is no service"),
        ),
        "check-jsonschema",
    ),
    Case(
        "GitHub workflow",
        Text("yaml", WORKFLOW, ".github/workflows/tests.yml"),
        (("runs-on", "run-on", Rule.CONFIG, 3, "$.jobs.test"),),
        "check-jsonschema",
    ),
    Case(
        "GitLab CI",
        Text("yaml", "test:\n  script: make test\n", ".gitlab-ci.yml"),
        (("script: make test", "script: 5", Rule.CONFIG, 2, "$.test.script"),),
        "check-jsonschema",
    ),
    Case(
        "Prometheus",
        Text("yaml", PROMETHEUS, "prometheus.yml"),
        (("targets", "target", Rule.CONFIG, 4, "field target not found"),),
        "promtool",
    ),
    Case(
        "alert rules",
        Text("yaml", ALERTS, "rules/alerts.yml"),
        (
            ("up == 0", "up = 0", Rule.CONFIG, 5, "could not parse expression"),
            ("for:", "fro:", Rule.CONFIG, 6, "field fro not found"),
        ),
        "promtool",
    ),
    Case(
        "YAML",
        Text("yaml", YAML),
        (
            ("c: 2}", "c: 2", Rule.SYNTAX, 3, "this is no YAML"),
            ("c: 2", "b: 2", Rule.SYNTAX, 2, "the key 'b' stands twice"),
            ("d: 4", "c: 4", Rule.SYNTAX, 8, "the key 'c' stands twice"),
        ),
    ),
    Case(
        "JSON",
        Text("json", JSON),
        (
            ('"e": 1', '"e": 1,', Rule.SYNTAX, 4, "this is no JSON"),
            ('"c": 2', '"b": 2', Rule.SYNTAX, 3, "the key 'b' stands twice"),
            ('"d": [', '"\\u0061": [', Rule.SYNTAX, 3, "the key 'a' stands twice"),
        ),
    ),
    Case(
        "TOML",
        Text("toml", "a = 1\nb = 2\n"),
        (
            ("b = 2", "b = c", Rule.SYNTAX, 2, "this is no TOML"),
            ("b = 2\n", "[b", Rule.SYNTAX, 1, "this is no TOML"),
        ),
    ),
    Case(
        "systemd unit",
        Text("ini", UNIT, "mysite.service"),
        (
            ("Restart", "Restrat", Rule.CONFIG, 12, "Unknown key 'Restrat'"),
            ("always", "alway", Rule.CONFIG, 12, "restart specifier"),
            ("ExecStart=", "ExecStop=", Rule.CONFIG, 1, "ExecStart"),
        ),
        "systemd-analyze",
    ),
    Case(
        "systemd unit without a name",
        Text("systemd", TIMER),
        (("daily", "dialy", Rule.CONFIG, 5, "calendar specification"),),
        "systemd-analyze",
    ),
    Case(
        "INI",
        Text("ini", "[a]\nb = %(c)s\n"),
        (("b = %(c)s", "[a]", Rule.SYNTAX, 2, "this is no INI file"),),
    ),
    Case(
        "Dockerfile",
        Text("dockerfile", DOCKERFILE, "Dockerfile"),
        (
            ("COPY . /srv", "COPPY . /srv", Rule.SYNTAX, 2, "hadolint DL1000"),
            ("COPY . /srv", "RUN cd /srv", Rule.LINT, 2, "hadolint DL3003"),
        ),
        "hadolint",
    ),
    Case(
        "nginx",
        Text("nginx", NGINX, "mysite.conf"),
        (
            ("proxy_pass", "proxy_pas", Rule.CONFIG, 9, 'unknown directive "proxy_pas"'),
            ("8000;", "8000", Rule.CONFIG, 10, "invalid number of arguments"),
        ),
        "nginx",
    ),
    Case(
        "Django template",
        Text("html+django", TEMPLATE, "templates/a.html"),
        (
            ("{% endif %}", "", Rule.SYNTAX, 3, "Unclosed tag on line 3"),
            ("|upper", "|uper", Rule.SYNTAX, 3, "Invalid filter: 'uper'"),
            ("load static", "load statik", Rule.SYNTAX, 1, "'statik' is not a registered tag"),
        ),
    ),
    Case(
        "HTTP",
        Text("http", REQUEST),
        (
            ("GET / HTTP/1.1", "GET /", Rule.SYNTAX, 1, "this is no HTTP"),
            ("GET / HTTP/1.1", "HTTP/1.1 299 Fine", Rule.SYNTAX, 1, "no status 299"),
            ("Host: ", "Host ", Rule.SYNTAX, 2, "no HTTP header"),
        ),
    ),
    Case(
        "requirements",
        Text("text", "# Ours\n-r base.txt\ndjango>=5.2  # the web\n", "requirements.txt"),
        (("django>=5.2", "django>>5.2", Rule.CONFIG, 3, "pip does not understand this"),),
    ),
)


def lacks(program: str) -> bool:
    try:
        return bool(program) and not programs.found(program)
    except MissingProgramError:
        return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_a_good_text_passes_and_a_bad_one_fails_at_its_line(case: Case) -> None:
    kind = kind_of(case.text)
    assert kind is not None
    assert kind.name == case.kind
    if lacks(case.program):
        pytest.skip(f"needs {case.program}, which this machine does not have")
    assert kind.findings(case.text) == []
    for old, new, rule, line, message in case.wrong:
        assert old in case.text.body
        bad = Text(
            case.text.language,
            case.text.body.replace(old, new, 1),
            case.text.path,
            whole=case.text.whole,
        )
        found = kind.findings(bad)[0]
        assert (found.rule, found.line) == (rule, line), found
        assert message in found.message


def test_every_kind_has_a_case() -> None:
    assert [kind.name for kind in TABLE] == [case.kind for case in CASES]


@pytest.mark.parametrize(
    ("language", "path", "kind"),
    [
        ("yaml", "deploy/docker-compose.prod.yml", "Compose"),
        ("yaml", "values.yaml", "YAML"),
        ("yml", "", "YAML"),
        ("ini", "setup.cfg", "INI"),
        ("ini", "etc/systemd/system/a.timer", "systemd unit"),
        ("systemd", "a.service", "systemd unit"),
        ("text", "requirements/dev.txt", "requirements"),
        ("html", "", "Django template"),
    ],
)
def test_language_and_name_decide_together(language: str, path: str, kind: str) -> None:
    found = kind_of(Text(language, "", path))
    assert found is not None
    assert found.name == kind


@pytest.mark.parametrize("text", [Text("text", "a"), Text("text", "a", "notes.txt"), Text("c", "")])
def test_what_nothing_checks_has_no_kind(text: Text) -> None:
    assert kind_of(text) is None


def test_a_part_of_a_shell_script_may_use_what_stands_elsewhere() -> None:
    kind = kind_of(Text("bash", ""))
    assert kind is not None
    body = 'mine=1\nls "$theirs"\n'
    assert kind.findings(Text("bash", body)) == []
    assert {finding.line for finding in kind.findings(Text("bash", body, "a.sh", whole=True))} == {
        1,
        2,
    }


WAITS = "services:\n  web:\n    image: a\n    depends_on:\n      db: {condition: service_started}\n"


@pytest.mark.parametrize(
    ("path", "whole", "body"),
    [
        ("compose.yaml", False, WAITS),
        ("compose.override.yaml", True, WAITS),
        ("compose.yaml", True, f"include: [other.yaml]\n{WAITS}"),
        ("compose.yaml", True, WAITS.replace("_started", "_started, required: false")),
    ],
)
def test_a_service_may_be_one_of_another_file(path: str, whole: bool, body: str) -> None:
    assert list(connect_services(Text("yaml", body, path, whole=whole))) == []
    assert len(list(connect_services(Text("yaml", WAITS, "compose.yaml", whole=True)))) == 1


# What Docker's plugin says of a network that is not there; few machines have the plugin.
DOCKER = """\
#!/bin/sh
case "$2" in
  version) exit 0 ;;
  --file) grep --quiet lost "$3" || exit 0 ;;
esac
echo 'service "web" refers to undefined network lost: invalid compose project' >&2
exit 15
"""


@pytest.fixture
def compose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The plugin of Docker, or what stands in for it."""
    if not has_compose():
        (tmp_path / "docker").write_text(DOCKER)
        (tmp_path / "docker").chmod(0o755)
        monkeypatch.setattr(programs, "_FOLDERS", (str(tmp_path), *programs._FOLDERS))
        has_compose.cache_clear()
    yield
    has_compose.cache_clear()


@pytest.mark.usefixtures("compose")
def test_docker_reads_a_whole_compose_file() -> None:
    assert list(check_compose(Text("yaml", COMPOSE, "compose.yaml", whole=True))) == []
    # What only the reader has is none of its business.
    theirs = COMPOSE.replace(
        '"8000:8000"', '"${PORT:?set it}:${INNER}"\n    env_file: [.env, /srv/e]'
    )
    assert list(check_compose(Text("yaml", theirs, "compose.yaml", whole=True))) == []
    # The schema cannot know which networks there are.
    lost = COMPOSE.replace("depends_on: [db, cache]", "networks: [lost]")
    (finding,) = check_compose(Text("yaml", lost, "compose.yaml", whole=True))
    assert "undefined network lost" in finding.message


def test_a_whole_configuration_of_nginx_is_tested_as_it_is() -> None:
    if lacks("nginx"):
        pytest.skip("needs nginx, which this machine does not have")
    kind = kind_of(Text("nginx", ""))
    assert kind is not None
    body = "events {}\nhttp {\n    server { listen 80; }\n}\n"
    assert kind.findings(Text("nginx", body)) == []
    (finding,) = kind.findings(Text("nginx", body.replace("listen 80", "listen eighty")))
    assert finding.line == 3


def test_a_program_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    kind = kind_of(Text("nginx", ""))
    assert kind is not None
    with pytest.raises(MissingProgramError, match="nginx"):
        kind.findings(Text("nginx", NGINX))
