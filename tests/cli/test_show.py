from __future__ import annotations

import hashlib

import pytest

from tests.cli.runner import Runner

# printf '../corpus\0nested/cis.md' | sha256sum | cut -c -12, and so on
CIS, CSTO = (hashlib.sha256(b"../corpus\0" + key).hexdigest()[:12] for key in (b"nested/cis.md", b"csto.md"))


@pytest.fixture
def csto(indexed: Runner) -> list[str]:
    """The ids of the two passages of csto.md."""
    return [passage["passage_id"] for passage in indexed("show", CSTO, "--json").json["passages"]]


def test_a_document(indexed: Runner) -> None:
    outcome = indexed("show", CIS)
    (passage,) = indexed("show", CIS, "--json").json["passages"]
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == f"""\
The Commonwealth of Independent States
corpus/nested/cis.md

passage {passage["passage_id"]} · lines 1-8
  1  # The Commonwealth of Independent States
  2
  3  The commonwealth was founded in December 1991. Georgia left the commonwealth in 2009.
  4
  5  - Its council of heads of state meets every year.
  6  - Its executive committee sits in Minsk.
  7
  8  Azerbaijan is a member of the commonwealth and of no military alliance of Russia.
"""
    )


def test_a_passage_is_marked(indexed: Runner, csto: list[str]) -> None:
    outcome = indexed("show", csto[1])
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == f"""\
The CSTO at a glance · Example Institute · 2018-11-22
corpus/csto.md

passage {csto[1]} · lines 19-22
> 19  ## Exercises
> 20
> 21  The organisation holds exercises every year. The exercise Interaction 2018 took place in Kyrgyzstan. Some
> 22  eighteen hundred soldiers took part in it.
"""
    )


def test_a_passage_with_its_neighbours(indexed: Runner, csto: list[str]) -> None:
    for context in ("1", "50"):
        found = indexed("show", csto[1], "--context", context, "--json").json
        assert found["passage_id"] == csto[1]
        assert [passage["passage_id"] for passage in found["passages"]] == csto
    lines = indexed("show", csto[1], "-C", "1").out.split("\n")
    assert lines[3:5] == [
        f"passage {csto[0]} · lines 11-17",
        "  11  The Collective Security Treaty Organisation has six members. Armenia, Belarus, Kazakhstan, Kyrgyzstan,",
    ]
    assert sum(line.startswith(">") for line in lines) == 4
    alone = indexed("show", csto[1], "--json").json
    assert [passage["lines"] for passage in alone["passages"]] == [[19, 22]]


def test_json(indexed: Runner, csto: list[str]) -> None:
    outcome = indexed("show", csto[1], "--json")
    assert outcome.code == 0
    assert outcome.json["document"] == {
        "id": CSTO,
        "path": "corpus/csto.md",
        "title": "The CSTO at a glance",
        "source": "Example Institute",
        "authors": ["Anna Petrosyan", "Boris Ivanov"],
        "published": "2018-11-22",
        "updated": None,
        "url": "https://example.org/csto",
        "language": "en",
        "tags": [],
        "lines_of": "file",
        "collection": None,
        "found_in": {
            **dict.fromkeys(("title", "source", "authors", "published", "url"), "front matter"),
            "language": "text",
        },
        "metadata": {},
    }
    assert indexed("show", CSTO, "--json").json["passage_id"] is None


@pytest.mark.parametrize("shape", ["{}", " {} ", "{:.8}"])
def test_the_start_of_an_id_is_enough_in_any_case(indexed: Runner, csto: list[str], shape: str) -> None:
    assert indexed("show", shape.format(csto[0].upper()), "--json").json["passage_id"] == csto[0]


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ("ffffffffffff", "No passage and no document of this index has an id that starts with ffffffffffff."),
        (f"{CIS}0", f"No passage and no document of this index has an id that starts with {CIS}0."),
        ("xyz", "'xyz' is no id. Ids are hexadecimal, as `briefqa search` prints them."),
        ("", "'' is no id. Ids are hexadecimal, as `briefqa search` prints them."),
        ("%", "'%' is no id. Ids are hexadecimal, as `briefqa search` prints them."),
    ],
)
def test_unknown_ids(indexed: Runner, identity: str, message: str) -> None:
    outcome = indexed("show", identity)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")
    assert indexed("show", identity, "--json").json_error == {
        "schema": "briefqa.error/1",
        "error": "UsageError",
        "message": message,
        "exit_code": 2,
    }


def test_an_ambiguous_id_names_the_choices(indexed: Runner) -> None:
    # Both are documents: printf '../corpus\0csto.md' | sha256sum starts with e678, and the first passage of osce.txt,
    # by its document's id, its start and its text, with e16e.
    osce = hashlib.sha256(b"../corpus\0osce.txt").hexdigest()[:12]
    (passage,) = indexed("show", osce, "--json").json["passages"]
    assert (passage["passage_id"][0], CSTO[0]) == ("e", "e")
    outcome = indexed("show", "e")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"error: More than one id starts with e: {passage['passage_id']}, {CSTO}. Type more of it.\n"


def test_no_index(run: Runner, articles: object) -> None:
    outcome = run("show", CIS)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == "error: There is no index in index. Make one with: briefqa index\n"


def test_a_negative_context(indexed: Runner) -> None:
    outcome = indexed("show", CIS, "--context", "-1")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: Invalid value for '--context' / '-C': ")
