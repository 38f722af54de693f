"""What is exported starts the same process: every format is read by the program it is made for."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from honcho.environ import parse_procfile  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given
from hypothesis import strategies as st
from supervisor.options import ServerOptions  # type: ignore[import-untyped]  # as above

from django_prodserver.exceptions import UsageError
from django_prodserver.exports import FORMATS, File, export, printed, write
from django_prodserver.launch import Launch
from tests.django_prodserver.site import BIN, Site, wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping

# It leaves what it was started with in the file that its first argument names.
PROGRAM = (
    "import json, os, pathlib, sys; part = pathlib.Path(sys.argv[1] + '.part'); "
    "facts = {'argv': sys.argv[2:], 'environ': dict(os.environ), 'cwd': os.getcwd()}; "
    "part.write_text(json.dumps(facts)); part.rename(sys.argv[1])"
)
DIRECTORY = "50% é's dir"
LINE = [
    *["", "a b", " ", "50%", "%(here)s", "%%(here)s", "%(ENV_HOME)s", "%h", "$HOME", "${HOME}"],
    *[
        "$$",
        "it's",
        '"quoted"',
        "'",
        '"',
        "back\\slash\\n",
        "end\\",
        "# no comment",
        "a ;b #c",
        ";",
    ],
    *["#", "tab\tstop", "é😀", "*", "~", "`id`", "a,b=c", "--key=value", "\\x41", "{}", "\x7f"],
]
LINES = [*LINE, "a\n  b\n\nc\n", "\n", "a\n;b\n#c\n[section]\nkey=value"]

# Texts that every operating system passes to a process.
characters = st.characters(codec="utf-8", exclude_characters="\0")
texts = st.text(characters, max_size=20) | st.text("%$'\"\\ ;#\n\t(here)s,=a", max_size=20)
words = st.lists(texts, max_size=4)
variables = st.dictionaries(
    st.from_regex("[A-Z_][A-Z0-9_]{0,9}", fullmatch=True), texts, max_size=3
)


def launch(
    *arguments: str, env: Mapping[str, str | None] | None = None, cwd: str = "/srv"
) -> Launch:
    return Launch((sys.executable, "-c", *arguments), env=env or {}, cwd=Path(cwd))


def text_of(format_name: str, value: Launch) -> str:
    return export(format_name, "mysite", {"web": value})[0].content


def value_of(key: str, text: str) -> str:
    [value] = re.findall(rf"(?m)^{key}=(.*)$", text)
    return str(value)


# ---- systemd


def of_systemd(text: str) -> list[str]:
    """Splits a line by the rules of systemd.syntax(7), and undoes its specifiers."""
    escapes = {"n": "\n", "t": "\t", "\\": "\\", '"': '"'}
    items, current, inside, position = [], None, False, 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            if text[position + 1] == "x":
                character = chr(int(text[position + 2 : position + 4], 16))
                position += 2
            else:
                character = escapes[text[position + 1]]
            position += 1
            current = (current or "") + character
        elif character == '"':
            inside, current = not inside, current or ""
        elif character == " " and not inside:
            items += [current] if current is not None else []
            current = None
        else:
            assert inside or character not in "';#"
            current = (current or "") + character
        position += 1
    assert not inside
    return [undoubled("%", item) for item in [*items, *([current] if current is not None else [])]]


def undoubled(sign: str, text: str) -> str:
    assert re.fullmatch(rf"(?:[^{sign}]|{re.escape(sign * 2)})*", text, re.DOTALL), text
    return text.replace(sign * 2, sign)


@given(words)
def test_systemd_reads_the_arguments_as_they_are(arguments: list[str]) -> None:
    if any(re.search("[\ufdd0-\ufdef]", word) or is_noncharacter(word) for word in arguments):
        return
    read = of_systemd(value_of("ExecStart", text_of("systemd", launch(*arguments))))
    assert [undoubled("$", word) for word in read] == [sys.executable, "-c", *arguments]


def is_noncharacter(text: str) -> bool:
    return any(ord(character) & 0xFFFE == 0xFFFE for character in text)


def test_systemd_reads_the_variables_as_they_are() -> None:
    values = [text for text in LINES if "\x7f" not in text]
    env: dict[str, str | None] = {f"V{number}": text for number, text in enumerate(values)}
    lines = text_of("systemd", launch(env={**env, "REMOVED": None})).splitlines()
    read = [of_systemd(line.split("=", 1)[1]) for line in lines if line.startswith("Environment=")]
    assert read == [[f"{name}={value}"] for name, value in env.items()]
    assert "UnsetEnvironment=REMOVED" in lines


@pytest.fixture
def verify(tmp_path: Path) -> Any:
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze, which this machine does not have")

    def verify(files: list[File]) -> str:
        paths = write(files, tmp_path)
        command = ["systemd-analyze", "--man=no", "verify", *map(str, paths)]
        # Its exit code is 0 whatever it complains about.
        return subprocess.run(
            command, capture_output=True, text=True, timeout=30, check=False
        ).stderr.strip()

    return verify


def test_systemd_has_nothing_to_say_against_the_units(verify: Any) -> None:
    values = [text for text in LINES if "\x7f" not in text]
    env: dict[str, str | None] = {f"V{number}": text for number, text in enumerate(values)}
    web = launch(*LINES, env={**env, "REMOVED": None}, cwd="/srv/50% é $x")
    ready = Launch((sys.executable,), cwd=Path("/srv"), reload_signal="HUP", notifies=True)
    assert verify(export("systemd", "mysite", {"web": web, "ready-one": ready})) == ""


def test_systemd_complains_about_a_unit_that_is_wrong(verify: Any) -> None:
    [unit, target] = export("systemd", "mysite", {"web": launch()})
    wrong = File(unit.name, unit.content.replace("KillMode=", "KillMood="))
    assert "KillMood" in verify([wrong, target])


def test_a_unit_reloads_and_reports_as_its_server_does() -> None:
    plain = text_of("systemd", launch())
    gunicorn = Launch((sys.executable,), cwd=Path("/srv"), reload_signal="HUP", notifies=True)
    text = text_of("systemd", gunicorn)
    assert value_of("Type", plain) == "exec"
    assert "ExecReload" not in plain
    assert value_of("Type", text) == "notify"
    assert value_of("ExecReload", text) == "/bin/kill -HUP $MAINPID"


def test_gunicorn_reloads_on_hup_and_notifies(site: Site) -> None:
    site.configure(PRODUCTION_PROCESSES={"web": {"BACKEND": "gunicorn"}})
    code = """
from django_prodserver.backends import backend_for
from django_prodserver.project import Project
launch = backend_for(Project.from_settings(), "web").launch()
print(launch.reload_signal, launch.notifies)
"""
    assert site.shell(code).strip() == "HUP True"


def test_the_target_starts_every_unit() -> None:
    *units, target = export("systemd", "mysite", {"web": launch(), "worker": launch()})
    assert [unit.name for unit in units] == ["mysite-web.service", "mysite-worker.service"]
    assert value_of("Wants", target.content).split() == [unit.name for unit in units]
    assert {value_of("PartOf", unit.content) for unit in units} == {target.name}


# ---- Procfile


@given(words, variables)
def test_a_shell_reads_the_procfile_as_it_is(arguments: list[str], env: dict[str, str]) -> None:
    given_texts = [*arguments, *env.values()]
    if any(len(f"{text}.".splitlines()) > 1 for text in given_texts):
        with pytest.raises(UsageError, match="line break"):
            text_of("procfile", launch(*arguments, env=env))
        return
    line = parse_procfile(text_of("procfile", launch(*arguments, env=env))).processes["web"]
    start = ["cd", "/srv", "&&", "exec", "env"]
    expected = [*start, *(f"{k}={v}" for k, v in env.items()), sys.executable, "-c", *arguments]
    assert shlex.split(line) == expected


def test_honcho_starts_the_same_process(tmp_path: Path) -> None:
    honcho = [str(BIN / "honcho"), "start", "-f", "Procfile"]
    facts = started("procfile", honcho, LINE, tmp_path)
    assert facts == expected_facts(LINE, tmp_path)


# ---- Supervisor


@given(words, variables)
def test_supervisor_reads_its_file_as_it_is(arguments: list[str], env: dict[str, str]) -> None:
    value = launch(*arguments, env=env)
    if any("\r" in text for text in [*arguments, *env.values()]):
        with pytest.raises(UsageError, match="carriage return"):
            text_of("supervisor", value)
        return
    options = ServerOptions()
    options.here = "/etc/supervisor"
    options.read_config(io.StringIO(f"[supervisord]\n{text_of('supervisor', value)}"))
    [group] = options.configroot.supervisord.process_group_configs
    [program] = group.process_configs
    command = shlex.split(program.command)
    start = command.index(sys.executable)
    assignments = dict(word.split("=", 1) for word in command[1:start])
    assert command[start:] == list(value.argv)
    assert {**program.environment, **assignments} == env
    assert (group.name, program.name, program.directory) == ("mysite", "web", "/srv")


def test_supervisor_starts_the_same_process(tmp_path: Path) -> None:
    (tmp_path / "supervisord.conf").write_text(
        "[supervisord]\nlogfile=daemon.log\npidfile=daemon.pid\nchildlogdir=.\n"
        "[include]\nfiles=mysite.conf\n"
    )
    command = [str(BIN / "supervisord"), "--nodaemon", "-c", "supervisord.conf"]
    facts = started("supervisor", command, LINES, tmp_path)
    assert facts == expected_facts(LINES, tmp_path)


# ---- Compose


@given(words, variables)
def test_compose_reads_its_file_as_it_is(arguments: list[str], env: dict[str, str]) -> None:
    env.pop("PYTHONPATH", None)
    service = yaml.safe_load(text_of("compose", launch(*arguments, env=env)))["services"]["web"]
    read = [undoubled("$", word) for word in service["command"]]
    assert read == ["python", "-c", *arguments]
    pairs = [undoubled("$", pair) for pair in service["environment"]]
    assert pairs == [f"{name}={value}" for name, value in env.items()]


def complaints(text: str, tmp_path: Path) -> str:
    path = tmp_path / "compose.yaml"
    path.write_text(text)
    check = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(check, capture_output=True, text=True, timeout=60, check=False).stdout


def test_the_schema_of_compose_accepts_the_file_and_no_wrong_one(tmp_path: Path) -> None:
    value = launch(*LINES, env={"NAME": "a\n$b", "REMOVED": None})
    [file] = export("compose", "mysite", {"on": value, "123": value})
    assert complaints(file.content, tmp_path) == "ok -- validation done\n"
    assert list(yaml.safe_load(file.content)["services"]) == ["on", "123"]
    wrong = file.content.replace("stop_signal", "stop_sign")
    assert "stop_sign" in complaints(wrong, tmp_path)


def test_compose_names_commands_and_directories_as_the_image_has_them() -> None:
    path = os.pathsep.join(["/srv/site", "/srv/site/apps", "/opt/lib"])
    web = Launch(
        (sys.executable, str(BIN / "gunicorn"), "mysite.wsgi:application"),
        env={"PYTHONPATH": path, "SECRET": None},
        cwd=Path("/srv/site"),
    )
    service = yaml.safe_load(text_of("compose", web))["services"]["web"]
    assert service["command"] == ["env", "-u", "SECRET", "gunicorn", "mysite.wsgi:application"]
    assert service["environment"] == ["PYTHONPATH=.:apps:/opt/lib"]


# ---- All formats


def started(
    format_name: str, command: list[str], arguments: list[str], tmp_path: Path
) -> dict[str, Any]:
    """Runs what was exported for a program that tells what it was started with."""
    result, work = tmp_path / "facts.json", tmp_path / DIRECTORY
    work.mkdir()
    env: dict[str, str | None] = {f"V{number}": text for number, text in enumerate(arguments)}
    value = Launch(
        (sys.executable, "-c", PROGRAM, str(result), *arguments),
        env={**env, "REMOVED": None},
        cwd=work,
    )
    write(export(format_name, "mysite", {"web": value}), tmp_path)
    environ = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "REMOVED": "here", "KEPT": "here"}
    runner = Site(tmp_path, tmp_path, environ)
    with runner.start(*command) as running:
        try:
            wait_for(result.exists)
        except TimeoutError:
            pytest.fail(running.output())
    facts = json.loads(result.read_text())
    known = {name: facts["environ"].get(name) for name in [*env, "REMOVED", "KEPT"]}
    return {"argv": facts["argv"], "environ": known, "cwd": facts["cwd"]}


def expected_facts(arguments: list[str], tmp_path: Path) -> dict[str, Any]:
    env = {f"V{number}": text for number, text in enumerate(arguments)}
    environ = {**env, "REMOVED": None, "KEPT": "here"}
    return {"argv": arguments, "environ": environ, "cwd": str(tmp_path / DIRECTORY)}


REFUSED = {
    "a word that is no text": ("systemd", launch("\udcff"), "is not text in UTF-8"),
    "a name that no shell takes": ("compose", launch(env={"a-b": "c"}), "no name that a shell"),
    "a program with an equals sign": ("procfile", Launch(("/a=b",)), "has a '='"),
    "a program that systemd refuses": ("systemd", Launch(("/a'b",)), "has special characters"),
    "a code point that is none": ("systemd", launch("\ufdd0"), "that is no character"),
    "a control character": ("systemd", launch(env={"A": "\x01"}), "has control characters"),
    "a directory that ends in a space": ("systemd", launch(cwd="/srv/a "), "the directory"),
    "a directory with a comment": ("supervisor", launch(cwd="/srv/a #b"), "the directory"),
    "a line break in a line": ("procfile", launch("a\nb"), "has a line break"),
    "a carriage return": ("supervisor", launch("a\rb"), "has a carriage return"),
}


@pytest.mark.parametrize(("format_name", "value", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_a_format_cannot_express_is_refused(
    format_name: str, value: Launch, reason: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        text_of(format_name, value)
    message = str(refusal.value)
    assert message.startswith(f"PRODUCTION_PROCESSES['web'] cannot be exported as {format_name}: ")
    assert reason in message
    assert "\n" not in message


def test_names_that_no_file_may_have_are_refused() -> None:
    with pytest.raises(UsageError, match="Use letters"):
        export("systemd", "mysite", {"../web": launch()})
    with pytest.raises(UsageError, match="Use letters"):
        export("systemd", "", {"web": launch()})


def test_an_unknown_format_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="Did you mean 'systemd'"):
        export("system", "mysite", {"web": launch()})


@pytest.mark.parametrize("format_name", FORMATS)
def test_only_the_variables_of_the_launch_are_copied(
    format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hush")
    text = printed(export(format_name, "mysite", {"web": launch(env={"GIVEN": "known"})}))
    assert "known" in text
    assert "hush" not in text


def test_one_file_is_printed_as_it_is_and_several_under_their_names() -> None:
    web, target = File("mysite-web.service", "[Unit]\n"), File("mysite.target", "[Install]\n")
    assert printed([web]) == "[Unit]\n"
    assert printed([web, target]) == (
        "# mysite-web.service\n[Unit]\n\n# mysite.target\n[Install]\n"
    )


def test_a_foreign_file_is_only_overwritten_when_asked(tmp_path: Path) -> None:
    files = [File("new", "new\n"), File("Procfile", "web: mine\n")]
    (tmp_path / "Procfile").write_text("web: theirs\n")
    with pytest.raises(UsageError, match=r"There is already another .*Procfile"):
        write(files, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["Procfile"]
    assert (tmp_path / "Procfile").read_text() == "web: theirs\n"

    assert write(files, tmp_path, overwrite=True) == [tmp_path / "new", tmp_path / "Procfile"]
    assert (tmp_path / "Procfile").read_text() == "web: mine\n"


def test_files_go_into_a_new_directory_and_again_over_themselves(tmp_path: Path) -> None:
    files = [File("Procfile", "web: é\n")]
    write(files, tmp_path / "deep" / "er")
    assert write(files, tmp_path / "deep" / "er") == [tmp_path / "deep" / "er" / "Procfile"]
    assert (tmp_path / "deep" / "er" / "Procfile").read_bytes() == "web: é\n".encode()
