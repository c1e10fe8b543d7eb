"""`briefqa eval import` and `export`: what comes in is indexed and measured, and what goes out comes back the same."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from briefqa.evaluation.datasets import load_questions
from briefqa.evaluation.results import RETRIEVAL
from tests.cli.runner import Runner

QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "q 1",
        "question": "When did Georgia leave the commonwealth?",
        "tags": ["date", "fact"],
        "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
    {
        "id": "q2",
        "question": "Who led the organisation?",
        "tags": [],
        "gold": [
            # Over the end of a line, and in another document.
            {"document": "csto.md", "quote": "Yuri Khachaturov of Armenia followed him in 2017."},
            {"document": "peace.md", "quote": "The border commission met in April."},
        ],
    },
    {"id": "q3", "question": "Who flew the zeppelin?", "tags": ["none"], "gold": []},
    {
        "id": "q4",
        "question": "Which treaty is of Russia and Belarus?",
        "tags": [],
        "gold": [{"document": "csto.md", "quote": None}, {"document": "nested/cis.md", "quote": None}],
    },
]
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Harbour_(town)",
            "paragraphs": [
                {
                    "context": "The harbour was built in 1899. A storm closed the harbour in 1902.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "When was the harbour built?",
                            "answers": [{"text": "1899", "answer_start": 25}],
                            "is_impossible": False,
                        },
                        {
                            "id": "s2",
                            "question": "What closed in 1902?",
                            "answers": [{"text": "the harbour", "answer_start": 46}],
                            "is_impossible": False,
                        },
                        {"id": "s3", "question": "Who built the bridge?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ],
}


@pytest.fixture
def asked(indexed: Runner) -> Runner:
    """`run`, with the small corpus, its index, and a question set that the settings name."""
    Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in QUESTIONS), encoding="utf-8")
    Path("briefqa.toml").write_text('questions = "q.jsonl"\n', encoding="utf-8")
    return indexed


def golds(path: str) -> dict[str, set[tuple[str, str | None]]]:
    return {question.id: {(gold.document, gold.quote) for gold in question.gold} for question in load_questions(path)}


def test_squad_is_imported_indexed_and_measured(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    outcome = run("eval", "import", "squad", "s.json", "--corpus", "articles", "--questions", "s.jsonl")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "Imported 3 questions from s.json",
        "  2 answerable, 1 not",
        "Question set: s.jsonl",
        "1 article: articles",
        "Next:",
        "  briefqa index articles --index s-index",
        "  briefqa eval s.jsonl --index s-index",
    ]
    assert run("index", "articles", "--index", "made").code == 0
    report = run("eval", "s.jsonl", "--index", "made", "--json").json
    assert (report["answerable"], report["unanswerable"]) == (2, 1)
    assert report["measures"]["documents.R@1"]["value"] == 1.0
    shown = run("search", "harbour", "--index", "made", "--json").json["hits"][0]["document"]
    assert shown["title"] == "Harbour (town)"


BEIR = {
    "corpus": '{"_id": "d1", "title": "", "text": "Harbour one was closed."}\n',
    "queries": '{"_id": "q1", "text": "Which harbour was closed?"}\n',
    "qrels": "q1\td1\t1\n",
}


def write_beir(folder: str) -> None:
    """A collection of one article and one question."""
    Path(folder).mkdir(parents=True)
    for name, text in BEIR.items():
        Path(folder, f"{name}.tsv" if name == "qrels" else f"{name}.jsonl").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("folder", "typed", "name"),
    [
        ("sets/harbours", "sets/harbours", "harbours"),
        ("harbours", "harbours/", "harbours"),
        ("h.v2", "./h.v2", "h.v2"),
        ("sets/harbours", "sets/harbours/.", "harbours"),
        ("sets", "sets/../sets", "sets"),
    ],
)
def test_beir_goes_where_its_name_says(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, typed: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_beir(folder)
    outcome = run("eval", "import", "beir", typed)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[-5:] == [
        f"Question set: {name}.jsonl",
        f"1 article: {name}-articles",
        "Next:",
        f"  briefqa index {name}-articles --index {name}-index",
        f"  briefqa eval {name}.jsonl --index {name}-index",
    ]
    assert sorted(entry.name for entry in Path().iterdir()) == sorted(
        {Path(folder).parts[0], f"{name}-articles", f"{name}.jsonl"}
    )
    assert golds(f"{name}.jsonl") == {"q1": {("d1.md", None)}}


@pytest.mark.parametrize(("below", "typed"), [(".", "."), (".", "./"), ("here", ".."), ("here", "../here/..")])
def test_a_folder_without_a_name_has_that_of_the_place(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str, typed: str
) -> None:
    place = tmp_path / "harbours"
    write_beir(str(place))
    (place / "here").mkdir()
    monkeypatch.chdir(place / below)
    outcome = run("eval", "import", "beir", typed)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[-2:] == [
        "  briefqa index harbours-articles --index harbours-index",
        "  briefqa eval harbours.jsonl --index harbours-index",
    ]
    assert golds("harbours.jsonl") == {"q1": {("d1.md", None)}}


def test_a_link_keeps_the_name_that_was_typed(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_beir("stored/v7")
    Path("harbours").symlink_to("stored/v7")
    assert run("eval", "import", "beir", "harbours").code == 0
    assert Path("harbours.jsonl").is_file()


def test_what_is_told_next_can_be_typed(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_beir("-my harbours")
    outcome = run("eval", "import", "beir", "./-my harbours")
    *_, indexing, asking = outcome.out.splitlines()
    assert indexing == "  briefqa index './-my harbours-articles' --index './-my harbours-index'"
    assert asking == "  briefqa eval './-my harbours.jsonl' --index './-my harbours-index'"
    for line in (indexing, asking):
        assert run(*shlex.split(line)[1:]).code == 0


def test_squad_goes_where_the_name_of_its_file_says(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sets").mkdir()
    Path("sets/dev-v2.0.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    outcome = run("eval", "import", "squad", "sets/dev-v2.0.json")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[-2:] == [
        "  briefqa index dev-v2.0-articles --index dev-v2.0-index",
        "  briefqa eval dev-v2.0.jsonl --index dev-v2.0-index",
    ]
    assert len(load_questions("dev-v2.0.jsonl")) == 3
    assert [entry.name for entry in Path("dev-v2.0-articles").iterdir()] == ["Harbour_(town).md"]
    again = run("eval", "import", "squad", "sets/dev-v2.0.json")
    assert (again.code, again.out) == (2, "")
    assert again.err == (
        "error: dev-v2.0.jsonl is there already; choose another file with --questions, or --replace it\n"
    )
    again = run("eval", "import", "squad", "sets/dev-v2.0.json", "--replace")
    assert (again.code, again.out) == (2, "")
    assert again.err == ("error: dev-v2.0-articles is not empty; choose a folder that is new or empty with --corpus\n")
    assert run("eval", "import", "squad", "sets/dev-v2.0.json", "--replace", "--corpus", "other").code == 0


@pytest.mark.parametrize(("kind", "defaults"), [("beir", 2), ("squad", 2), ("csv", 1)])
def test_help_says_where_it_goes(run: Runner, kind: str, defaults: int) -> None:
    outcome = run("eval", "import", kind, "--help")
    shown = [line.strip("│ ") for line in outcome.out.splitlines()]
    assert [line for line in shown if line.startswith("[default: (NAME")] == [
        "[default: (NAME-articles)]",
        "[default: (NAME.jsonl)]",
    ][-defaults:]


def test_a_table_never_replaces_itself(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = "question,document,quote\nWho?,a.md,x\n"
    Path("t.jsonl").write_text(table, encoding="utf-8")
    outcome = run("eval", "import", "csv", "t.jsonl", "--replace")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: t.jsonl is what is imported; choose another file with --questions\n"
    assert Path("t.jsonl").read_text(encoding="utf-8") == table
    Path("t.jsonl").rename("t.csv")
    outcome = run("eval", "import", "csv", "t.csv")
    assert outcome.out.splitlines()[-3:] == ["Question set: t.jsonl", "Next:", "  briefqa eval t.jsonl"]
    assert golds("t.jsonl") == {"q001": {("a.md", "x")}}


def test_beir_is_imported_indexed_and_measured(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b").mkdir()
    rows = {
        "corpus": [{"_id": f"d{n}", "title": "", "text": f"Harbour number {n} was closed."} for n in range(30)],
        "queries": [{"_id": f"q{n}", "text": f"Is harbour number {n} closed?"} for n in range(30)],
    }
    for name, written in rows.items():
        Path(f"b/{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in written), encoding="utf-8")
    Path("b/qrels.tsv").write_text("".join(f"q{n}\td{n}\t1\n" for n in range(29)), encoding="utf-8")
    arguments = ["eval", "import", "beir", "b", "--corpus", "a", "--questions", "b.jsonl", "--limit", "12"]
    outcome = run(*arguments, "--documents", "20", "--seed", "4")
    assert outcome.code == 0
    assert outcome.out.splitlines()[:6] == [
        "Imported 12 questions from b",
        "  12 answerable, 0 not",
        "  12 with whole documents as gold: they count for documents only",
        "  A part, drawn at random (seed 4); fewer articles make it easier",
        "  Left out: 1 question: no relevant document is known, and its type is not",
        "  'unanswerable'",
    ]
    assert len(list(Path("a").iterdir())) == 20
    assert run("index", "a", "--index", "made").code == 0
    measures = run("eval", "b.jsonl", "--index", "made", "-r", "lexical", "--json").json["measures"]
    assert measures["documents.R@10"]["n"] == 12
    assert measures["documents.RR@10"]["value"] > 0.5
    assert (measures["passages.R@10"]["n"], measures["quote_hit"]["n"], measures["brier"]["n"]) == (0, 0, 0)
    assert "12 answerable questions name whole documents" in run("eval", "b.jsonl", "--index", "made").out


def test_a_table_is_imported_and_measured(indexed: Runner) -> None:
    Path("t.csv").write_text(
        "Frage;document;quote\nWhen did Georgia leave?;nested/cis.md;Georgia left the commonwealth in 2009.\n",
        encoding="utf-8-sig",
    )
    outcome = indexed("eval", "import", "csv", "t.csv", "--questions", "t.jsonl", "--columns", "Question=FRAGE")
    assert outcome.out.splitlines() == [
        "Imported 1 question from t.csv",
        "  1 answerable, 0 not",
        "Question set: t.jsonl",
        "Next:",
        "  briefqa eval t.jsonl",
    ]
    assert indexed("eval", "t.jsonl", "--json").json["measures"]["documents.R@5"]["value"] == 1.0


def test_beir_goes_out_and_comes_back(asked: Runner) -> None:
    outcome = asked("eval", "export", "beir", "out")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "Exported 4 questions to out",
        "  3 answerable, 1 not",
        "  1 with whole documents as gold: they are judged by documents only",
        "  5 documents",
        "Files: corpus.jsonl, evidence.jsonl, qrels/test.tsv, queries.jsonl",
    ]
    corpus = {row["_id"]: row for row in map(json.loads, Path("out/corpus.jsonl").read_text().splitlines())}
    evidence = list(map(json.loads, Path("out/evidence.jsonl").read_text().splitlines()))
    assert len(evidence) == 3
    for row in evidence:
        assert corpus[row["doc_id"]]["text"][row["start"] : row["end"]] == row["quote"]
    assert corpus["csto.md"]["title"] == "The CSTO at a glance"
    assert corpus["csto.md"]["metadata"] == {
        "source": "Example Institute",
        "authors": ["Anna Petrosyan", "Boris Ivanov"],
        "date": "2018-11-22",
        "url": "https://example.org/csto",
    }
    assert Path("out/qrels/test.tsv").read_text() == (
        "query-id\tcorpus-id\tscore\nq 1\tnested/cis.md\t1\nq2\tcsto.md\t1\nq2\tpeace.md\t1\n"
        "q4\tcsto.md\t1\nq4\tnested/cis.md\t1\n"
    )
    assert asked("eval", "import", "beir", "out", "--corpus", "back", "--questions", "back.jsonl").code == 0
    assert golds("back.jsonl") == golds("q.jsonl")
    back, first = load_questions("back.jsonl"), load_questions("q.jsonl")
    assert [(question.id, question.text, question.tags) for question in back] == [
        (question.id, question.text, question.tags) for question in first
    ]
    # Indexed anew, the same gold stands in the same texts.
    assert asked("index", "back", "--index", "again").code == 0
    mine, other = (asked("eval", path, "--index", index, "-r", "lexical", "--json").json for path, index in (
        ("q.jsonl", "index"), ("back.jsonl", "again"),
    ))  # fmt: skip
    assert other["answerable"] == 3
    assert other["measures"]["characters.R@5"]["n"] == mine["measures"]["characters.R@5"]["n"] == 2


def test_trec_files_of_a_run_give_the_figures_of_its_report(asked: Runner) -> None:
    assert asked("eval", "--name", "main", "--min-confidence", "0").code == 0
    outcome = asked("eval", "export", "trec", "out", "--run", "main")
    assert outcome.out.splitlines()[-1] == (
        "Files: documents.qrels, documents.run, passages.qrels, passages.run, topics.tsv"
    )
    assert Path("out/topics.tsv").read_text().splitlines()[0] == "q%201\tWhen did Georgia leave the commonwealth?"
    measures = asked("eval", "--min-confidence", "0", "--json").json["measures"]
    options = [part for name in RETRIEVAL for part in ("-m", name)]
    for unit, n in (("documents", 3), ("passages", 2)):
        files = ["--qrels", f"out/{unit}.qrels", "--run", f"out/{unit}.run"]
        [scored] = asked("eval", "score", *files, *options, "--json").json["runs"]
        assert {entry["n"] for entry in scored["measures"].values()} == {n}
        for name, entry in scored["measures"].items():
            theirs = measures[f"{unit}.{name}"]
            assert (entry["value"], entry["low"], entry["high"], entry["n"]) == (
                pytest.approx(theirs["value"], abs=1e-9),
                pytest.approx(theirs["low"], abs=1e-9),
                pytest.approx(theirs["high"], abs=1e-9),
                theirs["n"],
            )


def test_figures_are_the_same_where_a_passage_holds_two_golds_or_the_half_of_none(asked: Runner) -> None:
    six, belong = (
        "The Collective Security Treaty Organisation has six members.",
        "Armenia, Belarus, Kazakhstan, Kyrgyzstan, Russia and Tajikistan belong to it.",
    )
    rows = [
        {
            "id": "two",
            "question": "Which six members belong to the organisation?",
            "tags": [],
            "gold": [
                {"document": "csto.md", "quote": six},
                {"document": "csto.md", "quote": belong},
                {"document": "nested/cis.md", "quote": "Its executive committee sits in Minsk."},
            ],
        },
        QUESTIONS[0],
    ]
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = [part for name in RETRIEVAL for part in ("-m", name)]

    def figures(name: str) -> tuple[dict[str, float], dict[str, float]]:
        """Of the report, and of the scored files."""
        assert asked("eval", "run", "-r", "lexical", "--name", name).code == 0
        report = asked("eval", "report", name, "--json").json["measures"]
        files = ["--qrels", f"runs/{name}/passages.qrels", "--run", f"runs/{name}/passages.run"]
        [scored] = asked("eval", "score", *files, *options, "--json").json["runs"]
        assert {scored["measures"][unit]["n"] for unit in RETRIEVAL} == {report["passages.R@1"]["n"]} == {2}
        return (
            {unit: report[f"passages.{unit}"]["value"] for unit in RETRIEVAL},
            {unit: scored["measures"][unit]["value"] for unit in RETRIEVAL},
        )

    ours, theirs = figures("long")
    # The first question: one of its two passages at rank 1, though two of its three golds; the second: its only one.
    assert ours["R@1"] == (1 / 2 + 1) / 2
    assert ours == {name: pytest.approx(value, abs=1e-9) for name, value in theirs.items()}
    # The article on the CIS is one gold now, and in passages of 16 tokens none holds half of it.
    text = " ".join(Path("corpus/nested/cis.md").read_text(encoding="utf-8").split("\n\n", 1)[-1].split())
    rows[1] = {**QUESTIONS[0], "gold": [{"document": "nested/cis.md", "quote": text}]}
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert asked("index", "--passage-tokens", "16").code == 0
    ours, theirs = figures("short")
    assert ours == {name: pytest.approx(value, abs=1e-9) for name, value in theirs.items()}
    assert 0 < ours["R@10"] <= 1 / 2


def test_trec_files_of_the_set_are_those_of_a_run(asked: Runner) -> None:
    assert asked("eval", "--name", "main").code == 0
    assert asked("eval", "export", "trec", "one", "--run", "main").code == 0
    outcome = asked("eval", "export", "trec", "other")
    assert outcome.out.splitlines()[-1] == "Files: documents.qrels, passages.qrels, topics.tsv"
    for name in ("topics.tsv", "documents.qrels", "passages.qrels"):
        assert Path("one", name).read_bytes() == Path("other", name).read_bytes() != b""


def test_import_json(asked: Runner) -> None:
    assert asked("eval", "export", "beir", "out", "--json").json == {
        "schema": "briefqa.export/1",
        "format": "beir",
        "folder": "out",
        "run": None,
        "questions": 4,
        "answerable": 3,
        "quoted": 2,
        "drifted": 0,
        "documents": 5,
        "files": ["corpus.jsonl", "evidence.jsonl", "qrels/test.tsv", "queries.jsonl"],
    }
    found = asked("eval", "import", "beir", "out", "--corpus", "back", "--questions", "back.jsonl", "--json").json
    assert found == {
        "schema": "briefqa.import/1",
        "format": "beir",
        "source": "out",
        "question_set": "back.jsonl",
        "corpus": "back",
        "articles": 5,
        "questions": 4,
        "answerable": 3,
        "quoted": 2,
        "widened": 0,
        "seed": None,
        "left_out": [],
    }


def test_csv_of_what_went_out_and_came_in(asked: Runner) -> None:
    outcome = asked("eval", "export", "beir", "out", "--csv")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "format,folder,run,questions,answerable,quoted,drifted,documents,files\n"
        "beir,out,,4,3,2,0,5,corpus.jsonl|evidence.jsonl|qrels/test.tsv|queries.jsonl\n"
    )
    outcome = asked("eval", "export", "trec", "trec", "--csv")
    assert outcome.out.splitlines()[1] == "trec,trec,,4,3,2,0,,documents.qrels|passages.qrels|topics.tsv"
    # Without its type, nobody knows that nothing answers the third.
    queries = Path("out/queries.jsonl").read_text(encoding="utf-8")
    Path("out/queries.jsonl").write_text(queries.replace("unanswerable", "x"), encoding="utf-8")
    outcome = asked("eval", "import", "beir", "out", "--limit", "9", "--seed", "7", "--csv")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "format,source,question_set,corpus,articles,questions,answerable,quoted,widened,seed,left_out\n"
        "beir,out,out.jsonl,out-articles,5,3,3,2,0,7,1\n"
    )
    Path("t.csv").write_text("question,document,quote\nWho?,a.md,x\nWhy?,,\n", encoding="utf-8")
    outcome = asked("eval", "import", "csv", "t.csv", "--csv")
    assert outcome.out.splitlines()[1] == "csv,t.csv,t.jsonl,,,2,1,1,0,,0"


def test_gold_that_moved_goes_out_as_it_was_found(asked: Runner, articles: Path) -> None:
    (articles / "nested" / "cis.md").rename(articles / "cis.md")
    assert asked("index").code == 0
    Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in QUESTIONS[:3]), encoding="utf-8")
    outcome = asked("eval", "export", "beir", "out")
    assert "  1 of the golds moved or changed: they are written as found" in outcome.out.splitlines()
    assert json.loads(Path("out/evidence.jsonl").read_text().splitlines()[0])["doc_id"] == "cis.md"


def test_two_documents_of_one_name_can_not_go_to_beir(run: Runner, articles: Path) -> None:
    Path("other").mkdir()
    (Path("other") / "union.text").write_text("Another union.\n", encoding="utf-8")
    assert run("index", str(articles), "other").code == 0
    Path("q.jsonl").write_text(json.dumps(QUESTIONS[0]) + "\n", encoding="utf-8")
    outcome = run("eval", "export", "beir", "out", "--questions", "q.jsonl")
    assert (outcome.code, outcome.err) == (
        2,
        "error: the index holds more than one document 'union.text'; index the folders apart, or rename one\n",
    )
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["import", "csv", "t.csv", "--questions", "t.jsonl", "--columns", "question"],
            "--columns is 'question'; write it as NAME=HEADER, for example question=Frage",
        ),
        (["import", "squad", "t.csv"], "t.csv is not in the format of SQuAD: "),
        (["import", "beir", "no", "--corpus", "a", "--questions", "t.jsonl"], "no is no collection in the layout of"),
        (
            ["import", "csv", "t.csv", "--questions", "q.jsonl"],
            "q.jsonl is there already; choose another file with --qu",
        ),
        (["export", "trec", "corpus"], "corpus is not empty; choose a folder that is new or empty"),
        (["export", "beir", "q.jsonl"], "q.jsonl is a file; choose a folder that is new or empty"),
        (["export", "trec", "out", "--run", "no"], "there is no whole run in no; make one with"),
        (
            ["export", "trec", "out", "--run", "no", "--index", "i"],
            "a run has its questions and its index with it; leave out --questions and --index, or --run",
        ),
        (["export", "trec", "out", "--questions", "bad.jsonl"], "bad.jsonl: 1 problem in the question set"),
        (["imprt", "csv"], "There is no command or question set 'imprt'. Did you mean 'import'?"),
    ],
)
def test_wrong_calls(asked: Runner, arguments: list[str], message: str) -> None:
    Path("t.csv").write_text("question,document,quote\nWho?,a.md,x\n", encoding="utf-8")
    bad = {**QUESTIONS[0], "gold": [{"document": "csto.md", "quote": "This stands nowhere."}]}
    Path("bad.jsonl").write_text(json.dumps(bad), encoding="utf-8")
    before = sorted(Path().rglob("*"))
    outcome = asked("eval", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {message}")
    assert sorted(Path().rglob("*")) == before


def test_no_index_to_export(run: Runner, articles: Path) -> None:
    Path("q.jsonl").write_text(json.dumps(QUESTIONS[0]) + "\n", encoding="utf-8")
    outcome = run("eval", "export", "trec", "out", "--questions", "q.jsonl")
    assert (outcome.code, outcome.err) == (3, "error: There is no index in index. Make one with: briefqa index\n")
    assert articles.is_dir()
    assert not Path("out").exists()


def test_hostile_names_are_escaped(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t\x1b[2J.csv").write_text("question,document,quote\nWho?,a.md,x\n", encoding="utf-8")
    outcome = run("eval", "import", "csv", "t\x1b[2J.csv", "--questions", "t\u202e.jsonl")
    assert outcome.code == 0
    assert not {"\x1b", "\u202e"} & set(outcome.out)
