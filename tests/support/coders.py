"""Blind coders, and passages for them, in one line each."""

from __future__ import annotations

from evitable.decide.disagreements import BlindCoding
from evitable.decide.placing import of_passage
from evitable.records import Decision, Passage, Place, Placement, sealed
from support.decisions import anchored


def passage(number: int, paper: str = "p1", text: str = "") -> Passage:
    words = text or f"Passage {number} of {paper}."
    start = 1000 * number
    places = (Place(page=1, box=(0, 0, 1, 1)),)
    return Passage(
        id=f"{paper}-{number}", paper_id=paper, start=start, end=start + len(words), text=words, places=places
    )


def decision(coder: str, on: Passage, code: str, verdict: str = "add", **more) -> Decision:
    fields = {"coder": coder, "time": "2026-01-01", "blind": True, "via": "page", "codebook_version": "c"} | more
    return sealed(Decision(anchor=anchored(on), code=code, verdict=verdict, **fields))


def coded(coder: str, on: Passage, *codes: str, placement: Placement | None = None, **more) -> BlindCoding:
    """Give a passage as one person coded it blind."""
    said = {code: decision(coder, on, code, **more) for code in codes}
    return BlindCoding(coder, anchored(on), placement or of_passage(on), said)
