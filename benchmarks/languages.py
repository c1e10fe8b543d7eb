"""Measures whether scores compare between languages, on a collection made to have two.

A share of the articles of a BEIR folder is declared to be in a second language, whose every word is analysed as in
English, but to a term of its own. A ranking to which languages make no difference is that of the collection as it is.

    python benchmarks/languages.py shared/datasets/squad_mini --share 0.1
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import tantivy

from briefqa.analysis import terms
from briefqa.evaluation.metrics import ndcg
from briefqa.index.lexical import LexicalIndex, write_lexical
from tables import shown, summary, table

DEPTH = 10
SEED = 5
SECOND = "pl"  # has the plain analyzer, which leaves English terms as they are
TAG = "plain:"

Top = Callable[[list[str]], list[int]]


def two_languages(texts: list[str], second: set[int], folder: Path) -> LexicalIndex:
    """An index in which the numbered texts are in the second language."""
    entries = (
        (number, number, " ".join(terms(text)), SECOND) if number in second else (number, number, text, None)
        for number, text in enumerate(texts)
    )
    write_lexical(folder, entries)
    return LexicalIndex(folder)


def schemes(texts: list[str], second: set[int], folder: Path) -> Iterator[tuple[str, Top]]:
    """Ways to rank by the terms of both languages: for each its name, and what gives the best texts' numbers."""
    index = two_languages(texts, second, folder)

    def best(words: Sequence[str | tuple[str, ...]]) -> list[int]:
        return [number for number, _ in index.top(words, DEPTH)]

    yield "terms of a word count as one", lambda asked: best([(term, f"{TAG}{term}") for term in asked])
    yield "each term has its own idf", lambda asked: best([*asked, *(f"{TAG}{term}" for term in asked)])
    yield "a field for each language", fields(texts, second)


def fields(texts: list[str], second: set[int]) -> Top:
    """A ranking by an index with one field a language."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=False, indexed=False, fast=True)
    for name in ("first", "second"):
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for number, text in enumerate(texts):
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_text("second" if number in second else "first", " ".join(terms(text)))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def best(asked: list[str]) -> list[int]:
        queries = [
            (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, name, term, index_option="freq"))
            for name in ("first", "second")
            for term in dict.fromkeys(asked)
        ]
        hits = searcher.search(tantivy.Query.boolean_query(queries), limit=DEPTH, count=False).hits
        return [int(number or 0) for number in searcher.fast_field_values("number", [place for _, place in hits])]

    return best


def measure(dataset: Path, share: float) -> list[tuple[str, ...]]:
    """For each scheme nDCG@10 of all questions, and of those with their gold in the first and the second language."""
    rows = [json.loads(line) for line in (dataset / "corpus.jsonl").open(encoding="utf-8")]
    numbers = {row["_id"]: str(number) for number, row in enumerate(rows)}
    texts = [f"{row.get('title') or ''}\n{row['text']}" for row in rows]
    gold: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (dataset / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, document, *_, grade = line.split("\t")
        if int(grade) > 0:
            gold[question][numbers[document]] = int(grade)
    questions = map(json.loads, (dataset / "queries.jsonl").open(encoding="utf-8"))
    asked = {row["_id"]: list(dict.fromkeys(terms(row["text"]))) for row in questions if row["_id"] in gold}
    second = set(random.Random(SEED).sample(range(len(texts)), round(share * len(texts))))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, best in schemes(texts, second, Path(folder)):
            run = {question: [str(number) for number in best(words)] for question, words in asked.items()}
            values: dict[str, list[float]] = defaultdict(list)
            for question, value in ndcg(gold, run, k=DEPTH).items():
                homes = {int(number) in second for number in gold[question]}
                values["all"].append(value)
                values["both" if len(homes) > 1 else "second" if True in homes else "first"].append(value)
            found.append((name, *(shown(summary(values[part])) for part in ("all", "first", "second"))))
    return found


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path, help="a folder in the BEIR layout")
    parser.add_argument(
        "--share", type=float, default=0.1, help="of the articles, in the second language (default: 0.1)"
    )
    options = parser.parse_args()
    print(table(["scheme", "nDCG@10", "first language", "second language"], measure(options.dataset, options.share)))


if __name__ == "__main__":
    main()
