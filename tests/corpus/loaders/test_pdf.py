from __future__ import annotations

import re
from io import BytesIO

import pytest
from fpdf import FPDF
from PIL import Image

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders import pdf as loader
from briefqa.corpus.loaders.pdf import load_pdf
from briefqa.types import Cut

FIRST = (
    "The committee met in the harbour town on the twelfth of March to talk about the water treaty, which two of its "
    "members had signed a year before and which the other three had never read."
)
SECOND = (
    "Nobody expected an agreement. Still, when the doors opened late in the evening, the chair told the press that "
    "the long list of questions had become a short one."
)
LEFT = [
    "The left column is about",
    "rain, which fell for nine",
    "days and filled all of the",
    "cellars in the old town.",
]
RIGHT = [
    "The right column tells of",
    "the mayor, who had left for",
    "the coast and heard of it",
    "from a fisherman there.",
]


def document(**settings: str) -> FPDF:
    made = FPDF(**settings)  # type: ignore[arg-type]
    made.set_font("Times", size=12)
    made.set_auto_page_break(False)
    return made


def bytes_of(made: FPDF) -> bytes:
    return bytes(made.output())


def load(made: FPDF | bytes, *, clean: bool = True) -> Article:
    [article] = load_pdf(made if isinstance(made, bytes) else bytes_of(made), LoadOptions("a.pdf", clean=clean))
    return article


def page_of(article: Article, words: str) -> int:
    place = article.text.index(words)
    return [number for offset, number in article.page_map if offset <= place][-1]


def lines(made: FPDF, texts: list[str], x: float, y: float, step: float = 5) -> None:
    for number, text in enumerate(texts):
        made.set_xy(x, y + step * number)
        made.cell(text=text)


def test_lines_become_paragraphs_by_the_gaps_between_them() -> None:
    made = document()
    made.add_page()
    made.multi_cell(90, 5, FIRST)
    made.ln(4)
    made.multi_cell(90, 5, SECOND)
    article = load(made)
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert (article.page_map, article.line_map, article.lines_of) == (((0, 1),), ((0, 1),), "text")
    assert (article.part, article.cuts, article.warnings) == ("", (), ())


def test_an_indent_begins_a_paragraph() -> None:
    made = document()
    made.add_page()
    made.multi_cell(90, 5, f"      {FIRST}", align="J")
    made.multi_cell(90, 5, f"      {SECOND}", align="J")
    assert load(made).text == f"{FIRST}\n\n{SECOND}"


def test_an_outdent_begins_an_entry_of_a_list_of_references() -> None:
    made = document()
    made.add_page()
    entries = [
        (f"{name}, A. ({year}). On the measurement of water in old harbours, with a long", "note on towns without it.")
        for name, year in (("Adams", 1990), ("Brown", 2001), ("Cole", 2003))
    ]
    for number, (first, second) in enumerate(entries):
        lines(made, [first], 10, 20 + 10 * number)
        lines(made, [second], 18, 25 + 10 * number)
    assert load(made).text == "\n\n".join(map(" ".join, entries))


def test_a_short_last_line_ends_a_paragraph() -> None:
    made = document()
    made.add_page()
    lines(made, ["They had been waiting since noon in the rain outside.", "Nobody came."], 10, 10)
    lines(made, ["A second group stood at the back door all that while.", "It was luckier than them."], 10, 20)
    assert load(made).text == (
        "They had been waiting since noon in the rain outside. Nobody came.\n\n"
        "A second group stood at the back door all that while. It was luckier than them."
    )


def test_a_heading_stands_alone_and_items_have_a_line_each() -> None:
    made = document()
    made.add_page()
    made.set_font("Times", "B", 18)
    made.cell(text="What was agreed")
    made.set_font("Times", size=12)
    lines(
        made,
        ["- the river is shared in", "equal parts", "- the dam stays.", "1. Closed in winter.", "2. Open in May."],
        10,
        18,
    )
    assert load(made).text == (
        "What was agreed\n\n- the river is shared in equal parts\n- the dam stays.\n"
        "1. Closed in winter.\n2. Open in May."
    )


@pytest.mark.parametrize("row_by_row", [False, True])
def test_columns_are_read_one_after_the_other(row_by_row: bool) -> None:
    made = document()
    made.add_page()
    made.set_font("Times", "B", 16)
    made.cell(text="A title that runs across both of the columns below it")
    made.set_font("Times", size=12)
    columns = [(10, LEFT), (70, RIGHT)]
    if row_by_row:
        for number, row in enumerate(zip(LEFT, RIGHT, strict=True)):
            for (x, _), text in zip(columns, row, strict=True):
                lines(made, [text], x, 25 + 5 * number)
    else:
        for x, texts in columns:
            lines(made, texts, x, 25)
    assert load(made).text == (
        "A title that runs across both of the columns below it\n\n"
        "The left column is about rain, which fell for nine days and filled all of the cellars in the old town.\n\n"
        "The right column tells of the mayor, who had left for the coast and heard of it from a fisherman there."
    )


def test_a_sentence_goes_on_in_the_next_column() -> None:
    made = document()
    made.add_page()
    lines(made, [*LEFT[:3], "cellars and then, for all"], 10, 25)
    lines(made, ["of the talk, nobody did a", "thing about it at all. And", "so it went."], 70, 25)
    assert load(made).text == (
        "The left column is about rain, which fell for nine days and filled all of the cellars and then, for all "
        "of the talk, nobody did a thing about it at all. And so it went."
    )


def test_a_table_keeps_its_rows() -> None:
    made = document()
    made.add_page()
    for number, row in enumerate(
        [("Town", "Rain"), ("Aa", "12 mm"), ("Bee", "7 mm"), ("Cee", "9 mm"), ("Dee", "0 mm")]
    ):
        for x, cell in zip((10, 80), row, strict=True):
            lines(made, [cell], x, 20 + 5 * number)
    assert load(made).text == "Town Rain\nAa 12 mm\nBee 7 mm\nCee 9 mm\nDee 0 mm"


def test_lines_drawn_from_the_bottom_up_are_read_from_the_top_down() -> None:
    made = document()
    made.add_page()
    for number in (3, 2, 1, 0):
        lines(made, [LEFT[number]], 10, 20 + 5 * number)
    assert load(made).text == (
        "The left column is about rain, which fell for nine days and filled all of the cellars in the old town."
    )


def test_words_parted_at_a_line_end_are_whole() -> None:
    made = document()
    made.add_page()
    texts = [
        "He spoke of a long-term plan, of repre-",
        "sentation for all, and of a long-",
        "term loan, of pre- and",
        "post-",
    ]
    lines(made, [*texts, "war debts, and of Anglo-", "French ways in 2018-", "2019 that did not work."], 10, 20)
    assert load(made).text == (
        "He spoke of a long-term plan, of representation for all, and of a long-term loan, of pre- and postwar debts, "
        "and of Anglo-French ways in 2018-2019 that did not work."
    )


def paged(count: int) -> FPDF:
    made = document()
    for number in range(1, count + 1):
        made.add_page()
        lines(made, [f"The Harbour Review, no. {number}"], 10, 8)
        made.set_xy(10, 40)
        made.multi_cell(90, 5, f"On page {number} stands this: {FIRST}")
        lines(made, [str(number + 10)], 100, 287)
    return made


@pytest.mark.parametrize("count", [2, 3, 5])
def test_running_heads_and_page_numbers_are_cut(count: int) -> None:
    article = load(paged(count))
    assert article.text == "\n\n".join(f"On page {number} stands this: {FIRST}" for number in range(1, count + 1))
    assert article.cuts == tuple(
        Cut(text, f"running head or foot of page {number}", None)
        for number in range(1, count + 1)
        for text in (f"The Harbour Review, no. {number}", str(number + 10))
    )
    assert [page_of(article, f"On page {number}") for number in range(1, count + 1)] == list(range(1, count + 1))


def with_headline(*more: str) -> FPDF:
    made = document()
    made.add_page()
    lines(made, ["22 November 2018"], 10, 10)
    made.set_font("Times", "B", 18)
    lines(made, ["Rain in the harbour town", "and what came of it"], 10, 20, 8)
    lines(made, list(more), 10, 100)
    made.set_font("Times", size=12)
    made.set_xy(10, 40)
    made.multi_cell(90, 5, FIRST)
    return made


def test_without_a_title_in_its_properties_the_headline_is_it() -> None:
    article = load(with_headline())
    assert article.title == "Rain in the harbour town and what came of it"
    assert article.found_in == {"title": "largest type, page 1"}
    assert article.text == f"22 November 2018\n\n{article.title}\n\n{FIRST}"
    assert load(with_headline("More of it")).title is None


def test_nothing_is_cut_without_cleaning_or_from_a_single_page() -> None:
    article = load(paged(3), clean=False)
    assert article.cuts == ()
    assert all(f"The Harbour Review, no. {number}\n\n" in article.text for number in (1, 2, 3))
    assert load(paged(1)).text.startswith("The Harbour Review, no. 1\n\nOn page 1")
    assert load(paged(1)).text.endswith("\n\n11")


def test_what_recurs_in_the_middle_of_pages_or_differs_is_no_running_head() -> None:
    made = document()
    for town in ("Aa", "Bee", "Cee"):
        made.add_page()
        lines(made, [f"Letter from {town}"], 10, 8)
        lines(made, ["Dear reader,"], 10, 120)
    article = load(made)
    assert article.cuts == ()
    assert article.text.count("Dear reader,") == 3


def test_numbers_that_do_not_rise_with_the_pages_are_no_page_numbers() -> None:
    made = document()
    for number in (700, 20, 431):
        made.add_page()
        lines(made, [f"They counted {number} of them."], 10, 100)
        lines(made, [str(number)], 10, 287)
    assert load(made).cuts == ()


def test_a_paragraph_goes_on_over_a_page_break_around_notes_and_heads() -> None:
    made = document()
    for number, texts in enumerate(
        (["The treaty was", "signed in a hurry and then for-"], ["gotten by all."], ["End."]), 1
    ):
        made.add_page()
        lines(made, [f"Review {number}"], 10, 8)
        lines(made, texts, 10, 40)
        made.set_font("Times", size=8)
        lines(made, [f"{number} Note {'abc'[number - 1]}."], 10, 270)
        made.set_font("Times", size=12)
    article = load(made)
    assert (
        article.text
        == "The treaty was signed in a hurry and then forgotten by all.\n\n1 Note a.\n\n2 Note b.\n\nEnd.\n\n3 Note c."
    )
    first, rest = article.text.index("gotten"), article.text.index("1 Note")
    assert article.page_map == (
        (0, 1), (first, 2), (rest, 1), (article.text.index("2 Note"), 2), (article.text.index("End."), 3),
    )  # fmt: skip


def test_a_page_that_is_turned_is_read_as_it_is_read_by_people() -> None:
    made = document()
    made.add_page()
    with made.rotation(90, 100, 100):
        made.set_xy(20, 80)
        made.multi_cell(90, 5, FIRST)
    assert load(made).text == FIRST


def test_a_stamp_up_the_margin_stays_out_of_the_lines() -> None:
    made = document()
    made.add_page()
    made.set_xy(20, 40)
    made.multi_cell(90, 5, FIRST)
    with made.rotation(90, 10, 150):
        made.text(10, 150, "stamped in May")
    assert load(made).text == f"{FIRST}\n\nstamped in May"


def test_properties_are_kept_and_a_creation_date_is_no_publication_date() -> None:
    made = document()
    made.add_page()
    made.cell(text="A text.")
    made.set_title("Water and rain")
    made.set_author("Ann Example; Bob Ó Cé")
    made.set_keywords("rain, water")
    article = load(made)
    assert (article.title, article.authors, article.tags) == (
        "Water and rain",
        ("Ann Example", "Bob Ó Cé"),
        ("rain", "water"),
    )
    assert article.found_in == dict.fromkeys(("title", "authors", "tags"), "PDF properties")
    assert article.published is None
    assert made.creation_date.strftime("%Y-%m-%d") == article.metadata["created"]


@pytest.mark.parametrize("title", ["Microsoft Word - draft 7", "report_final.docx", "untitled", "", "  "])
def test_a_title_that_a_program_gave_is_none(title: str) -> None:
    made = document()
    made.add_page()
    made.cell(text="A text.")
    made.set_title(title)
    assert load(made).title is None


def picture() -> BytesIO:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    drawn.seek(0)
    return drawn


def test_pages_without_text_are_counted() -> None:
    made = document()
    for number in range(3):
        made.add_page()
        if number == 1:
            made.cell(text="A text.")
        else:
            made.image(picture(), 10, 10, 50)
    article = load(made)
    assert (article.text, article.page_map) == ("A text.", ((0, 2),))
    assert article.warnings == ("2 of its 3 pages have no text, perhaps only pictures",)


def scanned() -> bytes:
    made = document()
    made.add_page()
    made.image(picture(), 10, 10, 50)
    return bytes_of(made)


def empty() -> bytes:
    made = document()
    made.add_page()
    return bytes_of(made)


def encrypted() -> bytes:
    made = document()
    made.set_encryption(owner_password="one", user_password="two")
    made.add_page()
    made.cell(text="A text.")
    return bytes_of(made)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encrypted(), "it is encrypted: save it without its password first"),
        (scanned(), "it has no text, only pictures: run OCR first (for example ocrmypdf)"),
        (empty(), "it has no text"),
        (b"", "it is no PDF, or a damaged one"),
        (b"%PDF-1.4\n%%EOF", "it is no PDF, or a damaged one"),
        (scanned()[:200], "it is no PDF, or a damaged one"),
    ],
    ids=["encrypted", "scanned", "empty page", "no bytes", "no pages", "cut off"],
)
def test_what_gives_no_text_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        load(data)


def test_a_file_that_anyone_may_open_is_read_whatever_its_owner_forbids() -> None:
    made = document()
    made.set_encryption(owner_password="one")
    made.add_page()
    made.cell(text="A text.")
    assert load(made).text == "A text."


def test_every_cut_and_every_changed_byte_gives_text_or_a_reason() -> None:
    data = bytes_of(paged(2))
    outcomes = set()
    damaged = [data[:length] for length in range(0, len(data), 97)]
    damaged += [data[:place] + bytes([data[place] ^ 0x5A]) + data[place + 1 :] for place in range(0, len(data), 53)]
    for entry in damaged:
        try:
            outcomes.add(bool(load(entry).text))
        except ValueError as error:
            outcomes.add(str(error).startswith("it"))
    assert outcomes == {True}


def test_pages_and_characters_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes_of(paged(3))
    monkeypatch.setattr(loader, "MOST_PAGES", 2)
    with pytest.raises(ValueError, match=r"^it has 3 pages, more than 2: split it$"):
        load(data)
    monkeypatch.setattr(loader, "MOST_PAGES", 3)
    monkeypatch.setattr(loader, "MOST_CHARACTERS", 300)
    with pytest.raises(ValueError, match=r"^it has more than 300 characters: split it$"):
        load(data)
    monkeypatch.undo()
    monkeypatch.setattr(loader, "_MOST_ON_A_PAGE", 100)
    with pytest.raises(ValueError, match=r"^its pages are damaged$"):
        load(data)
