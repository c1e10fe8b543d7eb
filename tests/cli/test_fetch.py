"""`briefqa fetch`, and what `briefqa index` says of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from briefqa.fetching import client
from tests.cli.runner import Runner
from tests.fetching.site import Site
from tests.test_schemas import problems, schema


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(client, "Client", partial(client.Client, client.FetchLimits(pause=0.0)))
    with Site() as opened:
        yield opened


def test_all_are_saved_or_named(run: Runner, site: Site) -> None:
    Path("list.txt").write_text(f"{site.url}/gone\x1b\n", encoding="utf-8")
    outcome = run("fetch", f"{site.url}/page", "--from", "list.txt", "--allow-private", "--into", "news")
    assert outcome.code == 2
    (saved,) = (path for path in Path("news").iterdir() if path.suffix == ".mhtml")
    assert outcome.out == f"saved     {site.url}/page  {saved}\n"
    assert outcome.err == f"not saved: {site.url}/gone\N{REPLACEMENT CHARACTER}: it is not a valid address\n"


def test_as_json(run: Runner, site: Site) -> None:
    Draft202012Validator.check_schema(schema("fetch"))
    outcome = run("fetch", f"{site.url}/page", "--json", "--allow-private")
    assert (outcome.code, outcome.json["complete"]) == (0, True)
    assert problems("fetch", outcome.json) == []
    (entry,) = outcome.json["fetched"]
    assert (entry["address"], entry["state"], entry["reason"]) == (f"{site.url}/page", "saved", None)
    assert Path(entry["file"]).parent == Path("corpus")
    outcome = run("fetch", f"{site.url}/page", "--json")
    assert outcome.code == 2
    assert problems("fetch", outcome.json) == []
    assert outcome.json["fetched"][0]["reason"].startswith("127.0.0.1 is on a private network (127.0.0.1)")


def test_without_addresses(run: Runner) -> None:
    outcome = run("fetch")
    message = "There is no address to fetch. Name one, for example: briefqa fetch https://example.org/story"
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")


def test_index_reads_files_only(run: Runner) -> None:
    outcome = run("index", "https://example.org/story")
    message = (
        "briefqa reads files only. Save the page first with: briefqa fetch https://example.org/story --into corpus"
    )
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")
