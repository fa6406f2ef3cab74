"""What all routes of the page work with, and how they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from evitable.decide.states import PassageState
from evitable.records import Document
from evitable.web import boxes, words
from evitable.web.desk import Desk, Review
from evitable.web.pictures import Pictures
from evitable.web.sessions import Session, Sessions
from evitable.web.views import PassageView, Viewer, passage_view
from evitable.web.worklists import TITLES, Where, Worklists

BLIND = "blind"
"""The queue whose passages are shown without the machine's codes and other people's."""
_WANTED = {"conflicts": "disputed", "open": "open", "orphans": "orphaned"}
"""What there is work on in a queue, as `CodeView.kind`; in all others what nobody has looked at."""


class NotFoundError(LookupError):
    """There is no such page."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The picture of a page, with the lines of a passage.

    Attributes:
        page: Index, from 1.
        label: What is printed on it.
        of: Pages of the paper.
        width: In points.
        height: In points.
        boxes: Left, top, width and height as parts of the page.
    """

    page: int
    label: str
    of: int
    width: float
    height: float
    boxes: tuple[boxes.Fractions, ...]


@dataclass(frozen=True)
class Shop:
    """What all routes work with.

    Attributes:
        desk: The review.
        sessions: Who is at the page.
        pictures: Draws pages.
        address: Of the page, without a slash at its end.
        cookie: Name of the cookie.
        said: Is told the next start address whenever one was used up.
        clock: The time.
        lists: Queues as coders go through them.
    """

    desk: Desk
    sessions: Sessions
    pictures: Pictures
    address: str
    cookie: str
    said: Callable[[str], None] = lambda _: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lists: Worklists = field(default_factory=Worklists)

    @property
    def start(self) -> str:
        """The address that opens the next browser."""
        return f"{self.address}/start?token={self.sessions.token}"

    def viewer(self, session: Session, where: Where) -> Viewer:
        """Give who looks at a passage."""
        return Viewer(session.coder, session.blind or where.name == BLIND, self.clock())

    def state(self, review: Review, paper_id: str, place: str) -> PassageState:
        """Find a passage.

        Raises:
            NotFoundError: It is not in the published run.
        """
        found = review.find(paper_id, place)
        if found is None:
            raise NotFoundError("This passage is not in the published run: the text may have been read anew since.")
        return found

    def view(self, review: Review, state: PassageState, viewer: Viewer) -> PassageView:
        """Give what is shown of a passage."""
        work = self.desk.work(state.paper_id)
        return passage_view(work, state, self.desk.document(state.paper_id), review.codebook, viewer)

    def main(self, review: Review, session: Session, where: Where, state: PassageState) -> str:
        """Write the main part of a passage's page."""
        viewer = self.viewer(session, where)
        view = self.view(review, state, viewer)
        document = self.desk.document(state.paper_id)
        return _render(
            "passage_main.html.j2",
            view=view,
            where=where,
            queue_title=TITLES.get(where.name, ""),
            wanted=_WANTED.get(where.name, "machine"),
            near=self.lists.neighbours(review, where, session.coder, (state.paper_id, state.place)),
            sheet=sheet_of(document, view.pages[0], view.start, view.end),
            revisions=msgspec.json.encode(view.revisions).decode(),
            run=review.published.record.run_id,
            viewer=viewer,
            words=words,
        )

    def page(self, name: str, session: Session | None, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        review = self.desk.seen
        html = _render(name, title=review.published.record.title, book=review.codebook, session=session, **values)
        return HTMLResponse(html, status_code=status)


def sheet_of(document: Document, page: int, start: int, end: int) -> Sheet:
    """Give the picture of a page with the lines of a stretch of text.

    Raises:
        NotFoundError: The paper has no such page.
    """
    found = next((one for one in document.pages if one.number == page), None)
    if found is None:
        raise NotFoundError("The paper has no such page.")
    marked = tuple(boxes.boxes(document, start, end, page))
    return Sheet(page, found.label, len(document.pages), found.width, found.height, marked)


def fragment(name: str, **values: Any) -> str:
    """Write a part of a page."""
    return _render(name, **values)


def answer(values: dict[str, Any], status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(values), status_code=status, media_type="application/json")


def _render(name: str, **values: Any) -> str:
    return _ENVIRONMENT.get_template(name).render(**values)


_ENVIRONMENT = Environment(
    loader=PackageLoader("evitable.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
