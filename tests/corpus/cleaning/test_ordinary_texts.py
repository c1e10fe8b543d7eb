"""Texts that nobody pasted from a page lose nothing, whatever in them looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.cleaning.cleaning import clean
from briefqa.corpus.loaders.text import load_markdown
from tests.corpus.cleaning.pasted import ARTICLE, PARAGRAPHS

BRIEFS = sorted((Path(__file__).parents[3] / "corpus").glob("*.md"))

POEM = "The ferry\n\n" + "\n\n".join(
    f"Row, old ferry, row\nrow against the tide,\n{verse}\nrow to the other side."
    for verse in ("slow", "low", "so", "no")
)
MEMBERS = (
    "Members present\n\n"
    + "\n".join(f"{name} Marsh" for name in ("Ada", "Per", "Li", "Omar", "Ida", "Jo"))
    + ("\n\nApologies\n\nTom Reed\n\nThe meeting opened at ten.\nThe meeting closed at noon.\n")
)
MINUTES = (
    "Minutes\n\nContact: the clerk\n\nDate: 3 March 2026\n\n1. Ferry\n"
    + "\n".join(PARAGRAPHS)
    + "\n2. Other news\nNone.\n"
)
TABLE = (
    "| Year | Fares | Cost |\n| --- | --- | --- |\n"
    + "".join(f"| 20{n} | {n} | {n * 3} |\n" for n in range(10, 30))
    + (f"\n{PARAGRAPHS[0]}\n\nYear Fares Cost\n" + "".join(f"20{n} {n} {n * 3} 4 5\n" for n in range(10, 30)))
)
INTERVIEW = "".join(
    f"What do you like best about the ferry, and why do you take it?\n\n{told}\n\n" for told in PARAGRAPHS
)
NOTES = (
    "# Ferries\n\n## About\n\nOn ferries.\n\n## News\n\n- one...\n- two...\n\n## Related\n\n- [Bridges](b.md)\n\n"
    "## Discussion\n\nWe found that ferries are slow.\n\n## Contact\n\nWrite to me.\n"
)
LICENCE = (
    "Copyright (c) 2026, Jo Marsh\nAll rights reserved.\n\nRedistribution is permitted when the copyright notice "
    "is kept.\n\nDISCLAIMER\n\nThis boat is provided as it is.\n"
)
CODE = (
    "Menus\n\nA page has a menu:\n\n```\nSign In\nSubscribe\nShare on Facebook\nRelated articles\nPrivacy policy\n"
    f"```\n\n{PARAGRAPHS[0]}\n\n    Log in\n    Tweet\n    3 comments\n\n{PARAGRAPHS[1]}\n"
)
TIMELINE = "".join(f"The year of the ferry\nMarch {day}, 2026\n{told}\n\n" for day, told in enumerate(PARAGRAPHS, 1))
ONE_SIGN = f"{ARTICLE}\nAdvertisement\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(POEM, id="poem"),
        pytest.param(MEMBERS, id="members"),
        pytest.param(MINUTES, id="minutes"),
        pytest.param(TABLE, id="table"),
        pytest.param(INTERVIEW, id="interview"),
        pytest.param(NOTES, id="notes"),
        pytest.param(LICENCE, id="licence"),
        pytest.param(CODE, id="code"),
        pytest.param(TIMELINE, id="timeline"),
        pytest.param(ONE_SIGN, id="one sign"),
        pytest.param(ARTICLE, id="article"),
        pytest.param("", id="empty"),
        pytest.param("\n\n", id="blank"),
        pytest.param("One line.", id="one line"),
    ],
)
def test_nothing_is_cut(text: str) -> None:
    article = Article(text)
    assert clean(article) is article


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda path: path.stem)
def test_the_projects_own_briefs_lose_nothing(brief: Path) -> None:
    (article,) = load_markdown(brief.read_bytes(), LoadOptions(brief.name))
    assert clean(article) is article


def test_there_are_briefs() -> None:
    assert len(BRIEFS) > 30
