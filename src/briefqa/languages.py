"""What is known of single languages: their names, their stemmers, and the words in them that only ask or join.

Codes are those of ISO 639-1. The lists are short and our own; they go beside Tantivy's stop words, where it has any.
"""

# ruff: noqa: RUF001 - letters of other scripts that look like Latin ones

from __future__ import annotations

import re

ENGLISH = "en"
# Written without spaces between words, or, as Korean, with so much joined to a word that only parts of it repeat.
UNSPACED = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})

NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian",
    "bn": "Bengali", "br": "Breton", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician",
    "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin",
    "lb": "Luxembourgish", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam",
    "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali",
    "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai",
    "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
# As Tantivy calls its Snowball stemmers.
STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
# Those of them that Tantivy has no stop words for.
WITHOUT_STOP_WORDS = frozenset({"ar", "el", "ro", "ta", "tr"})
# Codes that mean a language of another one: both written Norwegians, older codes, and those of ISO 639-2.
_SAME = {
    "nb": "no", "nn": "no", "nob": "no", "nno": "no", "nor": "no", "iw": "he", "in": "id", "mo": "ro", "ara": "ar",
    "chi": "zh", "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "fin": "fi", "fra": "fr", "fre": "fr",
    "ger": "de", "gre": "el", "heb": "he", "hun": "hu", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "pol": "pl",
    "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tam": "ta", "tha": "th", "tur": "tr",
    "ukr": "uk", "zho": "zh",
}  # fmt: skip
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-_]+)?")

FUNCTION_WORDS = {
    "ar": "من ما ماذا متى أين كيف لماذا هل كم أي في على إلى عن مع هو هي هم هذا هذه ذلك التي الذي أن إن كان كانت"
    " قد لا و أو",
    "da": "hvem hvad hvornår hvorfor hvordan hvilken hvilket hvilke mange meget",
    "de": "wer wem wen wessen was wann wo woher wohin warum wieso weshalb wie viel viele welche welcher welches"
    " welchem welchen worüber womit wofür wovon hat haben hatte hatten wurde wurden wird werden ist sind"
    " war waren bitte gibt",
    "el": "ποιος ποια ποιο ποιοι τι πότε πού πως πώς γιατί πόσο πόσοι ο η το οι τα του της των τον την και να"
    " με σε για από στο στη στην στον στα είναι ήταν δεν που",
    "es": "quién quiénes qué cuál cuáles cuándo dónde adónde cómo cuánto cuánta cuántos cuántas fue es son ha han hay",
    "fi": "kuka ketkä mikä mitkä mitä milloin koska missä mihin mistä miksi miten kuinka paljon",
    "fr": "qui que quoi quel quelle quels quelles quand où comment pourquoi combien lequel laquelle est-ce a"
    " ont été est sont était fut y",
    "hu": "ki kik mi mik mit mikor hol hova honnan miért hogyan hány mennyi melyik",
    "it": "chi che cosa quale quali quando dove come perché quanto quanta quanti quante è sono era ha hanno stato",
    "nl": "wie wat welke welk wanneer waar waarom waarheen hoe hoeveel wiens is zijn was waren heeft hebben"
    " werd werden",
    "no": "hvem hva hvilken hvilket hvilke når hvor hvorfor hvordan mange mye",
    "pt": "quem que qual quais quando onde aonde como porque quanto quanta quantos quantas foi é são tem têm há",
    "ro": "cine cui ce care când unde cum câți câte cât și sau în la de pe cu din pentru a al ale un o este"
    " sunt era au fost nu că să se",
    "ru": "кто кого кому кем чей чья чьё что чего чему чем какой какая какое какие когда где куда откуда почему"
    " зачем как сколько который которая которые",
    "sv": "vem vilka vilken vilket vad när var varför hur många mycket",
    "ta": "யார் என்ன எது எங்கே எப்போது ஏன் எப்படி எத்தனை எந்த அவர் அவர்கள் அது இது ஒரு மற்றும் என்று இந்த அந்த",
    "tr": "kim kime kimi kimin ne neden nerede nereye niçin niye nasıl hangi kaç zaman mi mı mu mü ve veya ile"
    " bir bu şu o da de ki için gibi olan olarak olan oldu idi ise en çok daha",
}
"""Words that ask, or are there for grammar, by language: an article needn't hold them to answer."""
UNSPACED_FUNCTION_WORDS = (
    "什么 什麼 谁 誰 哪里 哪裡 哪个 哪些 为什么 為什麼 怎么 怎麼 多少 何时 什么时候"
    " 何 いつ どこ だれ どう なぜ です ます ました"
    " 누구 무엇 언제 어디 왜 어떻게 ใคร อะไร ที่ไหน เมื่อไร ทำไม อย่างไร"
)


def base_code(language: str | None) -> str | None:
    """The code in `language` without region or script, in small letters ("en-GB" gives "en"); None if there is none."""
    found = _CODE.fullmatch(language.strip()) if language else None
    if found is None:
        return None
    code = found[1].lower()
    return _SAME.get(code, code)


def name_of(language: str) -> str:
    """The English name of the language with this code, or the code in quotation marks."""
    return NAMES.get(language, f"“{language}”")
