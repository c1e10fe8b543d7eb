"""`briefqa ask` without a question, at a terminal: one question after another, and what to do with the answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from briefqa.addresses import page_at
from briefqa.cli.dialogue import Dialogue
from briefqa.cli.history import History, history_file
from briefqa.cli.opening import open_source, open_web_page
from briefqa.cli.output import print_long, print_message, terminal_style
from briefqa.errors import BriefqaError, UsageError
from briefqa.rendering.escape import one_line, safe
from briefqa.rendering.terminal import render_answer, render_hits, render_passages
from briefqa.types import Hits

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefqa.api import Index
    from briefqa.filters import Filter
    from briefqa.types import Answer, Citation, Document, Hit

_PROMPT = "briefqa> "
_COMMAND = re.compile(r"([own]|s|q|\?)(?:\s*(\d{1,4}))?", re.IGNORECASE)
_WELCOME = "Type a question. ? tells what else can be typed; q or Ctrl-D leaves."
_HELP = """\
A question is answered. Numbers are those of the quotes or hits that were
shown last; without a number, the first is meant.
  o 2   open the source of quote 2 at its line, in $VISUAL or $EDITOR
  w 2   open its web page in the browser, at the quote
  s 2   show its passage in the article, with the passages beside it
  n     the next hits for the last question
  ?     this help
  q     leave, as Ctrl-D does; Ctrl-C leaves a line or a question"""


class _Place(NamedTuple):
    """Something with a number that was shown, and where it stands."""

    document: Document
    passage_id: str
    line: int
    page: int | None
    quote: str


class Prompt:
    """A session over an opened index, whose models stay loaded. `explain`, `within` and `sort` hold for every question;
    `pager` as in `print_long`."""

    def __init__(self, index: Index, *, explain: bool, within: Filter | None, sort: str, pager: bool) -> None:
        self._index, self._explain, self._within, self._sort, self._pager = index, explain, within, sort, pager
        self._dialogue = Dialogue()
        self._history = History(history_file())
        self._places: dict[int, _Place] = {}
        self._question = ""
        self._shown = 0
        """How many hits of it."""

    def run(self) -> None:
        """Until the reader leaves. What goes wrong with a question is told, and the next one can be asked."""
        self._history.recall()
        self._dialogue.say(_WELCOME)
        while True:
            try:
                line = self._dialogue.ask(_PROMPT)
            except EOFError:
                self._dialogue.say("")
                return
            except KeyboardInterrupt:
                self._dialogue.say("")
                continue
            except UnicodeDecodeError:
                self._dialogue.say("error: That was not UTF-8.")
                continue
            try:
                if not self._done(line):
                    return
            except KeyboardInterrupt:
                self._dialogue.say("Cancelled.")
            except BriefqaError as error:
                print_message(f"error: {safe(str(error))}")

    def _done(self, line: str) -> bool:
        """Do what the line says; False if it says to leave."""
        command = _COMMAND.fullmatch(line)
        if command is None:
            if line:
                self._ask(line)
            return True
        letter, number = command[1].lower(), int(command[2] or 1)
        if letter == "q":
            return False
        actions: dict[str, Callable[[], None]] = {
            "o": lambda: self._open(self._place(number)),
            "w": lambda: self._browse(self._place(number)),
            "s": lambda: self._show(self._place(number)),
            "n": self._next,
            "?": lambda: self._dialogue.say(_HELP),
        }
        actions[letter]()
        return True

    def _ask(self, question: str) -> None:
        self._history.add(one_line(question))
        self._places, self._question, self._shown = {}, question, 0
        self._index.renew()
        answer = self._index.ask(question, explain=self._explain, filter=self._within, sort=self._sort)
        self._places = _places_of(answer)
        print_long(render_answer(answer, terminal_style()), pager=self._pager)

    def _next(self) -> None:
        if not self._question:
            raise UsageError("There are no hits yet. Type a question first.")
        size = self._index.settings.top_k
        found = self._index.search(self._question, top_k=self._shown + size, filter=self._within)
        new = tuple(hit for hit in found.hits if hit.rank > self._shown)
        if not new:
            self._dialogue.say("There are no more hits." if self._shown else "There are no hits.")
            return
        if not self._shown:
            self._places = {}
        self._shown += len(new)
        self._places |= {hit.rank: _place_of_hit(hit) for hit in new}
        hits = Hits(found.question, new, (), found.index, found.milliseconds)
        print_long(render_hits(hits, terminal_style()), pager=self._pager)

    def _open(self, place: _Place) -> None:
        open_source(place.document, place.line, place.page)

    def _browse(self, place: _Place) -> None:
        open_web_page(place.document, place.quote)

    def _show(self, place: _Place) -> None:
        document, passages, asked = self._index.look_up(place.passage_id, context=1)
        print_long(render_passages(document, passages, asked, terminal_style()), pager=self._pager)

    def _place(self, number: int) -> _Place:
        if number not in self._places:
            known = ", ".join(map(str, sorted(self._places)))
            raise UsageError(f"There is no {number}. There are: {known}" if known else "Nothing has been quoted yet.")
        return self._places[number]


def _places_of(answer: Answer) -> dict[int, _Place]:
    """Of the quotes by their markers, or, where nothing answers, of the nearest hit."""
    if answer.citations:
        return {citation.marker: _place_of_citation(citation) for citation in answer.citations}
    return {1: _place_of_hit(min(answer.hits, key=lambda hit: hit.rank))} if answer.hits else {}


def _place_of_citation(citation: Citation) -> _Place:
    return _Place(citation.document, citation.passage_id, citation.lines[0], citation.page, citation.quote)


def _place_of_hit(hit: Hit) -> _Place:
    passage = hit.passage
    first = passage.sentences[0] if passage.sentences else (passage.start, passage.end)
    page = page_at(hit.document, passage.start)
    return _Place(hit.document, passage.id, passage.lines[0], page, hit.document.text[slice(*first)])
