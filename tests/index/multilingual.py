# ruff: noqa: RUF001 - letters of other scripts that look like Latin ones
"""A small corpus in ten languages: three articles in each, and for each a question with other forms of its words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from briefqa.corpus import formats, loading

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from briefqa.corpus.article import Article, Loader, LoadOptions

# Name of the article, its text, the question.
ARTICLES = {
    "en": [
        ("bridge", "The old bridges were repaired in spring. Seven months went by.", "Who repaired the bridge?"),
        ("school", "A school for sailors opens at the harbour of Nordhaven.", "Which schools open for a sailor?"),
        ("bread", "Bakers sell their bread at higher prices. Flour is scarce.", "At what price does a baker sell?"),
    ],
    "de": [
        ("bridge", "Die alten Brücken wurden im Frühjahr erneuert. Das dauert.", "Wer hat die Brücke erneuert?"),
        ("school", "Eine Schule für Matrosen öffnet am Hafen von Nordhaven.", "Welche Schulen öffnen im Hafen?"),
        ("bread", "Bäcker verkaufen ihr Brot zu höheren Preisen. Mehl ist knapp.", "Zu welchem Preis gibt es Brote?"),
    ],
    "fr": [
        ("bridge", "Les vieux ponts ont été réparés au printemps.", "Qui a réparé le vieux pont ?"),
        ("school", "Une école de matelots ouvre au port de Nordhaven.", "Où s'ouvrent les écoles ?"),
        ("bread", "Les boulangers vendent le pain plus cher. La farine est rare.", "Quel boulanger vend les pains ?"),
    ],
    "es": [
        ("bridge", "Los viejos puentes fueron reparados en primavera.", "¿Quién reparó el puente?"),
        ("school", "Una escuela de marineros abre en el puerto de Nordhaven.", "¿Dónde abren las escuelas?"),
        ("bread", "Los panaderos venden más caro. Falta la harina.", "¿Qué vende el panadero y cuánta harina hay?"),
    ],
    "it": [
        ("bridge", "I vecchi ponti sono stati riparati in primavera.", "Chi ha riparato il ponte?"),
        ("school", "Una scuola di marinai apre nel porto di Nordhaven.", "Dove sono le scuole di marinaio?"),
        ("bread", "I fornai vendono il pane a prezzi alti. Manca la farina.", "A quale prezzo vende il fornaio?"),
    ],
    "pt": [
        ("bridge", "As velhas pontes foram reparadas na primavera.", "Quem reparou a ponte?"),
        ("school", "Uma escola de marinheiros abre no porto de Nordhaven.", "Onde há escolas de marinheiro?"),
        ("bread", "Os padeiros vendem mais caro. Falta farinha.", "Por que o padeiro vende caro?"),
    ],
    "ru": [
        ("bridge", "Старые мосты отремонтировали весной за семь месяцев.", "Кто отремонтировал мост?"),
        ("school", "Школа матросов открывается в порту Нордхавен.", "Где открываются школы?"),
        ("bread", "Пекари продают хлеб по высоким ценам. Муки мало, елок много.", "По какой цене продаёт пекарь ёлку?"),
    ],
    "nl": [
        ("bridge", "De oude bruggen werden in het voorjaar hersteld.", "Wie heeft de brug hersteld?"),
        ("school", "Een school voor matrozen opent in de haven van Nordhaven.", "Waar openen scholen?"),
        ("bread", "De bakkers verkopen hun brood duurder. Meel is schaars.", "Welke bakker verkoopt broden?"),
    ],
    "tr": [
        ("bridge", "Eski köprüler ilkbaharda onarıldı. İş yedi ay sürdü.", "Köprü ne zaman onarıldı?"),
        ("school", "Nordhaven'in limanında denizciler için bir okul açılıyor.", "Nordhaven'de okullar nerede?"),
        ("bread", "Fırıncılar ekmeği İzmir'de pahalı satıyor. Un az.", "Izmir'de ekmek kaç para?"),
    ],
    "zh": [
        ("bridge", "旧桥在春天修好了，工程用了七个月。", "谁修好了旧桥？"),
        ("school", "水手学校在诺德港开学。", "水手学校在哪里？"),
        ("bread", "面包师卖面包更贵，面粉很少。", "面包为什么更贵？"),
    ],
}  # fmt: skip


def write_articles(folder: Path, *languages: str) -> None:
    """The articles of these languages, as files whose names begin with the language's code."""
    folder.mkdir(exist_ok=True)
    for language in languages or ARTICLES:
        for name, text, _ in ARTICLES[language]:
            head = f"---\nlanguage: {language}\n---\n"
            (folder / f"{language}-{name}.md").write_text(f"{head}{text}\n", encoding="utf-8")


def take_language_from_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make articles be in the language that their file's name begins with, as if nobody could doubt it."""

    def loader_for(suffix: str) -> Loader:
        inner = formats.loader_for(suffix)

        def load(data: bytes, options: LoadOptions) -> list[Article]:
            return [replace(article, language=options.name.partition("-")[0]) for article in inner(data, options)]

        return load

    monkeypatch.setattr(loading, "loader_for", loader_for)
