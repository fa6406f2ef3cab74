"""Fixtures for pages in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from support.browser import ARGUMENTS, Desk, chromium
from support.browsing import ada, folder, furnished, joined, looking, review, template

__all__ = ["ada", "browser", "desk", "folder", "furnished", "joined", "looking", "review", "template"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for the tests of a module."""
    found = chromium()
    if found is None:
        pytest.skip("there is no Chromium on this machine: install the package chromium to run the tests of pages")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """Open pages that must ask for nothing and complain of nothing."""
    made = Desk(browser, tmp_path)
    yield made
    for context in made.contexts:
        context.close()
    assert made.faults == []
