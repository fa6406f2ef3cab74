"""People at a review page that is served within this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from starlette.types import ASGIApp

from evitable.records import Decision
from evitable.store import Workspace, open_decisions
from evitable.web.app import application
from evitable.web.desk import Desk
from evitable.web.guard import KEY_HEADER, Hosts
from evitable.web.pictures import Pictures
from evitable.web.sessions import Sessions
from evitable.web.shop import Shop
from support.page import BOOK, GIVEN, Visitor, made_review

PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("a long pass phrase")


class Opened:
    """A review page in this process.

    Attributes:
        shop: What its routes work with.
        app: The application.
        said: Start addresses that it has printed.
        now: Its clock.
    """

    def __init__(self, workspace: Workspace, pictures: Pictures, **session: Any) -> None:
        self.workspace = workspace
        self.said: list[str] = []
        self.now = datetime(2026, 1, 1, 10, tzinfo=UTC)
        self.shop = Shop(
            desk=Desk(workspace, open_decisions(workspace), lambda: BOOK),
            sessions=Sessions(**session),
            pictures=pictures,
            address=ORIGIN,
            cookie=f"evitable-{PORT}",
            said=self.said.append,
            clock=self._clock,
        )
        self.app: ASGIApp = application(self.shop, Hosts(PORT))

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def decisions(self) -> tuple[Decision, ...]:
        """Give what is in the log on the disk."""
        return open_decisions(self.workspace).read()

    def addresses(self) -> list[str]:
        """Give the address of each passage, in the order of the text."""
        return [f"/passage/{one.paper_id}/{one.place}" for one in self.shop.desk.now().passages]


class Person:
    """Somebody at the page."""

    def __init__(self, page: Opened, name: str = "", *, blind: bool = False) -> None:
        self.page = page
        self.browser = Visitor(page.app, ORIGIN)
        self.browser.get(page.shop.start.removeprefix(ORIGIN))
        session = page.shop.sessions.get(self.browser.cookies.get(page.shop.cookie, ""))
        assert session
        self.key = session.key
        if name:
            assert self.post("/coder", {"coder": name, "blind": blind}).status_code == 200

    def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return self.browser.get(path)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Write."""
        sent = {"Origin": ORIGIN, KEY_HEADER: self.key, **headers}
        return self.browser.request("POST", path, headers=sent, json=body)

    def decide(self, address: str, *wishes: dict[str, Any], queue: str = "", **more: Any) -> httpx.Response:
        """Decide on a passage with what its page says of revisions; `base` in a wish says otherwise."""
        paper, place = address.split("/")[2:]
        shown = self.get(address + (f"?queue={queue}" if queue else "")).text
        revisions = re.search(r'data-revisions="([^"]*)"', shown)
        assert revisions
        known = httpx.Response(200, text=revisions[1].replace("&#34;", '"')).json()
        body = {
            "paper": paper,
            "place": place,
            "queue": queue,
            "decisions": [{"base": known.get(wish.get("code", ""), []), **wish} for wish in wishes],
            **more,
        }
        return self.post("/decisions", body)


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    with Pictures(children=1) as drawn:
        yield drawn


@pytest.fixture
def page(tmp_path: Path, pictures: Pictures) -> Opened:
    """The page over a review of two papers with six passages each."""
    return Opened(made_review(tmp_path / "review"), pictures)


def accept(code: str = GIVEN.name, **more: Any) -> dict[str, Any]:
    return {"verdict": "accept", "code": code, **more}
