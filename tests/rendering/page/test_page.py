from __future__ import annotations

import base64
import re
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files

import pytest

from briefqa.evaluation.results import FoundGold, FoundPassage, FoundQuote
from briefqa.evaluation.runs import KeptPassage, Run
from briefqa.rendering.page.render import render_page
from tests.rendering.page.builders import answerable, make_run, unanswerable
from tests.rendering.page.pages import Page

HOSTILE = (
    "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7 * 7 }}{% raw %}&amp;\x00\u202egnp\ud800"
)
SHOWN = HOSTILE.translate(dict.fromkeys([0, 0x202E, 0xD800], "\ufffd"))
RUN = make_run([answerable("q1"), answerable("q2", right=False), unanswerable("q3"), unanswerable("q4")])
OTHER = make_run([answerable("q1", ndcg=0.25)], name="dense", settings={"retriever": "dense"})


def hostile_run() -> Run:
    """A run in which whatever can come from question sets, documents and settings tries to be more than text."""
    passage = KeptPassage(HOSTILE, HOSTILE, HOSTILE, HOSTILE * 3)
    hit = FoundPassage(HOSTILE, HOSTILE, (0, len(HOSTILE) * 3), (1, 2), 1.0, (0,))
    gold = FoundGold(HOSTILE, HOSTILE, (0, len(HOSTILE)), HOSTILE)
    quote = FoundQuote(HOSTILE, (1, 2), HOSTILE, right=True)
    names = {"text": HOSTILE, "tags": (HOSTILE,), "quotes": (quote,)}
    return make_run(
        [
            answerable(HOSTILE, golds=(gold,), hits=(hit,), **names),
            unanswerable(f"{HOSTILE} 2", hits=(hit,), **names),
        ],
        [passage],
        name=HOSTILE,
        questions=HOSTILE,
        questions_sha256=HOSTILE,
        briefqa=HOSTILE,
        settings={HOSTILE: HOSTILE},
        index={HOSTILE: HOSTILE},
        host={HOSTILE: HOSTILE},
    )


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_page(RUN, [OTHER]))


def test_the_same_runs_give_the_same_page() -> None:
    assert render_page(RUN, [OTHER]) == render_page(RUN, [OTHER])
    assert render_page(RUN) != render_page(RUN, [OTHER])


def test_the_policy_allows_the_style_and_the_script_of_the_page_alone(page: Page) -> None:
    sources = {}
    for tag in ("style", "script"):
        (element,) = page.all(tag)
        assert element.attributes == {}
        digest = sha256(element.text.encode()).digest()
        sources[tag] = f"'sha256-{base64.b64encode(digest).decode()}'"
    (policy,) = page.all("meta", http_equiv="Content-Security-Policy")
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src {sources['style']}; script-src {sources['script']}; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("run", [RUN, hostile_run()], ids=["plain", "hostile"])
def test_nothing_comes_from_anywhere_and_nothing_stands_in_attributes_that_the_policy_forbids(run: Run) -> None:
    source = render_page(run, [OTHER])
    for element in Page(source).elements:
        for name, value in element.attributes.items():
            assert name not in ("src", "srcset", "action", "data", "style", "xlink:href"), element
            assert not name.startswith("on"), element
            assert name != "href" or value.startswith("#"), element
        assert element.tag not in ("link", "img", "iframe", "object", "form", "base"), element
    assert not re.search(r"url\(|@import|fetch\(|innerHTML", source)


@pytest.mark.parametrize("run", [RUN, hostile_run()], ids=["plain", "hostile"])
def test_ids_are_unique_and_what_points_to_them_finds_them(run: Run) -> None:
    elements = Page(render_page(run, [OTHER])).elements
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(set(ids)) == len(ids)
    for element in elements:
        pointed = [
            *element.attributes.get("aria-labelledby", "").split(),
            *element.attributes.get("popovertarget", "").split(),
            *element.attributes.get("href", "").split("#")[1:],
        ]
        assert set(pointed) <= set(ids), element


def test_what_others_wrote_is_text_and_no_more() -> None:
    source = render_page(hostile_run())
    page = Page(source)
    assert source.encode()  # a lone surrogate would not be UTF-8
    assert not set("\x00\u202e\ud800") & set(source)
    assert [element.text for element in page.all("script")] == [Page(render_page(RUN)).all("script")[0].text]
    assert page.all("img") == []
    assert [element.text for element in page.all("summary", dir="auto")] == [SHOWN, SHOWN]
    assert page.all("h1")[0].text == SHOWN
    assert [element.text for element in page.all("mark")] == [SHOWN, SHOWN]
    assert [element.text for element in page.all("option", value="0")] == [SHOWN]
    assert [element.text for element in page.all("th", class_="id")] == [SHOWN, f"{SHOWN} 2"]
    assert {element.text for element in page.all("div", role="dialog")} == {f"Close{SHOWN}{SHOWN}{SHOWN * 3}"}


def test_questions_tell_the_script_what_to_filter_and_sort_by(page: Page) -> None:
    assert [
        {name: value for name, value in row.attributes.items() if name != "role"}
        for row in page.all("tr", role="row")[1:]
    ] == [
        {"data-outcome": "right", "data-tags": "0", "data-ndcg": "0.5000", "data-confidence": "0.7500"},
        {"data-outcome": "wrong", "data-tags": "0", "data-ndcg": "0.5000", "data-confidence": "0.7500"},
        {"data-outcome": "refused", "data-tags": "1", "data-ndcg": "", "data-confidence": "0.2500"},
        {"data-outcome": "refused", "data-tags": "1", "data-ndcg": "", "data-confidence": "0.2500"},
    ]
    assert [option.text for option in page.all("option")] == [
        "any", "fact", "none",
        "any", "✓ right (1)", "≠ wrong quote (1)", "○ missed (0)", "✕ false answer (0)", "● rightly refused (2)",
    ]  # fmt: skip


def test_a_question_opens_to_its_gold_quotes_and_hits(page: Page) -> None:
    opened = next(element.text for element in page.all("details") if "q1?" in element.text)
    assert " ".join(opened.split()) == (
        "How many halls, q1? factGold It has five old halls.seat.md · in hit 2 "
        "Quotes It has five old halls.seat.md, lines 7–8 · ✓ holds a gold quote Trade grew.trade.md, line 3 "
        f"Hits trade.md, line 3 · score 0.500{('Trade grew. ' * 8).rstrip()}… "
        "seat.md, lines 7–10 · score 1.250 · ✓ holds gold 1The seat is Minsk. It has five old halls. - One is shut. "
        "Line 1 of the question set · 12 ms"
    )
    opened = next(element.text for element in page.all("details") if "q3?" in element.text)
    assert "Nothing in the articles answers this.\nThere was nothing to quote." in re.sub(r"\n+", "\n", opened)


def test_quotes_that_were_held_back_are_told_apart() -> None:
    page = Page(render_page(make_run([answerable("q1", status="no_answer"), answerable("q2")])))
    assert [heading.text for heading in page.all("h4")][1::3] == ["Quotes, not printed", "Quotes"]


def test_the_page_says_how_it_was_made(page: Page) -> None:
    assert [" ".join(entry.text.split()) for entry in page.all("dd")] == [
        "retriever hybrid, min confidence 0.6",
        "q.jsonl abababababab",
        "corpus cdcdcdcdcdcd, documents 2, reranker none, generation 3",
        "by briefqa 1.2.3, 2026-03-01 09:30 UTC, in 4 s",
        "machine x86_64, system Linux, cores 4; times are this host's",
        "95%, percentile bootstrap over questions (2000 resamples, seed 20020); Wilson for shares and wherever all "
        "outcomes are 0 or 1 or alike; Newcombe for AUROC",
    ]


def test_charts_have_names_descriptions_and_numbers(page: Page) -> None:
    charts = page.all("svg", class_="chart")
    assert [chart.attributes["aria-labelledby"] for chart in charts] == [
        f"{name}-title {name}-desc" for name in ("risk", "reliability", "confidences", "scores")
    ]
    assert page.all("desc", id="risk-desc")[0].text == (
        "This run answers 0.50 of the questions (the dot), 0.50 of them wrongly. "
        "0.75 would be wrong if all were answered."
    )
    assert len(page.all("details", class_="numbers")) == 4
    for drawing in page.all("svg"):
        named = {"aria-labelledby", "aria-label"} & drawing.attributes.keys()
        assert named or drawing.attributes.get("aria-hidden") == "true"


def test_other_runs_stand_beside() -> None:
    alone, beside = Page(render_page(RUN)), Page(render_page(RUN, [OTHER, make_run([answerable("q1")], name="third")]))
    assert alone.all("table", class_="beside") == []
    (table,) = beside.all("table", class_="beside")
    rows = table.text.split("\n")
    assert "Measuremaindensethird" in rows
    assert "settings: retrieverhybriddensehybrid" in rows
    # Wilson for 1 of 2 and for 1 of 1.
    assert "printed at all0.500 0.095–0.9051.000 0.207–1.0001.000 0.207–1.000" in rows
    assert "can't be set against each other" not in render_page(RUN, [OTHER])


def test_runs_of_other_questions_are_told() -> None:
    other = make_run([answerable("q1")], questions_sha256="00" * 32)
    assert "Not all of these runs asked the same question set" in render_page(RUN, [other])


def test_small_sets_say_so() -> None:
    assert "Fewer than 30 questions: the intervals are wide" in render_page(make_run([answerable("q1")] * 29))
    assert "Fewer than 30" not in render_page(make_run([answerable("q1")] * 30))


def test_a_set_of_one_kind_of_question_without_tags_or_hits() -> None:
    page = Page(render_page(make_run([unanswerable("q1", tags=(), hits=())], [])))
    assert page.all("h2", id="tags") == page.all("section", class_="passages") == []
    assert [chart.attributes["aria-labelledby"].split("-")[0] for chart in page.all("svg", class_="chart")] == [
        "risk",
        "reliability",
        "confidences",
    ]


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2.2)."""
    digits = "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour[1:]
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_wcag_aa() -> None:
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    style = files("briefqa.rendering.page").joinpath("style.css").read_text(encoding="utf-8")
    themes = [dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)]
    assert len(themes) == 3  # light, dark and print
    for theme in themes:
        for pair in ("ink paper", "ink wash", "ink mark", "soft paper", "soft wash", "accent paper"):
            text, ground = pair.split()
            assert contrast(theme[text], theme[ground]) >= 4.5, (pair, theme)
        assert contrast(theme["mid"], theme["paper"]) >= 3


def test_retrieval_alone_says_nothing_of_answers() -> None:
    found = {"status": "not_asked", "confidence": 0.0, "right": False, "quotes": ()}
    near, far = answerable("q1", **found), answerable("q2", **found)
    outcomes = [
        replace(near, measures={"passages.R@5": 1.0, "passages.nDCG@10": 0.5, "passages.Success@5": 1.0}),
        replace(far, measures={"passages.R@5": 0.0, "passages.nDCG@10": 0.0, "passages.Success@5": 0.0}),
        replace(unanswerable("q3", status="not_asked", confidence=0.0), measures={}),
    ]
    text = render_page(make_run(outcomes))
    assert re.findall(
        r'data-outcome="(\w+)" data-tags="\d+" data-ndcg="([\d.]*)" data-confidence="([\d.]*)"', text
    ) == [
        ("right", "0.5000", ""),
        ("missed", "0.0000", ""),
        ("refused", "", ""),
    ]
    assert "gold in the first five <b>1</b>" in text
    assert "gold not in the first five <b>1</b>" in text
    for absent in ("Abstention", "print a gold quote", "rightly refused", "Expected calibration error"):
        assert absent not in text
