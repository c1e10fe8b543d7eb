from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from briefqa.errors import UsageError
from briefqa.filters import Filter, Filtered, make_filter

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("since", "before", "published", "fits"),
    [
        ("2022-01", None, "2022-01-01", True),
        ("2022-01", None, "2021-12-31", False),
        ("2022-01", None, "2022-01", True),
        ("2022-01", None, "2022", True),
        ("2022-02", None, "2022", None),
        ("2022-02", None, "2021", False),
        ("2022-02", None, None, None),
        ("2022-02", None, "last week", None),
        ("2022-01-15", None, "2022-01", None),
        (None, "2023", "2022-12-31", True),
        (None, "2023", "2023-01-01", False),
        (None, "2023", "2022", True),
        (None, "2023-06", "2023", None),
        (None, "2023-06-02", "2023-06", None),
        (None, "2023-06-02", "2023-06-01", True),
        (None, "2023-06-02", "2023-06-02", False),
        (None, "2023", "2024", False),
        ("2022", "2023", "2022", True),
        ("2022", "2023", "2022-02-29", None),
        ("2022-03", "2022-05", "2022", None),
        ("2022-03", "2022-05", "2022-04", True),
        ("2024-02-29", "2024-03", "2024-02-29", True),
        (None, None, None, True),
    ],
)
def test_a_date_fits_when_all_its_days_do(
    since: str | None, before: str | None, published: str | None, fits: bool | None
) -> None:
    assert Filter(since=since, before=before).accepts_date(published) is fits


@pytest.mark.parametrize(
    ("last", "since"),
    [
        ("90d", "2025-12-31"),
        ("1d", "2026-03-30"),
        ("12w", "2026-01-06"),
        ("1m", "2026-02-28"),
        ("6m", "2025-09-30"),
        ("3m", "2025-12-31"),
        ("1y", "2025-03-31"),
        (" 2Y ", "2024-03-31"),
    ],
)
def test_last_counts_back_from_today(last: str, since: str) -> None:
    assert make_filter(last=last, today=TODAY) == Filter(since=since)


def test_a_year_before_a_leap_day() -> None:
    assert make_filter(last="1y", today=date(2024, 2, 29)) == Filter(since="2023-02-28")


def test_of_since_and_last_the_later_counts() -> None:
    assert make_filter(last="90d", since="2026-02", today=TODAY) == Filter(since="2026-02")
    assert make_filter(last="90d", since="2025", today=TODAY) == Filter(since="2025-12-31")


def test_nothing_asked_is_no_filter_and_repeats_count_once() -> None:
    assert make_filter() is None
    assert make_filter(tags=["a", "b", "a"], sources=[]) == Filter(tags=("a", "b"))


DATE = "it must be a date such as 2022-01-31, 2022-01 or 2022."
SPAN = "it must be a number of days, weeks, months or years, such as 90d, 12w, 6m or 1y."


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"since": "yesterday"}, f"since is 'yesterday'; {DATE}"),
        ({"since": ""}, f"since is ''; {DATE}"),
        ({"since": "2022-02-30"}, f"since is '2022-02-30'; {DATE}"),
        ({"since": "2022-13", "last": "1d"}, f"since is '2022-13'; {DATE}"),
        ({"before": "2022-01-01T10:00"}, f"before is '2022-01-01T10:00'; {DATE}"),
        ({"last": "90"}, f"last is '90'; {SPAN}"),
        ({"last": "0d"}, f"last is '0d'; {SPAN}"),
        ({"last": "99999m"}, f"last is '99999m'; {SPAN}"),
        ({"last": "99999y"}, f"last is '99999y'; {SPAN}"),
        ({"languages": ["german"]}, "language is 'german'; it must be a code such as de or fr."),
        ({"tags": ["a", " "]}, "One of the tags of the filter is empty. Name one, or leave it out."),
        (
            {"since": "2023", "before": "2023"},
            "No date is since 2023 and before 2023. Give an earlier date, as in: --since 2022-01 --before 2023",
        ),
    ],
)
def test_values_that_cannot_be_used(given: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_filter(**given, today=TODAY)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("corpus/2022*", "corpus/2022-01.md", True),
        ("corpus/2022*", "corpus/2022/deep/a.md", True),
        ("corpus/2022*", "other/corpus/2022.md", False),
        ("corpus", "corpus/a.md", True),
        ("corpus/", "corpus/a.md", True),
        ("./corpus", "corpus/a.md", True),
        ("corp", "corpus/a.md", False),
        ("*.md", "corpus/a.md", True),
        ("*.md", "corpus/a.MD", False),
        ("**/a.md", "a.md", True),
        ("**/a.md", "b/c/a.md", True),
        ("**/a.md", "ba.md", False),
        ("b/**/a.md", "b/a.md", True),
        ("?.md", "a.md", True),
        ("[ab].md", "c.md", False),
        ("mails.jsonl", "mails.jsonl#3", True),
        ("mails.jsonl#3", "mails.jsonl#31", False),
        ("a.b", "axb", False),
    ],
)
def test_paths(glob: str, path: str, fits: bool) -> None:
    assert Filter(paths=("nowhere", glob)).accepts_path(path) is fits
    assert Filter(paths=("nowhere", glob)).accepts_path("elsewhere", path) is fits


@pytest.mark.parametrize(
    ("publisher", "url", "fits"),
    [
        ("Commonspace.EU", None, True),
        (None, "https://www.commonspace.eu/a?b", True),
        ("Agency", "http://commonspace.eu:8080/", True),
        ("Agency", "https://commonspace.eu.example.org/", False),
        ("commonspace", "https://", False),
        (None, "http://[broken", False),
        (None, None, False),
    ],
)
def test_sources(publisher: str | None, url: str | None, fits: bool) -> None:
    assert Filter(sources=("commonspace.eu",)).accepts_source(publisher, url) is fits
    assert Filter(sources=("x", "www.commonspace.eu")).accepts_source(publisher, url) is fits
    assert Filter().accepts_source(publisher, url)


def test_an_author_stands_for_the_publisher_where_none_is_named() -> None:
    wanted = Filter(sources=("tessaron",))
    assert wanted.accepts_source(None, None, ("A. Nother", "Tessaron"))
    assert not wanted.accepts_source("Agency", None, ("Tessaron",))
    assert not wanted.accepts_source(None, None, ("Tess",))


def test_tags_languages_and_collections() -> None:
    wanted = Filter(tags=("Border", "trade"), languages=("de", "HY"), collections=("briefs",))
    assert wanted.accepts_tags(["border"])
    assert wanted.accepts_tags(["Trade", "x"])
    assert not wanted.accepts_tags(["x"])
    assert not wanted.accepts_tags([])
    assert [wanted.accepts_language(code) for code in ("de", "hy", "en", None)] == [True, True, False, False]
    assert [wanted.accepts_collection(name) for name in ("briefs", "wires", None)] == [True, False, False]
    assert (Filter().accepts_tags([]), Filter().accepts_language(None), Filter().accepts_collection(None)) == (
        True, True, True,
    )  # fmt: skip


def test_what_is_told_of_it() -> None:
    wanted = Filter(since="2022-01", before="2023", sources=("a", "b"), tags=("x",))
    told = "since 2022-01, before 2023, source a or b, tag x"
    assert str(wanted) == told
    assert Filtered(wanted, 0, 0).note(36) == f"No article fits the filter ({told})."
    assert Filtered(wanted, 1, 0).note(1200) == f"1 of 1,200 articles fits the filter ({told})."
    assert Filtered(wanted, 3, 12).note(36) == (
        f"3 of 36 articles fit the filter ({told})."
        " 12 articles without a date, or without one full enough to tell, were left out."
    )
    assert Filtered(wanted, 0, 1).note(36) == (
        f"No article fits the filter ({told})."
        " 1 article without a date, or without one full enough to tell, was left out."
    )
