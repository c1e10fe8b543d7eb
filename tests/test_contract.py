"""What holds for all JSON: what strangers wrote is marked in the schemas, and whatever fails is told as JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import briefqa
from briefqa.cli.lazy import COMMANDS, load
from briefqa.rendering.jsonout import documents_json
from briefqa.rendering.schemas import UNTRUSTED, load_schema, schema_names
from tests.cli.runner import Runner
from tests.fakes import FakeEncoders
from tests.made_once import MadeOnce

Json = dict[str, Any]

# Texts that nobody but the user, or briefqa itself, writes: by the name of the property.
TRUSTED = {
    "$everywhere": {"question", "missing", "notes", "collection", "name", "baseline", "other", "run", "index"},
    "answer": {"sources", "paths", "tags", "languages", "collections", "encoder", "word", "holds", "lacks"},
    "hits": {"sources", "paths", "tags", "languages", "collections", "encoder", "word", "holds", "lacks"},
    "add": {"path"},
    "compare": {"baseline"},
    "eval": {"path", "encoder", "settings"},
    "export": {"folder", "files"},
    "fetch": {"address"},
    "gate": {"path"},
    "gold": {"path"},
    "import": {"source", "question_set", "corpus"},
    "index": {"encoder"},
    "repair": {"mended"},
    "review": {"path"},
    "schemas": {"title"},
    "score": {"qrels"},
    "status": {"encoder", "precision", "reranker", "sources", "missing_sources"},
    "suggest": {"kind"},
    "sweep": {"best", "not_told_apart", "configuration"},
}
MARK = "zqx"
ARTICLE = f"""\
---
title: "The {MARK} bridge"
date: 2018-11-22
source: {MARK} Institute
authors: [Anna {MARK}]
url: https://{MARK}.example.org/bridge
tags: [{MARK} bridges]
{MARK} desk: The {MARK} desk
---

The {MARK} bridge at Imber was closed yesterday. Twelve {MARK} guards stood at the bridge.

Subscribe to our {MARK} newsletter!
"""
QUESTION = "Who stood at the bridge?"
RECORDS = [
    {
        "id": f"{MARK}-1",
        "question": QUESTION,
        "tags": [f"{MARK}-tag"],
        "gold": [{"document": f"{MARK}.md", "quote": f"Twelve {MARK} guards stood near the bridge."}],
    },
    {"id": "q2", "question": f"Who flew the {MARK} zeppelin?", "tags": [], "gold": []},
]


def leaves(schema: Json, node: Json, *, name: str = "", marked: bool = False) -> Iterator[tuple[str, bool, Json]]:
    """Every part of a schema that describes one value: the property that it stands under, whether that is marked."""
    if "$ref" in node:
        target: Json = schema["$defs"][node["$ref"].rpartition("/")[2]]
        node = {**target, **node}
    marked = marked or bool(node.get(UNTRUSTED))
    inner = [*node.get("properties", {}).items()]
    inner += [(name, node[key]) for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    for key, part in inner:
        yield from leaves(schema, part, name=key, marked=marked)
    if not inner:
        yield name, marked, node


def free(node: Json) -> bool:
    """Whether any text may stand there."""
    kinds = node.get("type", [])
    texts = kinds == "string" or "string" in kinds
    return texts and not any(key in node for key in ("const", "enum", "pattern"))


@pytest.mark.parametrize("name", schema_names())
def test_every_text_is_somebodys(name: str) -> None:
    """It is marked, or nobody but the user or briefqa can have written it."""
    schema = load_schema(name)
    ours = TRUSTED["$everywhere"] | TRUSTED.get(name, set())
    found = {(property_name, marked) for property_name, marked, node in leaves(schema, schema) if free(node)}
    assert {property_name for property_name, marked in found if not marked} <= ours
    assert TRUSTED.get(name, set()) <= {property_name for property_name, _ in found}


def texts(
    schema: Json, node: Json, value: Any, *, place: str = "$", marked: bool = False
) -> Iterator[tuple[str, bool]]:
    """The place of every text in `value` that has the mark of strangers, and whether the schema marks it, too."""
    if "$ref" in node:
        target: Json = schema["$defs"][node["$ref"].rpartition("/")[2]]
        node = {**target, **node}
    marked = marked or bool(node.get(UNTRUSTED))
    if isinstance(value, str) and MARK in value:
        yield place, marked
    elif isinstance(value, list):
        for entry in value:
            yield from texts(schema, node.get("items") or {}, entry, place=f"{place}[]", marked=marked)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if MARK in key:
                yield f"{place} (keys)", marked
            part = node.get("properties", {}).get(key, node.get("additionalProperties") or {})
            yield from texts(schema, part, entry, place=f"{place}.{key}", marked=marked)


def unmarked(name: str, value: Json) -> tuple[int, list[str]]:
    """How many texts of strangers are in `value`, and the places of those that the schema does not mark."""
    schema = load_schema(name)
    assert list(Draft202012Validator(schema).iter_errors(value)) == []
    found = list(texts(schema, schema, value))
    return len(found), [place for place, marked in found if not marked]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    installed_fake: FakeEncoders,
    tmp_path: Path,
    made_once: MadeOnce,
) -> Runner:
    """The command line over articles that have the mark wherever an article can have it."""
    monkeypatch.chdir(tmp_path)
    runner = Runner(monkeypatch, capsys)

    def make() -> None:
        Path("corpus").mkdir()
        Path(f"corpus/{MARK}.md").write_text(ARTICLE, encoding="utf-8")
        copied = ARTICLE.replace("Twelve", "Nine").replace("2018-11-22", "2019-11-22")
        Path(f"corpus/{MARK} copy.md").write_text(copied, encoding="utf-8")
        Path(f"corpus/{MARK} empty.md").write_bytes(b"")
        Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
        assert (installed_fake.encoded, runner("index").code) == (0, 2)

    made_once("contract", make)
    return runner


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("answer", ["ask", QUESTION, "--min-confidence", "0", "--explain"]),
        ("answer", ["ask", QUESTION, "--min-confidence", "0", "--source", "x.org"]),
        ("hits", ["search", QUESTION, "--explain"]),
        ("index", ["index", "--rebuild"]),
        ("status", ["status"]),
        ("duplicates", ["status", "--duplicates"]),
        ("verify", ["verify", "--deep"]),
        ("eval", ["eval", "q.jsonl"]),
        ("gold", ["eval", "gold", "q.jsonl"]),
        ("suggest", ["eval", "suggest", "q.jsonl"]),
        ("sweep", ["eval", "sweep", "q.jsonl", "--grid", "retriever=lexical,dense"]),
        ("error", ["index", "no"]),
        ("error", ["show", "zzz"]),
    ],
)
def test_what_strangers_wrote_is_marked(run: Runner, name: str, arguments: list[str]) -> None:
    outcome = run(*arguments, "--json")
    text = outcome.out or outcome.err
    count, wrong = unmarked(name, json.loads(text))
    assert wrong == []
    assert (count > 0) is (MARK in text)


def test_changed_articles_are_marked(run: Runner) -> None:
    Path(f"corpus/{MARK} new.md").write_text("New.\n", encoding="utf-8")
    Path(f"corpus/{MARK}.md").write_text("Changed.\n", encoding="utf-8")
    for name, arguments in (("status", ["status"]), ("verify", ["verify", "--deep"])):
        count, wrong = unmarked(name, run(*arguments, "--json").json)
        assert (count > 0, wrong) == (True, [])


def test_documents_and_passages_are_marked(run: Runner, installed_fake: FakeEncoders) -> None:
    with briefqa.open(encoders=installed_fake) as index:
        page = documents_json(list(index.documents(offset=1, limit=5)), total=2, offset=1)
    count, wrong = unmarked("documents", page)
    assert (count, wrong) == (4, [])
    assert (page["total"], page["offset"], len(page["documents"])) == (2, 1, 1)
    assert page["documents"][0]["path"] == f"corpus/{MARK}.md"
    for options in ([], ["--cleaning"]):
        value = run("show", page["documents"][0]["id"], *options, "--json").json
        count, wrong = unmarked("passages", value)
        assert (count >= 8, wrong) == (True, [])


def commands(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        yield from commands(command, (*above, name)) if inner else [(*above, name)]


ALL = [path for name in COMMANDS for path in ([(name,)] if name != "eval" else commands(load(name), ("eval",)))]
READING = [
    ["ask", "Who?"], ["search", "Who?"], ["show", "abc"], ["status"], ["status", "--duplicates"], ["verify"],
    ["index"], ["eval", "q.jsonl"], ["eval", "gold", "q.jsonl"], ["eval", "gate", "q.jsonl", "--min", "recall@5=0.5"],
    ["eval", "suggest", "q.jsonl"], ["eval", "export", "trec", "out", "--questions", "q.jsonl"],
]  # fmt: skip


def error_of(run: Runner, *arguments: str) -> tuple[int, Json]:
    """What a failing call leaves: nothing on stdout, and the error as the last line of stderr."""
    outcome = run(*arguments)
    assert outcome.out == ""
    error: Json = json.loads(outcome.err.splitlines()[-1])
    assert list(Draft202012Validator(load_schema("error")).iter_errors(error)) == []
    assert error["exit_code"] == outcome.code
    return outcome.code, error


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_every_command_tells_a_wrong_call_as_json(run: Runner, command: tuple[str, ...]) -> None:
    code, error = error_of(run, *command, "--xyzzy", "--json")
    assert (code, error["error"]) == (2, "UsageError")
    assert error["message"] == f"No such option: --xyzzy. See: briefqa {' '.join(command)} --help"


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_every_command_tells_an_index_that_is_damaged_or_missing_as_json(run: Runner, arguments: list[str]) -> None:
    Path("index/gen-000001/manifest.json").write_text("{", encoding="utf-8")
    code, error = error_of(run, *arguments, "--json")
    assert (code, error["error"]) == (3, "IndexDamaged")
    shutil.rmtree("index")
    if arguments != ["index"]:
        code, error = error_of(run, *arguments, "--json")
        assert (code, error["error"]) == (3, "IndexMissing")


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (["ask", "Who?"], "briefqa.api.open"),
        (["status"], "briefqa.index.status.index_status"),
        (["verify"], "briefqa.index.verify.verify"),
        (["index"], "briefqa.index.update.update"),
        (["eval", "q.jsonl"], "briefqa.api.open"),
        (["schema"], "briefqa.rendering.schemas.list_schemas"),
    ],
)
def test_an_interruption_is_told_as_json(
    run: Runner, monkeypatch: pytest.MonkeyPatch, arguments: list[str], target: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(target, interrupt)
    monkeypatch.setattr("briefqa.index.encoded.kept_passages", lambda _: 7)
    if arguments == ["schema"]:
        monkeypatch.setattr("briefqa.rendering.schemas.schemas_json", interrupt)
    code, error = error_of(run, *arguments, "--json")
    assert (code, error["error"], error["message"]) == (130, "Interrupted", "Interrupted.")


def test_what_stands_behind_two_dashes_is_no_option(run: Runner) -> None:
    outcome = run("show", "--", "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: '--json' is no id. Ids are hexadecimal, as `briefqa search` prints them.\n"
