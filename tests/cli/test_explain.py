from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

import briefqa
from briefqa.analysis import terms
from briefqa.answering import confidence
from briefqa.answering.confidence import Features, weigh
from briefqa.answering.explanation import Recipe, explain_outcome
from briefqa.config import Settings
from briefqa.protocols import Candidate
from briefqa.types import Evidence, Hit, Scores
from tests.cli.runner import Runner
from tests.fakes import RERANKER, FakeEncoders
from tests.made_once import MadeOnce
from tests.rendering.builders import make_document, make_passage

QUESTION = "When did Georgia leave the commonwealth?"
BORDER = "Where do Armenia and Azerbaijan mark their border?"
FUSED = ["dense_share", "lexical_share"]
EVIDENCE = ["pair_coverage", "sentence_cosine"]
SURE = ["--min-confidence", "0.4"]
PARTS = {"dense": ["dense"], "lexical": ["lexical"], "hybrid": [*FUSED, *EVIDENCE]}


@pytest.fixture
def reranking(indexed: Runner, made_once: MadeOnce) -> Runner:
    """`run`, in a folder with the small corpus and its index with a reranker."""

    def make() -> None:
        assert indexed("index", "--reranker", RERANKER).code == 0

    made_once("reranking", make)
    return indexed


def total(parts: list[dict[str, Any]]) -> float:
    assert all(part["contribution"] == pytest.approx(part["value"] * part["weight"], abs=1e-5) for part in parts)
    return math.fsum(part["contribution"] for part in parts)


def check_hits(value: Any, names: list[str]) -> None:
    """What holds of every explained hit."""
    told = value["explanation"]
    words = {term["word"]: term["weight"] for term in told["terms"]}
    assert sum(words.values()) == pytest.approx(1.0, abs=1e-5)
    assert len(told["hits"]) == len(value["hits"]) > 0
    for hit, why in zip(value["hits"], told["hits"], strict=True):
        assert (why["rank"], why["passage_id"]) == (hit["rank"], hit["passage_id"])
        assert [part["name"] for part in why["parts"]] == names
        assert total(why["parts"]) == pytest.approx(hit["score"], abs=1e-5)
        assert {*why["holds"], *why["lacks"]} == set(words)
        found = set(terms(f"{hit['document']['title'] or ''}\n{hit['text']}"))
        assert why["holds"] == [word for word in words if found.issuperset(terms(word))]
        assert not set(why["holds"]) & set(why["lacks"])
        if hit["scores"]["evidence"]:
            # Two sentences hold no more than the passage with its title.
            held = sum(words[word] for word in why["holds"])
            assert hit["scores"]["evidence"]["pair_coverage"] <= held + 1e-5


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("retriever", PARTS)
def test_parts_sum_to_the_score(indexed: Runner, command: str, retriever: str) -> None:
    check_hits(indexed(command, BORDER, "-r", retriever, "--explain", "--json").json, PARTS[retriever])


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("retriever", PARTS)
def test_parts_sum_to_a_reranked_score(reranking: Runner, command: str, retriever: str) -> None:
    value = reranking(command, BORDER, "-r", retriever, "--rerank", "--explain", "--json").json
    check_hits(value, [*PARTS[retriever], "rerank"])
    first = value["explanation"]["hits"][0]["parts"]
    # Best in both stages: half of the sigmoid of 3, which is .952574, and half of all.
    assert first[-1] == {"name": "rerank", "value": 0.952574, "weight": 0.5, "contribution": 0.476287}
    assert total(first[:-1]) == pytest.approx(0.5, abs=1e-5)


def test_parts_sum_behind_what_was_reranked(reranking: Runner) -> None:
    Path("briefqa.toml").write_text("rerank = true\nrerank_candidates = 2\n", encoding="utf-8")
    value = reranking("search", BORDER, "--explain", "--json").json
    names = [[part["name"] for part in hit["parts"]] for hit in value["explanation"]["hits"]]
    assert names == [[*FUSED, *EVIDENCE, "rerank"]] * 2 + [[*FUSED, *EVIDENCE]] * 3
    for hit, why in zip(value["hits"], value["explanation"]["hits"], strict=True):
        assert total(why["parts"]) == pytest.approx(hit["score"], abs=1e-5)


@pytest.mark.parametrize("options", [[], ["-r", "dense"], ["-r", "lexical"], ["--rerank"], ["--rerank", "-r", "dense"]])
def test_explaining_changes_nothing(reranking: Runner, options: list[str]) -> None:
    for command in (["ask", BORDER], ["search", BORDER, "-k", "1"], ["search", BORDER, "-k", "6"]):
        plain = reranking(*command, *options, "--json").json
        told = reranking(*command, *options, "--explain", "--json").json
        assert plain.pop("explanation") is None
        assert told.pop("explanation") is not None
        assert (list(plain.pop("milliseconds")), plain) == (list(told.pop("milliseconds")), told)


def test_a_hit_is_measured_by_the_best_even_if_that_is_not_shown(
    reranking: Runner, installed_fake: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reranker turns the order around, so that the only hit shown was the last of the first stage.
    monkeypatch.setattr(installed_fake.scorer, "score", lambda question, texts: [10.0 * n for n in range(len(texts))])
    value = reranking("search", BORDER, "-k", "1", "-r", "dense", "--rerank", "--explain", "--json").json
    check_hits(value, ["dense", "rerank"])
    best = reranking("search", BORDER, "-r", "dense", "--json").json["hits"][0]["score"]
    shown = value["explanation"]["hits"][0]["parts"][0]
    assert shown["value"] < best
    assert shown["weight"] == pytest.approx(0.5 / best, abs=1e-5)


def test_the_words_by_hand(indexed: Runner) -> None:
    told = indexed("ask", QUESTION, "-r", "lexical", "--explain", "--json").json["explanation"]
    # One of six passages holds Georgia, and commonwealth: ln(1 + 5.5 / 1.5) = 1.540445. None holds leave: half of
    # ln(1 + 6.5 / .5) = 2.639057. Together 4.400419.
    assert told["terms"] == [
        {"word": "Georgia", "weight": 0.350068, "exact": True, "seen": True, "counted": True},
        {"word": "leave", "weight": 0.299864, "exact": False, "seen": False, "counted": True},
        {"word": "commonwealth", "weight": 0.350068, "exact": False, "seen": True, "counted": True},
    ]
    assert [(hit["holds"], hit["lacks"]) for hit in told["hits"]] == [(["Georgia", "commonwealth"], ["leave"])]


def test_a_year_that_no_undated_article_can_be_held_to_is_not_counted(indexed: Runner) -> None:
    asked = "When did Georgia leave the commonwealth, in 1961?"
    options = [asked, "-r", "lexical", "--explain"]
    plain = indexed("ask", QUESTION, "-r", "lexical", "--explain", "--json").json
    answer = indexed("ask", *options, *SURE, "--json").json
    told = answer["explanation"]
    # The words that count weigh what they do in a question without the year.
    year = {"word": "1961", "weight": 0.0, "exact": True, "seen": False, "counted": False}
    assert told["terms"] == [*plain["explanation"]["terms"], year]
    (hit,) = told["hits"]
    assert (hit["holds"], hit["lacks"]) == (["Georgia", "commonwealth"], ["leave", "1961"])
    values = {part["name"]: part["value"] for part in told["confidence"]["parts"]}
    assert values["quote_coverage"] == values["passage_coverage"] == pytest.approx(2 * 0.350068, abs=2e-6)
    assert values["exact_coverage"] == 1.0
    assert told["confidence"]["parts"] == plain["explanation"]["confidence"]["parts"]
    assert (
        """
  The question's words, and how much each weighs
    35%  Georgia (name or number)
    35%  commonwealth
    30%  leave (in no article)
     0%  1961 (name or number, in no article, not counted: the nearest articles
         give no date)

"""
        in indexed("ask", *options, *SURE).out
    )
    # A search judges nothing: 2.639057 of 7.039476 is the year's, 1.540445 Georgia's.
    terms = indexed("search", *options, "--json").json["explanation"]["terms"]
    assert [(term["word"], term["weight"], term["counted"]) for term in terms] == [
        ("Georgia", 0.218830, True),
        ("leave", 0.187447, True),
        ("commonwealth", 0.218830, True),
        ("1961", 0.374894, True),
    ]
    assert "not counted" not in indexed("search", *options).out


def test_a_year_counts_where_an_article_is_dated_or_none_is_found(indexed: Runner) -> None:
    for question, hits in (("Was the border marked in 1961?", 1), ("1961", 0)):
        answer = indexed("ask", question, "-r", "lexical", "--explain", "--json").json
        assert len(answer["hits"]) >= hits
        year = answer["explanation"]["terms"][-1]
        assert (year["word"], year["counted"], year["weight"] > 0.0) == ("1961", True, True)
        assert sum(term["weight"] for term in answer["explanation"]["terms"]) == pytest.approx(1.0, abs=1e-5)


def test_where_no_word_counts_none_weighs_anything(run: Runner, articles: Path) -> None:
    assert run("index", "corpus/nested", "corpus/union.text").code == 0
    outcome = run("ask", "1961?", "-r", "dense", "--explain", "--json")
    told = outcome.json["explanation"]
    assert [(term["word"], term["weight"], term["counted"]) for term in told["terms"]] == [("1961", 0.0, False)]
    values = {part["name"]: part["value"] for part in told["confidence"]["parts"]}
    assert (values["quote_coverage"], values["passage_coverage"], values["exact_coverage"]) == (0.0, 0.0, 1.0)


def test_the_title_counts(indexed: Runner) -> None:
    told = indexed("search", "treaty border", "-r", "lexical", "--explain", "--json").json
    hit = next(entry for entry in told["hits"] if entry["document"]["path"] == "corpus/peace.md")
    assert "treaty" not in hit["text"]
    assert told["explanation"]["hits"][hit["rank"] - 1]["holds"] == ["treaty", "border"]
    assert told["explanation"]["confidence"] is None


def test_the_confidence_by_hand(indexed: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "_BIAS_OF_WORDS", -1.0)
    monkeypatch.setattr(confidence, "_WEIGHTS_OF_WORDS", [1.0, 2.0, 0.5, 0.0])
    answer = indexed("ask", QUESTION, "-r", "lexical", *SURE, "--explain", "--json").json
    # Quote and passage hold Georgia and commonwealth, .700136 of the question: -1 + .700136 + 1.400271 + .5.
    sure = answer["explanation"]["confidence"]
    rows = [(part["name"], part["value"], part["weight"], part["contribution"]) for part in sure["parts"]]
    assert rows[:3] == [
        ("quote_coverage", 0.700136, 1.0, 0.700136),
        ("passage_coverage", 0.700136, 2.0, 1.400271),
        ("exact_coverage", 1.0, 0.5, 0.5),
    ]
    assert (sure["bias"], sure["threshold"]) == (-1.0, 0.4)
    assert sure["logit"] == pytest.approx(1.600407, abs=2e-6)
    # 1 / (1 + exp(-1.600407))
    assert sure["probability"] == pytest.approx(0.832076, abs=2e-6)
    assert answer["confidence"] == 0.8321


@pytest.mark.parametrize("options", [[], ["-r", "dense"], ["-r", "lexical"], ["--min-confidence", "1"]])
def test_a_confidence_sums(indexed: Runner, options: list[str]) -> None:
    answer = indexed("ask", QUESTION, *options, "--explain", "--json").json
    sure = answer["explanation"]["confidence"]
    assert sure["bias"] + total(sure["parts"]) == pytest.approx(sure["logit"], abs=1e-5)
    assert 1.0 / (1.0 + math.exp(-sure["logit"])) == pytest.approx(sure["probability"], abs=1e-5)
    assert answer["confidence"] == pytest.approx(sure["probability"], abs=1e-4)
    assert (answer["status"] == "answered") == (sure["probability"] >= sure["threshold"])


def test_each_set_of_weights_has_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "_BIAS", -2.0)
    monkeypatch.setattr(confidence, "_WEIGHTS", [float(number) for number in range(10)])
    monkeypatch.setattr(confidence, "_BIAS_OF_WORDS", -3.0)
    monkeypatch.setattr(confidence, "_WEIGHTS_OF_WORDS", [5.0, 6.0, 7.0, 8.0])
    words = Features(quote_coverage=0.5, score_lead=0.25)
    assert weigh(words) == [
        ("bias", 1.0, -3.0),
        ("quote_coverage", 0.5, 5.0),
        ("passage_coverage", 0.0, 6.0),
        ("exact_coverage", 0.0, 7.0),
        ("score_lead", 0.25, 8.0),
    ]
    # -3 + 2.5 + 2 = 1.5
    assert confidence.confidence(words) == pytest.approx(0.817574, abs=1e-6)
    tokens = Features(passage_coverage=1.0, passage_terms=0.125)
    rows = weigh(tokens)
    assert (rows[0], rows[2], rows[9], len(rows)) == (
        ("bias", 1.0, -2.0),
        ("passage_coverage", 1.0, 1.0),
        ("passage_terms", 0.125, 8.0),
        11,
    )
    # -2 + 1 + 1 = 0
    assert confidence.confidence(tokens) == pytest.approx(0.5)


@pytest.mark.parametrize("options", [[], ["-r", "dense"], ["-r", "lexical"], ["--rerank"]])
@pytest.mark.parametrize("question", [QUESTION, BORDER, "Who flew the zeppelin?", "Who is who?"])
def test_the_terminal_shows_what_sums(reranking: Runner, question: str, options: list[str]) -> None:
    out = reranking("ask", question, *options, *SURE, "--explain").out
    usual = reranking("ask", question, *options, *SURE).out
    assert out.startswith(f"{usual}\n  Explanation\n")
    lines = out.removeprefix(usual).split("\n")
    assert max(map(len, lines)) <= 80
    for line in lines:
        if re.match(r"  \d+  \d+\.\d{3}  ", line):
            score, *parts = map(float, line.split()[1:])
            assert score == pytest.approx(sum(parts), abs=0.0005 * (len(parts) + 1))
    adds = [float(found[1]) for line in lines if (found := re.search(r" ([+-]\d+\.\d{3})$", line))]
    together = re.search(r"Together ([+-]\d+\.\d{3}),", out)
    if together:
        assert float(together[1]) == pytest.approx(sum(adds), abs=0.0005 * (len(adds) + 1))
    else:
        assert "There is nothing to quote: the confidence is 0, and an answer needs 0.40." in out


def test_nothing_found(indexed: Runner) -> None:
    outcome = indexed("ask", "zeppelin", "-r", "lexical", *SURE, "--explain")
    assert outcome.code == 1
    assert outcome.out.endswith("""
  Explanation

  The question's words, and how much each weighs
   100%  zeppelin (in no article)

  No passage was found.

  There is nothing to quote: the confidence is 0, and an answer needs 0.40.
""")
    told = indexed("ask", "zeppelin", "-r", "lexical", *SURE, "--explain", "--json").json["explanation"]
    assert told["confidence"] == {"parts": [], "bias": None, "logit": None, "probability": 0.0, "threshold": 0.4}
    outcome = indexed("search", "zeppelin", "-r", "lexical", "--explain")
    assert (outcome.code, outcome.out.endswith("\n  No passage was found.\n")) == (1, True)


def test_a_question_without_content_words(indexed: Runner) -> None:
    told = indexed("ask", "Who is who?", "--explain", "--json").json["explanation"]
    assert told["terms"] == []
    assert {(*hit["holds"], *hit["lacks"]) for hit in told["hits"]} == {()}
    assert "  No word of the question says what it is about.\n" in indexed("ask", "Who is who?", "--explain").out


def test_from_python(indexed: Runner) -> None:
    assert indexed("status").code == 0
    with briefqa.open("index", settings=Settings(retriever="lexical")) as index:
        assert index.ask(QUESTION).explanation is index.search(QUESTION).explanation is None
        told = index.ask(QUESTION, explain=True).explanation
        found = index.search(QUESTION, explain=True).explanation
    assert told is not None
    assert found is not None
    assert (found.terms, found.hits, found.confidence) == (told.terms, told.hits, None)
    assert told.confidence is not None
    assert [part.name for part in told.hits[0].parts] == ["lexical"]


def test_help_has_an_example(run: Runner) -> None:
    for command in ("ask", "search"):
        text = run(command, "--help").out
        assert re.search(rf'briefqa {command} "[^"]+" --explain', text)
        assert text.count("--explain") == 2


class Words:
    """A store that knows of words alone."""

    analyzers = ("en",)

    def __len__(self) -> int:
        return 1

    def document_frequency(self, term: str) -> int:
        return 0 if term else 1


@pytest.mark.parametrize(
    ("cosines", "score", "weight"),
    [
        # A cosine below 0 has no share: only the reranker's half counts.
        ((0.5, -0.5), 0.25, 0.0),
        ((-0.25, -0.5), 0.25, 0.0),
        # .5 * .5 + .5 * (.25 / .5)
        ((0.5, 0.25), 0.5, 1.0),
    ],
)
def test_reranked_cosines(cosines: tuple[float, float], score: float, weight: float) -> None:
    document = make_document()
    passage = make_passage(document, "Its seat is Moscow.")
    found = [Candidate(n, passage.id, 0.5, Scores(dense=cosine, rerank=0.0)) for n, cosine in enumerate(cosines)]
    hit = Hit(1, score, passage, document, found[1].scores)
    recipe = Recipe(dense=0.5, evidence=Evidence(1.0, 1.0), rerank=0.5, threshold=0.4)
    told = explain_outcome("seat", [hit], found, Words(), recipe=recipe)  # type: ignore[arg-type]
    parts = told.hits[0].parts
    assert [(part.name, part.value, part.weight) for part in parts] == [
        ("dense", cosines[1], weight),
        ("rerank", 0.5, 0.5),
    ]
    assert sum(part.contribution for part in parts) == score
