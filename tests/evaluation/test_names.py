from __future__ import annotations

import pytest

from briefqa.errors import UsageError
from briefqa.evaluation.names import measure_key
from briefqa.evaluation.results import MEASURES


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("recall@5", "passages.R@5"),
        ("R@5", "passages.R@5"),
        ("nDCG@10", "passages.nDCG@10"),
        ("NDCG@10", "passages.nDCG@10"),
        ("mrr@10", "passages.RR@10"),
        ("RR@10", "passages.RR@10"),
        ("map@10", "passages.AP@10"),
        ("precision@5", "passages.P@5"),
        ("hits@5", "passages.Success@5"),
        ("hit@5", "passages.Success@5"),
        ("documents.nDCG@10", "documents.nDCG@10"),
        ("Documents.MRR@10", "documents.RR@10"),
        ("passages.recall@1", "passages.R@1"),
        # Passages have no IoU: what only characters have is theirs.
        ("IoU@5", "characters.IoU@5"),
        ("characters.recall@5", "characters.R@5"),
        ("quote_hit", "quote_hit"),
        ("QUOTE_HIT@3", "quote_hit@3"),
        ("false_answers", "false_answers"),
        ("auroc", "auroc"),
        ("ms_p95", "ms_p95"),
        (" brier\n", "brier"),
    ],
)
def test_names_as_people_type_them(name: str, key: str) -> None:
    assert measure_key(name) == key


def test_every_key_names_itself() -> None:
    assert [measure_key(key) for key in MEASURES] == list(MEASURES)
    assert [measure_key(key.upper()) for key in MEASURES] == list(MEASURES)


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "@", "recall", "recall@", "recall@2", "nDCG@5", "quotes.R@5", "passages.quote_hit", ".R@5",
     "documents.", "a.passages.R@5", "quote_hit@5", "documents.IoU@5", "R@05", "R @5"],
)  # fmt: skip
def test_other_names_are_refused_with_all_there_are(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        measure_key(name)
    assert str(caught.value) == f"there is no measure {name!r}; there are: {', '.join(MEASURES)}"
