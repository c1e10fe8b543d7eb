"""A small corpus, and a fake encoder to index it with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from briefqa.config import Settings
from briefqa.encoders.factory import InstalledEncoders
from briefqa.index import checksums
from briefqa.index.update import update
from tests.fakes import FakeEncoders
from tests.made_once import MadeOnce

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.reports import IndexReport

ARTICLES = {
    "csto.md": """\
---
title: "The CSTO at a glance"
date: 2018-11-22
source: Example Institute
authors:
  - Anna Petrosyan
  - Boris Ivanov
url: https://example.org/csto
---

The Collective Security Treaty Organisation has six members. Armenia, Belarus, Kazakhstan, Kyrgyzstan,
Russia and Tajikistan belong to it. Its headquarters stand in Moscow.

## Leadership

The secretary general serves for three years. Nikolai Bordyuzha held the post until 2016. Yuri Khachaturov
of Armenia followed him in 2017.

## Exercises

The organisation holds exercises every year. The exercise Interaction 2018 took place in Kyrgyzstan. Some
eighteen hundred soldiers took part in it.
""",
    "nested/cis.md": """\
# The Commonwealth of Independent States

The commonwealth was founded in December 1991. Georgia left the commonwealth in 2009.

- Its council of heads of state meets every year.
- Its executive committee sits in Minsk.

Azerbaijan is a member of the commonwealth and of no military alliance of Russia.
""",
    "osce.txt": """\
The OSCE Minsk Group

The Minsk Group was set up in 1992. France, Russia and the United States share its chair.
It meets in Vienna, and its mediators travel to Baku and Yerevan.
""",
    "peace.md": """\
---
title: Talks on a treaty
date: 2024-05
author: Clara Weiss
---
Armenia and Azerbaijan agreed to mark a stretch of their border. Four villages changed hands in May 2024.

The border commission met in April. It will meet again.
""",
    "union.text": "The Union State joins Russia and Belarus. Its treaty was signed in 1999.\n",
}


class Build(Protocol):
    """An index run over the small corpus with the fake encoder."""

    def __call__(self, *, rebuild: bool = False, **settings: Any) -> IndexReport:
        """Update the index "index" from the folder "corpus", or as `settings` say."""


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BRIEFQA_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """`made_once(name, make)`: what `make` makes of the current folder, copied where it was made before."""
    return MadeOnce(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for tests.made_once.exported_once."""
    return tmp_path_factory.mktemp("exported")


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No checksum is looked at when an index is opened, as those of large files are not."""
    monkeypatch.setattr(checksums, "CHECKED_ON_OPENING", 0)


@pytest.fixture
def encoders() -> FakeEncoders:
    """A fresh fake: its counters stand at nothing."""
    return FakeEncoders()


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the small corpus; the test stands in its parent."""
    folder = tmp_path / "corpus"
    for key, text in ARTICLES.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def build(articles: Path, encoders: FakeEncoders) -> Build:
    """`build(rebuild=False, **settings)`: an index run with the fake."""
    assert articles.is_dir()

    def run(*, rebuild: bool = False, **settings: Any) -> IndexReport:
        return update(Settings(**settings), rebuild=rebuild, encoders=encoders)

    return run


@pytest.fixture
def installed_fake(encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch) -> FakeEncoders:
    """The fake in the place of the real encoders, for code that is not handed any, such as the command line."""
    monkeypatch.setattr(InstalledEncoders, "find", lambda _, name: encoders.find(name))
    monkeypatch.setattr(InstalledEncoders, "load", lambda _, model, **how: encoders.load(model, **how))
    monkeypatch.setattr(InstalledEncoders, "open_for_passages", lambda _, folder: encoders.open_for_passages(folder))
    monkeypatch.setattr(InstalledEncoders, "open", lambda _, folder: encoders.open(folder))
    monkeypatch.setattr(InstalledEncoders, "find_reranker", lambda _, name: encoders.find_reranker(name))
    monkeypatch.setattr(InstalledEncoders, "load_reranker", lambda _, model: encoders.load_reranker(model))
    monkeypatch.setattr(InstalledEncoders, "open_reranker", lambda _, folder: encoders.open_reranker(folder))
    return encoders
