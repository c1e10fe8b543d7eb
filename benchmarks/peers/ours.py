"""briefqa through its Python API, with the commands of a peer, for questions asked warm."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import briefqa

SHOWN = 5
RANKED = 50


def run(store: str, questions: str, out: str) -> None:
    """See peer.py."""
    milliseconds, rankings = [], {}
    with briefqa.open(store) as index:
        for entry in json.loads(Path(questions).read_text(encoding="utf-8")):
            began = time.perf_counter()
            index.search(entry["text"], top_k=SHOWN)
            milliseconds.append(round(1000 * (time.perf_counter() - began), 2))
            found = index.search(entry["text"], top_k=RANKED).hits
            rankings[entry["id"]] = list(dict.fromkeys(hit.document.key for hit in found))
    Path(out).write_text(json.dumps({"milliseconds": milliseconds, "rankings": rankings}), encoding="utf-8")


if __name__ == "__main__":
    run(*sys.argv[1:])
