from __future__ import annotations

from email.message import EmailMessage

import pytest

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders.mail import load_mail


def written(text: str | None, page: str | None = None, **parameters: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ann Example <ann@news.example>, bob@news.example"
    message["Subject"] = "Brücke: gesperrt"
    message["Date"] = "Thu, 22 Nov 2018 23:30:00 -0800"
    if text is not None:
        message.set_content(text)
        for name, value in parameters.items():
            message.set_param(name, value)
    if page is not None:
        (message.add_alternative if text is not None else message.set_content)(page, subtype="html")
    return message


def load(message: EmailMessage | bytes, *, clean: bool = True) -> Article:
    data = message if isinstance(message, bytes) else message.as_bytes()
    [article] = load_mail(data, LoadOptions("note.eml", clean=clean))
    return article


def test_the_header_gives_title_authors_and_the_day_in_its_own_zone() -> None:
    article = load(written("The bridge is closed.\n\nFerries go instead.\n"))
    assert article.text == "The bridge is closed.\n\nFerries go instead."
    assert article.title == "Brücke: gesperrt"
    assert article.authors == ("Ann Example", "bob@news.example")
    assert article.published == "2018-11-22"
    assert article.found_in == {"title": "mail header", "authors": "mail header", "published": "mail header"}
    assert (article.lines_of, article.cuts, article.warnings) == ("text", (), ())


REPLY = (
    "It is closed.\n\nOn Mon, 19 Nov 2018 at 10:00, Bob Example <bob@news.example>\nwrote:\n\n"
    "> Is the bridge open?\n>> Who asks?\n\nFerries go instead.\n\n-- \nAnn Example\nThe Daily Example\n"
)


def test_quoted_replies_and_the_signature_are_cut() -> None:
    article = load(written(REPLY))
    assert article.text == "It is closed.\n\nFerries go instead."
    assert [(cut.text, cut.reason, cut.lines) for cut in article.cuts] == [
        (
            "On Mon, 19 Nov 2018 at 10:00, Bob Example <bob@news.example>\nwrote:\n\n"
            "> Is the bridge open?\n>> Who asks?",
            "quoted reply",
            None,
        ),
        ("--\nAnn Example\nThe Daily Example", "signature", None),
    ]


def test_without_cleaning_all_of_it_is_kept() -> None:
    article = load(written(REPLY), clean=False)
    assert article.text == REPLY.replace("-- \n", "--\n").strip()
    assert article.cuts == ()


def test_a_message_of_quotes_only_is_kept() -> None:
    article = load(written("> Is the bridge open?\n> It is.\n"))
    assert article.text == "> Is the bridge open?\n> It is."
    assert article.cuts == ()


def test_a_line_with_a_colon_before_a_quote_is_only_cut_if_it_names_who_wrote() -> None:
    assert load(written("He wrote this:\n> It is open.\n")).text == "He wrote this:"


def test_a_long_rest_after_two_dashes_is_no_signature() -> None:
    text = "First.\n--\n" + "".join(f"Line {number}.\n" for number in range(30))
    assert load(written(text)).text == text.strip()


def test_flowed_lines_are_joined() -> None:
    text = "The bridge is closed \nuntil spring, \nsaid Ann.\n\nFerries go.\n-- \nAnn\n"
    article = load(written(text, format="flowed"))
    assert article.text == "The bridge is closed until spring, said Ann.\n\nFerries go."
    assert [cut.text for cut in article.cuts] == ["--\nAnn"]


PAGE = "<h1>News</h1><p>The bridge is closed until spring, officials said on Monday.</p><ul><li>Ferries go.</li></ul>"


@pytest.mark.parametrize("text", [None, "", "View this message in a browser.\n"])
def test_html_is_read_where_the_plain_text_is_missing_or_a_stub(text: str | None) -> None:
    page = PAGE + "<p>Lorries are to take the southern crossing, which is open at all hours of the day.</p>" * 2
    article = load(written(text, page))
    assert article.text.startswith(
        "News\n\nThe bridge is closed until spring, officials said on Monday.\n\n- Ferries go.\n\nLorries"
    )


def test_plain_text_is_preferred() -> None:
    text = "The bridge is closed until spring, officials said on Monday. Ferries go.\n"
    assert load(written(text, PAGE)).text == text.strip()


def test_quotes_in_html_are_cut() -> None:
    page = (
        '<p>It is closed.</p><div class="gmail_quote"><p>On Monday Bob wrote:</p><blockquote>Open?</blockquote></div>'
    )
    article = load(written(None, page))
    assert article.text == "It is closed."
    assert [(cut.text, cut.reason) for cut in article.cuts] == [("On Monday Bob wrote:\n\nOpen?", "quoted reply")]
    assert load(written(None, page), clean=False).text == "It is closed.\n\nOn Monday Bob wrote:\n\nOpen?"


def test_attachments_are_named() -> None:
    message = written("See the plan.\n")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment("Other words.", filename="other.txt")
    article = load(message)
    assert article.text == "See the plan."
    assert article.warnings == ("its attachment plan.pdf was not read", "its attachment other.txt was not read")


@pytest.mark.parametrize("date", ["yesterday", "Thu, 99 Nov 2018 99:30:00 -0800"])
def test_a_date_that_can_not_be_read_is_unknown(date: str) -> None:
    article = load(f"From: a@b.example\nDate: {date}\n\nText.\n".encode())
    assert article.published is None
    assert article.warnings == (f"its date {date!r} can't be read, so its date is unknown",)


def test_an_encoding_that_is_not_what_it_says_is_guessed() -> None:
    body = "Le pont est fermé jusqu’au printemps, a déclaré la ministre à la presse étrangère.".encode("cp1252")
    article = load(
        b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + body
    )
    assert article.text.startswith("Le pont est fermé")
    assert article.warnings == ("it was read as cp1252, which is a guess: look at its accents",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "^it is empty$"),
        (b"\n\nno header", "^it is no message: it starts with no header$"),
        (b"Subject: nothing\n\n\n", "^it is a message without text$"),
        (b"Content-Type: application/pdf\n\n%PDF", "^it is a message without text$"),
        (b"Subject: x\n\n\0\0\0", "^it looks like a binary file, not like text$"),
    ],
)
def test_what_is_no_message_with_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        load(data)
