"""Any bytes and any text, and changed ones of each format: nothing is raised but what a contract says."""

from __future__ import annotations

import gzip
import json
import os
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.files import HOSTILE, docx, docx_text, epub, odt, pdf_text, zipped
from tests.hostile.targets import BYTES, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = int(os.environ.get("TORTURE_EXAMPLES", "12"))
LIMITS = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 1_000, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
STORY = "It rained in Baku on 22 November 2018. The river rose, and nobody went out."


@cache
def seeds() -> dict[str, bytes]:
    """A sound file of each format, and of each small file of an index."""
    page = (
        f"<!DOCTYPE html><html lang=en><head><title>Rain</title></head><body><h1>Rain</h1><p>{STORY}</p></body></html>"
    )
    mail = (
        "From: Ann <a@b.example>\nSubject: =?utf-8?q?Rain?=\nDate: Thu, 22 Nov 2018 10:00:00 +0400\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n'
        f"{STORY}\n> Quoted.\n-- \nAnn\n--b\nContent-Type: text/html\n\n{page}\n--b--\n"
    )
    return {
        "csv": f'title,text,date\nRain,"{STORY}",2018-11-22\n'.encode(),
        "docx": docx(docx_text(STORY) + f"<w:tbl><w:tr><w:tc>{docx_text('a')}</w:tc></w:tr></w:tbl>"),
        "eml": mail.encode(),
        "epub": epub(f"<html><body><p>{STORY}</p></body></html>"),
        "gz": gzip.compress(page.encode()),
        "htm": page.encode(),
        "json": json.dumps([{"title": "Rain", "text": STORY, "tags": ["a"], "date": 1542844800}]).encode(),
        "jsonl": json.dumps({"title": "Rain", "text": STORY, "author": "['Ann']"}).encode(),
        "markdown": f"---\ntitle: Rain\ndate: 2018-11-22\ntags: [a, b]\n---\n# Rain\n\n{STORY}\n\n- a\n- b\n".encode(),
        "mht": mail.encode(),
        "odt": odt(
            f"<text:p>{STORY}</text:p><text:list><text:list-item><text:p>a</text:p></text:list-item></text:list>"
        ),
        "pdf": pdf_text(f"BT /F 12 Tf 9 9 Td ({STORY}) Tj ET".encode()),
        "rtf": f"{{\\rtf1\\ansi{{\\info{{\\title Rain}}}}\\f0 {STORY}\\par\\u1041?\\'e4}}".encode(),
        "text": f"Rain\n\n{STORY}\n".encode(),
        "tsv": f"title\ttext\nRain\t{STORY}\n".encode(),
        "zip": zipped([("a.txt", STORY.encode()), ("b.html", page.encode())]),
        "index": json.dumps({"format": 1, "encoder": {"name": "a"}, "segments": [{"name": "seg-000001"}]}).encode(),
        "answers": b'{"size": 1, "mtime_ns": 2, "sha256": null, "documents": [], "reason": "it is empty"}',
    }


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    """`seed` with a few places changed, cut out, doubled or filled."""
    data = bytearray(seed)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = bytes(data[start:end])
        data[start:end] = draw(
            st.sampled_from([b"", piece * 2, piece * 300, HOSTILE.encode(), b"\0", b"\xff\xfe"]) | st.binary(max_size=8)
        )
    return bytes(data)


WORDS = st.sampled_from([
    STORY, "By Ann Lee", "\n\n", "\n", "- ", "# ", "**", "__", "| a | b |", "Read more: ", "Share this", "BAKU (AP) — ",
    "22 November 2018", "2018-11-22", "http://a.example/b", "Mr. ", "U.S. ", "…", "„“", "中文。", "ვინ", "\u200d",
    "a" * 300, "\ud800", HOSTILE, "yesterday", "two weeks ago", "last Monday", "90d", "12w", "99999999999y",
])  # fmt: skip
TEXT = st.lists(WORDS | st.text(max_size=20), max_size=30).map(" ".join) | st.text()


@pytest.mark.parametrize("name", BYTES)
def test_bytes(name: str) -> None:
    target: Callable[[bytes], None] = BYTES[name]

    @LIMITS
    @given(st.binary(max_size=2_000) | mutated(seeds()[name]))
    def hold(data: bytes) -> None:
        target(data)

    target(seeds()[name])
    hold()


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str) -> None:
    target: Callable[[str], None] = TEXTS[name]

    @LIMITS
    @given(TEXT)
    def hold(text: str) -> None:
        target(text)

    target(STORY)
    hold()
