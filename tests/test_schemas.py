"""The JSON of every command against the schemas that ship with briefqa."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from briefqa.evaluation.results import MEASURES
from tests.cli.runner import Runner
from tests.fakes import RERANKER, FakeEncoders
from tests.made_once import MadeOnce
from tests.stories import STORY, UPDATE, write_story

NAMES = [
    "add", "answer", "article", "compare", "documents", "duplicates", "error", "eval", "export", "fetch", "gate",
    "gold", "health", "hits", "import", "index", "passages", "repair", "review", "schemas", "score", "status",
    "suggest", "sweep", "verify",
]  # fmt: skip
EXPORTED = ["eval", "export", "beir", "out", "--questions", "q.jsonl"]
IMPORTED = ["eval", "import", "csv", "t.csv", "--questions", "t.jsonl"]
QUESTION = "When did Georgia leave the commonwealth?"
RECORDS: list[dict[str, Any]] = [
    {
        "id": "q1",
        "question": QUESTION,
        "tags": ["date", "fact"],
        "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
    {"id": "q2", "question": "Who flew the zeppelin?", "tags": [], "gold": []},
    {
        "id": "q3",
        "question": QUESTION,
        "tags": [],
        "gold": [{"document": "cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
]
VERSIONS = dict.fromkeys(NAMES, 1) | {"eval": 2}
# What is there only when it happened.
OPTIONAL = {"$.properties.milliseconds.rerank"}
Json = dict[str, Any]
Spoil = Callable[[Json], object]


def schema(name: str) -> Json:
    text = files("briefqa").joinpath(f"schemas/{name}.json").read_text(encoding="utf-8")
    loaded: Json = json.loads(text)
    return loaded


def problems(name: str, value: object) -> list[str]:
    found = Draft202012Validator(schema(name)).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def objects(value: object, place: str = "$") -> Iterator[tuple[str, Json]]:
    """Every part of a schema that describes an object."""
    if isinstance(value, dict):
        if "properties" in value and place.rsplit(".", 1)[-1] not in ("if", "then", "else"):
            yield place, value
        for name, part in value.items():
            yield from objects(part, f"{place}.{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from objects(part, f"{place}[{number}]")


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    installed_fake: FakeEncoders,
    articles: Path,
    made_once: MadeOnce,
) -> Runner:
    """The command line over the small corpus with a file that can't be read and its index."""
    runner = Runner(monkeypatch, capsys)

    def make() -> None:
        (articles / "empty.md").write_bytes(b"")
        assert (installed_fake.encoded, runner("index").code) == (0, 2)

    made_once("schemas", make)
    Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    Path("t.csv").write_text(f"question,document,quote\nWho?,a.md,x\n{'x' * 2001},a.md,x\n", encoding="utf-8")
    return runner


def test_there_is_a_schema_for_every_shape() -> None:
    found = sorted(entry.name for entry in files("briefqa").joinpath("schemas").iterdir())
    assert found == [f"{name}.json" for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_sound_and_strict(name: str) -> None:
    loaded = schema(name)
    Draft202012Validator.check_schema(loaded)
    assert loaded["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert loaded["$id"] == loaded["properties"]["schema"]["const"] == f"briefqa.{name}/{VERSIONS[name]}"
    for place, part in objects(loaded):
        assert part.get("additionalProperties") is False, place
        if not place.endswith("additionalProperties.properties.measures"):  # a tag has the measures that apply
            assert part["required"] == [name for name in part["properties"] if f"{place}.{name}" not in OPTIONAL], place
        for key, described in part["properties"].items():
            assert described.get("description"), f"{place}.{key}"


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("answer", ["ask", QUESTION, "--min-confidence", "0"], 0),
        ("answer", ["ask", QUESTION, "--min-confidence", "0", "-r", "lexical"], 0),
        ("answer", ["ask", QUESTION, "--min-confidence", "0", "-r", "dense"], 0),
        ("answer", ["ask", QUESTION, "--min-confidence", "1"], 1),
        ("answer", ["ask", "zeppelin", "-r", "lexical"], 1),
        ("answer", ["ask", "ვინ?", "--min-confidence", "1"], 1),
        ("hits", ["search", QUESTION], 0),
        ("hits", ["search", QUESTION, "-r", "dense"], 0),
        ("hits", ["search", QUESTION, "-r", "lexical"], 0),
        ("hits", ["search", "zeppelin", "-r", "lexical"], 1),
        ("answer", ["ask", QUESTION, "--min-confidence", "0", "--path", "corpus/nested", "--sort", "date"], 0),
        ("answer", ["ask", QUESTION, "--since", "2030", "--explain"], 1),
        ("answer", ["ask", QUESTION, "--min-confidence", "0", "--recency", "1", "--explain"], 0),
        ("hits", ["search", QUESTION, "--before", "2020", "--source", "example.org", "--recency", "0.5"], 0),
        ("hits", ["search", QUESTION, "--tag", "a", "--tag", "b", "--language", "de", "--last", "5y"], 1),
        ("eval", ["eval", "q.jsonl", "--path", "**/cis.md", "--recency", "0.2"], 0),
        ("answer", ["ask", QUESTION, "--explain", "--min-confidence", "0"], 0),
        ("answer", ["ask", QUESTION, "--explain", "-r", "lexical", "--min-confidence", "1"], 1),
        ("answer", ["ask", QUESTION, "--explain", "-r", "dense", "--min-confidence", "0"], 0),
        ("answer", ["ask", "zeppelin", "--explain", "-r", "lexical"], 1),
        ("answer", ["ask", "Did Georgia leave in 1961?", "--explain", "-r", "lexical", "--min-confidence", "1"], 1),
        ("answer", ["ask", "Who is who?", "--explain", "--min-confidence", "1"], 1),
        ("answer", ["ask", "ვინ?", "--explain", "--min-confidence", "1"], 1),
        ("hits", ["search", QUESTION, "--explain"], 0),
        ("hits", ["search", QUESTION, "--explain", "-r", "dense"], 0),
        ("hits", ["search", QUESTION, "--explain", "-r", "lexical"], 0),
        ("hits", ["search", "zeppelin", "--explain", "-r", "lexical"], 1),
        ("index", ["index"], 2),
        ("index", ["index", "--reranker", RERANKER], 2),
        ("index", ["index", "--rebuild"], 2),
        ("index", ["index", "corpus/nested"], 0),
        ("status", ["status"], 0),
        ("duplicates", ["status", "--duplicates"], 0),
        ("verify", ["verify"], 0),
        ("verify", ["verify", "--deep"], 0),
        ("repair", ["repair"], 0),
        ("eval", ["eval", "q.jsonl"], 0),
        ("eval", ["eval", "q.jsonl", "-r", "lexical"], 0),
        ("eval", ["eval", "run", "q.jsonl", "--min-confidence", "1"], 0),
        ("export", EXPORTED, 0),
        ("export", ["eval", "export", "trec", "out", "--questions", "q.jsonl"], 0),
        ("import", IMPORTED, 0),
        ("import", [*IMPORTED, "--limit", "1"], 0),
    ],
)
def test_output(run: Runner, name: str, arguments: list[str], code: int) -> None:
    outcome = run(*arguments, "--json")
    assert outcome.code == code
    assert problems(name, outcome.json) == []


def test_the_schema_of_an_evaluation_names_every_measure() -> None:
    loaded = schema("eval")
    overall, of_tags = loaded["properties"]["measures"], loaded["properties"]["tags"]["additionalProperties"]
    assert list(overall["properties"]) == list(MEASURES)
    assert of_tags["properties"]["measures"]["properties"] == overall["properties"]
    of_one = loaded["$defs"]["outcome"]["properties"]["measures"]["propertyNames"]["enum"]
    assert of_one == [name for name in MEASURES if name not in {"auroc", "ms_p50", "ms_p95"}]


def test_output_of_whole_documents(run: Runner) -> None:
    records = [{**RECORDS[0], "gold": [{"document": "nested/cis.md", "quote": None}]}, RECORDS[1]]
    Path("w.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    assert problems("eval", run("eval", "w.jsonl", "--json").json) == []
    assert problems("gold", run("eval", "gold", "w.jsonl", "--json").json) == []
    records[0]["gold"] = [{"document": "none.md", "quote": None}]
    Path("lost.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    lost = json.loads(run("eval", "gold", "lost.jsonl", "--json").out)
    assert (problems("gold", lost), lost["lost"][0]["quote"]) == ([], None)
    assert "the document 'none.md' is not in the index" in run("eval", "gold", "lost.jsonl").out
    arguments = ["eval", "export", "beir", "out", "--questions", "w.jsonl"]
    assert problems("export", run(*arguments, "--json").json) == []
    arguments = ["eval", "import", "beir", "out", "--corpus", "back", "--questions", "back.jsonl"]
    assert problems("import", run(*arguments, "--json").json) == []


def test_output_of_show(run: Runner) -> None:
    hit = run("search", "exercise soldiers", "--json").json["hits"][0]
    assert hit["document"]["path"] == "corpus/csto.md"
    for identity in (hit["passage_id"], hit["document"]["id"]):
        assert problems("passages", run("show", identity, "-C", "2", "--json").json) == []


def test_output_with_a_reranker(run: Runner) -> None:
    assert run("index", "--reranker", RERANKER).code == 2
    for name, arguments in (
        ("answer", [*ANSWERED, "--rerank"]),
        ("answer", [*UNANSWERED, "--rerank"]),
        ("hits", ["search", QUESTION, "--rerank"]),
        ("hits", ["search", QUESTION, "--rerank", "--explain"]),
        ("answer", [*ANSWERED, "--rerank", "--explain"]),
        ("eval", ["eval", "q.jsonl", "--rerank"]),
        ("status", ["status"]),
        ("verify", ["verify"]),
    ):
        value = run(*arguments, "--json").json
        assert problems(name, value) == []
        if "hits" in value:
            assert value["milliseconds"]["rerank"] >= 0
            assert all(isinstance(hit["scores"]["rerank"], float) for hit in value["hits"])


SWEPT = ["eval", "sweep", "q.jsonl", "--grid", "chunk=16,40", "--grid", "retriever=lexical,hybrid"]
ALL_WRONG = ["eval", "sweep", "q.jsonl", "--grid", "confidence=0", "--by", "false_answers"]
SCORED = ["eval", "score", "--qrels", "t.qrels", "--run", "one.run", "--run", "two.run", "-m", "ndcg@10", "-m", "P@5"]


@pytest.fixture
def ranked(run: Runner) -> Runner:
    """`run`, with judgements and two rankings."""
    for name, text in (
        ("t.qrels", "q1 0 a 1\nq1 0 b 2\nq2 0 a 1\n"),
        ("one.run", "q1 Q0 a 1 1 t\nq2 Q0 b 1 1 t\nq3 Q0 b 1 1 t\n"),
        ("two.run", "q1 Q0 b 1 1 t\n"),
    ):
        Path(name).write_text(text, encoding="utf-8")
    return run


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("sweep", SWEPT),
        ("sweep", [*SWEPT, "--retrieval-only", "--by", "documents.recall@1"]),
        ("sweep", [*SWEPT, "--by", "brier"]),
        ("sweep", ALL_WRONG),
        ("score", SCORED),
        ("score", SCORED[:6]),
    ],
)
def test_output_of_rankings(ranked: Runner, name: str, arguments: list[str]) -> None:
    outcome = ranked(*arguments, "--json")
    assert outcome.code == 0
    assert problems(name, json.loads(outcome.out)) == []


@pytest.mark.parametrize(
    ("name", "arguments", "spoil"),
    [
        ("sweep", SWEPT, lambda value: value.update(schema="briefqa.sweep/2")),
        ("sweep", SWEPT, lambda value: value.update(by="auroc")),
        ("sweep", SWEPT, lambda value: value.update(configurations=[])),
        ("sweep", SWEPT, lambda value: value.update(questions=0)),
        ("sweep", SWEPT, lambda value: value.update(best="")),
        ("sweep", SWEPT, lambda value: value.update(not_told_apart=["a", "a"])),
        ("sweep", SWEPT, lambda value: value.pop("method")),
        ("sweep", SWEPT, lambda value: value["method"].pop("seed")),
        ("sweep", SWEPT, lambda value: value["configurations"].reverse()),
        ("sweep", SWEPT, lambda value: value["configurations"][0].update(p_holm=0.5)),
        ("sweep", SWEPT, lambda value: value["configurations"][0]["measure"].update(value=1.5)),
        ("sweep", SWEPT, lambda value: value["configurations"][0]["measure"].update(interval="newcombe")),
        ("sweep", SWEPT, lambda value: value["configurations"][1].update(to_best=None)),
        ("sweep", SWEPT, lambda value: value["configurations"][1].update(p_holm=None)),
        ("sweep", SWEPT, lambda value: value["configurations"][1]["to_best"].update(interval=[0.0])),
        ("sweep", SWEPT, lambda value: value["configurations"][1]["to_best"].update(difference=-1.5)),
        ("sweep", SWEPT, lambda value: value["configurations"][1]["to_best"].pop("detectable")),
        ("score", SCORED, lambda value: value.update(schema="briefqa.sweep/1")),
        ("score", SCORED, lambda value: value.update(runs=[])),
        ("score", SCORED, lambda value: value.update(few=1)),
        ("score", SCORED, lambda value: value["runs"][0].update(missing=-1)),
        ("score", SCORED, lambda value: value["runs"][0].pop("unjudged")),
        ("score", SCORED, lambda value: value["runs"][0].update(measures={})),
        ("score", SCORED, lambda value: value["runs"][0]["measures"].update({"nDCG@0": None})),
        ("score", SCORED, lambda value: value["runs"][0]["measures"].update(auroc=value["runs"][0]["measures"]["P@5"])),
        ("score", SCORED, lambda value: value["runs"][0]["measures"]["P@5"].update(low=-0.1)),
        ("score", SCORED, lambda value: value["runs"][0]["scores"].update({"P@5": {}})),
        ("score", SCORED, lambda value: value["runs"][0]["scores"]["P@5"].update(q1=1.5)),
        ("score", SCORED, lambda value: value["runs"][1]["against_first"]["P@5"].pop("p_holm")),
        ("score", SCORED, lambda value: value["runs"][1]["against_first"]["P@5"].update(detectable=0)),
        ("score", SCORED, lambda value: value["method"].update(level=1.0)),
    ],
)
def test_spoiled_rankings_are_refused(ranked: Runner, name: str, arguments: list[str], spoil: Spoil) -> None:
    value = json.loads(ranked(*arguments, "--json").out)
    assert problems(name, value) == []
    spoil(value)
    assert problems(name, value) != []


ADDED = ["eval", "add", "q.jsonl", "-k", "1"]
REVIEWED = ["eval", "review", "q.jsonl", "--depth", "2"]
SUGGESTED = ["eval", "suggest", "q.jsonl"]
NEAR_MISSES = ["eval", "suggest", "q.jsonl", "--unanswerable"]
LOST = ["eval", "gold", "q.jsonl"]
TYPED = {
    "add": b"Who meets?\n1\na,b\nZeppelins?\nn\n\n\n",
    "review": b"1\nn\nn\n1\n",
}


@pytest.fixture
def growing(run: Runner) -> Runner:
    """`run`, with a set whose golds are where they were, moved, changed and lost."""
    golds = [
        {"document": "union.text", "quote": "Its long treaty was signed in 1999."},
        {"document": "union.text", "quote": "Nothing of this kind was ever written."},
    ]
    with Path("q.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "q4", "question": "Which treaty?", "tags": [], "gold": golds}) + "\n")
    return run


def grown(runner: Runner, name: str, arguments: list[str]) -> Json:
    if name != "gold":  # the others want every gold to stand somewhere
        lines = Path("q.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        Path("q.jsonl").write_text("".join(line for line in lines if '"q4"' not in line), encoding="utf-8")
    outcome = runner(*arguments, "--json", stdin=TYPED.get(name, b""))
    assert outcome.code == (2 if name == "gold" else 0)
    value: Json = json.loads(outcome.out)
    return value


@pytest.mark.parametrize(
    ("name", "arguments", "part", "count"),
    [
        ("add", ADDED, "questions", 2),
        ("review", REVIEWED, "added", 1),
        ("review", REVIEWED, "refused", 1),
        ("suggest", SUGGESTED, "candidates", 5),
        ("suggest", NEAR_MISSES, "candidates", 1),
        ("gold", LOST, "drift", 2),
        ("gold", LOST, "lost", 1),
        ("gold", [*LOST, "--fix"], "drift", 2),
    ],
)
def test_output_of_growing(growing: Runner, name: str, arguments: list[str], part: str, count: int) -> None:
    value = grown(growing, name, arguments)
    assert problems(name, value) == []
    assert len(value[part]) >= count


@pytest.mark.parametrize(
    ("name", "arguments", "spoil"),
    [
        ("add", ADDED, lambda value: value.update(schema="briefqa.add/2")),
        ("add", ADDED, lambda value: value.update(path="")),
        ("add", ADDED, lambda value: value["questions"][0].update(id="")),
        ("add", ADDED, lambda value: value["questions"][0].update(tags=["a", "a"])),
        ("add", ADDED, lambda value: value["questions"][0].pop("gold")),
        ("add", ADDED, lambda value: value["questions"][0]["gold"][0].update(quote="")),
        ("add", ADDED, lambda value: value["questions"][0]["gold"].extend(value["questions"][0]["gold"] * 3)),
        ("review", REVIEWED, lambda value: value.update(left=-1)),
        ("review", REVIEWED, lambda value: value["added"][0].update(gold=[])),
        ("review", REVIEWED, lambda value: value["added"][0]["gold"].pop("document")),
        ("review", REVIEWED, lambda value: value["refused"][0].update(document="")),
        ("suggest", SUGGESTED, lambda value: value.update(seed="0")),
        ("suggest", SUGGESTED, lambda value: value["candidates"][0].update(gold=[])),
        ("suggest", SUGGESTED, lambda value: value["candidates"][0].update(lines=None)),
        ("suggest", SUGGESTED, lambda value: value["candidates"][0].update(lines=[0, 1])),
        ("suggest", SUGGESTED, lambda value: value["candidates"][0].update(lines=[1])),
        ("suggest", SUGGESTED, lambda value: value["candidates"][0].update(origin="Who?")),
        ("suggest", NEAR_MISSES, lambda value: value["candidates"][0].update(origin=None)),
        ("suggest", NEAR_MISSES, lambda value: value["candidates"][0].update(lines=[1, 1])),
        ("suggest", NEAR_MISSES, lambda value: value["candidates"][0].update(kind="when")),
        ("gold", LOST, lambda value: value.update(golds=-1)),
        ("gold", LOST, lambda value: value.update(written=0)),
        ("gold", LOST, lambda value: value["drift"][0].update(kind="lost")),
        ("gold", LOST, lambda value: value["drift"][0].update(similarity=1.1)),
        ("gold", LOST, lambda value: value["drift"][0].update(found_quote="")),
        ("gold", LOST, lambda value: value["drift"][0].pop("difference")),
        ("gold", LOST, lambda value: value["lost"][0].update(line=0)),
        ("gold", LOST, lambda value: value["lost"][0].update(reason="")),
    ],
)
def test_spoiled_growth_is_refused(growing: Runner, name: str, arguments: list[str], spoil: Spoil) -> None:
    value = grown(growing, name, arguments)
    assert problems(name, value) == []
    spoil(value)
    assert problems(name, value) != []


def test_output_for_a_stale_index_and_without_its_articles(run: Runner, articles: Path) -> None:
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    (articles / "peace.md").unlink()
    (articles / "union.text").write_text("Another.\n", encoding="utf-8")
    for name, arguments in (("status", ["status"]), ("answer", ["ask", QUESTION]), ("hits", ["search", QUESTION])):
        assert problems(name, run(*arguments, "--json").json) == []
    articles.rename(articles.with_name("moved"))
    for name, arguments in (("status", ["status"]), ("answer", ["ask", QUESTION]), ("hits", ["search", QUESTION])):
        assert problems(name, run(*arguments, "--json").json) == []


COMPARED = ["eval", "compare", "one", "two", "three", "--all"]
GATED = [
    "eval", "gate", "q.jsonl", "-b", "one", "--min", "recall@5=.1", "--max", "ms_p95=0", "--max-drop", "nDCG@10=1",
    "--max-drop", "ms_p50=1e9",
]  # fmt: skip


@pytest.fixture
def kept(run: Runner) -> Runner:
    """`run`, with three runs that are kept: two alike, and one of retrieval by words."""
    for name, options in (("one", []), ("two", []), ("three", ["-r", "lexical"])):
        assert run("eval", "run", "q.jsonl", "--name", name, *options).code == 0
    return run


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("compare", COMPARED, 0),
        ("compare", ["eval", "compare", "one", "three", "--moved", "0"], 0),
        ("gate", GATED, 4),
        ("gate", ["eval", "gate", "--run", "one", "--min", "auroc=0"], 0),
        ("gate", ["eval", "gate", "--run", "three", "-b", "one", "--max-drop", "brier=1", "--only-significant"], 0),
    ],
)
def test_output_of_comparisons(kept: Runner, name: str, arguments: list[str], code: int) -> None:
    outcome = kept(*arguments, "--json")
    assert outcome.code == code
    assert problems(name, outcome.json) == []


@pytest.mark.parametrize(
    ("name", "arguments", "spoil"),
    [
        ("compare", COMPARED, lambda value: value.pop("method")),
        ("compare", COMPARED, lambda value: value.update(runs=[])),
        ("compare", COMPARED, lambda value: value.update(inapplicable=["recall"])),
        ("compare", COMPARED, lambda value: value["runs"][0]["measures"][0].update(verdict="good")),
        ("compare", COMPARED, lambda value: value["runs"][0]["measures"][0].update(measure="auroc")),
        ("compare", COMPARED, lambda value: value["runs"][0]["measures"][0].update(p=1.5)),
        ("compare", COMPARED, lambda value: value["runs"][0]["measures"][0].pop("p_holm")),
        ("compare", COMPARED, lambda value: value["runs"][1]["settings"][0].update(baseline=[])),
        ("gate", GATED, lambda value: value.update(passed=True)),
        ("gate", GATED, lambda value: value.update(conditions=[])),
        ("gate", GATED, lambda value: [entry.update(passed=True) for entry in value["conditions"]]),
        ("gate", GATED, lambda value: value["conditions"][0].update(condition="least")),
        ("gate", GATED, lambda value: value["conditions"][0].update(baseline=0.5)),
        ("gate", GATED, lambda value: value["conditions"][0].update(limit=-0.1)),
        ("gate", GATED, lambda value: value["conditions"][2].update(baseline=None)),
        ("gate", GATED, lambda value: value["conditions"][2].pop("within_noise")),
        ("gate", GATED, lambda value: value.update(run="")),
    ],
)
def test_spoiled_comparisons_are_refused(kept: Runner, name: str, arguments: list[str], spoil: Spoil) -> None:
    value = kept(*arguments, "--json").json
    assert problems(name, value) == []
    spoil(value)
    assert problems(name, value) != []


@pytest.mark.parametrize(
    ("arguments", "kind", "code"),
    [
        (["eval", "compare", "one", "two"], "UsageError", 2),
        (["eval", "gate", "--run", "one", "--min", "recall@5=2"], "UsageError", 2),
        (["ask", ""], "UsageError", 2),
        (["ask", "Who?", "--bogus"], "UsageError", 2),
        (["ask", "Who?", "--index", "no"], "IndexMissing", 3),
        (["search", "Who?", "--encoder", "fake-other"], "IndexMismatch", 3),
        (["ask", "Who?", "--rerank"], "IndexMismatch", 3),
        (["search", "Who?", "--rerank"], "IndexMismatch", 3),
        (["eval", "q.jsonl", "--rerank"], "IndexMismatch", 3),
        (["show", "xyz"], "UsageError", 2),
        (["index", "no"], "CorpusError", 2),
        (["index", "--encoder", "no"], "EncoderError", 2),
        (["index", "--reranker", "no"], "EncoderError", 2),
        (["status", "--index", "no"], "IndexMissing", 3),
        (["verify", "--index", "no"], "IndexMissing", 3),
        (["repair", "--index", "no"], "IndexMissing", 3),
        (["eval", "no.jsonl"], "DatasetError", 2),
        (["eval", "rnu"], "UsageError", 2),
        (["eval", "q.jsonl", "--name", "../up"], "UsageError", 2),
        (["eval", "sweep", "q.jsonl"], "UsageError", 2),
        (["eval", "score", "--qrels", "no", "--run", "no"], "DatasetError", 2),
    ],
)
def test_errors(run: Runner, arguments: list[str], kind: str, code: int) -> None:
    outcome = run(*arguments, "--json")
    assert outcome.code == code
    assert problems("error", outcome.json_error) == []
    assert (outcome.json_error["error"], outcome.json_error["exit_code"]) == (kind, code)


ANSWERED = ["ask", QUESTION, "--min-confidence", "0"]
UNANSWERED = ["ask", QUESTION, "--min-confidence", "1"]
TOLD_TWICE_SEARCH = ["search", "forty trains", "-r", "lexical"]
COPIES = ["status", "--duplicates"]
TOLD_TWICE = ["ask", "What may have caused the accident of the train?", "--min-confidence", "0", "-r", "lexical"]
CONTRADICTED = ["ask", "How many people were killed near Velm?", "--min-confidence", "0", "-r", "lexical"]
EXPLAINED = [*ANSWERED, "--explain"]
EXPLAINED_SEARCH = ["search", QUESTION, "--explain"]
SPOILED: list[tuple[str, list[str], Spoil]] = [
    ("answer", ANSWERED, lambda value: value.update(schema="briefqa.answer/2")),
    ("answer", ANSWERED, lambda value: value.update(confidence=1.01)),
    ("answer", ANSWERED, lambda value: value.update(confidence=-0.01)),
    ("answer", ANSWERED, lambda value: value.update(status="maybe")),
    ("answer", ANSWERED, lambda value: value.update(status="no_answer")),
    ("answer", ANSWERED, lambda value: value.update(answer=None)),
    ("answer", ANSWERED, lambda value: value.update(citations=[])),
    ("answer", ANSWERED, lambda value: value.update(missing=["leave"])),
    ("answer", ANSWERED, lambda value: value.update(extra=1)),
    ("answer", ANSWERED, lambda value: value.pop("notes")),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(sha256="0" * 63)),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(sha256="G" * 64)),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(lines=[0, 1])),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(lines=[1])),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(lines=[1, 2, 3])),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(lines=[1.5, 2])),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(passage_id="3f2a9c")),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(marker=0)),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(start=-1)),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(quote="")),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(page=0)),
    ("answer", ANSWERED, lambda value: value["citations"][0].pop("page")),
    ("answer", ANSWERED, lambda value: value["citations"][0]["document"].update(published="22.11.2018")),
    ("answer", ANSWERED, lambda value: value["citations"][0]["document"].update(authors=None)),
    ("answer", ANSWERED, lambda value: value["hits"][0].update(rank=0)),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"].update(dense_share=1.5)),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"].pop("lexical")),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"].pop("rerank")),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"].update(rerank="high")),
    ("answer", ANSWERED, lambda value: value["milliseconds"].update(rerank=-1.0)),
    ("answer", ANSWERED, lambda value: value["citations"][0].pop("relative_dates")),
    ("answer", ANSWERED, lambda value: value["citations"][0].update(relative_dates=[{"text": "today"}])),
    ("answer", ANSWERED, lambda value: value["index"].update(stale="no")),
    ("answer", ANSWERED, lambda value: value["milliseconds"].pop("total")),
    ("answer", ANSWERED, lambda value: value["milliseconds"].update(load=-1.0)),
    ("answer", UNANSWERED, lambda value: value.update(status="answered")),
    ("answer", UNANSWERED, lambda value: value.update(answer={"text": "So.", "markers": [1]})),
    ("answer", UNANSWERED, lambda value: value.pop("citations")),
    ("answer", ANSWERED, lambda value: value.pop("explanation")),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"].pop("fused")),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"].update(fused=1.5)),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"].pop("evidence")),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"]["evidence"].pop("sentence_cosine")),
    ("answer", ANSWERED, lambda value: value["hits"][0]["scores"]["evidence"].update(pair_coverage=-0.1)),
    ("answer", EXPLAINED, lambda value: value["explanation"].update(confidence=0.5)),
    ("answer", EXPLAINED, lambda value: value["explanation"]["terms"][0].update(weight=1.5)),
    ("answer", EXPLAINED, lambda value: value["explanation"]["terms"][0].pop("seen")),
    ("answer", EXPLAINED, lambda value: value["explanation"]["terms"][0].pop("counted")),
    ("answer", EXPLAINED, lambda value: value["explanation"]["terms"][0].update(counted=0)),
    ("answer", EXPLAINED, lambda value: value["explanation"]["hits"][0].pop("lacks")),
    ("answer", EXPLAINED, lambda value: value["explanation"]["hits"][0].update(parts=[])),
    ("answer", EXPLAINED, lambda value: value["explanation"]["hits"][0]["parts"][0].pop("contribution")),
    ("answer", EXPLAINED, lambda value: value["explanation"]["confidence"].update(logit="high")),
    ("answer", EXPLAINED, lambda value: value["explanation"]["confidence"].update(probability=1.5)),
    ("hits", ["search", QUESTION], lambda value: value.pop("explanation")),
    ("hits", EXPLAINED_SEARCH, lambda value: value["explanation"].update(confidence={})),
    ("hits", EXPLAINED_SEARCH, lambda value: value["explanation"]["terms"][0].update(counted=False)),
    ("hits", EXPLAINED_SEARCH, lambda value: value["explanation"]["hits"][0].update(rank=0)),
    ("hits", ["search", QUESTION], lambda value: value.pop("hits")),
    ("hits", ["search", QUESTION], lambda value: value.update(answer=None)),
    ("hits", ["search", QUESTION], lambda value: value.update(question="")),
    ("hits", ["search", QUESTION], lambda value: value["hits"][0].update(passage_id="XYZ")),
    ("hits", ["search", QUESTION], lambda value: value["index"].update(generation=0)),
    ("index", ["index"], lambda value: value.update(added=-1)),
    ("index", ["index"], lambda value: value.update(complete="yes")),
    ("index", ["index"], lambda value: value["remarks"][0].pop("indexed")),
    ("index", ["index"], lambda value: value.pop("seconds")),
    ("status", ["status"], lambda value: value.update(encoder_sha256="0")),
    ("status", ["status"], lambda value: value.update(reranker="")),
    ("status", ["status"], lambda value: value.update(reranker_sha256="0")),
    ("status", ["status"], lambda value: value.pop("reranker_window")),
    ("status", ["status"], lambda value: value.update(sources=[])),
    ("status", ["status"], lambda value: value.update(new=[1])),
    ("status", ["status"], lambda value: value.pop("stale")),
    ("duplicates", COPIES, lambda value: value["groups"].append([])),
    ("duplicates", COPIES, lambda value: value["groups"][0].pop()),
    ("duplicates", COPIES, lambda value: value["groups"][0][0].pop("equal_sentences")),
    ("duplicates", COPIES, lambda value: value["groups"][0][0].update(equal_sentences=1.5)),
    ("duplicates", COPIES, lambda value: value["groups"][0][0].update(published="May 2024")),
    ("duplicates", COPIES, lambda value: value.pop("documents")),
    ("answer", ANSWERED, lambda value: value["citations"][0].pop("versions")),
    ("answer", ANSWERED, lambda value: value["citations"][0].pop("also_in")),
    ("answer", TOLD_TWICE, lambda value: value["citations"][0]["also_in"][0].pop("lines")),
    ("answer", TOLD_TWICE, lambda value: value["citations"][0]["also_in"][0].update(quote="So.")),
    ("answer", CONTRADICTED, lambda value: value["citations"][0]["versions"][0].pop("quote")),
    ("answer", CONTRADICTED, lambda value: value["citations"][0]["versions"][0].update(quote="")),
    ("answer", CONTRADICTED, lambda value: value["citations"][0]["versions"][0].pop("document")),
    ("hits", ["search", QUESTION], lambda value: value["hits"][0].pop("also_in")),
    ("hits", TOLD_TWICE_SEARCH, lambda value: value["hits"][0]["also_in"][0].update(start=-1)),
    ("verify", ["verify"], lambda value: value.update(whole=False)),
    ("verify", ["verify"], lambda value: value.update(passages=0)),
    ("verify", ["verify"], lambda value: value.pop("reread")),
    ("verify", ["verify", "--deep"], lambda value: value["reread"].update(sentences=-1)),
    ("verify", ["verify", "--deep"], lambda value: value["reread"].pop("gone")),
    ("repair", ["repair"], lambda value: value.update(generation=0)),
    ("repair", ["repair"], lambda value: value.update(mended=["a", "a"])),
    ("repair", ["repair"], lambda value: value.pop("mended")),
    ("eval", ["eval", "q.jsonl"], lambda value: value.update(schema="briefqa.eval/1")),
    ("eval", ["eval", "q.jsonl"], lambda value: value["measures"].pop("auroc")),
    ("eval", ["eval", "q.jsonl"], lambda value: value["measures"].pop("characters.IoU@5")),
    ("eval", ["eval", "q.jsonl"], lambda value: value["measures"].update({"passages.MRR@10": None})),
    ("eval", ["eval", "q.jsonl"], lambda value: value["measures"]["brier"].update(interval="exact")),
    ("eval", ["eval", "q.jsonl"], lambda value: value["measures"].update(other=None)),
    ("eval", ["eval", "q.jsonl"], lambda value: value["measures"]["quote_hit"].update(value=1.5)),
    ("eval", ["eval", "q.jsonl"], lambda value: value["tags"]["date"]["measures"].update(other=None)),
    ("eval", ["eval", "q.jsonl"], lambda value: value["outcomes"][0].update(confidence=2)),
    ("eval", ["eval", "q.jsonl"], lambda value: value["outcomes"][0].pop("right")),
    ("eval", ["eval", "q.jsonl"], lambda value: value["outcomes"][0].update(hits=["p1"])),
    ("eval", ["eval", "q.jsonl"], lambda value: value["outcomes"][0]["measures"].update(other=1.0)),
    ("eval", ["eval", "q.jsonl"], lambda value: value["intervals"].update(level=1.0)),
    ("eval", ["eval", "q.jsonl"], lambda value: value.pop("drift")),
    ("eval", ["eval", "q.jsonl"], lambda value: value["drift"][0].update(kind="lost")),
    ("eval", ["eval", "q.jsonl"], lambda value: value["drift"][0].update(similarity=1.1)),
    ("eval", ["eval", "q.jsonl"], lambda value: value["drift"][0].pop("difference")),
    ("export", EXPORTED, lambda value: value.update(format="csv")),
    ("export", EXPORTED, lambda value: value.update(documents=0)),
    ("export", EXPORTED, lambda value: value.update(files=[])),
    ("export", EXPORTED, lambda value: value.pop("run")),
    ("import", IMPORTED, lambda value: value.update(questions=0)),
    ("import", IMPORTED, lambda value: value.update(articles=-1)),
    ("import", IMPORTED, lambda value: value["left_out"][0].update(questions=0)),
    ("import", IMPORTED, lambda value: value["left_out"][0].pop("reason")),
    ("import", IMPORTED, lambda value: value.pop("seed")),
]


@pytest.mark.parametrize(("name", "arguments", "spoil"), SPOILED)
def test_spoiled_output_is_refused(run: Runner, articles: Path, name: str, arguments: list[str], spoil: Spoil) -> None:
    if arguments in (COPIES, TOLD_TWICE, CONTRADICTED, TOLD_TWICE_SEARCH):
        write_story(articles / "before.md", STORY, date="2024-05-01")
        write_story(articles / "after.md", UPDATE, date="2024-05-02")
        assert run("index").code == 2  # for the file that can't be read
    value = run(*arguments, "--json").json
    assert problems(name, value) == []
    spoiled = copy.deepcopy(value)
    spoil(spoiled)
    assert problems(name, spoiled) != []


@pytest.mark.parametrize(
    "spoil",
    [{"error": "usage error"}, {"message": ""}, {"exit_code": 0}, {"exit_code": 1}, {"schema": "x"}, {"more": 1}],
)
def test_spoiled_errors_are_refused(run: Runner, spoil: Json) -> None:
    error = run("ask", "", "--json").json_error
    assert problems("error", error) == []
    assert problems("error", error | spoil) != []


@pytest.mark.parametrize(
    "spoil",
    [{"passage_id": "3f2a9c"}, {"passages": []}, {"document": None}, {"schema": "x"}, {"more": 1}],
)
def test_spoiled_passages_are_refused(run: Runner, spoil: Json) -> None:
    identity = run("search", QUESTION, "--json").json["hits"][0]["passage_id"]
    value = run("show", identity, "--json").json
    assert problems("passages", value) == []
    assert problems("passages", value | spoil) != []
