"""The soak benchmark, for some seconds and with the fake encoder."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

import soak
from briefqa.config import Settings
from soak_report import Sample, draw, markdown
from tests.fakes import FakeEncoders

SECONDS = float(os.environ.get("TORTURE_SOAK_SECONDS", "6"))


@pytest.mark.timeout(120 + 2 * SECONDS)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="looks into /proc")
def test_a_soak_finds_nothing_wrong(articles: Path, tmp_path: Path) -> None:
    settings = Settings(corpus=(str(articles),), index=str(tmp_path / "index"), min_confidence=0.0)
    found = soak.soak(
        tmp_path, settings, FakeEncoders(), seconds=SECONDS, readers=2, sample_seconds=0.5, pause_seconds=0.1
    )
    assert found.wrong == []
    assert found.updates >= 1
    assert found.answers > found.updates
    assert {sample.name for sample in found.samples} == {"reader 1", "reader 2", "writer"}
    assert all(sample.mib > 1 and sample.files > 2 for sample in found.samples)


def test_an_answer_that_is_another_than_the_reference_is_found(tmp_path: Path) -> None:
    reference, log = tmp_path / "reference.jsonl", tmp_path / "reader-1.jsonl"
    entry = {"generation": 7, "question": "Who?", "answer": ["answered", 0.5, [], []]}
    reference.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    lines = [entry, entry | {"answer": ["no_answer", 0.5, [], []]}, entry | {"generation": 8}, {"failed": "Traceback"}]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = soak.Found(1.0, 1)
    soak._compare(found, reference, [log])
    assert (found.answers, found.updates, found.generations) == (3, 0, 1)
    assert found.wrong == [
        "reader-1: generation 7 answered 'Who?' otherwise",
        "reader-1: generation 8 has no reference",
        "reader-1: Traceback",
    ]


def test_the_table_and_the_picture_say_what_was_looked_at() -> None:
    samples = [Sample("reader 1", 10.0 * at, 100.0 + at, 20) for at in range(9)]
    samples += [replace(sample, name="writer", mib=2 * sample.mib) for sample in samples]
    # Looks at 0 to 80 s: the second quarter is from 20 to 40 s, the last from 60 s on.
    assert markdown(samples).split("\n")[2:] == [
        "| reader 1 | 103 | 107 | 108 | 20 | 20 | 20 |",
        "| writer | 206 | 214 | 216 | 20 | 20 | 20 |",
    ]
    drawn = draw(samples)
    assert drawn.count('<path class="line reader"') == drawn.count('<path class="line writer"') == 2
    assert "reader 1: 100 to 108 MiB, 20 to 20 open files; writer: 200 to 216 MiB" in drawn
