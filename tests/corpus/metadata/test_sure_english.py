"""English that is told without the model, and what is left to it."""

from __future__ import annotations

import pytest

from briefqa.corpus.metadata import language as module
from briefqa.corpus.metadata.language import language_of

SURE = (
    "The council of the town met in the old hall on Monday, as it does in every spring, and the mayor said that the"
    " bridge was to be repaired by men from the harbour, which has no work for them at this time of the year. It is the"
    " oldest bridge with a roof that the county had."
)


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("the model is loaded")

    monkeypatch.setattr(module, "_identifier", refuse)


@pytest.mark.usefixtures("no_model")
def test_plain_english_needs_no_model() -> None:
    assert language_of(SURE) == "en"
    assert language_of("Too short.") is None


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    "text",
    [
        " ".join(SURE.split()[:39]),
        "De raad van de stad kwam op maandag in de oude zaal bijeen, zoals elk voorjaar, en de burgemeester zei dat de"
        * 2,
        SURE.replace("the", "ѳе"),
        "In was it is at on as by for from to that " * 5 + " word thing" * 200,
    ],
    ids=["few words", "Dutch", "other letters", "few common words"],
)
def test_all_else_is_for_the_model(text: str) -> None:
    with pytest.raises(AssertionError, match="the model is loaded"):
        language_of(text)
