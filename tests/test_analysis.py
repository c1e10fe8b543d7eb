# ruff: noqa: RUF001 - letters of other scripts that look like Latin ones
from __future__ import annotations

import pytest

from briefqa.analysis import ANALYZERS, Token, analyzer_of, content_tokens, terms, tokens
from briefqa.languages import NAMES, base_code, name_of


@pytest.mark.parametrize(
    ("language", "analyzer"),
    [
        (None, "en"), ("", "en"), ("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("eng", "en"), ("und", "en"),
        ("German", "en"), ("-", "en"),
        ("de", "de"), ("de-AT", "de"), ("ger", "de"), ("nb-NO", "no"), ("nn", "no"), ("pt-BR", "pt"), ("tr", "tr"),
        ("pl", "plain"), ("uk", "plain"), ("hy", "plain"), ("ka", "plain"), ("sr-Latn-RS", "plain"),
        ("zh-Hant-TW", "pairs"), ("ja", "pairs"), ("ko", "pairs"), ("th", "pairs"),
        ("plain", "plain"), ("pairs", "pairs"),
    ],
)  # fmt: skip
def test_which_analyzer_a_language_has(language: str | None, analyzer: str) -> None:
    assert analyzer_of(language) == analyzer
    assert analyzer in ANALYZERS


def test_english_is_what_it_was_whatever_its_code() -> None:
    text = "Russia's running DOGS aren't in the café. Der Häuser 中国 Ёлка"
    expected = ["russia", "run", "dog", "aren", "cafe", "der", "hauser", "中国", "ёлка"]
    for language in (None, "en", "en-GB", "und"):
        assert terms(text, language) == expected
        assert [token.term for token in tokens(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "texts", "term"),
    [
        ("ar", ["الكتاب", "كتاب", "الكُتّاب"], "ar:كتاب"),
        ("da", ["valget", "valg", "VALGETS"], "da:valg"),
        ("de", ["Häuser", "Hauses", "HÄUSERN", "haus", "Ha\u0308user"], "de:haus"),
        ("de", ["Straße", "Strassen"], "de:strass"),
        ("el", ["πόλεμος", "πολέμου", "ΠΟΛΕΜΟΣ", "πολεμος"], "el:πολεμ"),
        ("es", ["elección", "elecciones", "eleccion"], "es:eleccion"),
        ("fi", ["talossa", "talo", "talon"], "fi:talo"),
        ("fr", ["école", "écoles", "l'école", "l’École", "ecole"], "fr:ecol"),
        ("hu", ["választás", "választások"], "hu:valasztas"),
        ("it", ["elezione", "elezioni", "dell'elezione"], "it:elezion"),
        ("nl", ["verkiezing", "verkiezingen"], "nl:verkies"),
        ("no", ["valget", "valg"], "no:valg"),
        ("pt", ["governo", "governos"], "pt:govern"),
        ("ro", ["alegeri", "alegerile"], "ro:aleger"),
        ("ru", ["ёлка", "елки", "ЁЛКУ", "елка"], "ru:елк"),
        ("ru", ["правительство", "правительства"], "ru:правительств"),
        ("sv", ["huset", "hus", "husen"], "sv:hus"),
        ("tr", ["İstanbul'da", "istanbul", "İSTANBUL", "İstanbul’un"], "tr:istanbul"),
        ("tr", ["Irak", "ırak", "IRAK"], "tr:irak"),
        ("pl", ["Łódź", "łódź", "LODZ", "Ło\u0301dz\u0301"], "plain:lodz"),
        ("az", ["İran", "iran", "I\u0307ran"], "plain:iran"),
        ("cs", ["Čech", "čech"], "plain:cech"),
        ("uk", ["Київ", "КИЇВ"], "plain:київ"),
        ("hy", ["Երևան", "երևան", "ԵՐԵՒԱՆ"], "plain:երեւան"),
        ("hi", ["क्षेत्र"], "plain:क्षेत्र"),
    ],
)
def test_forms_of_a_word_have_one_term(language: str, texts: list[str], term: str) -> None:
    assert [terms(text, language) for text in texts] == [[term]] * len(texts)


@pytest.mark.parametrize(
    ("language", "question", "content"),
    [
        ("de", "Wer hat wann und warum die Brücke gebaut?", ["Brücke", "gebaut"]),
        ("fr", "Qui a construit le pont, où et pourquoi ?", ["construit", "pont"]),
        ("fr", "Qu'est-ce que l'Union ?", ["Union"]),
        ("es", "¿Quién construyó el puente y cuándo?", ["construyó", "puente"]),
        ("it", "Chi ha costruito il ponte e perché?", ["costruito", "ponte"]),
        ("pt", "Quem construiu a ponte e quando?", ["construiu", "ponte"]),
        ("ru", "Кто и когда построил мост?", ["построил", "мост"]),
        ("nl", "Wie heeft de brug gebouwd en waarom?", ["brug", "gebouwd"]),
        ("tr", "Köprüyü kim ve ne zaman yaptı?", ["Köprüyü", "yaptı"]),
        ("ro", "Cine a construit podul și când?", ["construit", "podul"]),
        ("el", "Ποιος έχτισε τη γέφυρα και πότε;", ["έχτισε", "τη", "γέφυρα"]),
        ("pl", "Kto zbudował most?", ["Kto", "zbudował", "most"]),
        ("en", "Who built the bridge, and when?", ["built", "bridge"]),
    ],
)
def test_words_that_ask_are_no_content(language: str, question: str, content: list[str]) -> None:
    assert [question[token.start : token.end] for token in content_tokens(question, language)] == content


def test_scripts_without_spaces_have_pairs_of_characters() -> None:
    # "Beijing is 2017's capital, of NATO": pairs within each run, and words of other scripts whole.
    text = "北京是２０１７年NATO的"
    assert terms(text, "zh") == ["pairs:北京", "pairs:京是", "pairs:2017", "pairs:年", "pairs:nato", "pairs:的"]
    assert [(token.start, token.end) for token in tokens(text, "zh")] == [
        (0, 2),
        (1, 3),
        (3, 7),
        (7, 8),
        (8, 12),
        (12, 13),
    ]
    assert terms("한국의 수도", "ko") == ["pairs:한국", "pairs:국의", "pairs:수도"]
    assert terms("東京ﾄｳ", "ja") == ["pairs:東京", "pairs:京ト", "pairs:トウ"]
    assert terms("ไทย", "th") == ["pairs:ไท", "pairs:ทย"]
    assert terms("什么，谁。", "zh") == []


@pytest.mark.parametrize("language", ["de", "tr", "ru", "pl", "zh"])
def test_terms_stand_where_their_words_do(language: str) -> None:
    text = "😀 Müller's İzmir'de, der \ud800 ёлка e\u0301t\u0301e 2018_x " + "y" * 65
    found = tokens(text, language)
    assert [token.term for token in found] == terms(text, language)
    term = {"de": "mull", "tr": "mul"}.get(language, "muller")  # with the stems that Snowball gives
    assert found[0] == Token(f"{analyzer_of(language)}:{term}", 2, 8)
    words = [text[token.start : token.end] for token in found]
    assert "2018" in words
    assert "x" in words
    assert not [word for word in words if "y" in word or not word[0].isalnum()]
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert terms("", language) == terms(" ,.\n", language) == []


def test_an_ending_after_an_apostrophe_is_cut_in_turkish_alone() -> None:
    assert terms("Ankara'da", "tr") == terms("Ankara", "tr") == ["tr:ankar"]
    assert terms("Ankara'da", "pl") == ["plain:ankara", "plain:da"]


def test_codes_and_names() -> None:
    assert [base_code(code) for code in ("de", " DE-at ", "zh-Hant", "nno", None, "", "Deutsch", "x", "d1")] == [
        "de", "de", "zh", "no", None, None, None, None, None,
    ]  # fmt: skip
    assert name_of("de") == "German"
    assert name_of("zz") == "“zz”"
    assert all(base_code(code) == code for code in NAMES)
