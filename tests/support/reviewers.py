"""People at the review page, each in a browser window of their own that lets no fault pass in silence."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, Route

from evitable.records import Decision
from support.review_page import Served, outlines

SCREENSHOTS = "EVITABLE_SCREENSHOTS"
"""Environment variable: a folder for pictures of the screens; none are made without it."""


@dataclass
class Reviewer:
    """A browser window on the review page, and what it asked for, was told, and complained of.

    Attributes:
        served: The page.
        context: The window's own cookies and storage.
        page: Its tab.
        told: Every answer of the server, as status, method and path.
        faults: What was asked of elsewhere, errors of scripts, complaints in the console.
    """

    served: Served
    context: BrowserContext
    page: Page
    told: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _open: set[Request] = field(default_factory=set)

    def go(self, path: str) -> Page:
        """Go to an address of the page."""
        self.page.goto(self.served.origin + path)
        return self.page

    def press(self, *keys: str) -> None:
        """Press keys one after the other, without waiting for what comes of them."""
        for key in keys:
            self.page.keyboard.press(key)

    def decided(self, number: int, seconds: float = 10) -> tuple[Decision, ...]:
        """Wait until so many decisions are on the disk, and the page has taken the last one in; give them."""
        end = time.monotonic() + seconds
        while len(found := self.served.decisions()) < number and time.monotonic() < end:
            self.page.wait_for_timeout(30)
        self.settled()
        assert len(found) == number, (outlines(found), self.faults)
        return found

    def settled(self) -> None:
        """Wait until the page asks for nothing any more."""
        quiet = 0
        for _ in range(300):
            self.page.wait_for_timeout(30)
            quiet = 0 if self._open else quiet + 1
            if quiet == 4:
                return
        raise AssertionError(f"still waits for {[request.url for request in self._open]}")

    def texts(self) -> list[tuple[str, str]]:
        """Keep from now on all that the server sends but pictures, word for word: path and text, in this list."""
        kept: list[tuple[str, str]] = []

        def pass_on(route: Route) -> None:
            answer = route.fetch(max_redirects=0)
            if not answer.headers.get("content-type", "").startswith("image/"):
                kept.append((route.request.url.removeprefix(self.served.origin), answer.text()))
            route.fulfill(response=answer)

        self.context.route("**/*", pass_on)
        return kept

    def quote(self) -> str:
        """Give the passage that is marked in the text."""
        return "".join(self.page.locator("#text mark").all_text_contents())

    def shot(self, name: str) -> None:
        """Keep a picture of the whole screen, if somebody wants them."""
        if folder := os.environ.get(SCREENSHOTS):
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def _asked(self, request: Request) -> None:
        self._open.add(request)
        if not request.url.startswith((self.served.origin + "/", "data:", "blob:")):
            self.faults.append(f"asked for {request.url}")

    def _finished(self, request: Request) -> None:
        self._open.discard(request)

    def _answered(self, response: Response) -> None:
        path = response.url.removeprefix(self.served.origin)
        self.told.append((response.status, response.request.method, path))


def sit_down(browser: Browser, served: Served, *, wide: int = 1280, high: int = 900) -> Reviewer:
    """Open a browser window that has not been at the page yet."""
    context = browser.new_context(viewport={"width": wide, "height": high})
    context.set_default_timeout(5000)
    page = context.new_page()
    person = Reviewer(served, context, page)
    page.on("request", person._asked)
    page.on("response", person._answered)
    page.on("requestfinished", person._finished)
    page.on("requestfailed", person._finished)
    page.on("pageerror", lambda error: person.faults.append(str(error)))
    page.on("dialog", lambda dialog: (person.faults.append(dialog.message), dialog.dismiss()))
    page.on(
        "console",
        lambda said: person.faults.append(said.text) if said.type in {"error", "warning"} else None,
    )
    return person


@contextmanager
def join(browser: Browser, served: Served, coder: str, *, blind: bool = False, **size: int) -> Iterator[Reviewer]:
    """Sit down at the page and give a name, as a person does who was given a start address."""
    person = sit_down(browser, served, **size)
    try:
        person.page.goto(served.invitation())
        person.page.get_by_label("Your name").fill(coder)
        if blind:
            person.page.get_by_label("I code blind").check()
        person.page.get_by_role("button", name="Begin").click()
        person.page.wait_for_url(served.origin + "/")
        yield person
    finally:
        person.context.close()
