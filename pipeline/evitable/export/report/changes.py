"""What the run changed since the last published one, laid out for the page."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

from evitable.export.report.words import Lookup, pages_text, study_address
from evitable.export.what_changed import (
    ORDER,
    cause_words,
    change_summary,
    differences,
    first_run_words,
    state_words,
)
from evitable.records import CellChange, CellState, Change, Changes

_CELLS = 100
"""Cells of one kind that the page shows; the rest is in `changes.csv`."""
_BEGIN = 64
"""Characters of a quote that is folded away."""
_HEADINGS: dict[Change, str] = {"new": "New cells", "changed": "Changed cells", "lost": "Lost cells"}


@dataclass(frozen=True, slots=True)
class StateView:
    """A cell as it is, or was: numbers in words, its strongest quote and its first words, and where that stands."""

    numbers: str
    quote: str
    begin: str
    place: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What became of one cell.

    Attributes:
        study: Short name of the study.
        address: Where the study is in this page; empty where it left the review.
        code: Title of the code.
        dimension: Title of its dimension.
        why: What may have caused it.
        differs: In what a changed cell differs.
        before: What it was, or None.
        now: What it is, or None.
        same_quote: Whether both have the same strongest quote.
    """

    study: str
    address: str
    code: str
    dimension: str
    why: str
    differs: str
    before: StateView | None
    now: StateView | None
    same_quote: bool


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What changed: (key, text) pairs, a sentence where there is no earlier run, and (heading, cells, how many)."""

    first: str
    summary: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[ChangeView, ...], int], ...]


def changes_view(changes: Changes | None, lookup: Lookup) -> ChangesView | None:
    """Lay out what changed; None where it is not known."""
    if changes is None:
        return None
    if changes.before is None:
        return ChangesView(first_run_words(changes), (), ())
    groups = []
    for change in ORDER:
        cells = [cell for cell in changes.cells if cell.change == change]
        if change in _HEADINGS and cells:
            groups.append((_HEADINGS[change], tuple(_view(cell, lookup) for cell in cells[:_CELLS]), len(cells)))
    return ChangesView("", tuple(change_summary(changes)), tuple(groups))


def _view(cell: CellChange, lookup: Lookup) -> ChangeView:
    before, now = cell.before, cell.after
    dimensions = {dimension.name: dimension.title for dimension in lookup.book.dimension}
    return ChangeView(
        study=cell.study,
        address=study_address(cell.study_id) if cell.study_id in lookup.keys else "",
        code=lookup.titles.get(cell.code, cell.code),
        dimension=dimensions.get(cell.dimension, cell.dimension),
        why=cause_words(cell),
        differs=", ".join(differences(cell)),
        before=_state(before) if before else None,
        now=_state(now) if now else None,
        same_quote=bool(before and now and (before.quote, before.pages) == (now.quote, now.pages)),
    )


def _state(cell: CellState) -> StateView:
    begin = shorten(cell.quote, _BEGIN, placeholder=" …") or "no words"
    return StateView(state_words(cell), cell.quote, begin, _place(cell.pages))


def _place(pages: str) -> str:
    """Write the pages of a quote, kept as one text."""
    return pages_text(pages.split(", ")) if pages else "no page"
