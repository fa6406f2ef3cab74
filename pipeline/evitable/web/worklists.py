"""Queues as coders go through them: drawn up when they are entered, so that nobody loses the place."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from evitable.decide.queues import QUEUES, queue
from evitable.web.desk import Kept, Review

TITLES = {one.name: one.title for one in QUEUES}


class Where(NamedTuple):
    """A queue as an address names it.

    Attributes:
        name: One of `QUEUES`; empty for a passage that is looked at by itself.
        study: Only this study.
        code: Only this code.
    """

    name: str = ""
    study: str = ""
    code: str = ""

    @property
    def query(self) -> str:
        """The query of a passage's address in this queue, with its question mark; empty for no queue."""
        if not self.name:
            return ""
        return "?" + urlencode({"queue": self.name, **self._narrowed})

    @property
    def address(self) -> str:
        """The address of the queue itself; the front page for none."""
        if not self.name:
            return "/"
        return f"/queue/{self.name}" + (f"?{urlencode(self._narrowed)}" if self._narrowed else "")

    @property
    def _narrowed(self) -> dict[str, str]:
        return {key: value for key, value in (("study", self.study), ("code", self.code)) if value}

    def passage(self, paper_id: str, place: str) -> str:
        """Give the address of a passage in this queue."""
        return f"/passage/{quote(paper_id, safe='')}/{quote(place, safe='')}{self.query}"


class Neighbours(NamedTuple):
    """Where a passage stands in a queue.

    Attributes:
        number: From 1; 0 where it is not in the queue.
        of: Passages in the queue as it was drawn up.
        before: Address of the one before; empty for none.
        after: Address of the next one on which there is work; the queue's own where there is none, so that it is drawn
            up anew.
    """

    number: int
    of: int
    before: str
    after: str


class Worklists:
    """Queues as each coder goes through them. Safe to use from several threads."""

    def __init__(self) -> None:
        self._drawn: Kept[tuple[str, Where], list[tuple[str, str]]] = Kept(100)

    def enter(self, review: Review, where: Where, coder: str) -> str:
        """Draw up a queue, and give the address of its first passage; empty where nothing is left.

        Raises:
            UserError: There is no such queue.
        """
        drawn = self._draw(review, where, coder)
        return where.passage(*drawn[0]) if drawn else ""

    def neighbours(self, review: Review, where: Where, coder: str, here: tuple[str, str]) -> Neighbours:
        """Tell where a passage stands in a queue, drawing it up if it has not been yet, or does not have the passage.

        Raises:
            UserError: There is no such queue.
        """
        if not where.name:
            return Neighbours(0, 0, "", "/")
        drawn = self._drawn.get((coder, where)) or []
        if here not in drawn:
            drawn = self._draw(review, where, coder)
        if here not in drawn:
            return Neighbours(0, len(drawn), "", where.passage(*drawn[0]) if drawn else where.address)
        at = drawn.index(here)
        after = next((one for one in drawn[at + 1 :] if self._work_on(review, where, coder, one)), None)
        before = where.passage(*drawn[at - 1]) if at else ""
        return Neighbours(at + 1, len(drawn), before, where.passage(*after) if after else where.address)

    def _draw(self, review: Review, where: Where, coder: str) -> list[tuple[str, str]]:
        order = queue(where.name, review.passages, coder=coder, study=where.study, code=where.code)
        drawn = [(review.passages[at].paper_id, review.passages[at].place) for at in order]
        self._drawn.put((coder, where), drawn)
        return drawn

    def _work_on(self, review: Review, where: Where, coder: str, one: tuple[str, str]) -> bool:
        found = review.find(*one)
        return found is not None and bool(queue(where.name, [found], coder=coder, study=where.study, code=where.code))
