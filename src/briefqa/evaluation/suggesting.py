"""Candidates for a question set, made from the documents alone: no model takes part, and a seed gives them again."""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from briefqa.addresses import lines_of
from briefqa.analysis import Token, content_tokens
from briefqa.errors import UsageError
from briefqa.evaluation.candidates import Candidate
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.growing import gold_of, near_duplicates
from briefqa.evaluation.patterns import questions_from_clause
from briefqa.evaluation.sentence_patterns import questions_from_sentence
from briefqa.evaluation.verbs import past_tenses, third_persons
from briefqa.evaluation.word_lists import AUXILIARIES, NUMERALS, PREPOSITIONS, UNCLEAR
from briefqa.types import Document, Span

KEYWORDS = "keywords"
"""The kind of a candidate that is made of a sentence's rarest words, as people type them into a search box."""

MOST_DOCUMENTS = 500
"""Of a larger index, a sample of so many documents is read."""

_TYPED = 4
_FEWEST_WORDS = 3
_SHORTEST_TYPED = 4
_NOT_TYPED = UNCLEAR | PREPOSITIONS | NUMERALS | AUXILIARIES | {*past_tenses(), *past_tenses().values()}
_SHORTEST, _LONGEST, _MOST_CHARACTERS = 6, 45, 500
_WHOLE = re.compile(r"[A-ZÀ-Þ0-9\"“‘].*[.!?][\"”’)]*\Z", re.DOTALL)
_MARKUP = re.compile(r"[*_|`<>#\[\]{}\\]|https?:|\?")
_NAME = re.compile(
    r"(?<=[^.!?] )[A-ZÀ-Þ][^\W_]+(?:(?: of(?: the)? |[ -])[A-ZÀ-Þ][^\W_]+){0,3}|(?<=[^.!?] )(?:1[0-9]|20)\d\d\b"
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    document: Document
    place: int
    span: Span
    text: str
    salience: float
    tokens: tuple[Token, ...]


def sample_documents(documents: Iterable[Document], *, seed: int, most: int = MOST_DOCUMENTS) -> list[Document]:
    """At most so many documents, each as likely as any other, in a random order (reservoir sampling: Vitter 1985,
    "Random sampling with a reservoir")."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    kept: list[Document] = []
    for number, document in enumerate(documents):
        if number < most:
            kept.append(document)
        elif (place := rng.randrange(number + 1)) < most:
            kept[place] = document
    rng.shuffle(kept)
    return kept


def suggest(
    documents: Sequence[Document],
    sentences: Callable[[str], Sequence[Span]],
    stands_alone: Callable[[str, Sequence[Span], int], bool],
    known: Sequence[Question],
    *,
    count: int,
) -> list[Candidate]:
    """At most `count` candidates, no two of a sentence, one from each document in turn and those by a pattern first.

    Sentences that are gold already, and questions that nearly are in `known`, are passed over. `stands_alone` tells
    whether the numbered sentence of a text can be understood without the one before it.
    """
    told = {document.id: sentences(document.text) for document in documents}
    weights = _idf(documents, told)
    small = {word for document in documents for word in _WORD.findall(document.text) if word.islower()}
    golds = _known_quotes(known)
    queues = []
    for document in documents:
        fit = [
            _weighed(document, place, span, weights)
            for place, span in enumerate(told[document.id])
            if _fits(document, span, golds) and stands_alone(document.text, told[document.id], place)
        ]
        fit.sort(key=lambda sentence: (-sentence.salience, sentence.place))
        queues.append(_by_pattern_first(fit, small))
    return _chosen(queues, told, weights, known, count)


_Queue = list[tuple[_Sentence, list[tuple[str, str]]]]


def _by_pattern_first(fit: Sequence[_Sentence], small: set[str]) -> _Queue:
    made = []
    for sentence in fit:
        questions = [
            *questions_from_clause(sentence.text, small.__contains__),
            *questions_from_sentence(sentence.text, small.__contains__),
        ]
        made.append((sentence, [(question.kind, question.text) for question in questions]))
    return [entry for entry in made if entry[1]] + [entry for entry in made if not entry[1]]


def _chosen(
    queues: Sequence[_Queue],
    told: dict[str, Sequence[Span]],
    weights: dict[str, float],
    known: Sequence[Question],
    count: int,
) -> list[Candidate]:
    chosen: list[Candidate] = []
    asked = list(known)
    kinds: Counter[str] = Counter()
    places = [iter(queue) for queue in queues]
    while places and len(chosen) < count:
        waiting = []
        for queue in places:
            found = next((made for entry in queue if (made := _candidate(entry, told, weights, asked, kinds))), None)
            if found is None:
                continue
            waiting.append(queue)
            if len(chosen) < count:
                chosen.append(found)
                asked.append(Question("", found.text, (), (), 0))
                kinds[found.kind] += 1
        places = waiting
    return chosen


def _candidate(
    entry: tuple[_Sentence, list[tuple[str, str]]],
    told: dict[str, Sequence[Span]],
    weights: dict[str, float],
    asked: Sequence[Question],
    kinds: Counter[str],
) -> Candidate | None:
    """The sentence's question of the kind that is rarest so far, if it is new."""
    sentence, made = entry
    made = made or [(KEYWORDS, _typed(sentence, weights))]
    for kind, text in sorted(made, key=lambda pair: kinds[pair[0]]):
        if len(text.split()) >= _FEWEST_WORDS and not near_duplicates(text, asked):
            try:
                gold = gold_of(sentence.document, told[sentence.document.id], sentence.place, sentence.place)
            except UsageError:
                return None
            return Candidate(kind, text, gold, lines_of(sentence.document, *sentence.span))
    return None


def _idf(documents: Iterable[Document], told: dict[str, Sequence[Span]]) -> dict[str, float]:
    """Term -> log of how rare it is among the sentences."""
    held: Counter[str] = Counter()
    total = 0
    for document in documents:
        for start, end in told[document.id]:
            held.update({token.term for token in content_tokens(document.text[start:end])})
            total += 1
    return {term: math.log((total + 1) / count) for term, count in held.items()}


def _weighed(document: Document, place: int, span: Span, weights: dict[str, float]) -> _Sentence:
    """A sentence with its salience: the idf of its different terms, those of names and numbers twice, by the root of
    their number, so that neither the shortest nor the longest sentence wins by its length."""
    text = " ".join(document.text[span[0] : span[1]].split())
    tokens = tuple(content_tokens(text))
    terms = {token.term: _weight(text, token, weights) for token in tokens}
    return _Sentence(document, place, span, text, sum(terms.values()) / math.sqrt(max(1, len(terms))), tokens)


def _weight(text: str, token: Token, weights: dict[str, float]) -> float:
    named = token.start > 0 and not text[token.start].islower()
    return weights[token.term] * (2 if named else 1)


def _typed(sentence: _Sentence, weights: dict[str, float]) -> str:
    """The rarest names of the sentence and its rarest other words in turn, in its order and small, as they are typed
    into a search box."""
    text = sentence.text
    first = {token.term: token for token in reversed(sentence.tokens)}
    spans = [found.span() for found in _NAME.finditer(text)]
    names = {span: [t for t in first.values() if span[0] <= t.start < span[1]] for span in spans}
    rarest = {span: max((weights[token.term] for token in held), default=0.0) for span, held in names.items()}
    plain = {(t.start, t.end): weights[t.term] for t in first.values() if _is_typed(text[t.start : t.end])}
    chosen: list[Span] = []
    for pair in zip_longest(_heaviest(rarest), _heaviest(plain)):
        chosen += [span for span in pair if span and sum(len(text[a:b].split()) for a, b in chosen) < _TYPED]
    return " ".join(text[start:end].lower() for start, end in sorted(chosen))


def _is_typed(word: str) -> bool:
    """Whether a small word is one that people search for: rather a noun than a verb, or a word of grammar."""
    if not word.islower() or len(word) < _SHORTEST_TYPED or word.endswith("ly"):
        return False
    return word not in third_persons() and word not in _NOT_TYPED


def _heaviest(weighed: dict[Span, float]) -> list[Span]:
    return sorted((span for span, weight in weighed.items() if weight), key=lambda span: (-weighed[span], span))


def _known_quotes(known: Iterable[Question]) -> dict[str, list[str]]:
    quotes = defaultdict(list)
    for question in known:
        for gold in question.gold:
            if gold.quote:  # not a document as a whole
                quotes[gold.document].append(" ".join(gold.quote.split()))
    return quotes


def _fits(document: Document, span: Span, golds: dict[str, list[str]]) -> bool:
    text = " ".join(document.text[span[0] : span[1]].split())
    if len(text) > _MOST_CHARACTERS or not _SHORTEST <= len(text.split()) <= _LONGEST:
        return False
    if not _WHOLE.match(text) or _MARKUP.search(text):
        return False
    return not any(text in quote or quote in text for quote in golds.get(document.key, ()))
