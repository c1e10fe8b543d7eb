from __future__ import annotations

import codecs

import pytest

from briefqa.corpus.decoding import decode

BINARY = "it looks like a binary file, not like text"
FRENCH = (
    "L'été dernier, les députés européens ont voté à Strasbourg. Le président a déclaré que la réforme "
    "était nécessaire, mais que les élèves et les étudiants n'avaient pas été consultés. « C'est dommage », "
    "a-t-il regretté – et l'on prévoit déjà une manifestation près de l'hôtel de ville à Orléans."
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("Erdoğan, Алиев, 😀".encode(), "Erdoğan, Алиев, 😀"),
        (codecs.BOM_UTF8 + "naïve".encode(), "naïve"),
        (codecs.BOM_UTF16_LE + "Ереван 😀".encode("utf-16-le"), "Ереван 😀"),
        (codecs.BOM_UTF16_BE + "Ереван 😀".encode("utf-16-be"), "Ереван 😀"),
        (codecs.BOM_UTF32_LE + "Баку".encode("utf-32-le"), "Баку"),
        (codecs.BOM_UTF32_BE + "Баку".encode("utf-32-be"), "Баку"),
    ],
    ids=["empty", "utf-8", "utf-8 mark", "utf-16 le", "utf-16 be", "utf-32 le", "utf-32 be"],
)
def test_the_encoding_is_found_and_the_mark_dropped(data: bytes, text: str) -> None:
    assert decode(data) == (text, None)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"one\r\ntwo\r\n", "one\ntwo\n"),
        (b"one\rtwo\r", "one\ntwo\n"),
        (b"one\r\n\r\rtwo\n\rthree", "one\n\n\ntwo\n\nthree"),
        (b"page\fpage\vtab\t", "page\fpage\vtab\t"),
    ],
)
def test_every_line_end_is_one_newline_and_nothing_else_is_touched(data: bytes, text: str) -> None:
    assert decode(data) == (text, None)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        ("“Smart quotes” — they’re everywhere, and the café’s naïve owner doesn’t mind.", "cp1252"),
        (
            "El presidente señaló ayer que la situación mejorará el próximo año. ¿Cuándo? «Pronto», dijo Muñoz.",
            "cp1252",
        ),
        ("Вчера в Москве прошла встреча секретарей советов безопасности стран СНГ. Обсудили многое.", "cp1251"),
        ("Prezydent powiedział, że źródła finansowania są jeszcze niepewne, ale ąę być może to się zmieni.", "cp1250"),
        ("大統領は昨日、東京で記者会見を行い、今後の安全保障政策について説明した。会議は来週も続く予定だ。", "cp932"),
    ],
    ids=["French", "English", "Spanish", "Russian", "Polish", "Japanese"],
)
def test_an_encoding_without_a_mark_is_guessed_and_said_to_be(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Readable, but\0 not text.", BINARY),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xd8", BINARY),
        (b"\x1b[31mred\x1b[0m" * 5, BINARY),
        (codecs.BOM_UTF16_LE + b"a\0b\0\0\0", BINARY),
        (codecs.BOM_UTF16_LE + b"a\0b\0c", "its utf-16-le text is broken at byte 6"),
        (codecs.BOM_UTF16_LE + b"a\0\x00\xd8b\0", "its utf-16-le text is broken at byte 4"),
        (codecs.BOM_UTF8 + b"abc\xff", "its utf-8 text is broken at byte 6"),
        (bytes(range(128, 256)) * 3, "its character encoding can't be told"),
    ],
    ids=["NUL", "PNG", "controls", "utf-16 NUL", "utf-16 odd", "utf-16 surrogate", "utf-8 mark", "no encoding"],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        decode(data)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("controls", "others", "fine"), [(8, 0, True), (9, 91, False), (9, 891, True), (10, 990, True), (10, 989, False)]
)
def test_a_few_control_characters_or_one_in_a_hundred_are_let_through(controls: int, others: int, fine: bool) -> None:
    text = "\x02" * controls + "x" * others
    if fine:
        assert decode(text.encode()) == (text, None)
        return
    with pytest.raises(ValueError, match=f"^{BINARY}$"):
        decode(text.encode())
