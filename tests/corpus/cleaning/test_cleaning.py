"""What is cut from made-up pasted pages, why, and where what stays stands."""

# ruff: noqa: RUF001, words in other scripts are meant to look like that

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefqa.addresses import line_at
from briefqa.corpus.article import Article
from briefqa.corpus.cleaning.cleaning import clean
from tests.corpus.cleaning.pasted import (
    ARTICLE,
    COMMENTS,
    FOOTER,
    HEADLINE,
    MENU,
    PARAGRAPHS,
    SHARED,
    STORY,
    TEASERS,
)  # fmt: skip


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def cleaned(text: str) -> list[str]:
    return lines(clean(Article(text)).text)


def why(text: str) -> dict[str, str]:
    """The reason that each line went for."""
    return {line: cut.reason for cut in clean(Article(text)).cuts for line in lines(cut.text)}


def test_of_a_whole_page_the_article_stays_with_its_headline() -> None:
    page = (
        f"{MENU}{HEADLINE}\nBy Ida Stone\nMarch 3, 2026\n{SHARED}"
        + "\n".join(PARAGRAPHS)
        + f"\n{SHARED}{TEASERS}{FOOTER}"
    )
    assert cleaned(page) == [HEADLINE, "By Ida Stone", "March 3, 2026", *PARAGRAPHS]
    reasons = why(page)
    assert reasons["Tides and Weather"] == "navigation"
    assert reasons["Tweet"] == "share or sponsor line"
    assert reasons["Related articles"] == "list of other articles"
    assert reasons["Fish prices climb again"] == "list of other articles"
    assert reasons["Traders at the morning market say that herring..."] == "teaser"
    assert reasons["© 2026 The Lowhaven Courier. All rights reserved."] == "subscription or legal line"


def test_the_second_of_two_headlines_goes() -> None:
    article = clean(Article(f"{HEADLINE}\n\n{ARTICLE}"))
    assert article.text == ARTICLE
    assert [(cut.text, cut.reason, cut.lines) for cut in article.cuts] == [(HEADLINE, "repeated headline", (3, 3))]


def test_a_story_below_the_article_goes_with_its_headlines() -> None:
    page = f"{ARTICLE}\nRelated articles\n\n{STORY}\nPopular\n\n{STORY}"
    assert cleaned(page) == [HEADLINE, *PARAGRAPHS]
    reasons = why(page)
    assert {reason for line, reason in reasons.items() if line.startswith("A squid")} == {"repeated block"}
    once = why(f"{ARTICLE}\nRelated articles\n\n{STORY}")
    assert {reason for line, reason in once.items() if line.startswith("A squid")} == {"another story"}


def test_comments_go_even_when_they_are_longer_than_the_article() -> None:
    many = COMMENTS + "".join(
        f"Reader {number} says:\nMarch 5, 2026 at 8:0{number} am\n{'A comment goes on and on about the boat. ' * 9}\n"
        for number in range(9)
    )
    page = f"{SHARED}{ARTICLE}{many}"
    assert cleaned(page) == [HEADLINE, *PARAGRAPHS]
    assert why(page)["Jo Marsh says:"] == "comments"


def test_the_author_is_cut_below_the_article_only() -> None:
    author = "Ida Stone is a reporter for the Courier. She covers harbours and the sea."
    assert why(f"{ARTICLE}\n{author}\n{SHARED}{TEASERS}")[author] == "author box"
    assert author in cleaned(f"{HEADLINE}\n\n{author}\n\n" + "\n\n".join(PARAGRAPHS) + f"\n\n{SHARED}{TEASERS}")


def test_an_advertisement_and_a_pointer_inside_the_article_go() -> None:
    body = f"{PARAGRAPHS[0]}\nAdvertisement\n{PARAGRAPHS[1]}\nRead more: Squid seen off the pier\n" + "\n".join(
        PARAGRAPHS[2:]
    )
    page = f"{MENU}{HEADLINE}\n{body}\n{FOOTER}"
    assert cleaned(page) == [HEADLINE, *PARAGRAPHS]
    assert why(page)["Read more: Squid seen off the pier"] == "list of other articles"
    assert why(page)["Advertisement"] == "share or sponsor line"


def test_an_inserted_list_goes_and_the_article_goes_on() -> None:
    inserted = "Related stories\nLighthouse keeper retires after fifty winters\nFish prices climb again\n"
    page = f"{SHARED}{HEADLINE}\n{PARAGRAPHS[0]}\n{inserted}" + "\n".join(PARAGRAPHS[1:]) + f"\n{FOOTER}"
    assert cleaned(page) == [HEADLINE, *PARAGRAPHS]


def test_a_caption_that_tells_something_stays_and_a_bare_credit_goes() -> None:
    caption = (
        "Photo: Those who voted: Ada Fenwick of Lowhaven, Per Holm of Eastmark, Li Wen of the county, and Omar Sy."
    )
    page = f"{ARTICLE}\n{caption}\n\nPhoto: Getty Images\n\n{SHARED}{TEASERS}{FOOTER}"
    assert caption in cleaned(page)
    assert why(page)["Photo: Getty Images"] == "picture credit"


def test_a_last_list_with_a_sure_heading_goes_without_other_signs() -> None:
    listed = "Related articles\n\nLighthouse keeper retires after fifty winters\n\nFish prices climb again this week\n"
    assert cleaned(f"{ARTICLE}\n{listed}") == [HEADLINE, *PARAGRAPHS]
    noted = (
        "## Related articles\n\n- Lighthouse keeper retires after fifty winters\n- Fish prices climb again this week\n"
    )
    assert clean(Article(f"{ARTICLE}\n{noted}")).cuts == ()


@pytest.mark.parametrize(
    ("above", "paragraph", "below"),
    [
        (
            "Anmelden\nMenü\nTeilen\nDrucken\n",
            "Der Rat von Niederhafen hat am Dienstag beschlossen, die alte Fähre zu behalten.",
            "Das könnte Sie auch interessieren\nFischpreise steigen wieder\nImpressum\nDatenschutz\n",
        ),
        (
            "Connexion\nMenu\nPartager\nImprimer\n",
            "Le conseil de Basport a décidé mardi de garder le vieux bac encore dix ans.",
            "Articles similaires\nLe prix du poisson monte\nMentions légales\nNous contacter\n",
        ),
        (
            "Iniciar sesión\nMenú\nCompartir\nImprimir\n",
            "El consejo de Puertobajo decidió el martes conservar la vieja barca.",
            "Te puede interesar\nSube el precio del pescado\nAviso legal\nContacto\n",
        ),
        (
            "Войти\nМеню\nПоделиться\nРаспечатать\n",
            "Совет Нижней Гавани во вторник решил сохранить старый паром ещё на десять лет.",
            "Читайте также\nРыба снова подорожала\nКонтакты\nО нас\n",
        ),
    ],
)
def test_pages_in_other_languages(above: str, paragraph: str, below: str) -> None:
    told = [paragraph, paragraph.replace(".", "!"), f"{paragraph} {paragraph}"]
    assert cleaned(above + "\n".join(told) + "\n" + below) == told


def test_a_blank_line_stands_where_something_was_cut() -> None:
    """A sentence must not run on from the text before a cut to that after it: no such quote stands in the file."""
    parted = "and so the council\nAdvertisement\nwent home at last.\n"
    page = f"{SHARED}{HEADLINE}\n{PARAGRAPHS[0]}\n{parted}{PARAGRAPHS[1]}\n{FOOTER}"
    assert "and so the council\n\nwent home at last.\n" in clean(Article(page)).text


def test_what_stays_keeps_its_lines() -> None:
    page = f"{MENU}\n{ARTICLE}\n{SHARED}{TEASERS}"
    article = clean(Article(page))
    at = article.text.index(PARAGRAPHS[2])
    assert line_at(article.text, article.line_map, at) == 1 + page[: page.index(PARAGRAPHS[2])].count("\n")
    first = article.cuts[0]
    assert first.lines == (1, 10)
    assert first.text == MENU.removesuffix("\n")


def test_lines_go_on_from_where_the_text_starts_in_its_file() -> None:
    article = clean(Article(f"{HEADLINE}\n\n{ARTICLE}", line_map=((0, 5),)))
    assert article.cuts[0].lines == (7, 7)
    assert line_at(article.text, article.line_map, article.text.index(PARAGRAPHS[0])) == 9


def test_a_text_without_lines_of_its_own_is_counted_anew() -> None:
    article = clean(Article(f"{HEADLINE}\n\n{ARTICLE}", lines_of="text"))
    assert article.text == ARTICLE
    assert (article.line_map, article.cuts[0].lines) == (((0, 1),), None)


def test_a_page_of_furniture_only_stays_as_it_is() -> None:
    article = Article(MENU + SHARED + FOOTER)
    assert clean(article) is article


def test_nothing_is_done_to_an_article() -> None:
    article = Article(ARTICLE)
    assert clean(article) is article


PIECES = st.sampled_from(
    [
        ARTICLE,
        MENU,
        SHARED,
        TEASERS,
        FOOTER,
        COMMENTS,
        STORY,
        *PARAGRAPHS,
        HEADLINE,
        "",
        "  indented",
        "```\ncode",
        "```",
        "«Да»",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES | st.text("aB. \n\t#-…é漢", max_size=30), max_size=12), st.booleans())
def test_what_stays_are_lines_of_the_file_at_their_places(pieces: list[str], ended: bool) -> None:
    text = "\n".join(pieces) + ("\n" if ended else "")
    article = clean(Article(text))
    file = text.split("\n")
    places = []
    offset = 0
    for line in article.text.split("\n"):
        if line.strip():
            number = line_at(article.text, article.line_map, offset)
            assert file[number - 1] == line
            places.append(number)
        offset += len(line) + 1
    gone = []
    for cut in article.cuts:
        assert cut.lines is not None
        first, last = cut.lines
        assert "\n".join(file[first - 1 : last]) == cut.text
        gone += [number for number in range(first, last + 1) if file[number - 1].strip()]
    assert all(first < second for first, second in pairwise(places))
    assert sorted(places + gone) == [number for number, line in enumerate(file, 1) if line.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "Share " * 60 + "\n",
        "x" * 3_000,
        "copy link copy link " * 19 + "?\n",
        "a | " * 100 + "\n",
        "Home > " * 60 + "!\n",
        "AbcDef" * 60 + "1\n",
        "by using cookies you agree " * 14 + "\n",
        "[" * 390 + "\n",
        "![](" * 95 + "\n",
        "… " * 150 + "\n",
    ],
)
def test_no_line_is_looked_at_for_ever(text: str) -> None:
    """A pattern that tried all ways would never end: this fails by the suite's time limit, or not at all."""
    article = Article(text * 200 + ARTICLE)
    assert lines(ARTICLE)[-1] in clean(article).text


def test_a_page_without_sentences_stays_as_it_is() -> None:
    calendar = "".join(f"Sailing {number}, {number + 2} May, from Lowhaven to Eastmark\n" for number in range(12))
    article = Article(f"{MENU}{SHARED}{calendar}Should it storm, nobody sails.\n{FOOTER}")
    assert clean(article) is article


def test_a_paragraph_that_ends_in_dots_is_no_teaser() -> None:
    trailing = (
        "And so, said the captain, with a long look at the water and a longer one at the engineers, who had come down"
        " to the quay in their best coats, it goes on, and on, and on..."
    )
    page = f"{SHARED}{ARTICLE}\n{trailing}\n\n{TEASERS}{FOOTER}"
    assert cleaned(page) == [HEADLINE, *PARAGRAPHS, trailing]
