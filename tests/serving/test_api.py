"""The API: every endpoint, that it tells what the library and the command line tell, and its errors."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from briefqa.serving.queries import ASKING, read_asked
from briefqa.serving.refusing import json_response
from tests.cli.runner import Runner
from tests.conftest import ARTICLES, Build
from tests.test_schemas import problems

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from briefqa.serving.library import Library
    from tests.fakes import FakeEncoders
    from tests.serving.conftest import Connect

QUESTION = "When did Georgia leave the commonwealth?"
QUOTE = "Georgia left the commonwealth in 2009."
# Query parameters, and the command line's options that say the same.
ASKED: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"retriever": "lexical"}, ["-r", "lexical"]),
    ({"retriever": "dense", "sort": "date", "explain": "true"}, ["-r", "dense", "--sort", "date", "--explain"]),
    ({"since": "2024", "before": "2025-01"}, ["--since", "2024", "--before", "2025-01"]),
    ({"source": ["example.org", "other"]}, ["--source", "example.org", "--source", "other"]),
    ({"path": "corpus/nested", "language": "en"}, ["--path", "corpus/nested", "--language", "en"]),
    ({"last": "1y", "tag": "x", "collection": "c"}, ["--last", "1y", "--tag", "x", "--collection", "c"]),
]
# What is asked for, the status, the kind of error, and how its message begins.
WRONG = [
    ("answer", 400, "UsageError", "There is no question. Give one as the parameter q."),
    ("answer?q=+", 400, "UsageError", "The question is empty."),
    (f"answer?q={'a' * 2001}", 400, "UsageError", "The question is 2,001 characters long and may have 2,000"),
    ("answer?q=a&since=2022-13", 400, "UsageError", "since is '2022-13'; it must be a date such as 2022-01-31,"),
    ("answer?q=a&since=2023&before=2022", 400, "UsageError", "No date is since 2023 and before 2022."),
    ("answer?q=a&last=soon", 400, "UsageError", "last is 'soon'; it must be a number of days,"),
    ("answer?q=a&language=english", 400, "UsageError", "language is 'english'; it must be a code"),
    ("answer?q=a&source=", 400, "UsageError", "One of the sources of the filter is empty."),
    ("answer?q=a&sort=age", 400, "UsageError", "sort is 'age'; it must be score or date."),
    ("answer?q=a&retriever=best", 400, "UsageError", "retriever is 'best'; it must be dense, lexical or hybrid."),
    ("hits?q=a&top_k=0", 400, "UsageError", "top_k is '0'; it must be a whole number from 1 to 1000."),
    ("hits?q=a&top_k=%D9%A1", 400, "UsageError", "top_k is '\u0661'; it must be a whole number"),
    ("hits?q=a&explain=yes", 400, "UsageError", "explain is 'yes'; it must be true or false."),
    ("hits?q=a&sorce=b", 400, "UsageError", "There is no parameter 'sorce'. Did you mean source? There are: q,"),
    ("hits?q=a&q=b", 400, "UsageError", "The parameter q is given more than once."),
    (f"hits?q=a{'&tag=b' * 101}", 400, "UsageError", "The parameter tag is given 101 times; 100 are taken."),
    ("documents?limit=1001", 400, "UsageError", "limit is '1001'; it must be a whole number from 1 to 1000."),
    ("status?x=1", 400, "UsageError", "There is no parameter 'x'. There are none here."),
    ("health?x=1", 400, "UsageError", "There is no parameter 'x'. There are none here."),
    ("documents/xyz", 404, "RequestRefused", "'xyz' is no id."),
    ("documents/000000000000", 404, "RequestRefused", "No passage and no document of this index has an id"),
    ("answers", 404, "RequestRefused", "There is nothing here. The API is described at /api/v1/openapi.json."),
    ("documents/a/b", 404, "RequestRefused", "There is nothing here."),
]


def without_times(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "milliseconds": None}


def test_answers_and_hits_are_the_command_lines(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Runner(monkeypatch, capsys)
    for query, options in ASKED:
        answer = client.get("/api/v1/answer", params={"q": QUESTION, **query})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert problems("answer", answer.json()) == []
        told = run("ask", QUESTION, "--min-confidence", "0", "--json", *options).json
        assert without_times(answer.json()) == without_times(told)
        hits = client.get("/api/v1/hits", params={"q": QUESTION, "top_k": 2, **query})
        assert problems("hits", hits.json()) == []
        told = run("search", QUESTION, "--top-k", "2", "--json", *options).json
        assert without_times(hits.json()) == without_times(told)


def test_an_answer_and_its_article(client: TestClient) -> None:
    told = client.get("/api/v1/answer", params={"q": QUESTION, "retriever": "lexical"}).json()
    citation = told["citations"][0]
    assert (told["status"], citation["quote"], citation["lines"]) == ("answered", QUOTE, [3, 3])
    article = client.get(f"/api/v1/documents/{citation['document']['id']}").json()
    assert problems("article", article) == []
    assert article["text"][citation["start"] : citation["end"]] == QUOTE
    assert article["passage_id"] is None
    shown = article["document"]
    assert {name: shown[name] for name in citation["document"]} == citation["document"]
    assert citation["passage_id"] in [passage["passage_id"] for passage in article["passages"]]
    asked = client.get(f"/api/v1/documents/{citation['passage_id'][:8].upper()}").json()
    assert (asked["passage_id"], asked["text"]) == (citation["passage_id"], article["text"])


def test_documents_come_in_pages(client: TestClient) -> None:
    listed = client.get("/api/v1/documents").json()
    assert problems("documents", listed) == []
    paths = [entry["path"] for entry in listed["documents"]]
    assert sorted(paths) == sorted(f"corpus/{name}" for name in ARTICLES)
    part = client.get("/api/v1/documents", params={"offset": 1, "limit": 2}).json()
    assert (part["total"], part["offset"], [entry["path"] for entry in part["documents"]]) == (5, 1, paths[1:3])
    assert client.get("/api/v1/documents", params={"offset": 9}).json()["documents"] == []


def test_status_health_and_description(client: TestClient) -> None:
    status = client.get("/api/v1/status").json()
    assert problems("status", status) == []
    assert (status["documents"], status["stale"]) == (5, False)
    assert problems("health", client.get("/api/v1/health").json()) == []
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    named = [entry["name"] for entry in described["paths"]["/answer"]["get"]["parameters"]]
    assert sorted(named) == sorted(ASKING)
    assert "#/$defs/" not in json.dumps(described)


def test_the_page_is_its_files(client: TestClient) -> None:
    folder = files("briefqa").joinpath("serving/page")
    served = {file.name: client.get("/" if file.name == "index.html" else f"/{file.name}") for file in folder.iterdir()}
    for name, response in served.items():
        assert (response.status_code, response.content) == (200, folder.joinpath(name).read_bytes()), name
    types = {Path(name).suffix: response.headers["content-type"] for name, response in served.items()}
    assert types == {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }
    asked_for = {
        name
        for response in served.values()
        for name in re.findall(r"""(?:from "\./|(?:href|src)=")([\w.]+\.(?:css|js|svg))\"""", response.text)
    }
    assert asked_for == {name for name in served if name != "index.html"}


def test_the_model_is_loaded_once_and_before_it_is_needed(library: Library, installed_fake: FakeEncoders) -> None:
    assert installed_fake.opened == []
    library.warm()
    assert len(installed_fake.opened) == 1
    for retriever in ("dense", "hybrid", "lexical"):
        library.hits(read_asked([("q", QUESTION), ("retriever", retriever)], library.settings))
    assert len(installed_fake.opened) == 1


def test_half_characters_in_the_name_of_an_index_are_escaped() -> None:
    assert json_response({"index": "caf\udce9"}).body == b'{"index": "caf\\udce9"}'
    assert json_response({"index": "caf\u00e9"}).body == b'{"index": "caf\xc3\xa9"}'


def test_errors_are_the_command_lines(client: TestClient) -> None:
    for path, status, kind, message in WRONG:
        response = client.get(f"/api/v1/{path}")
        told = response.json()
        assert (response.status_code, problems("error", told)) == (status, []), path
        assert (told["error"], told["message"][: len(message)]) == (kind, message)


def test_only_get_is_known(client: TestClient) -> None:
    response = client.delete("/api/v1/status")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    assert problems("error", response.json()) == []
    assert client.head("/api/v1/health").status_code == 200


def test_it_follows_newer_generations(client: TestClient, build: Build, articles: Path, library: Any) -> None:
    query = {"q": "Where do zeppelins land?", "retriever": "lexical"}
    assert client.get("/api/v1/answer", params=query).json()["status"] == "no_answer"
    (articles / "new.md").write_text("Zeppelins land in Friedrichshafen on the lake.\n", encoding="utf-8")
    build()
    library._clock = lambda: 1e9  # a second or more later
    told = client.get("/api/v1/answer", params=query).json()
    assert (told["status"], told["index"]["generation"]) == ("answered", 2)
    assert told["citations"][0]["quote"] == "Zeppelins land in Friedrichshafen on the lake."


def test_an_index_that_is_gone_is_unavailable(connect: Connect, articles: Path, library: Any) -> None:
    client = connect()
    assert client.get("/api/v1/status").status_code == 200
    (articles.parent / "index" / "CURRENT").write_text("gen-000099\n", encoding="utf-8")
    library._clock = lambda: 1e9
    response = client.get("/api/v1/status")
    assert (response.status_code, response.headers["retry-after"]) == (503, "10")
    told = response.json()
    assert (told["error"], told["exit_code"], problems("error", told)) == ("IndexDamaged", 3, [])


def test_what_nobody_foresaw_tells_nothing(
    connect: Connect, library: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError(QUESTION)

    monkeypatch.setattr(library, "answer", fails)
    response = connect().get("/api/v1/answer", params={"q": QUESTION})
    assert (response.status_code, problems("error", response.json())) == (500, [])
    told = capsys.readouterr()
    assert told.err.startswith("error: RuntimeError in ")
    assert "test_api.py:" in told.err
    assert QUESTION not in response.text + told.err + told.out
