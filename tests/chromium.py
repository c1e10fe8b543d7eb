"""How a headless Chromium is started for the tests that drive one. Importing it skips where selenium is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium and chromedriver"),
]
FLAGS = (
    "headless", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
    "disable-component-update", "disable-sync", "disable-dev-shm-usage",
)  # fmt: skip


def start(profile: Path, *flags: str, **options: Any) -> Any:
    """A driver with the `profile`, more `flags` and experimental `options`; it keeps what the pages log."""
    chosen = webdriver.ChromeOptions()
    chosen.binary_location = CHROMIUM
    for flag in (*FLAGS, f"user-data-dir={profile}", *flags, *(["no-sandbox"] if os.geteuid() == 0 else [])):
        chosen.add_argument(f"--{flag}")
    for name, value in options.items():
        chosen.add_experimental_option(name, value)
    chosen.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=chosen, service=webdriver.ChromeService(DRIVER))
