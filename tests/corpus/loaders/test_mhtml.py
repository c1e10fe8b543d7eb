from __future__ import annotations

from email.message import EmailMessage
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders.mhtml import load_mhtml

TEXT = "Die Brücke über den Fluß wird im Winter für Lastwagen gesperrt, sagte die Ministerin am Montag in der Stadt."
PAGE = f"<html><head><title>Brücke gesperrt</title></head><body><h1>Brücke gesperrt</h1><p>{TEXT}</p></body></html>"


def saved(page: str = PAGE, *, charset: str = "utf-8", location: str = "https://news.example/b") -> MIMEMultipart:
    whole = MIMEMultipart("related")
    whole["From"] = "<Saved by Blink>"
    whole["Date"] = "Thu, 22 Nov 2018 23:30:00 -0800"
    frame = MIMEText("<p>An advertisement in a frame.</p>", "html")
    frame["Content-Location"] = "https://ads.example/frame"
    main = MIMEText(page, "html", charset)
    main["Content-Location"] = location
    main["Content-ID"] = "<main@page>"
    picture = MIMEImage(b"\x89PNG\r\n\x1a\n", "png")
    for part in (frame, main, picture):
        whole.attach(part)
    return whole


def load(message: MIMEMultipart | EmailMessage | MIMEText) -> Article:
    [article] = load_mhtml(message.as_bytes(), LoadOptions("page.mhtml"))
    return article


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16"])
def test_the_page_that_the_snapshot_names_is_read_in_its_encoding(charset: str) -> None:
    message = saved(charset=charset)
    message["Snapshot-Content-Location"] = "https://news.example/b"
    article = load(message)
    assert TEXT in article.text
    assert article.title == "Brücke gesperrt"
    assert article.url == "https://news.example/b"
    assert article.source == "news.example"
    assert article.metadata == {"saved": "2018-11-22"}
    assert article.published is None


def test_the_start_of_the_parts_is_the_page() -> None:
    message = saved()
    message.set_param("start", "<main@page>")
    article = load(message)
    assert TEXT in article.text
    assert article.url == "https://news.example/b"


def test_without_a_name_the_first_page_is_it_and_other_addresses_are_none() -> None:
    message = MIMEText(PAGE, "html", "utf-8")
    message["Content-Location"] = "file:///home/ann/b.html"
    article = load(message)
    assert TEXT in article.text
    assert (article.url, article.metadata) == (None, {})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "^it is empty$"),
        (b"\n\nno header", "^it is no message: it starts with no header$"),
        (b"Subject: hi\n\nplain text", "^it is no saved page: it has no part in HTML$"),
        (b"Content-Type: text/html\n\n", "^it is empty$"),
    ],
)
def test_what_is_no_saved_page_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        load_mhtml(data, LoadOptions("page.mhtml"))


def test_parts_without_end_are_refused() -> None:
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(3_000)
    ).encode()
    with pytest.raises(ValueError, match=r"^it"):
        load_mhtml(head, LoadOptions("page.mhtml"))
