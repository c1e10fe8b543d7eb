"""The page in Chromium, at the widths of a desk and of a phone: asked, read, cited from, with keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.chromium import MARKS, start, webdriver
from tests.serving.served import serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Build

pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")
exceptions = pytest.importorskip("selenium.common.exceptions")
waiting = pytest.importorskip("selenium.webdriver.support.ui")
Keys = webdriver.Keys
pytestmark = MARKS
WAIT = 10
# Its title and text would run, if they were taken for anything but text; characters outside the BMP stand before the
# quote, which has a line break in it.
HARBOUR = """\
---
title: "<img src=x onerror=alert(1)> of *Oster*_50%"
date: 2020-03-05
source: Harbour & Sons
authors: [Ana Ruiz, Bo Li]
url: https://example.org/ports?a=1
---
# 🚢🚢 <script>document.title = "run"</script>

A **long** winter had filled the channel. 🚢 The harbour of Oster was dredged
in autumn. Ships of a greater draught can land there now.

- One crane stands on the quay.
- Two are planned.

They were approved by 27 votes to
6. None was against the
1. draught.
"""
COUNCIL = "The council\n\nThe council of Oster had the harbour dredged in 1998, too.\n"
QUESTION = "Was the harbour of Oster dredged in autumn?"
QUOTE = "🚢 The harbour of Oster was dredged in autumn."
TITLE = "<img src=x onerror=alert(1)> of *Oster*_50%"
PLAIN = (
    f"“{QUOTE}” Ana Ruiz, Bo Li, “{TITLE}”, Harbour & Sons, 5 March 2020 (corpus/harbour.md:10–11)."
    " https://example.org/ports?a=1"
)
MARKDOWN = (
    f"> {QUOTE}\n>\n> — [\\<img src=x onerror=alert(1)\\> of \\*Oster\\*\\_50%](<https://example.org/ports?a=1>),"
    " Ana Ruiz, Bo Li, Harbour & Sons, 5 March 2020 (`corpus/harbour.md:10–11`)\n"
)
BIBTEX = (
    "author = {Ana Ruiz and Bo Li},\n  title = {{<img src=x onerror=alert(1)> of *Oster*\\_50\\%}},\n"
    "  howpublished = {Harbour \\& Sons},\n  year = {2020},\n  month = {3},\n  url = {https://example.org/ports?a=1},\n"
    f"  note = {{“{QUOTE}” (corpus/harbour.md:10–11)}},\n}}\n"
)


class Page:
    """The page, and what a reader does with it."""

    def __init__(self, driver: Any, home: str) -> None:
        self.driver, self.home = driver, home

    def open(self, address: str = "") -> None:
        """Go to an address below the server's."""
        self.driver.get(self.home + address)

    def find(self, selector: str) -> Any:
        """The first element that fits."""
        return self.driver.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        """The texts of the elements that fit."""
        return [element.text for element in self.driver.find_elements("css selector", selector)]

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until it holds."""
        wait = waiting.WebDriverWait(self.driver, WAIT, poll_frequency=0.05)
        try:
            wait.until(lambda _: _held(holds))
        except exceptions.TimeoutException:
            pytest.fail(f"waited in vain at {self.driver.current_url}:\n{self.find('body').text}")

    def press(self, *keys: str) -> None:
        """Press keys wherever the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def run(self, script: str, *given: object) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *given)

    def ask(self, question: str) -> None:
        """Type a question, and wait until it is answered, or not."""
        field = self.find("#q")
        field.clear()
        field.send_keys(question, Keys.ENTER)
        self.until(
            lambda: self.query().get("q") == [question] and not self.run("return document.querySelector('[aria-busy]')")
        )

    def query(self) -> dict[str, list[str]]:
        """The parameters of the address."""
        return parse_qs(urlsplit(self.driver.current_url).query)

    def focus(self) -> str:
        """The id, or class, of what has the focus."""
        return str(self.run("return document.activeElement.id || document.activeElement.className"))

    def look(self, width: int, scheme: str) -> None:
        """Emulate a screen."""
        size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def audit(self) -> None:
        """Nothing that axe calls moderate or worse, and nothing wider than the screen."""
        if not self.run("return 'axe' in window"):
            self.run(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        found = self.driver.execute_async_script("axe.run(document).then(arguments[arguments.length - 1])")
        wrong = [
            (entry["id"], entry["impact"], [node["target"] for node in entry["nodes"]])
            for entry in found["violations"]
            if entry["impact"] != "minor"
        ]
        assert wrong == []
        assert self.run("return document.documentElement.scrollWidth <= innerWidth")

    def kept_to_itself(self) -> bool:
        """Whether all that was loaded came from the server."""
        loaded = self.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        return loaded != [] and all(address.startswith(self.home) for address in loaded)


def _held(holds: Callable[[], object]) -> bool:
    try:
        return bool(holds())
    except (exceptions.WebDriverException, IndexError):
        return False


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def corpus(build: Build, articles: Path) -> Path:
    """The folder above the small corpus with two articles more, and its index."""
    (articles / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    (articles / "council.txt").write_text(COUNCIL, encoding="utf-8")
    build()
    return articles.parent


def test_at_a_desk(chrome: Any, corpus: Path) -> None:
    with serving(corpus, BRIEFQA_MIN_CONFIDENCE="0.65") as served:
        page = Page(chrome, served.url)
        chrome.execute_cdp_cmd(
            "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
        )
        page.look(1280, "light")
        page.open()
        page.until(lambda: page.find("#holds").text == "7 articles · 8 passages")
        page.until(lambda: page.focus() == "q")
        page.audit()

        page.ask(QUESTION)
        assert page.texts(".verdict h2") == ["Answered"]
        assert page.texts("blockquote")[0] == f"“{QUOTE}”"
        assert page.texts(".quote cite")[0] == TITLE
        assert page.texts(".quote .place")[0] == "corpus/harbour.md:10–11"
        assert page.find(".quote a").get_attribute("href").startswith("https://example.org/ports?a=1#:~:text=")
        quotes = len(page.texts(".quote"))
        assert quotes > 1
        page.audit()

        # By keys: to the second quote and back, open, close.
        page.press("j")
        assert page.run("return document.activeElement.querySelector('.marker').lastChild.data") == "2"
        page.press(Keys.ARROW_UP, "o")
        page.until(lambda: page.texts("mark") == [QUOTE])
        assert page.texts("#article h2") == [TITLE]
        assert page.texts("#article strong") == ["long"]
        items = page.texts("#article .item")
        assert items == ["One crane stands on the quay.", "Two are planned.", "1. draught."]
        assert "They were approved by 27 votes to 6. None was against the" in page.texts("#article p")
        assert page.texts("#article h3") == ['🚢🚢 <script>document.title = "run"</script>']
        assert page.run("return document.querySelectorAll('#article img, #article script').length") == 0
        assert page.texts(".bar span")[0] == f"Quote 1 of {quotes}"
        assert page.focus() == "article-title"
        page.audit()
        page.press("j")
        page.until(lambda: page.texts(".bar span")[0] == f"Quote 2 of {quotes}")
        page.press("k")
        page.until(lambda: page.texts("mark") == [QUOTE])
        shared = chrome.current_url
        page.press(Keys.ESCAPE)
        page.until(lambda: not page.find("#article").is_displayed())
        assert "open" not in page.query()
        assert page.run("return document.activeElement.matches('.quote.best')")
        chrome.back()
        page.until(lambda: page.texts("mark") == [QUOTE])
        chrome.forward()
        page.until(lambda: not page.find("#article").is_displayed())
        page.press(Keys.ENTER) if page.focus().startswith("quote") else page.press("o")
        page.until(lambda: page.texts("mark") == [QUOTE])
        page.press(Keys.ESCAPE)

        # Citations.
        for name, expected in [("plain", PLAIN), ("Markdown", MARKDOWN), ("BibTeX", BIBTEX)]:
            next(
                button for button in chrome.find_elements("css selector", ".copying button") if button.text == name
            ).click()
            page.until(lambda: page.find("#toast").text.startswith("Citation copied"))
            copied = chrome.execute_async_script("navigator.clipboard.readText().then(arguments[arguments.length - 1])")
            assert copied.endswith(expected), copied
        assert copied.startswith("@misc{ruiz2020-")
        page.run("document.activeElement.blur()")
        page.press("c")
        page.until(lambda: page.find("#toast").text == "Citation copied.")

        # Filters, which are in the address, and a call that is wrong.
        page.find("#filters summary").click()
        page.find("#since").send_keys("2021", Keys.TAB)
        page.until(lambda: page.query().get("since") == ["2021"] and page.find("#filter-count").text == "1 on")
        page.until(lambda: "Harbour & Sons" not in page.find("#result").text)
        page.find("#before").send_keys("soon", Keys.TAB)
        page.until(
            lambda: (
                page.texts(".trouble p") == ["before is 'soon'; it must be a date such as 2022-01-31, 2022-01 or 2022."]
            )
        )
        page.audit()
        page.find("#clear-filters").click()
        page.until(lambda: page.texts("blockquote")[:1] == [f"“{QUOTE}”"])
        page.find("#source").send_keys("harbour & sons", Keys.TAB)
        page.until(lambda: page.query().get("source") == ["harbour & sons"])
        page.until(lambda: set(page.texts(".quote cite")) == {TITLE})
        page.find("#clear-filters").click()
        page.until(lambda: "source" not in page.query())

        # What the articles don't say.
        page.ask("Which airline flies zeppelins in winter?")
        assert page.texts(".nothing h2") == ["Not in these articles"]
        assert page.texts(".missing") == ["“airline”", "“flies”", "“zeppelins”"]
        page.audit()
        assert page.find("#said").get_property("textContent") == "Not in these articles."

        # Recent questions, the keys, and an address that was shared.
        page.find("#brand").click()
        page.until(lambda: page.texts(".recent li") == ["Which airline flies zeppelins in winter?", QUESTION])
        page.run("document.activeElement.blur()")
        page.press("?")
        assert page.find("#keys").is_displayed()
        page.audit()
        page.press(Keys.ESCAPE)
        page.press("/")
        assert page.focus() == "q"
        page.find(".recent button").click()
        page.until(lambda: page.texts(".recent li") == [])
        assert page.run("return localStorage.length") == 0
        chrome.get(shared)
        page.until(lambda: page.texts("mark") == [QUOTE])
        page.look(1280, "dark")
        page.audit()
        assert page.kept_to_itself()
        logged = [entry["message"] for entry in chrome.get_log("browser")]
        assert [message for message in logged if "before=soon" not in message] == []
        assert served.stop() == (0, "")
        page.press("/")
        page.find("#q").send_keys(" Now?", Keys.ENTER)
        page.until(
            lambda: (
                page.texts(".trouble p")
                == ["The server does not answer. If it was stopped, start it again with: briefqa serve"]
            )
        )
        chrome.get_log("browser")


def test_on_a_phone_with_a_token(chrome: Any, corpus: Path) -> None:
    token = "correct horse; battery"
    with serving(corpus, "--token", token, BRIEFQA_MIN_CONFIDENCE="0.65") as served:
        page = Page(chrome, served.url)
        page.look(390, "dark")
        page.open()
        page.until(lambda: page.texts(".login h2") == ["This server asks for its token"])
        page.audit()
        page.find("#token").send_keys("wrong token, wrong token", Keys.ENTER)
        page.until(lambda: page.find("#token").get_property("value") == "")
        page.find("#token").send_keys(token, Keys.ENTER)
        page.until(lambda: page.find("#holds").text == "7 articles · 8 passages")
        chrome.delete_all_cookies()
        page.open("?q=harbour#token=correct%20horse%3B%20battery")
        page.until(lambda: page.texts(".verdict h2") == ["Answered"])
        assert "#" not in chrome.current_url
        page.ask(QUESTION)
        page.audit()
        page.find(".best .actions button").click()
        page.until(lambda: page.texts("mark") == [QUOTE])
        assert page.run(
            "return [document.querySelector('#result').inert, document.querySelector('#article').getAttribute('role')]"
        ) == [True, "dialog"]
        box = page.find("#article").rect
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
        page.audit()
        page.look(390, "light")
        page.audit()
        page.find(".bar button:last-child").click()
        page.until(lambda: not page.run("return document.querySelector('#result').inert"))
        assert page.run("return document.activeElement.matches('.quote.best')")
        page.audit()
        assert page.kept_to_itself()
        logged = [entry["message"] for entry in chrome.get_log("browser")]
        assert [message for message in logged if "401 (Unauthorized)" not in message] == []
