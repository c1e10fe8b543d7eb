"""Fuzzes a target under Atheris (coverage-guided, with libFuzzer), which is no dependency of the project:

    python -m tests.hostile.fuzz TARGET SECONDS [FOLDER]

Inputs that reached new code are kept in FOLDER, to go on from. Ends at the first input that breaks a contract, takes
20 s or 3 GB, and leaves it in the current folder.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main(name: str, seconds: int, folder: str | None = None) -> None:
    """Fuzz until something is found, or the time is over; the process ends here."""
    import atheris  # noqa: PLC0415 - not always there

    with atheris.instrument_imports(include=["briefqa", "striprtf", "email", "yaml", "zipfile", "csv"]):
        from tests.hostile.targets import BYTES, TEXTS  # noqa: PLC0415
    from tests.hostile.test_properties import STORY, seeds  # noqa: PLC0415

    def test_one_input(data: bytes) -> None:
        if name in BYTES:
            BYTES[name](data)
        else:
            TEXTS[name](data.decode("utf-8", "surrogateescape"))

    corpus = Path(folder or tempfile.mkdtemp())
    corpus.mkdir(exist_ok=True)
    (corpus / "seed").write_bytes(seeds().get(name, STORY.encode()))
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=3000", "-max_len=20000",
         "-seed=20261125", "-print_final_stats=1", "-verbosity=0"],
        test_one_input,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:4])
