"""The page in Chromium: what the script does, what is there without it, and how it fits a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from briefqa.rendering.page.render import render_page
from tests.chromium import MARKS, start, webdriver
from tests.rendering.page.builders import answerable, make_run, unanswerable
from tests.rendering.page.test_page import hostile_run

Keys = webdriver.Keys
pytestmark = MARKS
SCRIPTS = "profile.managed_default_content_settings.javascript"
LONG = "Donau" * 60

RUN = make_run(
    [
        answerable("q10", ndcg=0.5, confidence=0.9, tags=("fact", "long")),
        answerable("q2", ndcg=1.0, confidence=0.7, right=False, text="Which Treaty was it?"),
        unanswerable("q1", confidence=0.3),
        answerable("q3", ndcg=0.0, confidence=0.5, status="no_answer", tags=("long",)),
        unanswerable("q4", confidence=0.8, status="answered"),
    ]
)
ORDER = ["q10", "q2", "q1", "q3", "q4"]
Open = Callable[[str], Any]


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def open_page(chrome: Any, tmp_path: Path) -> Iterator[Open]:
    """`open_page(html)`; nothing may be logged until the test is over, nor anything but the page be loaded."""

    def opened(html: str) -> Any:
        path = tmp_path / "report.html"
        path.write_text(html, encoding="utf-8")
        chrome.get(path.as_uri())
        return chrome

    yield opened
    assert chrome.get_log("browser") == []
    assert chrome.execute_script("return performance.getEntriesByType('resource').length") == 0


def emulate(chrome: Any, width: int, scheme: str) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def find(page: Any, selector: str) -> Any:
    return page.find_element("css selector", selector)


def shown(page: Any) -> list[str]:
    rows = page.find_elements("css selector", "#question-table tbody tr")
    return [find(row, ".id").text for row in rows if row.is_displayed()]


def choose(page: Any, selector: str, label: str) -> None:
    find(page, selector).send_keys(label)


def test_filters(open_page: Open) -> None:
    page = open_page(render_page(RUN))
    status = find(page, "#shown")
    assert (shown(page), status.text) == (ORDER, "5 of 5 questions")
    find(page, "#filter-text").send_keys("treaty WHICH")
    assert (shown(page), status.text) == (["q2"], "1 of 5 questions")
    find(page, "#filter-text").send_keys(" zeppelin")
    assert (shown(page), status.text) == ([], "0 of 5 questions")
    find(page, "#reset").click()
    assert (shown(page), find(page, "#filter-text").get_property("value")) == (ORDER, "")
    choose(page, "#filter-tag", "long")
    assert shown(page) == ["q10", "q3"]
    choose(page, "#filter-outcome", "○ missed")
    assert (shown(page), status.text) == (["q3"], "1 of 5 questions")
    find(page, "#reset").click()
    choose(page, "#filter-outcome", "✕ false answer")
    assert shown(page) == ["q4"]


def test_sorting(open_page: Open) -> None:
    page = open_page(render_page(RUN))
    ids, ndcg, confidence = page.find_elements("css selector", "#question-table th button")
    header = find(page, "th[data-sort=ndcg]")
    ndcg.click()
    # Those that nothing answers have no nDCG: they come last, in the set's order.
    assert (shown(page), header.get_attribute("aria-sort")) == (["q3", "q10", "q2", "q1", "q4"], "ascending")
    ndcg.send_keys(Keys.ENTER)
    assert (shown(page), header.get_attribute("aria-sort")) == (["q2", "q10", "q3", "q1", "q4"], "descending")
    confidence.click()
    assert (shown(page), header.get_attribute("aria-sort")) == (["q1", "q3", "q2", "q4", "q10"], None)
    ids.click()
    assert shown(page) == ["q1", "q2", "q3", "q4", "q10"]
    choose(page, "#filter-tag", "long")
    assert shown(page) == ["q3", "q10"]
    find(page, "#reset").click()
    assert shown(page) == ORDER


def test_questions_open_and_close(open_page: Open) -> None:
    page = open_page(render_page(RUN))
    gold = find(page, "details h4")
    assert not gold.is_displayed()
    find(page, "#question-table summary").send_keys(Keys.ENTER)
    assert (gold.is_displayed(), gold.text) == (True, "Gold")
    assert find(page, "mark").text == "It has five old halls."
    button = find(page, ".where button")
    dialog = find(page, f"#{button.get_attribute('popovertarget')}")
    assert not dialog.is_displayed()
    button.send_keys(Keys.ENTER)
    assert (dialog.is_displayed(), find(dialog, ".text").text) == (True, ("Trade grew. " * 12).strip())
    button.send_keys(Keys.ESCAPE)
    assert not dialog.is_displayed()
    unfold = find(page, "#unfold")
    choose(page, "#filter-tag", "none")
    unfold.click()
    opened = "return [...document.querySelectorAll('.question details')].map((question) => question.open)"
    assert page.execute_script(opened) == [True, False, True, False, True]
    unfold.click()
    assert page.execute_script(opened) == [False] * 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen(open_page: Open, width: int, scheme: str) -> None:
    long = answerable(LONG, text=LONG, tags=(LONG,))
    for run in (make_run([*RUN.report.outcomes, long], name=LONG, settings={"x": LONG}), hostile_run()):
        page = open_page(render_page(run, [RUN, make_run([answerable("q1")], name=f"other-{LONG}")]))
        emulate(page, width, scheme)
        find(page, "#unfold").click()
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
        ground = page.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]


def test_without_script_all_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_page(RUN), encoding="utf-8")
    page = start(tmp_path / "profile", prefs={SCRIPTS: 2})
    try:
        page.get(path.as_uri())
        assert shown(page) == ORDER
        assert not find(page, "#controls").is_displayed()
        assert page.find_elements("css selector", "th button") == []
        find(page, "#question-table summary").click()
        assert find(page, "details h4").is_displayed()
        find(page, ".where button").click()
        assert find(page, "#passage-1").is_displayed()
    finally:
        page.quit()
