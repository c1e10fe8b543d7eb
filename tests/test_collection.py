from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefqa.collection import Collection
from briefqa.config import load_settings
from briefqa.corpus.selection import patterns
from briefqa.errors import UsageError
from briefqa.types import Rules

KEYS = "paths, include, exclude, tags, gitignore, clean, source, language, fields"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_collection_with_all_that_can_be_said(here: Path) -> None:
    (here / "briefqa.toml").write_text(
        '[collections.news]\npaths = ["news", "wire/*.zip", "/data/x"]\ninclude = ["**/*.html"]\n'
        'exclude = ["drafts/**"]\ngitignore = false\nclean = true\nsource = " Reuters "\nlanguage = "en"\n'
        'tags = ["a", "b"]\nfields = {text = "body", title = "head"}\n[collections.plain]\npaths = "notes"\n',
        encoding="utf-8",
    )
    settings = load_settings(here, {})
    rules = Rules(
        "news", ("**/*.html",), ("drafts/**",), False, True, "Reuters", "en", ("a", "b"),
        (("text", "body"), ("title", "head")),
    )  # fmt: skip
    assert settings.corpus == ()
    assert settings.collections == (
        Collection("news", ("news", "wire/*.zip", os.path.relpath("/data/x")), rules),
        Collection("plain", ("notes",), Rules("plain")),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("collections = 3", ": collections is 3; expected tables, as [collections.news] is."),
        ("[collections]\nnews = 3", ": [collections.news] is 3; expected a table, with paths = [...] in it."),
        ('[collections."a b"]', ": [collections.a b]: a collection's name is of letters, digits, - and _."),
        ("[collections.n]", ': [collections.n] has no paths. Name its folders or files, as in: paths = ["news"]'),
        ("[collections.n]\npaths = []", ': [collections.n] has no paths. Name its folders or files, as in: paths = '
         '["news"]'),
        ("[collections.n]\npath = 'x'", f": [collections.n]: there is no key 'path'. Did you mean paths? There are: "
         f"{KEYS}."),
        ("[collections.n]\nzzz = 'x'", f": [collections.n]: there is no key 'zzz'. There are: {KEYS}."),
        ("[collections.n]\npaths = [1]", ': [collections.n]: paths is [1]; expected a list of texts, as ["a", "b"].'),
        ("[collections.n]\npaths = 'x'\nclean = 'y'", ": [collections.n]: clean is 'y'; expected true or false."),
        ("[collections.n]\npaths = 'x'\nsource = 1", ": [collections.n]: source is 1; expected a text."),
        ("[collections.n]\npaths = 'x'\nlanguage = 'english'", ": [collections.n]: language is 'english'; expected a "
         "code of two letters, as en is."),
        ("[collections.n]\npaths = 'x'\nfields = 1", ': [collections.n]: fields is 1; expected a table, as '
         '{text = "body"}.'),
        ("[collections.n]\npaths = 'x'\nfields = {txt = 'b'}", ": [collections.n]: an article has no field 'txt'. Did "
         "you mean text? There are: authors, id, language, published, source, tags, text, title, updated, url."),
        ("[collection.n]\npaths = 'x'", None),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_told(here: Path, text: str, told: str | None) -> None:
    path = here / "briefqa.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_settings(here, {})
    if told is None:
        assert f"{path}: there is no setting 'collection'. Did you mean collections?" in str(caught.value)
    else:
        assert str(caught.value) == f"{path}{told}"


def test_collections_do_not_come_from_the_environment(here: Path) -> None:
    with pytest.raises(UsageError, match=r"^BRIEFQA_COLLECTIONS: collections stand in briefqa\.toml only\.$"):
        load_settings(here, {"BRIEFQA_COLLECTIONS": "x"})


def test_a_pattern_that_is_none_is_told() -> None:
    with pytest.raises(UsageError) as caught:
        patterns(("*.md", "!"))
    assert str(caught.value) == "'!' is not a pattern of files, as **/*.html or drafts/ is."
