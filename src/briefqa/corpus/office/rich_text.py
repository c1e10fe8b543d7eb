"""Rich Text Format 1.9 to blocks of text, in one pass over its bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from briefqa.corpus.characters import tidy
from briefqa.corpus.office.blocks import LINE, PAGE, Blocks

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<plain>[^\\{}\r\n]+)|\\"
)
# Groups that hold no text of the document.
_LEFT_OUT = frozenset((
    "fonttbl", "colortbl", "stylesheet", "filetbl", "revtbl", "listtable", "pict", "objdata", "objclass", "objname",
    "nonshppict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "ftnsep",
    "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "xe", "tc", "txe", "rxe", "atnid", "atnauthor", "annotation",
    "themedata", "datastore", "info", "creatim", "revtim", "printim", "buptim",
))  # fmt: skip
_PROPERTIES = frozenset(("title", "author", "keywords"))
_DATES = {"creatim": "created", "revtim": "modified"}
_CHARACTERS = {
    "tab": " ", "line": LINE, "emdash": "\u2014", "endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019",
    "ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022", "emspace": " ", "enspace": " ", "qmspace": " ",
    "nestcell": " ", "nestrow": " ",
}  # fmt: skip
_SIGNS = {"~": "\xa0", "_": "-", "\n": None, "\r": None, "{": "{", "}": "}", "\\": "\\"}
_PAGES_OF_FONTS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip
_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_DEFAULT_PAGE = "cp1252"
_ENDS = ("par", "sect", "page")
_DEEPEST = 10_000


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group: `into` is "text", "note", a property's or date's name, or "" for what is left out."""

    into: str = "text"
    hidden: bool = False
    skips: int = 1  # how many characters stand in for one given in Unicode
    page: str | None = None  # of the font
    owns: str = ""  # what this very group is, to be closed with it


@dataclass(slots=True)
class RichText:
    """Reads a file: its text, and what it says about itself (`properties` as text, `dates` as numbers by word)."""

    blocks: Blocks = field(default_factory=Blocks)
    properties: dict[str, str] = field(default_factory=dict)
    dates: dict[str, dict[str, int]] = field(default_factory=dict)
    _state: _State = field(default_factory=_State)
    _stack: list[_State] = field(default_factory=list)
    _pieces: dict[str, list[str]] = field(default_factory=lambda: {"text": []})
    _bytes: bytearray = field(default_factory=bytearray)
    _high: int = 0
    _skip: int = 0
    _page: str = _DEFAULT_PAGE
    _fonts: dict[int, str] = field(default_factory=dict)
    _font: int | None = None  # the one that the table of fonts describes just now
    _in_fonts: int = 0
    _cells: list[str] = field(default_factory=list)
    _in_table: bool = False
    _is_item: bool = False

    def read(self, data: bytes) -> bool:
        """Reads a file; whether it is there to its end."""
        place = data.index(b"{")
        while (token := _TOKEN.match(data, place)) is not None:
            place = token.end()
            if token["word"]:
                word = token["word"].decode("ascii")
                number = int(token["number"]) if token["number"] else None
                if word == "bin":
                    place += max(0, number or 0)
                else:
                    self._word(word, number)
            elif token["brace"]:
                self._brace(token["brace"])
                if not self._stack:
                    break
            elif token["sign"]:
                self._sign(token["sign"].decode("latin-1"))
            elif token["hex"]:
                self._raw(bytes([int(token["hex"], 16)]))
            elif token["plain"]:
                self._raw(token["plain"])
        whole = not self._stack
        while self._stack:
            self._close()
        self._paragraph()
        return whole

    def _brace(self, brace: bytes) -> None:
        self._skip = 0
        self._decode()
        if brace == b"{":
            self._stack.append(self._state)
            if len(self._stack) > _DEEPEST:
                raise ValueError("it is nested too deep to be read")
            self._state = replace(self._state, owns="") if self._state.owns else self._state
        else:
            self._close()

    def _close(self) -> None:
        self._decode()
        owned, into = self._state.owns, self._state.into
        if owned == "note":
            self.blocks.add_note("".join(self._pieces.pop("note", [])))
        elif owned == "fonts":
            self._in_fonts = 0
        elif owned in _PROPERTIES and into == owned:
            self.properties.setdefault(owned, "".join(self._pieces.pop(owned, [])))
        self._state = self._stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        self._skip = 0
        self._decode()
        if word == "u" and number is not None:
            self._unicode(number % 0x10000)
        elif word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif word in ("f", "fcharset"):
            self._of_font(word, number or 0)
        elif not (self._starts_group(word) or self._sets(word, number)):
            if self._state.into == "note" and word in _ENDS:
                self._put(LINE)
            elif self._state.into == "text":
                self._structure(word)

    def _starts_group(self, word: str) -> bool:
        """Whether a word says what its group is; if so, that holds from here."""
        if word in _LEFT_OUT:
            self._leave_out(word)
        elif word in _PROPERTIES and self._state.into == "info":
            self._state = replace(self._state, into=word, owns=word)
        elif word == "footnote" and self._state.into == "text":
            self._state = replace(self._state, into="note", owns="note")
        elif word in ("listtext", "pntext"):
            self._is_item = self._is_item or self._state.into == "text"
            self._state = replace(self._state, into="")
        else:
            return False
        return True

    def _sets(self, word: str, number: int | None) -> bool:
        """Whether a word is one that holds until it is changed; if so, it holds."""
        if word == "uc":
            self._state = replace(self._state, skips=min(max(0, number or 0), 10))
        elif word == "ansicpg":
            self._page = _known(f"cp{number}")
        elif word in _PAGES:
            self._page = _PAGES[word]
        elif word in ("yr", "mo", "dy") and self._state.into in _DATES:
            self.dates.setdefault(_DATES[self._state.into], {})[word] = number or 0
        elif word in ("v", "deleted"):
            self._state = replace(self._state, hidden=number != 0)
        elif word == "plain":
            self._state = replace(self._state, hidden=False, page=None)
        else:
            return False
        return True

    def _structure(self, word: str) -> None:
        if word == "pard":
            self._in_table = False
        elif word == "intbl":
            self._in_table = True
        elif word == "cell":
            self._cells.append(tidy("".join(self._pieces["text"]).replace(LINE, " ")))
            self._pieces["text"].clear()
            self._is_item = False
        elif word == "row":
            self._row()
        elif word in _ENDS:
            if self._in_table and word == "par":
                self._put(" ")
            else:
                self._paragraph()

    def _row(self) -> None:
        if self._cells:
            self.blocks.add(" | ".join(filter(None, self._cells)), "row")
            self._cells.clear()

    def _paragraph(self) -> None:
        self._row()  # of a table that breaks off
        text = "".join(self._pieces["text"])
        self._pieces["text"].clear()
        self.blocks.add(text, "item" if self._is_item else "paragraph")
        self._is_item = False

    def _of_font(self, word: str, number: int) -> None:
        if not self._in_fonts:
            self._state = replace(self._state, page=self._fonts.get(number) if word == "f" else self._state.page)
        elif word == "f":
            self._font = number
        elif self._font is not None and number in _PAGES_OF_FONTS:
            self._fonts[self._font] = _PAGES_OF_FONTS[number]

    def _leave_out(self, word: str) -> None:
        into = word if word in _DATES or word == "info" else ""
        self._state = replace(self._state, into=into, owns="fonts" if word == "fonttbl" else "")
        self._in_fonts += word == "fonttbl"

    def _sign(self, sign: str) -> None:
        if self._skip and sign not in "*\n\r":
            self._skip -= 1
            return
        self._decode()
        if sign == "*":
            self._state = replace(self._state, into="")
        elif sign in "\r\n" and self._state.into == "text":
            self._structure("par")
        elif character := _SIGNS.get(sign):
            self._put(character)

    def _raw(self, content: bytes) -> None:
        if self._skip:
            taken = min(self._skip, len(content))
            self._skip -= taken
            content = content[taken:]
        if self._state.into:
            self._bytes += content

    def _unicode(self, unit: int) -> None:
        self._skip = self._state.skips
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
            return
        if 0xDC00 <= unit < 0xE000:
            unit = 0x10000 + ((self._high - 0xD800) << 10) + unit - 0xDC00 if self._high else 0xFFFD
        self._high = 0
        self._put(chr(unit))

    def _decode(self) -> None:
        """Bytes wait until what follows is none: in some code pages a character has two."""
        if self._bytes:
            text = self._bytes.decode(self._state.page or self._page, "replace")
            self._bytes.clear()
            self._put(text)

    def _put(self, text: str) -> None:
        into = self._state.into
        if into and not self._state.hidden and into not in _DATES and into != "info":
            self._pieces.setdefault(into, []).append(text.replace(PAGE, ""))


def _known(page: str) -> str:
    page = "utf-8" if page == "cp65001" else page
    try:
        return page if codecs.lookup(page)._is_text_encoding else _DEFAULT_PAGE
    except LookupError:
        return _DEFAULT_PAGE
