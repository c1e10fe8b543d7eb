"""Large indexes of recombined text and what is measured on them: the fake encoder, numbers worked out by hand."""

from __future__ import annotations

import json
import os
import sys
import xml.etree.ElementTree as ET
from itertools import islice
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

import growth
import growth_plot
import growth_tables
import million
import processes
import side_by_side
from briefqa.encoders.factory import INSTALLED
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.evaluation.datasets import load_questions
from briefqa.evaluation.gold import resolve_gold
from briefqa.index.reader import open_generation
from mixing import Mixture, WordCounter, nearest_cosines
from recombining import Cut, Sizes, recombined
from tests.fakes import WINDOW, FakeEncoders

if TYPE_CHECKING:
    from briefqa.encoders.factory import BuildingEncoder
    from million import Material

COLLECTIONS = {"fruit": ["apple", "pear", "plum", "cherry"], "metal": ["iron", "copper", "zinc", "lead"]}


def sentence(subject: str, number: int) -> str:
    return f"The {subject} of kind {number} was {subject}{number}a and {subject}{number}b."


@pytest.fixture
def datasets(tmp_path: Path) -> list[Path]:
    """Two data sets of four documents, each of nine sentences, and a question on the first document of each."""
    folders = []
    for collection, subjects in COLLECTIONS.items():
        folder = tmp_path / collection
        folder.mkdir()
        folders.append(folder)
        texts = {subject: " ".join(sentence(subject, number) for number in range(9)) for subject in subjects}
        documents = [{"_id": subject, "title": f"On {subject}", "text": text} for subject, text in texts.items()]
        first = subjects[0]
        start = texts[first].index(f"{first}4a")
        evidence = {"query_id": "1", "doc_id": first, "quote": f"{first}4a", "start": start, "end": start + 7}
        query = {"_id": "1", "text": f"What was {first} of kind 4?", "type": "t"}
        for name, lines in (("corpus", documents), ("queries", [query]), ("evidence", [evidence])):
            content = "".join(json.dumps(line) + "\n" for line in lines)
            (folder / f"{name}.jsonl").write_text(content, encoding="utf-8")
        (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n1\t{first}\t1\n", encoding="utf-8")
    return folders


def gathered(datasets: list[Path], cache: Path, encoders: FakeEncoders, *, encoded: int = 60) -> Material:
    return million.gather(datasets, cache, encoded=encoded, encoders=encoders, tell=million.Stages())


def test_an_index_has_as_many_passages_as_wanted_all_different(datasets: list[Path], tmp_path: Path) -> None:
    encoders = FakeEncoders()
    report, material = million.make(
        tmp_path / "made", datasets, passages=47, asked=10, encoded=60, cache=tmp_path / "cache", encoders=encoders
    )
    assert report.passages == 47
    reader = open_generation(tmp_path / "made" / "index")
    texts = [passage.text for passage, _ in reader.passages(range(47))]
    assert len(set(texts)) == 47
    own = [key for key in (document.key for document in reader.documents()) if key.startswith("own/")]
    # Nine sentences of nine words make two passages of a document: eight documents at most, in half of 47.
    assert own == sorted(source.key for source in material.sources)
    assert len(own) == 8
    # Four articles: 47 - 16 passages, ten at a time.
    assert report.documents == 8 + 4


def test_a_recombined_article_keeps_to_a_collection(datasets: list[Path], tmp_path: Path) -> None:
    material = gathered(datasets, tmp_path / "cache", FakeEncoders())
    inventory = material.inventory
    assert sorted(inventory.texts) == sorted(
        sentence(subject, number) for names in COLLECTIONS.values() for subject in names for number in range(9)
    )
    assert set(inventory.tokens.tolist()) == {9}
    collection = {subject: name for name, subjects in COLLECTIONS.items() for subject in subjects}
    seen = set()
    for article in islice(recombined(inventory, material.sizes), 20):
        kinds = {inventory.texts[number].split()[1] for entry in article.paragraphs for number in entry}
        assert len({collection[kind] for kind in kinds}) == 1
        for entry in article.paragraphs:
            assert len(entry) == len(set(entry))
            assert material.sizes.low <= 9 * len(entry) <= material.sizes.high
            seen.add(tuple(entry))
    assert len(seen) == 200


def test_paragraphs_are_too_long_to_share_a_passage() -> None:
    # all-MiniLM-L6-v2 reads 256 tokens, and passages have 200.
    assert Sizes.of(256) == Sizes(low=101, high=200, sentence=80, title=51)
    assert Sizes.of(WINDOW) == Sizes(low=33, high=52, sentence=20, title=12)


def test_a_smaller_index_begins_as_a_larger_one(datasets: list[Path], tmp_path: Path) -> None:
    material = gathered(datasets, tmp_path / "cache", FakeEncoders())
    small, large = (list(million.documents(material, count)) for count in (40, 80))
    assert small[:8] == large[:8]
    assert small[8:10] == large[8:10]
    assert small[10][2] == "\n\n".join(large[10][2].split("\n\n")[:4])
    assert len(small) == 11


def test_what_is_encoded_is_encoded_once(datasets: list[Path], tmp_path: Path) -> None:
    encoders = FakeEncoders()
    first = gathered(datasets, tmp_path / "cache", encoders)
    assert encoders.encoded == 66  # 16 passages of the data sets, and five articles of ten
    assert encoders.passages[16] not in encoders.passages[:16]
    again = FakeEncoders()
    second = gathered(datasets, tmp_path / "cache", again)
    assert again.encoded == 0
    assert second.likeness == first.likeness
    # A passage that was encoded has its own vector, and any other has none by chance.
    passage = first.cuts[0][0]
    real = encoders.load(encoders.find(DEFAULT_ENCODER)).encode_passages([passage.text], [passage.spans])
    kept = second.encoder.encode_passages([passage.text], [passage.spans])
    assert kept.vectors.tolist() == real.vectors.tolist()
    assert kept.sentences[0] == pytest.approx(real.sentences[0], abs=1e-3)


def test_an_interrupted_encoding_goes_on(datasets: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mixing._SLAB", 5)
    encoders = FakeEncoders()
    encoders.fail_with(KeyboardInterrupt(), after=12)
    with pytest.raises(KeyboardInterrupt):
        gathered(datasets, tmp_path / "cache", encoders)
    again = FakeEncoders()
    gathered(datasets, tmp_path / "cache", again)
    assert again.encoded == 66 - 10


def vector(*values: float) -> Any:
    return np.array(values, dtype=np.float16)


def test_a_mixture_is_the_mean_of_its_sentences_by_tokens() -> None:
    mixture = Mixture({"a a a": (vector(1, 0), 3), "b": (vector(0, 1), 1)})
    mean, rows = mixture.mean(["a a a", "b"])
    assert mean.tolist() == pytest.approx([3 / sqrt(10), 1 / sqrt(10)])
    assert rows.tolist() == [[1, 0], [0, 1]]
    # One that is not known has no say, and gets the vector of one that is; where none is known, any will do.
    mean, rows = mixture.mean(["x", "b"])
    assert (mean.tolist(), rows.tolist()) == ([0, 1], [[0, 1], [0, 1]])
    mean, rows = mixture.mean(["x", "y"])
    assert (mean.tolist(), rows.tolist()) == ([1, 0], [[1, 0], [1, 0]])
    mean, rows = mixture.mean([])
    assert (mean.tolist(), rows.shape) == ([1, 0], (0, 2))


def test_a_mixture_gets_what_its_mean_lacks() -> None:
    mixture = Mixture({"a": (vector(1, 0), 1), "b": (vector(0, 1), 1)})
    made, rows = mixture.make("T\na", ["a"])  # nothing was learned yet
    assert (made.tolist(), rows.tolist()) == ([1, 0], [[1, 0]])
    cuts = [Cut("T\na", ((2, 3),)), Cut("T\nb", ((2, 3),))]
    real = np.array([[0.8, 0.6], [0.6, 0.8]], dtype=np.float32)
    found = mixture.learn(cuts, real)
    assert found["a mean and the real vector"].tolist() == pytest.approx([0.8, 0.8])
    assert found["the nearest of the others, real"].tolist() == pytest.approx([0.96, 0.96])
    # Lacking are (-.2, .6) and (.6, -.2): (.2, .2) on average, which makes (1.2, .2) and (.2, 1.2), whose cosine is
    # .48 / 1.48. That is less than .96, so nothing is drawn by chance.
    assert found["the nearest of the others, made"].tolist() == pytest.approx([0.48 / 1.48] * 2, abs=1e-3)
    assert mixture.make("T\na", ["a"])[0].tolist() == pytest.approx([1.2 / sqrt(1.48), 0.2 / sqrt(1.48)], abs=1e-3)


def test_as_much_is_drawn_as_leaves_neighbours_as_near_as_real_ones() -> None:
    rng = np.random.default_rng(1)
    texts = [f"s{number}" for number in range(60)]
    topics, lacking = (np.repeat(rng.standard_normal((6, 32)), 10, axis=0) for _ in range(2))
    rows = topics + 0.3 * rng.standard_normal((60, 32))
    real = rows + 0.6 * lacking + 0.3 * rng.standard_normal((60, 32))  # those of a topic lack nearly the same
    rows, real = (array / np.linalg.norm(array, axis=1, keepdims=True) for array in (rows, real))
    mixture = Mixture({text: (row.astype(np.float16), 1) for text, row in zip(texts, rows, strict=True)})
    cuts = [Cut(text, ((0, len(text)),)) for text in texts]
    found = mixture.learn(cuts, real.astype(np.float32))
    assert 0.1 < mixture._part < 1
    medians = [np.median(found[f"the nearest of the others, {kind}"]) for kind in ("real", "made")]
    assert medians[0] == pytest.approx(medians[1], abs=0.01)
    made = [mixture.make(text, [text])[0] for text in texts]
    assert nearest_cosines(np.array(made)).tolist() == pytest.approx(
        found["the nearest of the others, made"].tolist(), abs=1e-5
    )
    assert mixture.make("s1", ["s1"])[0].tolist() == made[1].tolist()


def test_the_nearest_of_the_others() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
    assert nearest_cosines(vectors).tolist() == pytest.approx([0.6, 0.8, 0.8])


def test_tokens_are_counted_word_by_word() -> None:
    encoder = FakeEncoders().load(FakeEncoders().find(DEFAULT_ENCODER))
    counter = WordCounter(cast("BuildingEncoder", encoder))
    texts = ["", "a b  c", "b d\n\na"]
    assert counter.count_tokens(texts) == encoder.count_tokens(texts) == [2, 5, 5]
    assert counter.count("a b d") == 3


@pytest.mark.model
def test_tokens_are_counted_as_the_real_encoder_does() -> None:
    encoder = INSTALLED.load(INSTALLED.find(DEFAULT_ENCODER))
    texts = ["Don't re-write 3.5% of naïve co-workers' e-mails!", "Ünïcode, 日本 text\n\nover   lines—and dashes", ""]
    assert WordCounter(encoder).count_tokens(texts) == encoder.count_tokens(texts)


def test_questions_have_their_answers_in_the_index(datasets: list[Path], tmp_path: Path) -> None:
    made = tmp_path / "made"
    encoders = FakeEncoders()
    million.make(made, datasets, passages=40, asked=12, encoded=60, cache=tmp_path / "cache", encoders=encoders)
    questions = load_questions(made / "questions.jsonl")
    assert [question.id for question in questions[:2]] == ["fruit-1", "metal-1"]
    assert questions[0].text == "What was apple of kind 4?"
    assert questions[0].gold[0].quote == sentence("apple", 4)
    assert [question.tags for question in questions] == [("asked",)] * 2 + [("words",)] * 10
    for question in questions[2:]:
        words = question.text.rstrip("?").split()
        assert len(words) == 6
        assert set(words) <= set((question.gold[0].quote or "").rstrip(".").split())
    reader = open_generation(made / "index")
    found = resolve_gold(questions, reader.documents, path="q")
    assert (found.drift, found.lost) == ((), ())


def test_the_exact_nearest_are_those_of_all_vectors(
    datasets: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(million, "_BLOCK", 7)
    made, encoders = tmp_path / "made", FakeEncoders()
    million.make(made, datasets, passages=40, asked=12, encoded=60, cache=tmp_path / "cache", encoders=encoders)
    entries = [json.loads(line) for line in (made / "exact.jsonl").read_text().splitlines()]
    assert len(entries) == 12
    reader = open_generation(made / "index")
    asked = encoders.open(reader.encoder_folder).encode_questions([entry["question"] for entry in entries])
    scores = asked @ reader.segments.vectors(range(40)).T
    for entry, row in zip(entries, scores, strict=True):
        order = np.argsort(-row, kind="stable")[:10]
        assert entry["cosines"] == pytest.approx(row[order].tolist(), abs=1e-6)
    warm = growth.warm(made, [entry["question"] for entry in entries], encoders)
    assert warm["recall"] > 0.8  # but for equal cosines, all are found
    assert [len(warm[name]) for name in ("dense", "lexical", "hybrid", "ask")] == [2, 2, 2, 2]


def test_made_again_nothing_changes(datasets: list[Path], tmp_path: Path) -> None:
    def make() -> Any:
        place, cache = tmp_path / "made", tmp_path / "cache"
        return million.make(place, datasets, passages=30, asked=4, encoded=60, cache=cache, encoders=FakeEncoders())[0]

    assert make().changed_index
    assert not make().changed_index


def test_processes_are_measured_with_their_memory() -> None:
    small, _ = processes.measured([sys.executable, "-c", "pass"])
    large, printed = processes.measured([sys.executable, "-c", "kept = b'1' * (100 << 20); print('done')"])
    assert printed == "done\n"
    assert small.mib < 50
    assert 100 < large.mib < small.mib + 125
    code = "import sys; print('no index', file=sys.stderr); sys.exit(3)"
    with pytest.raises(RuntimeError, match="ended with 3: no index"):
        processes.measured([sys.executable, "-c", code])
    assert processes.measured([sys.executable, "-c", code], codes=(3,))[1] == ""


def test_percentiles_and_medians() -> None:
    values = [float(number) for number in range(20, 0, -1)]
    assert [processes.percentile(values, share) for share in (0.0, 0.5, 0.95, 1.0)] == [1, 10, 19, 20]
    assert processes.percentile([7.0], 0.5) == 7
    costs = [processes.Cost(1, 50), processes.Cost(2, 10), processes.Cost(9, 30)]
    assert processes.median_cost(costs) == processes.Cost(2, 30)


def test_a_file_with_two_links_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    os.link(tmp_path / "a", tmp_path / "b")
    (tmp_path / "c").write_bytes(b"1")
    assert sorted(processes.file_bytes(tmp_path).values()) == [1, 5]


def test_bytes_are_told_by_part(tmp_path: Path) -> None:
    generation = tmp_path / "gen-000001"
    for name, content in {
        "manifest.json": '{"passages": 4}',
        "seg-1/dense.faiss": "12345678",
        "seg-2/dense.faiss": "1234",
        "lexical/a.idx": "12",
        "lexical/b.idx": "1234",
    }.items():
        (generation / name).parent.mkdir(parents=True, exist_ok=True)
        (generation / name).write_text(content)
    (tmp_path / "CURRENT").write_text("gen-000001\n")
    assert growth.bytes_per_passage(tmp_path) == {"lexical": 1.5, "manifest.json": 3.75, "dense.faiss": 3.0}


def test_questions_are_taken_evenly(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps({"question": text}) + "\n" for text in "abcdefgdz"), encoding="utf-8")
    assert growth._texts(path, 3) == ["a", "c", "f"]
    assert growth._texts(path, 8) == list("abcdefgz")
    with pytest.raises(SystemExit, match="has 8 questions, and 9 are to be asked"):
        growth._texts(path, 9)


def test_recall_is_a_mean_over_questions() -> None:
    exact = {"q1": ["a", "b", "c", "d"], "q2": ["a", "b"]}
    assert growth.recall(exact, {"q1": {"a", "d", "x", "y"}, "q2": {"b", "a"}}) == 0.75


def measurements(passages: int, seconds: float) -> dict[str, Any]:
    cost = {"seconds": seconds, "mib": 200.0}
    times = {name: [seconds * 10, seconds * 20] for name in ("dense", "lexical", "hybrid", "ask")}
    return {
        "passages": passages,
        "documents": passages // 10,
        "bytes_per_passage": {"dense.faiss": 1536.0, "lexical": 250.25},
        "cold": {"ask": [cost], "search": [cost]},
        "warm": {**times, "recall": 0.987, "mib": 300.4},
        "unchanged": [cost],
        "added": [{**cost, "bytes": 1234567}],
        "made": {"seconds": {"reading articles": seconds * 9, "publishing": 0.4}, "peak_mib": 1234},
    }


def test_growth_is_shown_as_tables() -> None:
    assert growth_tables.markdown([measurements(1000, 0.5), measurements(100_000, 1.0)]).splitlines() == [
        "| passages | 1,000 | 100,000 |",
        "| --- | --- | --- |",
        "| documents | 100 | 10,000 |",
        "| `briefqa ask`, cold: s, MiB | 0.50, 200 | 1.00, 200 |",
        "| `briefqa search`, cold: s, MiB | 0.50, 200 | 1.00, 200 |",
        "| search, dense, warm: ms p50, p95 | 5.0, 10.0 | 10.0, 20.0 |",
        "| search, lexical, warm: ms p50, p95 | 5.0, 10.0 | 10.0, 20.0 |",
        "| search, hybrid, warm: ms p50, p95 | 5.0, 10.0 | 10.0, 20.0 |",
        "| whole answer, warm: ms p50, p95 | 5.0, 10.0 | 10.0, 20.0 |",
        "| memory of the warm process: MiB | 300 | 300 |",
        "| recall@10 of dense search | 0.987 | 0.987 |",
        "| `briefqa index`, nothing changed: s, MiB | 0.50, 200 | 1.00, 200 |",
        "| one article added: s, MiB | 0.50, 200 | 1.00, 200 |",
        "| bytes written for it | 1,234,567 | 1,234,567 |",
        "",
        "| bytes a passage | 1,000 | 100,000 |",
        "| --- | --- | --- |",
        "| `dense.faiss` | 1536.0 | 1536.0 |",
        "| `lexical` | 250.2 | 250.2 |",
        "| all | 1786.2 | 1786.2 |",
        "",
        "| million.py: seconds | 1,000 | 100,000 |",
        "| --- | --- | --- |",
        "| reading articles | 4 | 9 |",
        "| publishing | 0 | 0 |",
        "| most memory, MiB | 1,234 | 1,234 |",
    ]


def test_growth_is_drawn_on_logarithmic_axes() -> None:
    drawn = ET.fromstring(growth_plot.draw([measurements(1000, 0.1), measurements(100_000, 1.0)]))
    space = {"s": "http://www.w3.org/2000/svg"}
    lines = {
        group.findtext("s:text", namespaces=space): group.find("s:path", space).get("d")  # type: ignore[union-attr]
        for group in drawn.findall(".//s:g", space)
        if group.find("s:path[@class='line']", space) is not None
    }
    # From 226 (a millisecond) to 14 (a second): .1 s stands at a third, and 1 ms, the tenth of 10 ms, at the bottom.
    assert lines["ask, whole process"] == "M46 84.7L350 14"
    assert lines["answer, warm"] == "M46 226L350 155.3"
    labels = [text.text for text in drawn.findall(".//s:g[@class='axis']/s:text", space)]
    assert labels == ["0.001", "0.01", "0.1", "1", "seconds", "1,000", "100,000", "passages"]


def test_questions_on_a_part_of_a_data_set(datasets: list[Path], tmp_path: Path) -> None:
    found = side_by_side.beir_set(datasets[0], tmp_path / "some", documents=2, limit=5)
    assert found.name == "fruit, 2 documents"
    assert sorted(path.name for path in found.articles.iterdir()) == ["apple.md", "pear.md"]
    assert (found.articles / "apple.md").read_text().startswith("# On apple\n\nThe apple of kind 0 was")
    assert found.questions == [{"id": "1", "text": "What was apple of kind 4?"}]
    assert found.relevant == {"1": ["apple.md"]}


def test_tools_are_shown_side_by_side() -> None:
    entry = {
        "build": {"seconds": 12.4, "mib": 700.0},
        "cold": [{"seconds": 0.5, "mib": 200.0}, {"seconds": 0.7, "mib": 210.0}],
        "warm": [3.0, 5.0, 4.0],
        "ndcg": {"q1": 1.0, "q2": 1.0},
    }
    shown = side_by_side.markdown({"corpus": {"briefqa": entry, "Chroma": entry}}, {"chromadb": "1.5.9"})
    first, _, heads, _, ours, theirs = shown.splitlines()
    assert first == "corpus:"
    assert heads == "| tool | cold s | cold MiB | warm ms | build s | build MiB | nDCG@10 (n 2) |"
    assert ours == "| briefqa | 0.60 | 205 | 4.0 | 12 | 700 | 1.000 [0.342, 1.000] |"
    assert theirs.startswith("| Chroma (chromadb 1.5.9) | 0.60 |")
