"""A few passages through the exported encoder, held to sentence-transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.encoders.factory import InstalledEncoders
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import IndexDamaged
from briefqa.sentences import sentences
from tests.encoders.conftest import WIDTH, WINDOW, MakeModel

if TYPE_CHECKING:
    from briefqa.protocols import PassageEncoder
    from briefqa.types import Span

pytestmark = pytest.mark.model

PROMPTS = {"query": "query: ", "passage": "passage: "}
TEXTS = [
    "the csto members. csto the?",
    "",
    "été à Łódź. ☃ csto 😀.",
    "the " * 18 + "csto csto csto members csto. the?",  # past the window
    *(f"the members {'the ' * count}. csto?" for count in range(12)),
]
SPANS: list[list[Span]] = [[(0, 17), (18, 27), (16, 18), (17, 18)], [], [(0, 11), (12, 21)], [(0, 71), (101, 105)]]
SPANS += [[(0, 11), (5, len(text))] for text in TEXTS[4:]]


def both(folder: Path | str, into: Path) -> tuple[PassageEncoder, PassageEncoder | None]:
    """The model through torch in fp32, and what it exports."""
    encoders = InstalledEncoders()
    into.mkdir()
    loaded = encoders.load(encoders.find(str(folder)), precision="fp32")
    loaded.export(into)
    return loaded, encoders.open_for_passages(into)


@pytest.mark.parametrize("prompts", [None, PROMPTS])
@pytest.mark.parametrize("normalize", [False, True])
def test_passages_and_sentences_are_those_of_torch(
    make_model: MakeModel, tmp_path: Path, prompts: dict[str, str] | None, normalize: bool
) -> None:
    folder, model = make_model(prompts=prompts, normalize=normalize)
    loaded, light = both(folder, tmp_path / "exported")
    assert light is not None
    assert (light.window, light.dimension, light.precision) == (WINDOW, WIDTH, "fp32")
    assert light.count_tokens(TEXTS) == loaded.count_tokens(TEXTS)
    expected, found = loaded.encode_passages(TEXTS, SPANS), light.encode_passages(TEXTS, SPANS)
    prompt = "passage: " if prompts else None
    by_the_library = model.encode(TEXTS, prompt=prompt, normalize_embeddings=True, convert_to_numpy=True)
    np.testing.assert_allclose(found.vectors, by_the_library, atol=1e-5)
    np.testing.assert_allclose(found.vectors, expected.vectors, atol=1e-5)
    assert found.vectors.dtype == np.float32
    for part, wanted in zip(found.sentences, expected.sentences, strict=True):
        assert part.dtype == np.float32
        np.testing.assert_allclose(part, wanted, atol=1e-5)
    # Tokens are counted after being encoded, too: the tokenizer is told what to cut each time.
    assert light.count_tokens(TEXTS) == loaded.count_tokens(TEXTS)
    nothing = light.encode_passages([], [])
    assert (nothing.vectors.shape, nothing.sentences) == ((0, WIDTH), ())


@pytest.mark.parametrize("kind", ["cls", "dense", "max"])
def test_models_whose_parts_are_no_mean_of_tokens_are_left_to_torch(
    make_model: MakeModel, tmp_path: Path, kind: str
) -> None:
    folder, _ = make_model(dense=12) if kind == "dense" else make_model(pooling=kind)
    assert both(folder, tmp_path / "exported")[1] is None


def test_so_are_those_that_an_earlier_briefqa_exported(make_model: MakeModel, tmp_path: Path) -> None:
    folder, _ = make_model()
    assert both(folder, tmp_path / "exported")[1] is not None
    path = tmp_path / "exported" / "encoder.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    del table["late_pooling"]
    path.write_text(json.dumps(table), encoding="utf-8")
    assert InstalledEncoders().open_for_passages(tmp_path / "exported") is None


def test_an_incomplete_folder_is_told(make_model: MakeModel, tmp_path: Path) -> None:
    folder, _ = make_model()
    both(folder, tmp_path / "exported")
    (tmp_path / "exported" / "vocabulary.txt").unlink()
    with pytest.raises(IndexDamaged, match=r"^The index's encoder in .*exported can't be loaded\. "):
        InstalledEncoders().open_for_passages(tmp_path / "exported")


def test_the_default_model(tmp_path: Path) -> None:
    loaded, light = both(DEFAULT_ENCODER, tmp_path / "exported")
    assert light is not None
    paths = sorted((Path(__file__).parents[2] / "corpus").glob("*.md"))[:6]
    texts = [path.read_text(encoding="utf-8").split("---\n", 2)[2][:1200] for path in paths]
    spans = [sentences(text) for text in texts]
    expected, found = loaded.encode_passages(texts, spans), light.encode_passages(texts, spans)
    np.testing.assert_allclose(found.vectors, expected.vectors, atol=1e-5)
    np.testing.assert_allclose(np.concatenate(found.sentences), np.concatenate(expected.sentences), atol=1e-5)
    assert light.count_tokens(texts) == loaded.count_tokens(texts)
