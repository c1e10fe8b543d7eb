"""`briefqa status` and `briefqa verify`."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import pytest

from tests.cli.runner import Runner


def test_a_fresh_index(indexed: Runner) -> None:
    outcome = indexed("status")
    assert (outcome.code, outcome.err) == (0, "")
    assert re.fullmatch(
        r"index         index, generation 1, made \d{4}-\d\d-\d\d \d\d:\d\d UTC\n"
        r"holds         5 documents, 6 passages, \d+\.\d kB\n"
        r"languages     English 5\n"
        r"articles      corpus\n"
        r"encoder       all-MiniLM-L6-v2 \(64 dimensions, fp32\)\n"
        r"passages      of at most 200 tokens; the encoder reads 64\n"
        r"articles now  as indexed\n",
        outcome.out,
    )


def test_json(indexed: Runner) -> None:
    before = time.time()
    outcome = indexed("status", "--json")
    assert outcome.code == 0
    status = outcome.json
    files = [path for path in Path("index/gen-000001").rglob("*") if path.is_file() and path.name != "manifest.json"]
    assert status.pop("bytes") == sum(path.stat().st_size for path in files)
    assert before - 3600 < status.pop("made") <= before
    assert re.fullmatch("[0-9a-f]{64}", status.pop("encoder_sha256"))
    assert status == {
        "schema": "briefqa.status/1",
        "stale": False,
        "index": "index",
        "generation": 1,
        "documents": 5,
        "passages": 6,
        "encoder": "all-MiniLM-L6-v2",
        "dimension": 64,
        "window": 64,
        "precision": "fp32",
        "reranker": None,
        "reranker_sha256": None,
        "reranker_window": None,
        "passage_tokens": 200,
        "overlap_tokens": 0,
        "sources": ["corpus"],
        "missing_sources": [],
        "new": [],
        "changed": [],
        "removed": [],
        "remarks": [],
        "languages": [{"language": "en", "documents": 5}],
        "notes": [],
    }


def test_articles_that_moved_on(indexed: Runner, articles: Path) -> None:
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    (articles / "another.txt").write_text("New.\n", encoding="utf-8")
    (articles / "peace.md").write_text("Edited.\n", encoding="utf-8")
    (articles / "nested/cis.md").unlink()
    (articles / "ignored.png").write_text("a,b\n", encoding="utf-8")
    outcome = indexed("status")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.split("\n")[6:] == [
        "articles now  2 new, 1 changed, 1 removed: run briefqa index",
        "  new      another.txt",
        "  new      new.md",
        "  changed  peace.md",
        "  removed  nested/cis.md",
        "",
    ]
    status = indexed("status", "--json").json
    assert (status["stale"], status["new"], status["changed"], status["removed"]) == (
        True,
        ["another.txt", "new.md"],
        ["peace.md"],
        ["nested/cis.md"],
    )
    assert indexed("index").code == 0
    assert indexed("status", "--json").json["stale"] is False


def test_a_new_time_stamp_is_no_change(indexed: Runner, articles: Path) -> None:
    for path in articles.rglob("*.*"):
        os.utime(path, (1, 1))
    assert indexed("status", "--json").json["stale"] is False
    answer = indexed("ask", "Georgia", "--json").json
    assert (answer["index"]["stale"], answer["notes"]) == (False, [])
    assert indexed("search", "Georgia", "--strict").code == 0


def test_an_edit_that_keeps_size_and_second_is_seen(indexed: Runner, articles: Path) -> None:
    path = articles / "union.text"
    path.write_text(path.read_text(encoding="utf-8").replace("1999", "1998"), encoding="utf-8")
    assert indexed("status", "--json").json["changed"] == ["union.text"]


def test_articles_that_are_not_there(indexed: Runner, articles: Path) -> None:
    shutil.rmtree(articles)
    outcome = indexed("status")
    assert outcome.code == 0
    assert outcome.out.endswith("\narticles now  not found on this machine: corpus\n")
    status = indexed("status", "--json").json
    assert (status["stale"], status["missing_sources"], status["removed"]) == (None, ["corpus"], [])


def test_files_that_gave_no_document_are_named(run: Runner, articles: Path) -> None:
    (articles / "empty.md").write_bytes(b"")
    assert run("index").code == 2
    assert run("status").out.endswith("\narticles now  as indexed\nnot indexed: empty.md: it is empty\n")


def test_a_whole_index(indexed: Runner) -> None:
    outcome = indexed("verify")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "The index in index is whole: generation 1, 5 documents, 6 passages.\n"
    assert indexed("verify", "--json").json == {
        "schema": "briefqa.verify/1",
        "whole": True,
        "generation": 1,
        "documents": 5,
        "passages": 6,
        "reread": None,
    }


def test_a_changed_byte_is_found(indexed: Runner) -> None:
    path = Path("index/gen-000001/seg-000001/dense.faiss")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    outcome = indexed("verify")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("error: The index in index is damaged: index/gen-000001/seg-000001/dense.faiss ")
    assert outcome.err.endswith(
        ". Mend what can be mended with: briefqa repair. Make it again with: briefqa index --rebuild\n"
    )
    error = indexed("verify", "--json").json_error
    assert (error["schema"], error["error"], error["exit_code"]) == ("briefqa.error/1", "IndexDamaged", 3)


@pytest.mark.parametrize("command", ["status", "verify"])
def test_no_index(run: Runner, articles: Path, command: str) -> None:
    message = "There is no index in index. Make one with: briefqa index"
    outcome = run(command)
    assert (outcome.code, outcome.out, outcome.err) == (3, "", f"error: {message}\n")
    assert run(command, "--json").json_error == {
        "schema": "briefqa.error/1",
        "error": "IndexMissing",
        "message": message,
        "exit_code": 3,
    }
