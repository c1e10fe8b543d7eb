from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefqa.corpus.formats import FORMATS
from tests.cli.runner import Runner
from tests.fakes import OTHER_ENCODER, FakeEncoders

BINARY = bytes([0, 1, 2, 255, 254, 0])


def test_first_run_then_nothing_changed(run: Runner, articles: Path, installed_fake: FakeEncoders) -> None:
    first = run("index")
    assert (first.code, first.err) == (0, "")
    assert re.fullmatch(
        r"Indexed 5 documents, 6 passages into index in \d+\.\d s\.\n"
        r"Articles: 5 new\. Passages: 6 encoded with all-MiniLM-L6-v2, 0 reused\.\n",
        first.out,
    )
    again = run("index")
    assert (again.code, again.err) == (0, "")
    assert re.fullmatch(r"Nothing changed: index holds 5 documents, 6 passages \(\d+\.\d\d s\)\.\n", again.out)
    assert installed_fake.encoded == 6


def test_json(run: Runner, articles: Path) -> None:
    report = run("index", "--json").json
    assert report.pop("seconds") >= 0.0
    assert report == {
        "schema": "briefqa.index/1",
        "changed_index": True,
        "generation": 1,
        "documents": 5,
        "passages": 6,
        "added": 5,
        "changed": 0,
        "removed": 0,
        "kept": 0,
        "encoded": 6,
        "reused": 0,
        "encoder": "all-MiniLM-L6-v2",
        "complete": True,
        "remarks": [],
        "notes": [],
    }
    again = run("index", "--json")
    assert again.code == 0
    assert (again.json["changed_index"], again.json["generation"], again.json["kept"]) == (False, 1, 5)


def test_only_what_changed_is_encoded(indexed: Runner, articles: Path, installed_fake: FakeEncoders) -> None:
    (articles / "union.text").unlink()
    (articles / "osce.txt").write_text("The group is no more.\n", encoding="utf-8")
    (articles / "new.md").write_text("A new article.\n", encoding="utf-8")
    report = indexed("index", "--json").json
    changes = {
        name: report[name] for name in ("generation", "added", "changed", "removed", "kept", "encoded", "reused")
    }
    assert changes == {
        "generation": 2,
        "added": 1,
        "changed": 1,
        "removed": 1,
        "kept": 3,
        "encoded": 2,
        "reused": 4,
    }
    assert installed_fake.passages[6:] == ["A new article.", "The group is no more."]


def test_rebuild_encodes_all_again(indexed: Runner, installed_fake: FakeEncoders) -> None:
    report = indexed("index", "--rebuild", "--json").json
    assert (report["generation"], report["added"], report["encoded"], report["reused"]) == (2, 5, 6, 0)
    assert installed_fake.encoded == 12


def test_an_index_of_an_earlier_format_is_refused_until_it_is_rebuilt(indexed: Runner) -> None:
    path = Path("index/gen-000001/manifest.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 4', '"format": 3'), encoding="utf-8")
    outcome = indexed("index")
    assert (outcome.code, outcome.out, outcome.err) == (
        3,
        "",
        "error: The index in index has format 3, and this briefqa reads format 4."
        " Make it again with: briefqa index --rebuild\n",
    )
    assert indexed("index", "--rebuild").code == 0
    assert indexed("search", "minsk").code == 0


def test_folders_files_and_the_index_can_be_named(run: Runner, articles: Path) -> None:
    report = run("index", "corpus/nested", "corpus/union.text", "-i", "elsewhere/index", "--json")
    assert (report.code, report.json["documents"]) == (0, 2)
    assert Path("elsewhere/index/CURRENT").read_text(encoding="utf-8") == "gen-000001\n"
    assert not Path("index").exists()


def test_a_shorter_passage_makes_more_of_them(run: Runner, articles: Path) -> None:
    assert run("index", "--passage-tokens", "20", "--json").json["passages"] > 6


def test_binary_and_empty_files_are_named_and_the_rest_is_indexed(run: Runner, articles: Path) -> None:
    (articles / "binary.md").write_bytes(BINARY)
    (articles / "empty.md").write_bytes(b"")
    first = run("index")
    assert first.code == 2
    assert first.out.startswith("Indexed 5 documents, 6 passages into index in ")
    assert first.out.endswith("\nArticles: 7 new. Passages: 6 encoded with all-MiniLM-L6-v2, 0 reused.\n")
    assert first.err == (
        "not indexed: binary.md: it looks like a binary file, not like text\nnot indexed: empty.md: it is empty\n"
    )
    again = run("index")
    assert (again.code, again.err) == (2, first.err)
    assert again.out.startswith("Nothing changed: ")
    report = run("index", "--json")
    assert report.code == 2
    assert report.json["complete"] is False
    assert report.json["remarks"] == [
        {"key": "binary.md", "text": "it looks like a binary file, not like text", "indexed": False},
        {"key": "empty.md", "text": "it is empty", "indexed": False},
    ]
    assert run("search", "minsk").code == 0


def test_a_warning_is_no_failure(run: Runner, articles: Path) -> None:
    (articles / "dated.md").write_text("---\ndate: yesterday\n---\nSome text.\n", encoding="utf-8")
    outcome = run("index")
    assert outcome.code == 0
    assert outcome.err == (
        "warning: dated.md: its date 'yesterday' is not of the form 2018-11-22, 2018-11 or 2018,"
        " so its date is unknown\n"
    )


@pytest.mark.parametrize("json", [False, True])
def test_an_empty_corpus(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, json: bool) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    message = f"There is no article in corpus. briefqa reads files that end in {', '.join(sorted(FORMATS))}."
    outcome = run("index", *(["--json"] if json else []))
    assert outcome.code == 2
    if json:
        assert outcome.json_error == {
            "schema": "briefqa.error/1",
            "error": "CorpusError",
            "message": message,
            "exit_code": 2,
        }
    else:
        assert (outcome.out, outcome.err) == ("", f"error: {message}\n")
    assert not Path("index").exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.md", b"", "it is empty"),
        ("blank.txt", b" \n\t\n", "it is empty"),
        ("front.md", b"---\ntitle: T\n---\n", "it has front matter but no text"),
        ("binary.md", BINARY, "it looks like a binary file, not like text"),
    ],
)
def test_a_corpus_without_a_readable_article(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    Path("corpus", name).write_bytes(content)
    outcome = run("index")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: No article can be used: ")
    assert f"{name}: {reason}" in outcome.err
    assert not Path("index/CURRENT").exists()


def test_no_such_folder(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("index", "nowhere")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: There is no folder or file nowhere. Name the folder that holds your articles.\n"


def test_a_file_that_is_no_article(run: Runner, articles: Path) -> None:
    Path("table.xyz").write_text("a,b\n", encoding="utf-8")
    outcome = run("index", "table.xyz")
    assert (outcome.code, outcome.out) == (2, "")
    read = ", ".join(sorted(FORMATS))
    assert outcome.err == f"error: table.xyz is not an article that briefqa reads ({read}).\n"


def test_no_such_encoder(run: Runner, articles: Path) -> None:
    outcome = run("index", "--encoder", "nope")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", "error: There is no encoder 'nope' here.\n")


def test_another_encoder_makes_the_index_anew(indexed: Runner) -> None:
    report = indexed("index", "--encoder", OTHER_ENCODER, "--json").json
    assert (report["generation"], report["encoder"], report["encoded"]) == (2, "fake-other", 6)
    assert indexed("index", "--json").json["encoder"] == "fake-other"


def test_another_dense_index_encodes_nothing(indexed: Runner) -> None:
    report = indexed("index", "--dense-index", "int8", "--json").json
    assert (report["generation"], report["encoded"], report["reused"]) == (2, 0, 6)
    assert not indexed("index", "--dense-index", "int8", "--json").json["changed_index"]
    outcome = indexed("index", "--dense-index", "hnsw")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: dense_index is 'hnsw'; it must be auto, flat or int8.\n"


def test_an_overlap_must_be_shorter_than_a_passage(run: Runner, articles: Path) -> None:
    outcome = run("index", "--passage-tokens", "20", "--overlap-tokens", "20")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: Passages of 20 tokens with an overlap of 20 can't be cut for an encoder that reads 64 tokens.\n"
    )


def test_an_index_folder_that_is_a_file(run: Runner, articles: Path) -> None:
    Path("taken").write_text("", encoding="utf-8")
    outcome = run("index", "--index", "taken")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: The index folder taken can't be written: file exists.\n"


def test_an_encoder_that_fails_leaves_the_old_index(
    indexed: Runner, articles: Path, installed_fake: FakeEncoders
) -> None:
    (articles / "new.md").write_text("A new article.\n", encoding="utf-8")
    installed_fake.fail_with(KeyboardInterrupt())
    stopped = indexed("index")
    assert (stopped.code, stopped.out, stopped.err.strip()) == (130, "", "Interrupted.")
    assert Path("index/CURRENT").read_text(encoding="utf-8") == "gen-000001\n"
    assert [path.name for path in Path("index").glob(".work-*")] == []
    assert indexed("search", "minsk").code == 0


def test_an_interrupted_run_says_what_it_keeps(
    run: Runner, articles: Path, installed_fake: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefqa.index.encoding._FIRST_SLAB", 2)
    monkeypatch.setattr("briefqa.index.encoding._SLAB", 2)
    monkeypatch.setattr("briefqa.index.encoded.PATIENCE", 0.0)
    installed_fake.fail_with(KeyboardInterrupt(), after=1)
    broken = run("index")
    assert (broken.code, broken.out, broken.err.strip()) == (130, "", "Interrupted.")
    installed_fake.fail_with(KeyboardInterrupt(), after=4)
    broken = run("index")
    assert (broken.code, broken.out) == (130, "")
    assert broken.err.split("\n")[0] == "4 encoded passages kept: the same command goes on from there."
    assert broken.err.rstrip().endswith("\nInterrupted.")
    installed_fake.failure = None
    told = installed_fake.encoded
    assert "Passages: 6 encoded with all-MiniLM-L6-v2, 0 reused." in run("index").out
    assert installed_fake.encoded - told == 2


def test_the_precision_is_shown_and_a_wrong_one_refused(
    run: Runner, articles: Path, installed_fake: FakeEncoders
) -> None:
    assert run("index", "--precision", "bf16").code == 0
    assert "(64 dimensions, bf16)" in run("status").out
    wrong = run("index", "--precision", "fp16")
    assert (wrong.code, wrong.err) == (2, "error: precision is 'fp16'; it must be auto, fp32 or bf16.\n")
