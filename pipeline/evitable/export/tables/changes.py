"""What became of each cell since the last published run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from evitable.export.tables.lookup import Lookup
from evitable.export.tables.table import Column, Kind, Row, Table, Value
from evitable.export.what_changed import cause_words, change_summary, differences, in_order, runs_words
from evitable.records import CellChange, CellState, Changes

_NAMED = 5
"""Papers or studies that the head of the sheet names."""
_WAYS = {
    "facilitates": "Passages in which it helped",
    "hinders": "Passages in which it, or its absence, was a barrier",
    "mixed": "Passages that say both",
}


def _both(name: str, title: str, width: int, meaning: str, kind: Kind = "number") -> tuple[Column, Column]:
    """Give the columns of what a cell was in the earlier run and is in the later one."""
    empty = "Empty where the run had no such cell"
    return (
        Column(f"{name}_before", "before", width, f"{meaning}, in the earlier run. {empty}", kind, title),
        Column(f"{name}_now", "now", width, f"{meaning}, in the later run. {empty}", kind, title),
    )


_COLUMNS = (
    Column("change", "Change", 11, "new, changed, lost or unchanged, against the earlier run"),
    Column("study", "Study", 18, "Short name of the study"),
    Column("dimension", "Dimension", 13, "Dimension of the code"),
    Column("family", "Family", 20, "Family of the code, where its dimension has families"),
    Column("code", "Code", 22, "The code"),
    Column("cause", "Why", 20, "Why it is not what it was; where there are several, each of them may be the one"),
    Column("differs", "What differs", 18, "In what a changed cell differs"),
    *_both("passages", "Passages", 10, "Passages that carry the code and count"),
    *_both("quote", "Strongest quote", 80, "The quote with the highest probability; none for unchanged cells", "text"),
    *_both(
        "page", "Page", 8, "Printed page label of the quote; that of the later run leads to its row in Evidence", "text"
    ),
    *_both("verified", "Verified", 9, "Passages that a person had confirmed"),
    *(column for way, meaning in _WAYS.items() for column in _both(way, way.capitalize(), 11, meaning)),
    *_both("probability", "Probability", 11, "The machine's probability of the quote", "decimal"),
    Column("runs", "Runs", 38, "Numbers of the two runs, and when the earlier one was started"),
    Column("code_name", "Code's name in files", 20, "The code's name in CSV files and settings"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
)


def change_rows(lookup: Lookup, changes: Changes, most: int | None = None) -> Table:
    """Build the list of cells by what became of them: new ones first, then changed, lost and unchanged ones.

    Args:
        lookup: Gives titles.
        changes: What the run changed.
        most: For people who read a sheet: unchanged cells are left out if there are more, and so are all cells of a
            first run, which are all new; None for all cells.
    """
    cells = listed_cells(changes, most)
    note = _left_out(changes, len(cells))
    return Table(
        "Changes",
        "changes",
        f"One row per study and code that was carried in this run or in the one before it. {note}".strip(),
        _COLUMNS,
        len(cells),
        lambda: _rows(cells, changes, lookup),
        key_columns=5,
        printed="page_now",
        head=(
            "What changed",
            *(f"{key}: {text}" for key, text in change_summary(changes, most=_NAMED)),
            *filter(None, [note]),
        ),
    )


def listed_cells(changes: Changes, most: int | None = None) -> tuple[CellChange, ...]:
    """Give the cells that are listed, in order; `most` as of `change_rows`."""
    if most is None:
        return in_order(changes.cells)
    if changes.before is None:
        return ()
    cells = in_order(changes.cells)
    return cells if changes.counted()["unchanged"] <= most else tuple(c for c in cells if c.change != "unchanged")


def _left_out(changes: Changes, listed: int) -> str:
    """Say which cells are not listed; empty where all are."""
    missing = len(changes.cells) - listed
    if not missing:
        return ""
    which = "unchanged cells" if changes.before is not None else "cells, which are all new,"
    return f"{missing:,} {which} are left out here; changes.csv has them."


def _rows(cells: Sequence[CellChange], changes: Changes, lookup: Lookup) -> Iterator[Row]:
    runs = runs_words(changes)
    codes = {(cell.dimension, cell.code) for cell in cells}
    known = {code: _names(*code, lookup) for code in codes}
    for cell in cells:
        names, ways = known[cell.dimension, cell.code]
        quotes = cell.change != "unchanged"
        before, now = (_state(state, ways=ways, quotes=quotes) for state in (cell.before, cell.after))
        yield (
            cell.change,
            cell.study,
            *names,
            cause_words(cell),
            ", ".join(differences(cell)) if cell.change == "changed" else "",
            *itertools.chain.from_iterable(zip(before, now, strict=True)),
            runs,
            cell.code,
            cell.study_id,
        )


def _names(dimension: str, name: str, lookup: Lookup) -> tuple[tuple[str, str, str], bool]:
    """Give a code's dimension, family and title, and whether it has a polarity.

    Of a code that left the codebook only the names are known, and not whether it had a polarity.
    """
    code = lookup.codebook.by_name.get(name)
    return (lookup.names(code), lookup.codebook.has_polarity(name)) if code else ((dimension, "", name), True)


def _state(cell: CellState | None, *, ways: bool, quotes: bool) -> Row:
    """Give what a cell was or is, in the order of the columns; nothing for polarity and quote where not wanted."""
    if cell is None:
        return _NO_CELL
    polarity: tuple[Value, ...] = cell.polarity if ways else _NO_WAYS
    return (cell.passages, cell.quote if quotes else "", cell.pages, cell.verified, *polarity, cell.best)


_NO_WAYS: Row = (None, None, None)
_NO_CELL: Row = (None, "", "", None, *_NO_WAYS, None)
