"""Routes that write: decisions, names, passwords. Each wants the session's key, which only the page has."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Depends, HTTPException
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from evitable.decide.states import PassageState
from evitable.errors import UserError
from evitable.store.decision_files import check_coder
from evitable.store.decisions import StaleDecisionError
from evitable.web import words
from evitable.web.deciding import Maker, Wish, Wishes, taken_back
from evitable.web.desk import Review
from evitable.web.guard import LARGEST, session_of
from evitable.web.sessions import Done, Session
from evitable.web.shop import Shop, answer
from evitable.web.worklists import Where

T = TypeVar("T")


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who works, and whether blind."""

    coder: Annotated[str, Meta(max_length=200)]
    blind: bool = False


class Password(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was typed to sign in."""

    password: Annotated[str, Meta(max_length=1000)]


async def body_of(request: Request) -> bytes:
    """Read what was sent, up to a limit.

    Raises:
        HTTPException: It is larger.
    """
    found = b""
    async for piece in request.stream():
        found += piece
        if len(found) > LARGEST:
            raise HTTPException(413, "That is too long to be kept.")
    return found


Body = Annotated[bytes, Depends(body_of)]


class Writing:
    """Routes that write."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> APIRouter:
        """Give the routes."""
        routes = APIRouter()
        for path, route in (
            ("/decisions", self.decide),
            ("/undo", self.undo),
            ("/coder", self.name),
            ("/link", self.link),
            ("/login", self.log_in),
            ("/logout", self.log_out),
        ):
            routes.add_api_route(path, route, methods=["POST"], response_model=None)
        return routes

    def decide(self, request: Request, body: Body) -> Response:
        """Take decisions on one place: all of them, or none."""
        session, wishes = session_of(request), _decoded(body, Wishes)
        if not session.coder:
            raise UserError("Nobody has said who decides.", "Give a name first.")
        where = Where(wishes.queue, wishes.study, wishes.code)
        viewer = self._shop.viewer(session, where)
        if viewer.blind != wishes.blind:
            raise UserError("This page was opened for another kind of coding.", "Load the page again.")
        review = self._shop.desk.now()
        state = self._shop.state(review, wishes.paper, wishes.place)
        maker = Maker(
            work=self._shop.desk.work(wishes.paper),
            document=self._shop.desk.document(wishes.paper),
            place=wishes.place,
            coder=session.coder,
            blind=viewer.blind,
            codebook=review.codebook,
            now=viewer.now,
        )
        made = tuple(maker.decision(wish, number) for number, wish in enumerate(wishes.decisions))
        try:
            added = self._shop.desk.add(made)
        except StaleDecisionError as error:
            return self._stale(session, where, state, error)
        session.done.append(Done(added, where, where.passage(wishes.paper, wishes.place)))
        return self._decided(session, where, state, wishes.decisions)

    def undo(self, request: Request, body: Body) -> Response:
        """Take back what was decided last in this browser."""
        _decoded(body, dict[str, str])
        session = session_of(request)
        if not session.done:
            raise UserError("There is nothing to take back.", "What was decided earlier can be decided anew.")
        last = session.done[-1]
        try:
            self._shop.desk.add(taken_back(last.decisions, self._shop.clock()))
        except StaleDecisionError as error:
            session.done.pop()
            self._shop.desk.catch_up()
            return answer(
                {"message": f"Not taken back: {self._since(error)}. Decide it anew, if it is to change."}, 409
            )
        session.done.pop()
        review = self._shop.desk.now()
        anchor = last.decisions[-1].anchor
        placed = self._shop.desk.work(anchor.paper_id).placed.get(anchor.place)
        place = placed.place if placed else anchor.place
        said = ", ".join(_title(review, one.code) for one in last.decisions)
        there = review.find(anchor.paper_id, place)  # a stretch that carries nothing any more is no place
        address = last.where.passage(anchor.paper_id, place) if there else last.page
        return answer({"said": f"Taken back: {said}.", "address": address})

    def name(self, request: Request, body: Body) -> Response:
        """Take the name of the coder."""
        session, wish = session_of(request), _decoded(body, Name)
        session.coder = check_coder(wish.coder)
        session.blind = wish.blind or self._shop.sessions.blind
        session.done.clear()
        return answer({"address": "/"})

    def link(self, request: Request, body: Body) -> Response:
        """Give the address that opens the next browser."""
        _decoded(body, dict[str, str])
        session_of(request)
        return answer({"address": self._shop.start})

    def log_in(self, request: Request, body: Body) -> Response:
        """Sign in with the password."""
        wish = _decoded(body, Password)
        caller = request.client.host if request.client else ""
        if not self._shop.sessions.password_hash:
            raise HTTPException(404, "This page needs no password.")
        try:
            session = self._shop.sessions.log_in(wish.password, caller)
        except PermissionError:
            return answer({"message": "Too many wrong passwords. Wait five minutes, then try again."}, 429)
        if session is None:
            return answer({"message": "The password is wrong."}, 403)
        found = answer({"address": "/"})
        found.set_cookie(self._shop.cookie, session.id, httponly=True, samesite="strict", path="/")
        return found

    def log_out(self, request: Request, body: Body) -> Response:
        """End this browser's session."""
        _decoded(body, dict[str, str])
        self._shop.sessions.end(session_of(request))
        return answer({"message": "Signed out. The next browser opens with the address that the program has printed."})

    def _decided(self, session: Session, where: Where, state: PassageState, wishes: tuple[Wish, ...]) -> Response:
        review = self._shop.desk.now()
        said = ". ".join(_said(review, wish) for wish in wishes)
        return answer({"said": said + ".", "main": self._main(review, session, where, state)})

    def _stale(self, session: Session, where: Where, state: PassageState, error: StaleDecisionError) -> Response:
        """Say what stands, and show it; what was typed stays on the screen."""
        review = self._shop.desk.catch_up()
        return answer(
            {
                "message": f"Not saved, since somebody has decided meanwhile. {self._since(error)}.",
                "main": self._main(review, session, where, state),
                "codes": [refused.code for refused, _ in error.conflicts],
            },
            409,
        )

    def _main(self, review: Review, session: Session, where: Where, state: PassageState) -> str:
        """Write the main part of a page again; empty where a stretch or a lost text was settled, and is no place."""
        found = review.find(state.paper_id, state.place)
        return "" if found is None else self._shop.main(review, session, where, found)

    def _since(self, error: StaleDecisionError) -> str:
        """Say what was decided since, by code."""
        review, now = self._shop.desk.seen, self._shop.clock()
        return ". ".join(
            f"{_title(review, refused.code)}: {words.joined(latest, now) or 'what you saw is not the latest any more'}"
            for refused, latest in error.conflicts
        )


def _decoded(body: bytes, kind: type[T]) -> T:
    """Read what was sent.

    Raises:
        HTTPException: It is not what the page sends.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HTTPException(422, f"The program cannot make sense of this: {error}.") from error


def _title(review: Review, code: str) -> str:
    found = review.codebook.by_name.get(code)
    return found.title if found else "The passage as a whole"


_SAID = {
    "accept": "Accepted: {}",
    "add": "Added: {}",
    "reject": "Rejected: {}",
    "unsure": "Left open: {}",
    "undo": "Taken back: {}",
    "complete": "Read in full: nothing more here",
}


def _said(review: Review, wish: Wish) -> str:
    return _SAID[wish.verdict].format(_title(review, wish.code))
