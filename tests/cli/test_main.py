"""What all commands share: help, settings, wrong calls, interruption, output, and an index that can't be written."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import briefqa
from briefqa.cli import lazy
from briefqa.cli.main import app, main
from tests.cli.runner import Runner

COMMANDS = [
    "index", "fetch", "ask", "search", "show", "eval run", "serve", "mcp", "status", "verify", "repair", "schema",
]  # fmt: skip
REQUIRED = {"ask": ["Who?"], "search": ["Who?"], "show": ["abc"]}


def words(text: str) -> str:
    """The words of a help text, without its boxes and colours."""
    return " ".join(re.sub(r"\x1b\[[\d;]*m|[│╭╮╰╯─]", " ", text).split())


def test_version(run: Runner) -> None:
    outcome = run("--version")
    assert (outcome.code, outcome.out, outcome.err) == (0, f"briefqa {briefqa.__version__}\n", "")
    assert briefqa.__version__ == "0.1.0"


def test_help_names_every_command(run: Runner) -> None:
    outcome = run("--help")
    assert (outcome.code, outcome.err) == (0, "")
    text = words(outcome.out)
    assert "Usage: briefqa [OPTIONS] COMMAND [ARGS]..." in text
    assert [command.name for command in app.registered_commands] == [name.split()[0] for name in COMMANDS]
    assert all(f" {name.split()[0]} " in text for name in COMMANDS)
    assert "Exit codes: 0 answered" in text


def test_nothing_said_is_help_and_a_wrong_call(run: Runner) -> None:
    outcome = run()
    assert (outcome.code, outcome.err) == (2, "")
    assert words(outcome.out) == words(run("--help").out)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help_with_examples(run: Runner, command: str, option: str) -> None:
    outcome = run(*command.split(), option)
    assert (outcome.code, outcome.err) == (0, "")
    text = words(outcome.out)
    assert f"Usage: briefqa {command} " in text
    assert "For example:" in text
    # Each example begins a line of its own.
    assert re.search(rf"^  (echo .*\| )?briefqa {command.removesuffix(' run')}", outcome.out, re.MULTILINE)
    assert ("--json" in text) is (command not in ("mcp", "serve"))  # which print no result
    assert ("--index" in text) is (command not in ("fetch", "schema"))


@pytest.mark.parametrize("command", ["eval", "eval import", "eval export"])
def test_completion_is_installed_for_the_whole_program(run: Runner, command: str) -> None:
    assert "completion" not in run(*command.split(), "--help").out


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option(run: Runner, command: str) -> None:
    message = f"No such option: --xyzzy. See: briefqa {command} --help"
    outcome = run(*command.split(), *REQUIRED.get(command, []), "--xyzzy")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")
    outcome = run(*command.split(), *REQUIRED.get(command, []), "--xyzzy", "--json")
    assert outcome.code == 2
    assert outcome.json_error == {
        "schema": "briefqa.error/1",
        "error": "UsageError",
        "message": message,
        "exit_code": 2,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nosuch"], "No such command 'nosuch'. See: briefqa --help"),
        (["serch"], "No such command 'serch'. Did you mean 'search', 'serve', 'fetch'? See: briefqa --help"),
        (
            ["Who leads the CSTO?"],
            "No such command 'Who leads the CSTO?'. To ask a question: briefqa ask 'Who leads the CSTO?'."
            " See: briefqa --help",
        ),
        (["ask", "--jsno"], "No such option: --jsno. Did you mean --json or --sort? See: briefqa ask --help"),
        (["ask"], "There is no question. Type one in quotes, or - to read it from stdin. See: briefqa ask --help"),
        (
            ["search"],
            "There is no question. Type one in quotes, or - to read it from stdin. See: briefqa search --help",
        ),
        (
            ["ask", "Who", "leads", "the CSTO?", "--quotes", "2"],
            "Put the question in quotes: briefqa ask 'Who leads the CSTO?'. See: briefqa ask --help",
        ),
        (
            ["search", "border", "line"],
            "Put the question in quotes: briefqa search 'border line'. See: briefqa search --help",
        ),
        (["show", "abc", "def"], "Got unexpected extra argument(s) (def). See: briefqa show --help"),
        (["show"], "Missing argument 'ID'. See: briefqa show --help"),
    ],
)
def test_wrong_calls(run: Runner, arguments: list[str], message: str) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "more"],
        ["ask", "Who?", "--min-confidence", "1.5"],
        ["ask", "Who?", "--quotes", "21"],
        ["ask", "Who?", "--quotes", "two"],
        ["index", "--passage-tokens", "15"],
        ["index", "--overlap-tokens", "-1"],
        ["eval", "--top-k", "9"],
    ],
)
def test_values_that_no_option_takes(run: Runner, arguments: list[str]) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert re.search(rf"See: briefqa {arguments[0]}( run)? --help\n", outcome.err)
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("fetch", "schema")])  # no settings
def test_an_unknown_setting(run: Runner, articles: Path, command: str) -> None:
    Path("briefqa.toml").write_text("top_k = 3\nnope = 1\n", encoding="utf-8")
    outcome = run(*command.split(), *REQUIRED.get(command, []))
    assert (outcome.code, outcome.out) == (2, "")
    file = Path.cwd() / "briefqa.toml"
    known = "There are: clean, collections, corpus, dense_index, "
    assert outcome.err.startswith(f"error: {file}: there is no setting 'nope'. {known}")
    assert outcome.err.count("\n") == 1
    assert not Path("index").exists()


def test_settings_that_are_no_toml(run: Runner, articles: Path) -> None:
    Path("briefqa.toml").write_text("top_k = \n", encoding="utf-8")
    outcome = run("status")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {Path.cwd() / 'briefqa.toml'} can't be read as settings: ")


def test_the_call_beats_the_environment_beats_the_file(indexed: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def hits(*options: str) -> int:
        return len(indexed("search", "Russia", "--json", *options).json["hits"])

    assert hits() == 5
    Path("briefqa.toml").write_text("top_k = 3\n", encoding="utf-8")
    assert hits() == 3
    monkeypatch.setenv("BRIEFQA_TOP_K", "2")
    assert hits() == 2
    assert hits("-k", "1") == 1
    monkeypatch.setenv("BRIEFQA_TOP_K", "none")
    outcome = indexed("search", "Russia")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: BRIEFQA_TOP_K: top_k is 'none'; it must be a whole number.\n"


@pytest.mark.parametrize(
    ("command", "target"),
    [
        ("index", "briefqa.index.update.update"),
        ("ask", "briefqa.api.open"),
        ("search", "briefqa.api.open"),
        ("show", "briefqa.api.open"),
        ("status", "briefqa.index.status.index_status"),
        ("verify", "briefqa.index.verify.verify"),
        ("repair", "briefqa.index.repair.repair"),
    ],
)
def test_interruption(run: Runner, monkeypatch: pytest.MonkeyPatch, command: str, target: str) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(target, interrupt)
    outcome = run(command, *REQUIRED.get(command, []))
    assert (outcome.code, outcome.out, outcome.err.strip()) == (130, "", "Interrupted.")


def test_a_bug_stays_a_traceback(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("briefqa.index.status.index_status", fail)
    with pytest.raises(ZeroDivisionError):
        run("status")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_output_that_stdout_cannot_take(indexed: Runner, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    Path("corpus/lodz.txt").write_text("The congress of Łódź met – late.\n", encoding="utf-8")
    assert indexed("index").code == 0
    arguments = ["ask", "congress late?", "-r", "lexical", "--min-confidence", "0"]

    def stdout_of(*options: str) -> bytes:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "argv", ["briefqa", *arguments, *options])
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
        assert main() == 0
        return raw.getvalue()

    answer = json.loads(stdout_of("--json").decode(encoding))
    assert answer["citations"][0]["quote"] == "The congress of Łódź met – late."
    shown = {"ascii": "The congress of ??d? met ? late.", "cp1252": "The congress of ?ód? met – late."}
    assert shown.get(encoding, "The congress of Łódź met – late.") in stdout_of().decode(encoding)


def test_as_a_module() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "briefqa", "--version"], capture_output=True, check=False, timeout=120
    )
    assert (result.returncode, result.stdout.decode().strip(), result.stderr) == (0, "briefqa 0.1.0", b"")


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["search", "commonwealth", "-r", "lexical", "-k", "50"], 0, b"commonwealth"),
        (["ask", "zebras?", "-r", "lexical"], 1, b"Nothing in these articles answers this."),
        (["status"], 0, b"holds"),
        (["show", "ffffffffffff"], 2, b""),
    ],
)
def test_reading_commands_end_with_their_status_and_all_they_have_to_say(
    arguments: list[str], code: int, told: bytes
) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "briefqa", *arguments], capture_output=True, check=False, timeout=120
    )
    assert (result.returncode, bool(result.stderr)) == (code, code == 2)
    assert told in result.stdout
    assert result.stdout.endswith(b"\n") == (code != 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.usefixtures("indexed")
def test_output_that_cannot_be_written() -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "briefqa", "status"],
            stdout=full, stderr=subprocess.PIPE, check=False, timeout=120,
        )  # fmt: skip
    assert (result.returncode, result.stderr) == (2, b"error: The output can't be written: no space left on device.\n")


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("closed", "code", "out", "err"),
    [
        ("status --porcelain >&-", 2, b"", b"error: The output can't be written: bad file descriptor.\n"),
        ("nosuch 2>&-", 2, b"", b""),
        ("ask - <&-", 2, b"", b"error: The question is empty. Type one, for example: briefqa ask"),
    ],
)
def test_streams_that_are_closed(closed: str, code: int, out: bytes, err: bytes) -> None:
    result = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m briefqa {closed}', sys.executable], capture_output=True, check=False, timeout=120
    )
    assert (result.returncode, result.stdout) == (code, out)
    assert result.stderr.startswith(err)
    assert b"Traceback" not in result.stderr


@pytest.mark.usefixtures("indexed")
def test_a_reader_who_has_gone() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(
        [sys.executable, "-m", "briefqa", "schema", "answer"],
        stdout=writing, stderr=subprocess.PIPE, check=False, timeout=120,
    )  # fmt: skip
    os.close(writing)
    assert (result.returncode, result.stderr) == (141, b"")


# Runs three commands as somebody who may read the index but not write it. Root may write everything, and becomes
# nobody, after all that is needed has been imported: nobody may not be allowed to read the libraries.
READ_ONLY = """
import contextlib, io, json, os, sys
from pathlib import Path
from briefqa.cli.main import main
from briefqa.encoders.factory import InstalledEncoders
from tests.fakes import FakeEncoders

fakes = FakeEncoders()
InstalledEncoders.find = lambda _, name: fakes.find(name)
InstalledEncoders.load = lambda _, model, **how: fakes.load(model, **how)
InstalledEncoders.open_for_passages = lambda _, folder: fakes.open_for_passages(folder)
InstalledEncoders.open = lambda _, folder: fakes.open(folder)

def run(*arguments):
    sys.argv = ["briefqa", *arguments]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = main()
    return [code, out.getvalue(), err.getvalue()]

ask = ("ask", "When did Georgia leave the commonwealth?", "--min-confidence", "0", "-n", "1", "-r", "lexical")
assert run("index")[0] == 0
assert run(*ask)[0] == 0
Path("corpus/new.md").write_text("New.")
for folder, _, names in os.walk("index"):
    os.chmod(folder, 0o555)
    if os.getuid() == 0:
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chown(path, 65534, 65534)
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(json.dumps([run(*ask), run("index"), run("index", "--index", "index/deeper"), run(*ask)]))
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may search, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="briefqa-test-"))
    folder.chmod(0o755)
    yield folder
    for place, _, _ in os.walk(folder):
        os.chmod(place, 0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="folders are made read-only the POSIX way")
def test_a_read_only_index_can_be_asked_but_not_written(articles: Path, open_folder: Path) -> None:
    shutil.copytree(articles, open_folder / "corpus")
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    result = subprocess.run(
        [sys.executable, "-c", READ_ONLY],
        cwd=open_folder,
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "80", "TMPDIR": tempfile.gettempdir()},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (result.returncode, result.stderr.decode()) == (0, "")
    before, update, new, after = json.loads(result.stdout)
    assert (before[0], before[2]) == (after[0], after[2]) == (0, "")
    assert before[1].startswith("  Georgia left the commonwealth in 2009. [1]\n")
    assert update == [2, "", "error: The index in index can't be written: permission denied. It is as it was.\n"]
    assert new == [2, "", "error: The index folder index/deeper can't be written: permission denied.\n"]


@pytest.mark.parametrize("name", lazy.COMMANDS)
def test_what_stands_for_a_command_says_what_the_command_says(run: Runner, name: str) -> None:
    first, *_ = str(lazy.load(name).help).split("\n\n")
    assert first == lazy.COMMANDS[name]
    assert first in words(run("--help").out)
    assert first in words(run(name, "--help").out)


def test_a_command_is_loaded_when_it_is_called() -> None:
    program = "import sys, briefqa.cli.main as _; print(*sorted(name for name in sys.modules if 'briefqa.' in name))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "briefqa.cli", "briefqa.cli.lazy", "briefqa.cli.main", "briefqa.cli.output", "briefqa.errors",
    ]  # fmt: skip
