from __future__ import annotations

from pathlib import Path

import pytest

from briefqa.index.nearby import missing


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: an index beside it, one in it, and a folder that is none."""
    tmp_path = tmp_path / "alone"  # other tests' folders lie beside it
    for index in ("index", "here/my-index", "here/other"):
        (tmp_path / index / "gen-000001").mkdir(parents=True)
        if index != "here/other":
            (tmp_path / index / "CURRENT").write_text("gen-000001\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("index", "my-index or ../index"),
        ("my-indx", "my-index or ../index"),
        ("my-index/gen-000001", "my-index or ../index"),
        ("..", "../index"),
        ("../indx", "../index"),
        ("no/where/index", "../index"),
    ],
)
@pytest.mark.usefixtures("around")
def test_what_lies_near_is_named(asked: str, meant: str) -> None:
    assert str(missing(Path(asked))) == (
        f"There is no index in {asked}. Did you mean {meant}? Or make one with: briefqa index"
    )


def test_nothing_near(tmp_path: Path) -> None:
    asked = tmp_path / "alone" / "index"
    assert str(missing(asked)) == f"There is no index in {asked}. Make one with: briefqa index"
