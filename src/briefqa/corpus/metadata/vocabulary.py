# ruff: noqa: RUF001, RUF002 - letters of other alphabets
"""Words that date and sign articles, in the languages of most of the press; those of a pattern without accents."""

from __future__ import annotations

import unicodedata

# January to December in English, German, French, Spanish, Italian, Portuguese, Turkish, Dutch and Russian, without
# accents (`plain`); a form stands for the same month in every language that has it.
_MONTHS = (
    "january jan januar jaenner janner janvier janv enero ene gennaio gen janeiro ocak januari января январь янв",
    "february feb februar fevrier fevr fev febrero febbraio fevereiro subat februari февраля февраль фев февр",
    "march mar marz mrz mars marzo marco mart maart mrt марта март мар",
    "april apr avril avr abril abr aprile nisan апреля апрель апр",
    "may mai mayo maggio mag maio mayis mei мая маи",
    "june jun juni juin junio giugno giu junho haziran июня июнь июн",
    "july jul juli juillet juil julio luglio lug julho temmuz июля июль июл",
    "august aug aout agosto ago agustos augustus августа август авг",
    "september sep sept septembre septiembre settembre set setembro eylul сентября сентябрь сен сент",
    "october oct oktober okt octobre octubre ottobre ott outubro out ekim октября октябрь окт",
    "november nov novembre noviembre novembro kasim ноября ноябрь ноя нояб",
    "december dec dezember dez decembre diciembre dic dicembre dezembro aralik декабря декабрь дек",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
DAY_FIRST = frozenset({"de", "es", "fr", "it", "nl", "pt", "ru", "tr"})
"""Languages that write no month before its day in figures."""

UPDATED = (
    "last updated|updated|last modified|modified|last edited|aktualisiert|zuletzt aktualisiert|letzte aktualisierung|"
    "stand|mis à jour|mise à jour|modifié|actualizado|actualizada|última actualización|обновлено|изменено|aggiornato|"
    "ultimo aggiornamento|atualizado|atualizada|última atualização|güncellendi|güncelleme|son güncelleme"
)
PUBLISHED = (
    "first published|originally published|original|published|publication date|publish date|date published|pub date|"
    "posted|date posted|date|dated|released|release date|issued|veröffentlicht|publiziert|erschienen|erstellt|datum|"
    "publié|publiée|paru|date de publication|publicado|publicada|fecha|fecha de publicación|опубликовано|"
    "дата публикации|дата|размещено|pubblicato|data|data di pubblicazione|data de publicação|postado em|yayınlandı|"
    "yayınlanma|yayın tarihi|yayınlanma tarihi|tarih|입력|기사입력"
)
BESIDE = "|".join(
    (
        "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?",
        "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
        "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
        "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
        "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
        "(?:segunda|terça|quarta|quinta|sexta)-feira",
        "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье",
        "pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar",
        "by|in|at|on|for|and|of|the|from|to|with|under|updated?|read|last|first|comments?|admin",
        "von|am|um|uhr|im|und|der|par|le|la|à|et|dans|por|el|en|a|las|los|y|às|em|de|del|do|da|di|il|alle|ore|e|г|в|и",
    )
)
"""What may stand beside a date in a line that does nothing but date an article: weekdays and small words."""
AGENCIES = frozenset(
    {
        *("aa", "afp", "agi", "anadolu", "ani", "ansa", "ap", "apa", "armenpress", "azertac", "belta", "bloomberg"),
        *("cnn", "dpa", "efe", "ians", "interfax", "itar-tass", "kazinform", "lusa", "pti", "reuters", "ria"),
        *("sputnik", "tass", "trend", "ukrinform", "upi", "xinhua"),
    }
)
PARTICLES = frozenset(
    {
        "al",
        "bin",
        "da",
        "de",
        "del",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "ten",
        "van",
        "von",
    }
)
"""What may stand small in a name."""
NO_NAME = frozenset(
    {
        *("a", "admin", "agency", "all", "an", "any", "bureau", "business", "columnist", "contributor"),
        *("correspondent", "design", "desk", "editor", "file", "friday", "his", "its", "monday", "my", "news", "no"),
        *("numbers", "our", "popular", "press", "public", "reporter", "saturday", "some", "staff", "sunday", "that"),
        *("the", "their", "these", "this", "those", "thursday", "time", "tuesday", "wednesday", "writer", "year"),
        *("your", "dem", "den", "die", "einem", "einer", "las", "les", "los", "nos", "unserem", "unserer"),
    }
)
"""Words that no name holds, of those that follow a "by"."""


def plain(name: str) -> str:
    """A word in small letters without accents, and Turkish ı as i."""
    parts = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def longest_first(words: str) -> str:
    """Alternatives of a pattern, so that none hides a longer one."""
    return "|".join(sorted(words.split("|"), key=len, reverse=True))
