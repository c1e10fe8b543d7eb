"""Measures the check of claims (briefqa.prompting.check_claims) on claims whose quotes are known to hold them or not.

    python benchmarks/claims.py SQUAD SCIFACT [--json FILE]        (the folders of the data sets)

Of SQuAD: each answerable question with its answer as the claim ("Who leads it: Anna"), and sentences of the articles.
Held by the quote are the right answer against the sentence that has it, a sentence against itself, and one without its
last clause. Not held are another question's answer of the same form, the right answer against another sentence of the
article or of another one, and a sentence with a number or a name exchanged for one that the article does not have near,
or with a "not" put in. Of SciFact, whose claims experts wrote and judged: SUPPORT and CONTRADICT against their
evidence, and supported claims against other sentences. The threshold was chosen on the even half of SQuAD's; the
others judge.

Names that change places within a sentence are counted apart, and in no sum: half of them the check can't see.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefqa.evaluation.metrics import auroc
from briefqa.evaluation.statistics import auroc_interval
from briefqa.prompting.support import SUPPORTED_FROM, Source, support
from briefqa.sentences import sentences
from tables import shown, summary, table

SEED = 20181121
AROUND = 300
SHORTEST, LONGEST = 40, 300  # characters of a sentence
EXCHANGED = "names exchanged"
PARAGRAPH = "paragraph"
HELD = {"right answer", f"right answer, {PARAGRAPH}"}
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
_VERB = re.compile(r"\b(?:was|is|were|are|had|has|could|can|will)\b")
_NEGATED = re.compile(r"\b(?:not|no|never)\b")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, what it cites, and whether that holds it."""

    dataset: str
    kind: str
    claim: str
    source: Source
    held: bool
    odd: bool

    @property
    def score(self) -> float:
        """What the check says of it, from 0 to 1."""
        return support(self.claim, [self.source]).score


@dataclass(frozen=True, slots=True)
class Article:
    """An article with the spans of its sentences."""

    title: str
    text: str
    spans: tuple[tuple[int, int], ...]

    def source(self, start: int, end: int) -> Source:
        """The quote that stands there."""
        around = self.text[max(0, start - AROUND) : end + AROUND]
        return Source(self.text[start:end], self.title, around)


def read(folder: Path, name: str) -> list[Json]:
    """The lines of one of a data set's files."""
    with (folder / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def articles(folder: Path) -> dict[str, Article]:
    """All articles by their ids."""
    return {
        entry["_id"]: Article(entry.get("title") or "", entry["text"], tuple(sentences(entry["text"])))
        for entry in read(folder, "corpus.jsonl")
    }


def squad(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """Pairs of questions with their answers, and of sentences."""
    known = articles(folder)
    questions = {entry["_id"]: entry["text"].rstrip("? ") for entry in read(folder, "queries.jsonl")}
    golds = {entry["query_id"]: entry for entry in reversed(read(folder, "evidence.jsonl"))}
    answers = [gold["quote"] for gold in golds.values()]
    everywhere = list(known.values())
    for number, (name, gold) in enumerate(sorted(golds.items())):
        article = known[gold["doc_id"]]
        place = next((span for span in article.spans if span[0] <= gold["start"] < span[1]), None)
        if place is not None:
            claim = f"{questions[name]}: {gold['quote']}."
            around = (place[0], max(place[1], gold["end"]))
            for kind, told, source in _of_question(claim, gold["quote"], article, around, answers, everywhere, rng):
                yield Pair("squad", kind, told, source, kind in HELD, bool(number % 2))
    names = sorted({name for article in everywhere for name in _NAME.findall(article.text)})
    for number, (_, article) in enumerate(sorted(known.items())):
        usable = [span for span in article.spans if SHORTEST < span[1] - span[0] < LONGEST]
        if usable:
            source = article.source(*rng.choice(usable))
            for kind, told, held in _of_sentence(source, names, rng):
                yield Pair("squad", kind, told, source, held, bool(number % 2))


def _of_question(
    claim: str,
    answer: str,
    article: Article,
    place: tuple[int, int],
    answers: Sequence[str],
    everywhere: Sequence[Article],
    rng: random.Random,
) -> Iterator[tuple[str, str, Source]]:
    source = article.source(*place)
    yield "right answer", claim, source
    alike = [other for other in answers if _alike(other, answer) and other not in article.text]
    if alike:
        yield "wrong answer", claim.removesuffix(f"{answer}.") + f"{rng.choice(alike)}.", source
    # Against whole passages, too, as a search gives them.
    whole = article.source(0, len(article.text))
    yield f"right answer, {PARAGRAPH}", claim, whole
    if alike:
        yield f"wrong answer, {PARAGRAPH}", claim.removesuffix(f"{answer}.") + f"{rng.choice(alike)}.", whole
    near = [other for other in everywhere if other.title == article.title and answer not in other.text]
    if near:
        beside = rng.choice(near)
        yield f"right answer, other {PARAGRAPH}", claim, beside.source(0, len(beside.text))
    others = [
        span
        for span in article.spans
        if span[0] != place[0] and span[1] - span[0] > SHORTEST and answer not in article.text[slice(*span)]
    ]
    if others:
        yield "other sentence", claim, article.source(*rng.choice(others))
    other = rng.choice(everywhere)
    if other is not article and other.spans:
        yield "other article", claim, other.source(*rng.choice(other.spans))


def _alike(other: str, answer: str) -> bool:
    same = other[:1].isupper() == answer[:1].isupper() and abs(len(other.split()) - len(answer.split())) <= 1
    return other != answer and same and (_number(other) == _number(answer))


def _number(answer: str) -> bool:
    return re.fullmatch(r"[\d,.]+", answer) is not None


def _of_sentence(source: Source, names: Sequence[str], rng: random.Random) -> Iterator[tuple[str, str, bool]]:
    text = source.text
    yield "itself", text, True
    if text.count(",") > 1:
        yield "without its last clause", f"{text.rsplit(',', 1)[0]}.", True
    if numbers := _NUMBER.findall(text):
        number = rng.choice(numbers)
        other = str(int(re.sub(r"\D", "", number)[:4]) + rng.choice([1, 2, 3, 10]))
        if other not in source.around:
            yield "other number", text.replace(number, other, 1), False
    if found := _NAME.findall(text):
        name, other = rng.choice(found), rng.choice(names)
        if other not in source.around:
            yield "other name", text.replace(name, other), False
        if len(set(found)) > 1:
            one, two = list(dict.fromkeys(found))[:2]
            swapped = re.sub(rf"\b(?:{one}|{two})\b", lambda match: two if match[0] == one else one, text)
            yield EXCHANGED, swapped, False
    verb = _VERB.search(text)
    if verb and not _NEGATED.search(text):
        yield "negated", f"{text[: verb.end()]} not{text[verb.end() :]}", False


def scifact(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """Pairs of experts' claims."""
    known = articles(folder)
    everywhere = [article for article in known.values() if article.spans]
    claims = {entry["_id"]: entry["text"] for entry in read(folder, "queries.jsonl")}
    evidence: dict[tuple[str, str, str], list[Json]] = {}
    for entry in read(folder, "evidence.jsonl"):
        evidence.setdefault((entry["query_id"], entry["doc_id"], entry["label"]), []).append(entry)
    for (name, document, label), found in evidence.items():
        article, odd = known[document], bool(int(name) % 2)
        found.sort(key=lambda entry: int(entry["start"]))
        sources = [article.source(entry["start"], entry["end"]) for entry in found]
        whole = Source(
            " ".join(source.text for source in sources), article.title, " ".join(source.around for source in sources)
        )
        yield Pair("scifact", label.lower(), claims[name], whole, label == "SUPPORT", odd)
        if label == "SUPPORT":
            others = [
                span
                for span in article.spans
                if span[1] - span[0] > SHORTEST
                and not any(entry["start"] < span[1] and span[0] < entry["end"] for entry in found)
            ]
            if others:
                source = article.source(*rng.choice(others))
                yield Pair("scifact", "other sentence", claims[name], source, False, odd)
            other = rng.choice(everywhere)
            source = other.source(*rng.choice(other.spans))
            yield Pair("scifact", "other article", claims[name], source, False, odd)


def measure(pairs: Sequence[Pair]) -> Json:
    """AUROC, the share that is judged rightly of those that are held and of the others, and the share that counts as
    supported of each kind."""
    scores = [pair.score for pair in pairs]
    judged = [(pair, score) for pair, score in zip(pairs, scores, strict=True) if pair.kind != EXCHANGED]
    held = [score for pair, score in judged if pair.held]
    others = [score for pair, score in judged if not pair.held]
    value = auroc(held, others)
    interval = auroc_interval(value, len(held), negatives=len(others)) if value is not None else None
    kinds: dict[str, list[float]] = {}
    for pair, score in zip(pairs, scores, strict=True):
        kinds.setdefault(pair.kind, []).append(float(score >= SUPPORTED_FROM))
    return {
        "auroc": {"value": value, "interval": interval, "n": len(judged)},
        "held": summary([float(score >= SUPPORTED_FROM) for score in held]),
        "not_held": summary([float(score < SUPPORTED_FROM) for score in others]),
        "kinds": {kind: summary(values) for kind, values in kinds.items()},
    }


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("squad", type=Path)
    parser.add_argument("scifact", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    of_squad = list(squad(arguments.squad, random.Random(SEED)))
    of_sentences = [pair for pair in of_squad if not pair.kind.endswith(PARAGRAPH)]
    groups = {
        "SQuAD, even (chosen on)": [pair for pair in of_sentences if not pair.odd],
        "SQuAD, odd": [pair for pair in of_sentences if pair.odd],
        "SQuAD, odd, paragraphs": [pair for pair in of_squad if pair.odd and pair.kind.endswith(PARAGRAPH)],
        "SciFact": list(scifact(arguments.scifact, random.Random(SEED))),
    }
    found = {name: measure(pairs) for name, pairs in groups.items()}
    heads = ("pairs", "n", "AUROC", "held, told so", "not held, told so")
    rows = [
        (name, entry["auroc"]["n"], *(shown(entry[key]) for key in ("auroc", "held", "not_held")))
        for name, entry in found.items()
    ]
    print(table(heads, rows))
    for name, entry in found.items():
        print(f"\n{name}: counted as supported\n")
        print(table(("kind", "n", "share"), [(kind, of["n"], shown(of)) for kind, of in entry["kinds"].items()]))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
