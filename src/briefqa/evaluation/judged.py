"""Passages that were judged not to answer a question, so that nobody is asked twice: a file beside the question set.

    {"question": "q001", "document": "a.md", "passage": "...", "relevant": false}

`briefs.judged.jsonl` belongs to `briefs.jsonl`. What counts is the text: a passage of which every sentence was judged
for the question is known, also when the articles were cut into passages anew or moved. Take a line out to be asked
again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from briefqa.errors import DatasetError
from briefqa.evaluation.locking import sole_writer
from briefqa.evaluation.whole_files import write_whole


@dataclass(frozen=True, slots=True)
class Judged:
    """A passage that does not answer the question of this id."""

    question: str
    document: str
    passage: str


class Judgements:
    """The judgements that belong to a question set, read once, and added to one by one.

    DatasetError for a file that can't be read or holds anything else.
    """

    def __init__(self, questions: str | Path) -> None:
        self.path = Path(questions).with_suffix(".judged.jsonl")
        self._texts: defaultdict[str, list[str]] = defaultdict(list)
        for entry in _read(self.path):
            self._texts[entry.question].append(_plain(entry.passage))

    def knows(self, question: str, sentences: Iterable[str]) -> bool:
        """Whether each of the sentences stands in a passage that was judged for the question."""
        texts = self._texts.get(question, [])
        return bool(texts) and all(any(_plain(sentence) in text for text in texts) for sentence in sentences)

    def add(self, entry: Judged) -> None:
        """Keep a judgement, whole or not at all. DatasetError if it can't be written, or if somebody else is at it for
        too long (`sole_writer`)."""
        text = _plain(entry.passage)
        record = {"question": entry.question, "document": entry.document, "passage": text, "relevant": False}
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        try:
            with sole_writer(self.path):
                content = self.path.read_bytes() if self.path.exists() else b""
                gap = b"\n" if content and not content.endswith(b"\n") else b""
                write_whole(self.path, content + gap + line)
        except OSError as error:
            message = f"{self.path}: can't write the judgements ({error.strerror}); see that its folder can be written"
            raise DatasetError(message) from error
        self._texts[entry.question].append(text)


def _read(path: Path) -> list[Judged]:
    if not path.exists():
        return []
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        message = f"{path}: can't read the judgements ({error.strerror}); move the file away to judge anew"
        raise DatasetError(message) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if record["relevant"] is not False:
                raise ValueError(record["relevant"])
            found.append(Judged(str(record["question"]), str(record["document"]), str(record["passage"])))
        except (ValueError, KeyError, TypeError) as error:
            message = f"{path}:{number}: this is no judgement; correct the line, or take it out"
            raise DatasetError(message) from error
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())
