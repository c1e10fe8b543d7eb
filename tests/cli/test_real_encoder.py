"""The whole way with the real encoder: articles in, cited answers out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import briefqa
from briefqa.config import Settings
from briefqa.index.update import update
from briefqa.index.verify import verify
from briefqa.types import Answer
from tests.cli.runner import Runner
from tests.cross_encoders import WINDOW, save_cross_encoder
from tests.made_once import exported_once

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
MEMBERS = "Azerbaijan, Moldova, Turkmenistan and Uzbekistan"


def make_index(articles: Path, index: Path, *, reranker: str | None = None) -> str:
    report = update(Settings(corpus=(str(articles),), index=str(index), reranker=reranker))
    assert report.complete
    return str(index)


def ask(index: str, question: str) -> Answer:
    with briefqa.open(index) as opened:
        return opened.ask(question)


@pytest.fixture(scope="module")
def seeds_index(tmp_path_factory: pytest.TempPathFactory, exported: Path) -> str:
    if not SEEDS.is_dir():
        pytest.skip(f"the shared articles are not here: {SEEDS}")
    with exported_once(exported):
        return make_index(SEEDS, tmp_path_factory.mktemp("seeds") / "index")


@pytest.fixture(scope="module")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, exported: Path) -> str:
    reranker = save_cross_encoder(tmp_path_factory.mktemp("reranker"))
    with exported_once(exported):
        return make_index(ROOT / "corpus", tmp_path_factory.mktemp("corpus") / "index", reranker=str(reranker))


@pytest.mark.model
@pytest.mark.shared
@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Which CIS members are not in the CSTO?", [MEMBERS]),
        ("Who attended as the CSTO's acting head in 2018, and what is his name?", ["Semerikov"]),
        ("Where do the notarial and the tourism base institutions go?", ["Belarus", "Uzbekistan"]),
        ("When was the border delimitation meeting announced for?", ["16 May"]),
        ("How much of the CIS's funding does Russia provide?", ["50%"]),
    ],
)
def test_the_first_quote_from_the_seeds_holds_the_answer(seeds_index: str, question: str, held: list[str]) -> None:
    answer = ask(seeds_index, question)
    assert answer.status == "answered", answer.confidence
    first = answer.citations[0]
    assert [text for text in held if text not in first.quote] == [], first.quote
    lines = (SEEDS / first.document.key).read_text(encoding="utf-8").split("\n")
    assert first.quote in "\n".join(lines[first.lines[0] - 1 : first.lines[1]])
    # The lines of each article; what stands below them is the page's.
    ends = {"000": 19, "002": 19}
    told = [(citation.lines, citation.document) for citation in answer.citations]
    told += [(hit.passage.lines, hit.document) for hit in answer.hits]
    assert len(told) >= 6
    for lines_told, document in told:
        assert lines_told[1] <= ends[document.key[:3]]


@pytest.mark.model
@pytest.mark.shared
def test_of_the_seeds_all_sentences_of_the_articles_are_quotable_and_no_others(seeds_index: str) -> None:
    with briefqa.open(seeds_index) as opened:
        documents = list(opened.documents())
        passages = {document.key: opened.passages_of(document.id) for document in documents}
    for document in documents:
        lines = (SEEDS / document.key).read_text(encoding="utf-8").split("\n")
        left_out = {3} if document.key.startswith("000") else {15}
        article = [number for number in range(1, 20) if lines[number - 1].strip() and number not in left_out]
        quotable = [document.text[start:end] for entry in passages[document.key] for start, end in entry.sentences]
        held = {line for entry in passages[document.key] for line in range(entry.lines[0], entry.lines[1] + 1)}
        assert {number for number in held if lines[number - 1].strip()} - left_out == set(article)
        assert "".join("".join(quotable).split()) == "".join("".join(lines[number - 1] for number in article).split())


@pytest.mark.model
def test_a_printed_quote_from_the_corpus_holds_the_answer(corpus_index: str) -> None:
    answer = ask(corpus_index, "Which CIS members are not members of the CSTO?")
    assert answer.status == "answered", answer.confidence
    assert any(MEMBERS in " ".join(citation.quote.split()) for citation in answer.citations), answer.citations


@pytest.mark.model
def test_what_the_corpus_does_not_hold_is_not_answered(corpus_index: str) -> None:
    answer = ask(corpus_index, "Who won the 1998 World Cup?")
    assert (answer.status, answer.citations, answer.text) == ("no_answer", (), None)


@pytest.mark.model
def test_a_real_reranker_reorders_the_first_and_is_whole(corpus_index: str) -> None:
    question = "Which CIS members are not members of the CSTO?"
    with briefqa.open(corpus_index) as opened:
        plain = opened.search(question, top_k=10)
    with briefqa.open(settings=Settings(index=corpus_index, rerank=True, rerank_candidates=4)) as opened:
        hits = opened.search(question, top_k=10)
    assert {hit.passage.id for hit in hits.hits[:4]} == {hit.passage.id for hit in plain.hits[:4]}
    assert [hit.passage.id for hit in hits.hits[4:]] == [hit.passage.id for hit in plain.hits[4:]]
    assert [hit.scores.rerank is not None for hit in hits.hits] == [True] * 4 + [False] * 6
    scores = [hit.score for hit in hits.hits]
    assert scores == sorted(scores, reverse=True)
    manifest, wrong = verify(Path(corpus_index))
    assert (wrong, manifest.reranker and manifest.reranker.window) == ([], WINDOW)


@pytest.mark.model
@pytest.mark.parametrize("options", [[], ["--rerank", "--min-confidence", "0"]])
def test_asking_as_a_process_loads_no_torch(corpus_index: str, options: list[str]) -> None:
    script = (
        "import sys\nfrom briefqa.cli import main\ncode = main()\n"
        "loaded = {'torch', 'sentence_transformers', 'transformers', 'langchain_text_splitters'} & set(sys.modules)\n"
        "sys.exit(99 if loaded else code)"
    )
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            script,
            "ask",
            "Which CIS members are not members of the CSTO?",
            "--json",
            "--index",
            corpus_index,
            *options,
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    answer = json.loads(result.stdout)
    assert answer["citations"][0]["document"]["path"].startswith("corpus/")
    assert answer["index"]["encoder"] == "all-MiniLM-L6-v2"
    assert ("rerank" in answer["milliseconds"]) == bool(options)


@pytest.mark.model
def test_the_gate_fails_where_meaning_no_longer_counts(
    corpus_index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (ROOT / "evals" / "briefs.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    monkeypatch.chdir(tmp_path)
    Path("q.jsonl").write_text("".join(line for line in lines if '"paraphrase"' in line), encoding="utf-8")
    run = Runner(monkeypatch, capsys)
    asking = ["q.jsonl", "--index", corpus_index, "--retrieval-only"]
    assert run("eval", "run", *asking, "--name", "main").code == 0
    gate = ["eval", "gate", *asking, "-b", "main", "--max-drop", "nDCG@10=.02", "--only-significant"]
    assert run(*gate).code == 0
    failed = run(*gate, "--dense-weight", "0")
    assert failed.code == 4
    assert "\n  dense_weight                0.5 -> 0.0\n" in failed.out
    assert "\n  a loss, not noise (p <.001); " in failed.out
