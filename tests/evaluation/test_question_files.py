"""Writing to question sets: what changes, that nothing else does, and that failures change nothing."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Gold, Question, load_questions
from briefqa.evaluation.gold import Resolution, resolve_gold
from briefqa.evaluation.question_files import add_gold, append_question, rewrite_gold
from briefqa.types import Document

PACT = "The pact was signed in Minsk in 1991 by three presidents."
EDITED = PACT.replace("1991", "1992")
RAIN = "Rain fell on the coast for a week, and the harbour closed."

# Odd spacing, another order of keys, escapes, a note: all of it somebody's choice.
PLAIN = b'{"id": "q1", "question": "Who?", "tags": [], "gold": []}'
ODD = (
    b'  { "gold" :[ {"quote":"' + PACT.encode() + b'" , "document":"a.md"},{"document": "b.md", "quote": "It met."}],'
    b'\t"note": "a {\\"gold\\": [1, 2]} of old", "id":"q2", "tags":["t"],"question":"Where?"}  '
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "q.jsonl"


def _resolved(path: Path, **texts: str) -> Resolution:
    documents = [Document(f"id:{key}", key.replace("_md", ".md"), key, text, "0" * 64) for key, text in texts.items()]
    return resolve_gold(load_questions(path), lambda: documents, path=path)


def _refused(path: Path, call: object, *arguments: object) -> str:
    """The message of a call that is refused and leaves the folder as it was."""
    before = {entry: entry.read_bytes() for entry in path.parent.iterdir()}
    assert callable(call)
    with pytest.raises(DatasetError) as caught:
        call(path, *arguments)
    assert {entry: entry.read_bytes() for entry in path.parent.iterdir()} == before
    return str(caught.value).replace(str(path), "q.jsonl")


def test_only_the_strings_of_changed_golds_are_written_anew(path: Path) -> None:
    path.write_bytes(b"\n" + PLAIN + b"\n" + ODD + b"\n\n" + PLAIN.replace(b"q1", b"q3"))
    found = _resolved(path, a_md=f"{RAIN}\n{EDITED.replace(' ', chr(10), 3)}", c_md="So. It met.")
    assert rewrite_gold(path, found) == 2
    odd = ODD.replace(PACT.encode(), EDITED.encode()).replace(b"b.md", b"c.md")
    assert path.read_bytes() == b"\n" + PLAIN + b"\n" + odd + b"\n\n" + PLAIN.replace(b"q1", b"q3")
    again = _resolved(path, a_md=f"{RAIN}\n{EDITED}", c_md="So. It met.")
    assert (again.drift, again.lost) == ((), ())


def test_windows_line_ends_and_a_byte_order_mark_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + ODD + b"\r\n" + PLAIN + b"\r\n")
    assert rewrite_gold(path, _resolved(path, a_md=EDITED, b_md="It met.")) == 1
    odd = ODD.replace(PACT.encode(), EDITED.encode())
    assert path.read_bytes() == b"\xef\xbb\xbf" + odd + b"\r\n" + PLAIN + b"\r\n"


def _set(quote: str, *, escapes: bool) -> bytes:
    record = {"id": "q1", "question": "?", "tags": [], "gold": [{"document": "a.md", "quote": quote}]}
    return json.dumps(record, ensure_ascii=escapes).encode()


@pytest.mark.parametrize("escapes", [False, True])
def test_text_beyond_ascii_is_written_as_the_line_writes_it(path: Path, escapes: bool) -> None:
    old, new = (
        f"\U0001f3b5 Beyonc\u00e9 sang in {town} for the first time." for town in ("\u0141\u00f3d\u017a", "Kraków")
    )
    path.write_bytes(_set(old, escapes=escapes))
    assert rewrite_gold(path, _resolved(path, a_md=new)) == 1
    assert path.read_bytes() == _set(new, escapes=escapes)


def test_a_plain_line_gets_no_escapes(path: Path) -> None:
    path.write_bytes(_set("Beyonce sang in Lodz for the first time.", escapes=False))
    assert rewrite_gold(path, _resolved(path, a_md="Beyonce sang in Łódź for the first time.")) == 1
    assert path.read_bytes() == _set("Beyonce sang in Łódź for the first time.", escapes=False)


def test_a_quote_that_moved_keeps_its_words_and_a_lost_one_stays(path: Path) -> None:
    path.write_bytes(ODD.replace(b"three presidents", b"three\\npresidents"))
    found = _resolved(path, c_md=PACT)
    assert ([drift.kind for drift in found.drift], len(found.lost)) == (["moved"], 1)
    assert rewrite_gold(path, found) == 1
    assert path.read_bytes() == ODD.replace(b"three presidents", b"three\\npresidents").replace(b"a.md", b"c.md")


def test_without_drift_nothing_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(ODD)
    monkeypatch.setattr(os, "replace", _full)
    assert rewrite_gold(path, _resolved(path, a_md=PACT)) == 0
    assert path.read_bytes() == ODD


@pytest.mark.parametrize(
    "content",
    [PLAIN, ODD.replace(b"q2", b"q9"), ODD.replace(b"1991", b"1993"), PLAIN + b"\n" + ODD],
    ids=["no gold", "other id", "other quote", "other line"],
)
def test_a_set_that_has_changed_meanwhile_is_not_touched(path: Path, content: bytes) -> None:
    path.write_bytes(ODD)
    found = _resolved(path, a_md=EDITED, b_md="It met.")
    path.write_bytes(content)
    assert _refused(path, rewrite_gold, found) == (
        "q.jsonl:1: question 'q2' has changed since its golds were looked for; look for them again"
    )


def test_a_set_that_is_gone_or_broken_is_not_rewritten(path: Path) -> None:
    path.write_bytes(ODD)
    found = _resolved(path, a_md=EDITED, b_md="It met.")
    path.write_bytes(b"{}")
    assert 'q.jsonl:1: the line lacks the key "id"' in _refused(path, rewrite_gold, found)
    path.unlink()
    assert _refused(path, rewrite_gold, found) == (
        "q.jsonl: can't read the question set (No such file or directory); give a file of JSON lines"
    )


QUESTION = Question("", "Où est-ce \U0001f3b5?", ("fact",), (Gold("a.md", 'He said "no".'),), 0)
RECORD = (
    '"question": "Où est-ce \U0001f3b5?", "tags": ["fact"],'
    ' "gold": [{"document": "a.md", "quote": "He said \\"no\\"."}]}'
).encode()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, b'{"id": "q001", ' + RECORD + b"\n"),
        (b"", b'{"id": "q001", ' + RECORD + b"\n"),
        (b"\xef\xbb\xbf", b'\xef\xbb\xbf{"id": "q001", ' + RECORD + b"\n"),
        (b"\n", b'\n{"id": "q001", ' + RECORD + b"\n"),
        (PLAIN, PLAIN + b'\n{"id": "q2", ' + RECORD + b"\n"),
        (PLAIN + b"\n", PLAIN + b'\n{"id": "q2", ' + RECORD + b"\n"),
        (PLAIN + b"\r\n", PLAIN + b'\r\n{"id": "q2", ' + RECORD + b"\r\n"),
        (PLAIN + b"\r\n" + ODD, PLAIN + b"\r\n" + ODD + b'\r\n{"id": "q3", ' + RECORD + b"\r\n"),
    ],
)
def test_a_question_is_appended_after_what_is_there(path: Path, content: bytes | None, expected: bytes) -> None:
    if content is not None:
        path.write_bytes(content)
    written = append_question(path, QUESTION)
    assert path.read_bytes() == expected
    assert written == load_questions(path)[-1]
    assert (written.text, written.tags, written.gold) == (QUESTION.text, QUESTION.tags, QUESTION.gold)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["q206"], "q207"),
        (["q001", "q009", "q003"], "q010"),
        (["q99"], "q100"),
        (["q10", "q9"], "q11"),
        (["a-1", "b-7", "b-2"], "b-8"),
        (["7"], "8"),
        (["q1", "seed"], "q2"),
        (["seed"], "q001"),
        (["2018-03x04"], "2018-03x05"),
        (["x" + "9" * 30], "x" + "9" * 12 + "1" + "0" * 18),
    ],
)
def test_the_next_id_follows_the_pattern_of_the_set(path: Path, ids: list[str], expected: str) -> None:
    path.write_bytes(b"\n".join(PLAIN.replace(b"q1", identity.encode()) for identity in ids))
    assert append_question(path, QUESTION).id == expected


def test_an_id_that_is_given_is_kept(path: Path) -> None:
    path.write_bytes(PLAIN)
    written = append_question(path, Question("why", "Why?", (), (), 9))
    assert written == Question("why", "Why?", (), (), 2)
    assert path.read_bytes() == PLAIN + b'\n{"id": "why", "question": "Why?", "tags": [], "gold": []}\n'


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (Question("q1", "Why?", (), (), 0), "the id 'q1' stands on line 1 too"),
        (Question("", " ", (), (), 0), '"question" is empty'),
        (Question("", "Why?", ("",), (), 0), "tag 1 is empty"),
        (Question("", "Why \ud83c?", (), (), 0), '"question" holds half a surrogate pair, which is no character'),
        (Question("", "Why?", (), (Gold("a.md", ""),), 0), 'gold 1, "quote" is empty'),
        (Question("", "Why?", (), (Gold("a.md", "x"),) * 2, 0), "the same gold stands twice"),
        (
            Question("", "Why?", (), tuple(Gold("a.md", f"{number}") for number in range(1001)), 0),
            "1001 golds; keep the 1000 that matter most",
        ),
    ],
)
def test_what_would_not_be_read_again_is_not_appended(path: Path, question: Question, problem: str) -> None:
    path.write_bytes(PLAIN)
    assert _refused(path, append_question, question).splitlines() == [
        "q.jsonl: 1 problem in the question set; correct it and run again",
        f"q.jsonl:2: {problem}",
    ]


def test_nothing_is_appended_to_a_broken_set_or_below_a_folder_that_is_not_there(path: Path) -> None:
    path.write_bytes(b"nonsense\n")
    message = "q.jsonl:1: not JSON: Expecting value at column 1"
    assert message in _refused(path, append_question, QUESTION)
    assert message in _refused(path, append_question, Question("q7", "Why?", (), (), 0))
    with pytest.raises(DatasetError, match=r"can't write the question set \(No such file or directory\)"):
        append_question(path.parent / "no" / "q.jsonl", QUESTION)
    with pytest.raises(DatasetError, match=r"can't read the question set \(Is a directory\)"):
        append_question(path.parent, QUESTION)


ADDED = '{"document": "b.md", "quote": "Łódź."}'.encode()
ESCAPED = b'{"document": "b.md", "quote": "\\u0141\\u00f3d\\u017a."}'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"[]", b"[" + ADDED + b"]"),
        (b"[ ] ", b"[" + ADDED + b" ] "),
        (
            b'[{"document": "a.md", "quote": "[1, 2]}"}\t]',
            b'[{"document": "a.md", "quote": "[1, 2]}"}, ' + ADDED + b"\t]",
        ),
        (
            b'[{"quote": "\\u00e9", "document": "a.md"}]',
            b'[{"quote": "\\u00e9", "document": "a.md"}, ' + ESCAPED + b"]",
        ),
    ],
)
def test_a_gold_is_added_as_the_last(path: Path, old: bytes, new: bytes) -> None:
    def content(gold: bytes) -> bytes:
        line = b'{"id": "q2", "question": "Where?", "gold" : ' + gold + b', "tags": []}\r\n'
        return PLAIN + b"\r\n" + line + PLAIN.replace(b"q1", b"q3")

    path.write_bytes(content(old))
    add_gold(path, "q2", Gold("b.md", "Łódź."))
    assert path.read_bytes() == content(new)
    assert load_questions(path)[1].gold[-1] == Gold("b.md", "Łódź.")


def test_golds_that_can_not_be_added(path: Path) -> None:
    path.write_bytes(ODD)
    assert _refused(path, add_gold, "q1", Gold("b.md", "x")) == (
        "q.jsonl: there is no question 'q1' in this set; give the id of one that is there"
    )
    assert "the same gold stands twice" in _refused(path, add_gold, "q2", Gold("b.md", "It met."))
    assert 'gold 3, "quote" is empty' in _refused(path, add_gold, "q2", Gold("b.md", " "))
    assert "half a surrogate pair" in _refused(path, add_gold, "q2", Gold("b.md", "\udc00"))
    append_question(path, Question("q9", "Why?", (), tuple(Gold("a.md", f"{number}") for number in range(1000)), 0))
    assert "1001 golds; keep the 1000 that matter most" in _refused(path, add_gold, "q9", Gold("b.md", "y"))


def test_a_whole_document_stays_one(path: Path) -> None:
    append_question(path, Question("q1", "Why?", (), (Gold("a.md", None),), 0))
    add_gold(path, "q1", Gold("b.md", None))
    assert [question.gold for question in load_questions(path)] == [(Gold("a.md", None), Gold("b.md", None))]


def _full(*_: object) -> NoReturn:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_write_that_fails_leaves_the_old_file_whole_and_nothing_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path.write_bytes(ODD)
    found = _resolved(path, a_md=EDITED, b_md="It met.")
    monkeypatch.setattr(os, step, _full)
    message = (
        "q.jsonl: can't write the question set (No space left on device), and left it as it was;"
        " see that there is room and that its folder can be written"
    )
    assert _refused(path, rewrite_gold, found) == message
    assert _refused(path, append_question, QUESTION) == message
    assert _refused(path, add_gold, "q2", Gold("b.md", "x")) == message


def test_an_interrupt_leaves_nothing_beside_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    path.write_bytes(PLAIN)
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        append_question(path, QUESTION)
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == PLAIN


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions and links")
def test_permissions_and_links_stay(path: Path) -> None:
    kept = path.with_name("kept.jsonl")
    kept.write_bytes(PLAIN)
    kept.chmod(0o640)
    path.symlink_to(kept.name)
    append_question(path, QUESTION)
    assert path.is_symlink()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert [question.id for question in load_questions(kept)] == ["q1", "q2"]
