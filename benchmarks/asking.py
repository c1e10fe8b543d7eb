"""Questions for an index that holds documents of data sets: those of the sets themselves, and words of sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from briefqa.sentences import sentences
from recombining import SEED, Source, rows

if TYPE_CHECKING:
    from briefqa.types import Span

ASKED = 6  # words of a sentence


def questions(folders: Sequence[Path], texts: Mapping[str, str], count: int) -> Iterator[dict[str, Any]]:
    """Questions of the data sets on the documents `texts`, by key, to half of `count`; the rest are words of those."""
    own = list(_asked(folders, texts))
    rng = np.random.default_rng(SEED)
    chosen = sorted(rng.permutation(len(own))[: count // 2].tolist())
    yield from (own[place] for place in chosen)
    told = sorted((key, text[start:end]) for key, text in texts.items() for start, end in sentences(text))
    told = [(key, quote) for key, quote in told if len(quote.split()) > ASKED]
    for number, place in enumerate(rng.permutation(len(told))[: count - len(chosen)].tolist()):
        key, quote = told[place]
        words = quote.rstrip(".!?").split()
        kept = sorted(rng.permutation(len(words))[:ASKED].tolist())
        asked = " ".join(words[place] for place in kept) + "?"
        yield _entry(f"w{number:06}", asked, "words", [(key, quote)])


def _asked(folders: Sequence[Path], texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    spans: dict[str, list[Span]] = {}
    for folder in folders:
        name = folder.resolve().name
        gold: dict[str, list[tuple[str, str]]] = {}
        for row in rows(folder / "evidence.jsonl"):
            key = Source(name, str(row["doc_id"]), "", "").key
            if key in texts:
                if key not in spans:
                    spans[key] = sentences(texts[key])
                quote = _whole(texts[key], spans[key], row["start"], row["end"])
                gold.setdefault(str(row["query_id"]), []).append((key, quote))
        for row in rows(folder / "queries.jsonl"):
            if found := gold.get(str(row["_id"])):
                yield _entry(f"{name}-{row['_id']}", row["text"], "asked", list(dict.fromkeys(found)))


def _whole(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    """The sentences, which stand at `spans`, that hold text[start:end]."""
    around = [span for span in spans if span[0] < end and span[1] > start]
    first, last = min([start, *(low for low, _ in around)]), max([end, *(high for _, high in around)])
    return text[first:last]


def _entry(identity: str, asked: str, tag: str, gold: Sequence[tuple[str, str]]) -> dict[str, Any]:
    golds = [{"document": key, "quote": quote} for key, quote in gold]
    return {"id": identity, "question": asked, "tags": [tag], "gold": golds}
