"""The measures of the benchmarks, against numbers worked out by hand and against ir_measures. No data set is needed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import ir_measures
import pytest
from ir_measures import nDCG

import answers
import encoding
import gold_edits
import languages
import quality
import ranking
from answers import Judged, Kind
from beir import BenchmarkQuestion, Gold, Hiding
from briefqa.config import Settings
from briefqa.evaluation.trec import write_qrels, write_run
from briefqa.protocols import Candidate, PassageStore
from briefqa.types import Document, Passage, Scores
from ranking import Measured, ReciprocalRankRetriever, RememberingRetriever
from tables import shown, summary, table

if TYPE_CHECKING:
    from beir import Bench
    from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder
    from briefqa.protocols import Retriever, Vectors


class Found:
    """A retriever that has found passages already, by number; it counts how often it is asked."""

    def __init__(self, *numbers: int) -> None:
        self.numbers, self.asked = numbers, 0

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        self.asked += 1
        return [
            Candidate(number, f"id{number}", 1.0 / rank, Scores()) for rank, number in enumerate(self.numbers[:k], 1)
        ]


class RankedStore:
    """An index with one ranking for everything: 0, 1, 2, ..."""

    def dense_top(self, vector: object, k: int) -> list[tuple[int, float]]:
        return [(number, 1.0 - number / 10) for number in range(10)][:k]

    def lexical_top(self, terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        return [(number, 20.0 - number) for number in range(10)][:k]


def question(
    identity: str, *, documents: tuple[str, ...] = (), gold: tuple[Gold, ...] = (), odd: bool = False
) -> BenchmarkQuestion:
    return BenchmarkQuestion(identity, f"What is {identity}?", documents, gold, odd)


def judged(identity: str, kind: Kind, sure: float, *, odd: bool = False, right: bool = False) -> Judged:
    return Judged(identity, kind, odd, sure, first=right, three=right, printed=right)


def test_reciprocal_ranks_are_added() -> None:
    found = ReciprocalRankRetriever((Found(1, 2), Found(2, 3))).retrieve("", 10)
    assert [(entry.number, entry.passage_id) for entry in found] == [(2, "id2"), (1, "id1"), (3, "id3")]
    assert [entry.score for entry in found] == pytest.approx([1 / 62 + 1 / 61, 1 / 61, 1 / 62])


def test_equal_reciprocal_ranks_go_by_passage_id() -> None:
    found = ReciprocalRankRetriever((Found(7), Found(4))).retrieve("", 10)
    assert [entry.number for entry in found] == [4, 7]
    assert len(ReciprocalRankRetriever((Found(7), Found(4))).retrieve("", 1)) == 1


def test_a_ranking_is_looked_for_once() -> None:
    inner = Found(3, 1)
    retriever = RememberingRetriever(inner)
    first = retriever.retrieve("a", 2)
    first.clear()
    assert [entry.number for entry in retriever.retrieve("a", 2)] == [3, 1]
    assert inner.asked == 1
    assert [entry.number for entry in retriever.retrieve("a", 1)] == [3]
    retriever.retrieve("b", 1)
    assert inner.asked == 3


def test_what_is_hidden_is_not_found_and_others_move_up() -> None:
    store = Hiding(cast("PassageStore", RankedStore()), {0, 2})
    assert store.dense_top(cast("Vectors", None), 3) == [(1, 0.9), (3, 0.7), (4, 0.6)]
    assert store.lexical_top(["term"], 3) == [(1, 19.0), (3, 17.0), (4, 16.0)]
    assert [number for number, _ in store.lexical_top(["term"], 10)] == [1, 3, 4, 5, 6, 7, 8, 9]


def test_every_part_of_the_default_ranking_is_left_out_in_turn() -> None:
    bench = cast("Bench", SimpleNamespace(reader=None, encoder=None, settings=Settings()))
    retrievers = ranking.configurations(bench)
    assert list(retrievers) == [
        "lexical",
        "dense",
        "rrf",
        "fusion",
        "default",
        "default without pair_coverage",
        "default without sentence_cosine",
    ]


def bench_of(lengths: Mapping[str, int]) -> Bench:
    """Documents of so many passages, of ten characters each."""
    stored = []
    for key, passages in lengths.items():
        document = Document(key, key, key, "x" * 10 * passages, "")
        for start in range(0, 10 * passages, 10):
            passage = Passage(f"{key}{start}", key, start, start + 10, "x" * 10, (1, 1), ())
            stored.append((passage, document))
    return cast("Bench", SimpleNamespace(all_passages=stored))


def test_documents_rank_by_their_best_passage_and_long_ones_are_measured_in_characters() -> None:
    bench = bench_of({"a": 60, "b": 60})
    asked = [question("q", documents=("b",), gold=(("b", (5, 25)),))]
    # Passage 61 is b from 10 to 20: half the gold. Two of a and one more of b make 40 characters in all.
    retrievers: dict[str, Retriever] = {"fusion": Found(0, 61, 1, 70)}
    found = ranking.measure(bench, asked, retrievers)["fusion"]
    assert found.documents == {"q": [("a", 1.0), ("b", 0.5)]}
    assert found.scores == {
        "nDCG@10": {"q": pytest.approx(0.6309297535714575)},  # 1 / log2(3)
        "R@10": {"q": 1.0},
        "recall, top 5": {"q": 0.5},
        "precision, top 5": {"q": 0.25},
        "IoU, top 5": {"q": 0.2},
    }


def test_short_documents_are_not_measured_in_characters() -> None:
    bench = bench_of({"a": 50})
    asked = [question("q", documents=("a",), gold=(("a", (5, 25)),))]
    assert list(ranking.measure(bench, asked, {"fusion": Found(0)})["fusion"].scores) == ["nDCG@10", "R@10"]


def test_configurations_are_compared_question_by_question() -> None:
    measured = {
        "fusion": Measured({"R@10": {"q1": 1.0, "q2": 0.0}}),
        "default": Measured({"R@10": {"q1": 1.0, "q2": 0.5}}),
    }
    fusion, default = (entry["measures"]["R@10"] for entry in ranking.report(measured))
    assert (fusion["value"], fusion["method"], fusion["n"], fusion["difference"]) == (0.5, "wilson", 2, None)
    assert default["value"] == 0.75
    # Of two questions drawn with replacement both are q1, or both q2, a quarter of the time each.
    assert default["difference"] == {"value": 0.25, "interval": (0.0, 0.5)}
    assert default["scores"] == {"q1": 1.0, "q2": 0.5}


def test_the_table_says_what_ir_measures_says_of_the_run(tmp_path: Path) -> None:
    asked = [
        question("q1", documents=("a.md", "e e.md")),
        question("q2", documents=("b.md",)),
        question("q3", documents=("k.md", "l.md", "z.md")),
        question("q4", documents=("a.md",)),
    ]
    documents: dict[str, list[tuple[str, float]]] = {
        "q1": [("a.md", 0.5), ("b.md", 0.5), ("c.md", 0.5), ("d.md", 0.5), ("e e.md", 0.5)],
        "q2": [("a.md", 0.3 + 1e-12), ("b.md", 0.3), ("c.md", 0.1)],
        "q3": [(f"{letter}.md", 1.0) for letter in "abcdefghijkl"],
        "q4": [],
    }
    write_run(tmp_path / "run", documents, tag="t")
    write_qrels(tmp_path / "qrels", {entry.id: dict.fromkeys(entry.documents, 1) for entry in asked})
    measured = {"fusion": Measured(ranking.document_scores(asked, documents), documents)}
    ours = ranking.report(measured)[0]["measures"]["nDCG@10"]

    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels")))  # type: ignore[no-untyped-call]
    run = list(ir_measures.read_trec_run(str(tmp_path / "run")))  # type: ignore[no-untyped-call]
    theirs = {entry.query_id: entry.value for entry in ir_measures.iter_calc([nDCG @ 10], qrels, run)}
    assert theirs == {identity: pytest.approx(score, abs=1e-9) for identity, score in ours["scores"].items()}
    mean = ir_measures.calc_aggregate([nDCG @ 10], qrels, run)[nDCG @ 10]
    assert ours["value"] == pytest.approx(mean, abs=1e-9)
    # Second of two that single precision can't tell apart: 1 / log2(3).
    assert ours["scores"]["q2"] == pytest.approx(0.6309297535714575)


def test_each_question_is_judged_once_a_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    gold: tuple[Gold, ...] = (("a", (0, 1)),)
    asked = [
        question("q1", documents=("a",), gold=gold, odd=True),
        question("q2", documents=("a",), gold=gold),
        question("q3", odd=True),
        question("q4", documents=("a",), odd=True),
    ]
    reader = RankedStore()
    bench = cast("Bench", SimpleNamespace(reader=reader, gold_passages=lambda _: {0}))
    stores: list[object] = []

    def judge(_: object, entry: BenchmarkQuestion, kind: Kind, store: object) -> Judged:
        stores.append(store)
        return judged(entry.id, kind, 0.5, odd=entry.odd)

    monkeypatch.setattr(answers, "_judged", judge)
    told: list[int] = []
    found = answers.judge_all(bench, asked, told.append)
    assert [(entry.id, entry.kind) for entry in found] == [
        ("q1", "answerable"),
        ("q1", "hidden"),
        ("q2", "answerable"),
        ("q3", "unanswerable"),
    ]
    assert [isinstance(store, Hiding) for store in stores] == [False, True, False, False]
    assert told == [1, 2, 3, 4]
    assert [(entry.id, entry.kind) for entry in answers.left_out_cases(found)] == [
        ("q1", "hidden"),
        ("q2", "answerable"),
    ]


def test_the_threshold_lets_a_tenth_of_the_hidden_through() -> None:
    hidden = [0.9, 0.5, *[0.1] * 18]
    # Two of twenty may pass, so the threshold lies just above the third.
    assert answers.answered_at([0.1, 0.2, 0.3, 0.95], hidden)["value"] == 0.75
    assert answers.answered_at([0.1, 0.2, 0.3, 0.95], hidden)["threshold"] == 0.1
    # Of ten, one.
    assert answers.answered_at([0.4, 0.6, 0.8], [0.9, 0.5, *[0.1] * 8])["value"] == pytest.approx(2 / 3)
    assert answers.answered_at([], hidden) == {"value": None, "interval": None, "threshold": None}


def test_the_interval_at_the_threshold_draws_both_sides() -> None:
    # The present never vary, so the interval is the hidden ones' doing alone: the threshold is .5 or .1.
    found = answers.answered_at([0.3] * 5, [0.5, *[0.1] * 9])
    assert (found["value"], found["interval"]) == (1.0, (0.0, 1.0))


def test_confidences_fall_in_ten_bins() -> None:
    cases = [
        judged("q1", "answerable", 1.0, right=True),
        judged("q2", "answerable", 0.92),
        judged("q3", "hidden", 0.9, odd=True),
        judged("q4", "hidden", 0.0, odd=True),
    ]
    bins = answers.reliability(cases)
    assert [part["n"] for part in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bins[9] == {
        "from": 0.9,
        "to": 1.0,
        "n": 3,
        "confidence": pytest.approx(2.82 / 3),
        "answerable": pytest.approx(2 / 3),
        "right": pytest.approx(1 / 3),
    }
    assert bins[5] == {"from": 0.5, "to": 0.6, "n": 0, "confidence": None, "answerable": None, "right": None}


def test_the_report_of_a_set() -> None:
    entries = [
        judged("q1", "answerable", 0.7, odd=True, right=True),
        judged("q1", "hidden", 0.4, odd=True),
        judged("q2", "answerable", 0.8, right=True),
        judged("q4", "answerable", 0.3),
        judged("q5", "unanswerable", 0.35, odd=True),
    ]
    found = answers.report(entries, 0.4)
    assert {half: (part["first"]["value"], part["first"]["n"]) for half, part in found["quotes"].items()} == {
        "all": (pytest.approx(2 / 3), 3),
        "odd": (1.0, 1),
        "even": (0.5, 2),
    }
    hidden = found["hidden"]
    assert (hidden["auroc"]["value"], hidden["auroc"]["n"]) == (0.5, [2, 1])
    assert hidden["answered_answerable"]["value"] == 0.5
    assert hidden["answered_hidden"]["value"] == 1.0  # at the threshold itself
    assert hidden["brier_answerable"] == pytest.approx((0.16 + 0.04 + 0.49) / 3)
    assert hidden["brier_right"] == pytest.approx((0.16 + 0.04 + 0.09) / 3)
    assert found["unanswerable"]["answered"]["value"] == 0.0
    assert found["unanswerable"]["auroc"]["value"] == pytest.approx(2 / 3)
    assert len(found["judged"]) == 5


def test_a_set_without_unanswerable_questions_says_so() -> None:
    found = answers.report([judged("q2", "answerable", 0.8, right=True)], 0.4)
    assert found["unanswerable"]["answered"] == {"value": None, "interval": None, "method": None, "n": 0}
    assert found["hidden"]["auroc"]["value"] is None
    assert shown(found["hidden"]["auroc"]) == "–"


def test_a_sample_keeps_the_order() -> None:
    asked = [question(f"q{number}") for number in range(20)]
    drawn = quality.sample(asked, 5)
    assert len(drawn) == 5
    assert drawn == [entry for entry in asked if entry in drawn]
    assert quality.sample(asked, None) == asked
    assert quality.sample(asked, 50) == asked


def test_values_are_shown_with_their_intervals() -> None:
    assert shown({"value": 0.75, "interval": (0.5, 0.9876)}) == "0.750 [0.500, 0.988]"
    assert shown({"value": -0.01, "interval": (-0.02, 0.0)}, signed=True) == "-0.010 [-0.020, +0.000]"
    assert shown({"value": 0.5}) == "0.500"
    assert shown(None) == "–"
    assert summary([]) == {"value": None, "interval": None, "method": None, "n": 0}
    assert table(["a", "b"], [(1, "x")]) == "| a | b |\n| --- | --- |\n| 1 | x |"


SENTENCE = "The pact was signed in Minsk in 1991 by three presidents."


@pytest.mark.parametrize("kind", gold_edits.EDITS)
def test_every_kind_of_edit_changes_a_quote_a_little(kind: str) -> None:
    new = gold_edits.EDITS[kind](SENTENCE, Random(1), ["treaty", "Kyiv"])
    assert new != SENTENCE
    changed = set(new.split()) ^ set(SENTENCE.split())
    assert len(changed) <= (0 if kind == "line broken" else 4)


def test_an_edited_quote_counts_where_it_was_written_only() -> None:
    text, span = f"Rain fell. {SENTENCE} It held.", (11, 68)
    assert gold_edits.similarity_of_edit(SENTENCE, text, span, SENTENCE.replace(" ", "\n", 1)) == 1
    # One of eleven words, beside a full stop that counts half.
    assert gold_edits.similarity_of_edit(SENTENCE, text, span, SENTENCE.replace("1991", "1992")) == 1 - 1 / 11.5
    assert gold_edits.similarity_of_edit(SENTENCE, text, span, "Nothing was signed there.") == 0
    twin = f"{text} {SENTENCE.replace('Minsk', 'Kyiv')}"
    assert gold_edits.similarity_of_edit(SENTENCE, twin, span, "It was signed.") == 0


def test_deleted_quotes_are_looked_for_in_their_document_and_in_others() -> None:
    texts = {
        "a": f"Rain fell. {SENTENCE} {SENTENCE.replace('Minsk', 'Kyiv')}",
        "b": SENTENCE.replace("presidents.", "men"),
        "c": "Nothing was signed. He is a man of few words.",
    }
    found = gold_edits.measure(texts, [("a", SENTENCE), ("c", "He is a man of few words."), ("c", "No.")], Random(1))
    assert found["own"] == [1 - 1 / 11.5, 0]
    # Seven words are looked for word for word only.
    assert found["others"] == [1 - 1.5 / 11.5]
    assert found["number changed"] == [1 - 1 / 11.5]


def test_ways_of_encoding_are_compared_round_by_round() -> None:
    def seconds(passed: float, worked: float) -> dict[str, float]:
        return {"seconds": passed, "cpu": worked}

    rounds = [
        {encoding.BASELINE: seconds(4.0, 6.0), "b": seconds(1.0, 3.0)},
        {encoding.BASELINE: seconds(2.0, 6.0), "b": seconds(1.0, 2.0)},
        {encoding.BASELINE: seconds(3.0, 6.0), "b": seconds(2.0, 1.5)},
    ]
    found = {"passages": 60, "tokens": 171.6, "set": "made up", "cores": 2, "rounds": rounds}
    assert encoding.speed_table(found) == (
        "60 passages a round of 172 tokens on average (made up), 3 rounds, 2 cores\n\n"
        "| way | passages/s | times the library | by processor time |\n"
        "| --- | --- | --- | --- |\n"
        "| the library, fp32 | 20 | 1.00 (1.00 to 1.00) | 1.00 |\n"
        "| b | 60 | 2.00 (1.50 to 4.00) | 3.00 |"
    )


class WordEncoder:
    """Counts words."""

    window = 512

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


def test_passages_to_encode_stand_evenly_over_the_set(tmp_path: Path) -> None:
    rows = [{"_id": str(n), "title": f"Title {n}", "text": f"The first of {n}. The second."} for n in range(10)]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    encoder = cast("SentenceTransformersEncoder", WordEncoder())
    assert encoding.cut(tmp_path, encoder, 5) == [
        (f"Title {n}\nThe first of {n}. The second.", [(8, 23), (24, 35)]) for n in (0, 2, 4, 6, 8)
    ]
    with pytest.raises(SystemExit, match=r"makes 10 passages, and 11 are to be encoded\.$"):
        encoding.cut(tmp_path, encoder, 11)


def test_a_way_is_timed_over_the_passages_that_it_gets() -> None:
    told: list[object] = []
    found = encoding.run(lambda texts, sentences: told.append((texts, sentences)), [("a", [(0, 1)]), ("b", [])])
    assert told == [(["a", "b"], [[(0, 1)], []])]
    assert set(found) == {"seconds", "cpu"}
    assert min(found.values()) >= 0.0


def test_languages_make_no_difference_where_the_terms_of_a_word_count_as_one(tmp_path: Path) -> None:
    """A rare word, and one that all texts in the second language have: as in one language, it weighs little."""
    texts = ["amber boats", "amber sails", "copper sails", "granite", *(["flint sails"] * 6)]
    second = {0, 2, 4}
    word, own, fields = (best for _, best in languages.schemes(texts, second, tmp_path))
    (tmp_path / "one").mkdir()
    one, *_ = (best for _, best in languages.schemes(texts, set(), tmp_path / "one"))
    for asked in (["amber", "sail"], ["sail"], ["copper", "flint"]):
        assert sorted(word(asked)) == sorted(one(asked))
        assert sorted(own(asked)) == sorted(fields(asked)) == sorted(word(asked))
    # "sail" stands in 2 of 10 texts as a term of the second language, and in 8 in all: ln 4.4 against ln 1.29.
    assert word(["amber", "sail"])[:2] == one(["amber", "sail"])[:2] == [1, 0]
