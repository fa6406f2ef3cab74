"""A desk that opens reports in a real browser and lets no fault of theirs pass in silence."""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request

from evitable.export.report import report
from evitable.export.review import Review

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Give the path of this machine's Chromium, if it has one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Desk:
    """Opens reports as files. Whatever a page asks of a network or complains of is kept in `faults`."""

    browser: Browser
    folder: Path
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, review: Review, address: str = "", **options: Any) -> Page:
        """Open a review's report, at an address inside it, in a fresh browser window."""
        file = self.folder / f"report-{len(self.contexts)}.html"
        file.write_bytes(page_bytes(review))
        context = self.browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **options})
        context.set_default_timeout(5000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", functools.partial(self._asked, file.as_uri()))
        page.on("console", lambda said: self.faults.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: (self.faults.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri() + address)
        return page

    def _asked(self, own: str, request: Request) -> None:
        if request.url.split("#")[0] != own:
            self.faults.append(f"asked for {request.url}")


def page_bytes(review: Review) -> bytes:
    [(_, data)] = list(report(review))
    return data
