"""Writing folders and question sets that are there whole or not at all, and replace nothing unasked."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from briefqa.errors import UsageError
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.exchange.articles import Article, to_markdown
from briefqa.evaluation.whole_files import write_whole


@contextmanager
def new_folder(path: Path, *, option: str | None = None) -> Iterator[Path]:
    """A folder to be filled in a `with` block, which becomes `path` at its end; if that fails, nothing is left.

    Raises UsageError if there is anything in `path`, or if it can't be written; it names the `option` that says where
    else.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        message = f"{path} is {'not empty' if path.is_dir() else 'a file'}; choose a folder that is new or empty"
        message += f" with {option}" if option else ""
        raise UsageError(message)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.mkdir(parents=True)
        yield unfinished
        if path.exists():
            path.rmdir()
        unfinished.rename(path)
    except OSError as error:
        message = f"can't write {path} ({error.strerror}); choose another place"
        raise UsageError(message) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def write_import(
    articles: Sequence[Article] | None,
    questions: Sequence[Question],
    *,
    corpus: Path | None,
    question_set: Path,
    replace: bool = False,
    sources: Sequence[Path] = (),
) -> None:
    """Write the articles as files of a new folder, and the question set.

    Raises UsageError, and leaves all as it was, where the folder is not empty, where the set is there unless `replace`,
    where it is one of the files (`sources`) that are imported, or where they can't be written.
    """
    if question_set.exists() and any(path.exists() and question_set.samefile(path) for path in sources):
        message = f"{question_set} is what is imported; choose another file with --questions"
        raise UsageError(message)
    if question_set.is_dir() or (question_set.exists() and not replace):
        message = f"{question_set} is there already; choose another file with --questions" + (
            "" if question_set.is_dir() else ", or --replace it"
        )
        raise UsageError(message)
    if corpus and question_set.resolve().is_relative_to(corpus.resolve()):
        message = f"{question_set} would stand among the articles; choose a file outside {corpus} with --questions"
        raise UsageError(message)
    made = False
    try:
        question_set.parent.mkdir(parents=True, exist_ok=True)
        if corpus:
            with new_folder(corpus, option="--corpus") as folder:
                for article in articles or ():
                    path = folder / article.key
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(to_markdown(article), encoding="utf-8", newline="")
            made = True
        write_whole(question_set, "".join(map(_record, questions)).encode())
    except OSError as error:
        if made and corpus:
            shutil.rmtree(corpus, ignore_errors=True)
        message = f"can't write {question_set} ({error.strerror}); choose another place"
        raise UsageError(message) from error


def _record(question: Question) -> str:
    record = {
        "id": question.id,
        "question": question.text,
        "tags": list(question.tags),
        "gold": [{"document": gold.document, "quote": gold.quote} for gold in question.gold],
    }
    return json.dumps(record, ensure_ascii=False) + "\n"
