"""Routes that show something; none of them changes anything but who is signed in."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from typing import NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from evitable.decide.progress import Progress, Sample, progress, recall, sample, undecided_by_code
from evitable.decide.queues import QUEUES, Queue, counts
from evitable.decide.states import PassageState
from evitable.errors import ItemError
from evitable.records import Interval
from evitable.web.desk import Kept, Review
from evitable.web.guard import session_of
from evitable.web.pictures import MEDIA_TYPE
from evitable.web.sessions import Session
from evitable.web.shop import BLIND, NotFoundError, Shop, answer, fragment, sheet_of
from evitable.web.views import version_of
from evitable.web.worklists import TITLES, Where

_STATIC = {
    "icon.svg": "image/svg+xml",
    "review.css": "text/css",
    **dict.fromkeys(("review.js", "asking.js", "choosing.js", "marking.js", "signing.js"), "text/javascript"),
}
"""Files that the page is made of: no other is given away."""


class Front(NamedTuple):
    """What the front page tells.

    Attributes:
        queues: With how many passages are left in each.
        studies: Id, short name and progress.
        codes: Name, title, and passages on which nobody has looked at it.
        sample: What the random sample has shown.
        recall: Which share of the passages with a code is found, as far as it tells.
        read_blind: Passages that this coder has read in full, blind.
    """

    queues: list[tuple[Queue, int]]
    studies: list[tuple[str, str, Progress]]
    codes: list[tuple[str, str, int]]
    sample: Sample
    recall: Interval | None
    read_blind: int


class Tally(NamedTuple):
    """What there is to tell of one paper.

    Attributes:
        states: What was counted.
        left: Passages left in each queue.
        progress: How far it has come.
        undecided: Passages on which nobody has looked at a code, by code.
        read_blind: Passages that the coder has read in full, blind.
    """

    states: tuple[PassageState, ...]
    left: dict[str, int]
    progress: Progress
    undecided: Counter[str]
    read_blind: int


class Reading:
    """Routes that show something."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._counted: Kept[str, dict[str, Tally]] = Kept(8)

    def routes(self) -> APIRouter:
        """Give the routes."""
        routes = APIRouter(default_response_class=HTMLResponse)
        for path, route in (
            ("/", self.front),
            ("/start", self.start),
            ("/login", self.login),
            ("/coder", self.coder),
            ("/queue/{name}", self.queue),
            ("/passage/{paper}/{place}", self.passage),
            ("/sheet/{paper}/{page}", self.sheet),
            ("/picture/{paper}/{page}", self.picture),
            ("/codebook", self.codebook),
            ("/state", self.state),
            ("/static/{name}", self.static),
        ):
            routes.add_api_route(path, route, methods=["GET"], response_model=None)
        return routes

    def start(self, token: str = "") -> Response:
        """Take a one-time token for a session."""
        session = self._shop.sessions.enter(token)
        if session is None:
            return self._shop.page("used.html.j2", None, 403)
        self._shop.said(self._shop.start)
        found = RedirectResponse("/", status_code=303)
        found.set_cookie(self._shop.cookie, session.id, httponly=True, samesite="strict", path="/")
        return found

    def login(self) -> Response:
        """Ask for the password, where one is set."""
        if not self._shop.sessions.password_hash:
            raise NotFoundError("This page needs no password.")
        return self._shop.page("login.html.j2", None)

    def coder(self, request: Request) -> Response:
        """Ask for a name."""
        return self._shop.page("coder.html.j2", session_of(request), forced=self._shop.sessions.blind)

    def front(self, request: Request) -> Response:
        """Show what there is to do, and how far it has come."""
        session = session_of(request)
        if not session.coder:
            return RedirectResponse("/coder", status_code=303)
        review = self._shop.desk.now()
        found = _front(review, session.coder, self._tallies(session.coder))
        return self._shop.page("front.html.j2", session, front=found, review=review)

    def queue(self, request: Request, name: str, study: str = "", code: str = "") -> Response:
        """Go to the first passage of a queue."""
        session, where = session_of(request), Where(name, study, code)
        if name not in TITLES:
            raise NotFoundError("There is no such queue.")
        if refused := self._not_for(session, where):
            return refused
        review = self._shop.desk.now()
        first = self._shop.lists.enter(review, where, session.coder)
        if first:
            return RedirectResponse(first, status_code=303)
        return self._shop.page("done.html.j2", session, where=where, queue_title=TITLES[name], studies=review.studies)

    def passage(
        self, request: Request, paper: str, place: str, queue: str = "", study: str = "", code: str = ""
    ) -> Response:
        """Show a passage."""
        session, where = session_of(request), Where(queue if queue in TITLES else "", study, code)
        if refused := self._not_for(session, where):
            return refused
        review = self._shop.desk.now()
        state = self._shop.state(review, paper, place)
        main = self._shop.main(review, session, where, state)
        return self._shop.page("passage.html.j2", session, main=main, study=review.studies[state.study])

    def sheet(self, paper: str, page: str, place: str = "") -> Response:
        """Show another page of the paper beside a passage."""
        review = self._shop.desk.now()
        state = self._shop.state(review, paper, place)
        where = self._shop.desk.work(paper).placement(state.place)
        start, end = (where.start, where.end) if where else (0, 0)
        found = sheet_of(self._shop.desk.document(paper), _number(page), start, end)
        return HTMLResponse(fragment("sheet.html.j2", sheet=found, paper_id=paper))

    def picture(self, paper: str, page: str, width: str = "1000") -> Response:
        """Give the picture of a page."""
        found = self._shop.desk.now().published.by_id.get(paper)
        if found is None:
            raise NotFoundError("There is no such paper.")
        number, wide = _number(page), _number(width)
        try:
            picture = self._shop.pictures.picture(self._shop.desk.pdf(found), found.sha256, number, wide)
        except ItemError as error:
            status = 404 if error.code == "no-such-page" else 503
            return Response(f"{error.message} {error.hint}", status_code=status, media_type="text/plain")
        return Response(picture, media_type=MEDIA_TYPE)

    def codebook(self, request: Request) -> Response:
        """Show all definitions."""
        return self._shop.page("codebook.html.j2", session_of(request))

    def state(self, request: Request, paper: str = "", place: str = "", queue: str = "") -> Response:
        """Tell whether what is on the screen is still what stands."""
        session = session_of(request)
        review = self._shop.desk.now()
        version = ""
        if review.find(paper, place):
            viewer = self._shop.viewer(session, Where(queue))
            version = version_of(self._shop.desk.work(paper), place, viewer.blind_for)
        return answer({"run": review.published.record.run_id, "version": version})

    def static(self, name: str) -> Response:
        """Give a file of the page itself."""
        if name not in _STATIC:
            raise NotFoundError("There is no such file.")
        data = resources.files("evitable.web").joinpath("static", name).read_bytes()
        return Response(data, media_type=_STATIC[name])

    def _tallies(self, coder: str) -> dict[str, Tally]:
        """Give what was counted for a coder, by paper: only papers that have changed are counted anew."""
        found = self._counted.get(coder)
        if found is None:
            found = {}
            self._counted.put(coder, found)
        return found

    def _not_for(self, session: Session, where: Where) -> Response | None:
        """Send away who has no name yet, and who works blind from all that is not blind."""
        if not session.coder:
            return RedirectResponse("/coder", status_code=303)
        if session.blind and where.name != BLIND:
            return RedirectResponse("/", status_code=303)
        return None


def _front(review: Review, coder: str, counted: dict[str, Tally]) -> Front:
    """Put together the front page; `counted` is what was counted before, and is brought up to date."""
    left: Counter[str] = Counter()
    undecided: Counter[str] = Counter()
    studies = dict.fromkeys(review.studies, Progress())
    read_blind = 0
    for paper in review.published.papers:
        states, tally = review.states[paper.paper_id], counted.get(paper.paper_id)
        if tally is None or tally.states is not states:
            tally = counted[paper.paper_id] = _tally(states, paper.study_id, coder)
        left.update(tally.left)
        undecided.update(tally.undecided)
        before = studies[paper.study_id]
        studies[paper.study_id] = Progress(*(one + more for one, more in zip(before, tally.progress, strict=True)))
        read_blind += tally.read_blind
    return Front(
        queues=[(one, left[one.name]) for one in QUEUES],
        studies=[(study, name, studies[study]) for study, name in review.studies.items()],
        codes=[(code.name, code.title, undecided[code.name]) for code in review.codebook.code],
        sample=sample(review.passages),
        recall=recall(review.passages),
        read_blind=read_blind,
    )


def _tally(states: tuple[PassageState, ...], study: str, coder: str) -> Tally:
    return Tally(
        states,
        counts(states, coder=coder),
        progress(states).get(study, Progress()),
        undecided_by_code(states),
        sum(coder in one.blind_by for one in states),
    )


def _number(text: str) -> int:
    """Read a number of an address.

    Raises:
        NotFoundError: It is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise NotFoundError("There is no such page.")
    return int(text)
