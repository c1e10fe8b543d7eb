"""Importing question sets in the format of SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016 and 2018)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Gold
from briefqa.evaluation.exchange.articles import clean, file_keys, make_article
from briefqa.evaluation.exchange.imported import Collector, Imported
from briefqa.evaluation.exchange.placing import Placer

_BETWEEN = "\n\n"
_KINDS: dict[type, str] = {str: "text", list: "a list", dict: "an object", int: "a whole number"}

T = TypeVar("T")


def read_squad(path: Path, *, longest: int) -> Imported:
    """An article for each title, with its paragraphs, and the questions.

    Of the answers that several people gave to a question, which are alternatives, the commonest is gold, the first of
    equals. Questions longer than `longest`, without an answer, or with one that does not stand where it says, are left
    out. DatasetError for a file of another form, with the place in it.
    """
    collector = Collector(longest=longest)
    articles = []
    try:
        topics = list(_items(_load(path), "data", "the file"))
        titles = _apart([_field(topic, "title", str, place) for place, topic in topics])
        for title, key, (place, topic) in zip(titles, file_keys(titles).values(), topics, strict=True):
            paragraphs = list(_items(topic, "paragraphs", place))
            contexts = [_field(paragraph, "context", str, where) for where, paragraph in paragraphs]
            text = _BETWEEN.join(map(clean, contexts))
            article = make_article(title, unquote(title).replace("_", " "), text, key=key)
            if article:
                articles.append(article)
                _questions(paragraphs, contexts, Placer(text), key=key, collector=collector)
    except ValueError as error:
        message = f"{path} is not in the format of SQuAD: {error}"
        raise DatasetError(message) from error
    return collector.imported(articles, source=str(path))


def _questions(
    paragraphs: Sequence[tuple[str, dict[str, Any]]],
    contexts: Sequence[str],
    placer: Placer,
    *,
    key: str,
    collector: Collector,
) -> None:
    begin = 0
    for (where, paragraph), context in zip(paragraphs, contexts, strict=True):
        for place, entry in _items(paragraph, "qas", where):
            identity, question = _field(entry, "id", str, place), _field(entry, "question", str, place)
            if entry.get("is_impossible") is True:
                collector.add(identity, question, gold=())
                continue
            answers = list(_answers(entry, place))
            right = [
                (start, start + len(text))
                for start, text in answers
                if text.strip() and context.startswith(text, start) and start >= 0
            ]
            if right:
                [((start, end), _)] = Counter(right).most_common(1)
                first = begin + len(clean(context[:start]))
                placed = placer.quote(first, first + len(clean(context[start:end])))
                collector.add(identity, question, gold=[Gold(key, placed.words)], widened=placed.widened)
            elif answers:
                collector.drop("its answer does not stand where it says")
            else:
                collector.drop("it has no answer, and does not say that there is none")
        begin += len(clean(context)) + len(_BETWEEN)


def _answers(entry: dict[str, Any], place: str) -> Iterator[tuple[int, str]]:
    for where, answer in _items(entry, "answers", place):
        yield _field(answer, "answer_start", int, where), _field(answer, "text", str, where)


def _apart(titles: Sequence[str]) -> list[str]:
    """The titles, with a number behind each that was there before."""
    seen: Counter[str] = Counter()
    apart = []
    for title in titles:
        seen[title] += 1
        apart.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return apart


def _load(path: Path) -> dict[str, Any]:
    try:
        return _typed(json.loads(path.read_bytes()), dict, "the file")
    except OSError as error:
        message = f"{path}: can't read this file ({error.strerror})"
        raise DatasetError(message) from error
    except RecursionError as error:
        message = "lists or objects are nested too deep"
        raise ValueError(message) from error


def _items(record: dict[str, Any], name: str, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list in the record, each with its place."""
    for number, item in enumerate(_field(record, name, list, place)):
        where = f"{name}[{number}]" if place == "the file" else f"{place}.{name}[{number}]"
        yield where, _typed(item, dict, where)


def _field(record: dict[str, Any], name: str, kind: type[T], place: str) -> T:
    if name not in record:
        message = f'{place} has no "{name}"'
        raise ValueError(message)
    return _typed(record[name], kind, f'"{name}" of {place}')


def _typed(value: object, kind: type[T], place: str) -> T:
    if not isinstance(value, kind) or isinstance(value, bool):
        message = f"{place} is not {_KINDS[kind]}"
        raise ValueError(message)
    return value
