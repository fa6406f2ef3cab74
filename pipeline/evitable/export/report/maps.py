"""The evidence map and its two-by-two matrices, laid out as tables."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evitable.codebook import Code
from evitable.export.report.words import Lookup, by_family, cell_address
from evitable.records import MapCell

_STEPS = 5
_BANDS = 12
"""Columns up to which a third dimension stands in bands beside each other; wider than that no screen shows it."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell: address of its quotes, numbers, shade (0 to 5), and its codes in words."""

    address: str
    studies: int
    passages: int
    step: int
    about: str


@dataclass(frozen=True, slots=True)
class CrossView:
    """Two dimensions crossed, or a third one in bands side by side.

    Attributes:
        title: What all of its cells carry, or which dimensions are crossed; may be empty.
        down: The dimension that runs down.
        over: The dimension that runs across; empty where there is only one.
        bands: (title, number of columns) for each band; empty where there are no bands.
        columns: Titles of all columns.
        groups: (family, rows); a row is (title, cells).
    """

    title: str
    down: str
    over: str
    bands: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, tuple[CellView, ...]], ...]], ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """Tables that share one scale: the tables, the shades with their ranges, and how many cells are empty."""

    tables: tuple[CrossView, ...]
    legend: tuple[tuple[int, str], ...]
    cells: int
    gaps: int


def map_view(lookup: Lookup) -> MapView | None:
    """Lay out the map: the first dimension runs across, the last one down.

    Those between stand in bands beside each other where they fit, else each of their combinations has a table of its
    own. None where the codebook maps no dimension.
    """
    names, found = lookup.evidence.map_dimensions, lookup.evidence.map
    axes = [lookup.book.codes_of(name) for name in names]
    if not axes:
        return None
    cells = _cells(found, lookup, _most(found))
    sides = (names[-1], names[0] if len(axes) > 1 else "")
    if len(axes) == 3 and len(axes[0]) * len(axes[1]) <= _BANDS:
        columns = [(code, band) for band in axes[1] for code in axes[0]]
        bands = [(_named([names[1]], [band], lookup), len(axes[0])) for band in axes[1]]
        title = " by ".join(lookup.book.dimension_of(name).title for name in reversed(names))
        return _view([_cross(title, sides, columns, cells, lookup, bands)], found)
    tables = []
    for between in itertools.product(*axes[1:-1]):
        across: list[tuple[Code, ...]] = [(code, *between) for code in axes[0]] if len(axes) > 1 else [()]
        tables.append(_cross(_named(names[1:-1], between, lookup), sides, across, cells, lookup))
    return _view(tables, found)


def _named(dimensions: Sequence[str], codes: Sequence[Code], lookup: Lookup) -> str:
    pairs = zip(dimensions, codes, strict=True)
    return ", ".join(f"{lookup.book.dimension_of(name).title}: {code.title}" for name, code in pairs)


def matrix_view(lookup: Lookup) -> MapView | None:
    """Lay out the two-by-two matrices; None where there is none that is not the map itself."""
    shown = [m for m in lookup.evidence.matrices if set(m.dimensions) != set(lookup.evidence.map_dimensions)]
    every = [cell for matrix in shown for cell in matrix.cells]
    tables = []
    for matrix in shown:
        down, over = matrix.dimensions
        # The address of a cell names its codes in the matrix's own order: what runs down first.
        cells = _cells(matrix.cells, lookup, _most(every), turned=True)
        titles = [lookup.book.dimension_of(name).title for name in matrix.dimensions]
        across = [(code,) for code in lookup.book.codes_of(over)]
        tables.append(_cross(" by ".join(titles), (down, over), across, cells, lookup))
    return _view(tables, every) if tables else None


def _view(tables: Sequence[CrossView], cells: Sequence[MapCell]) -> MapView:
    gaps = sum(not cell.studies for cell in cells)
    return MapView(tuple(tables), legend(_most(cells)), len(cells), gaps)


def _cross(
    title: str,
    dimensions: tuple[str, str],
    across: Sequence[tuple[Code, ...]],
    cells: Mapping[tuple[str, ...], CellView],
    lookup: Lookup,
    bands: Sequence[tuple[str, int]] = (),
) -> CrossView:
    down, over = dimensions
    rows = [
        (code.family, (code.title, tuple(_at(cells, (*column, code)) for column in across)))
        for code in lookup.book.codes_of(down)
    ]
    return CrossView(
        title=title,
        down=lookup.book.dimension_of(down).title,
        over=lookup.book.dimension_of(over).title if over else "",
        bands=tuple(bands),
        columns=tuple(column[0].title if column else "Studies" for column in across),
        groups=by_family(rows),
    )


def _cells(
    found: Sequence[MapCell], lookup: Lookup, most: int, *, turned: bool = False
) -> dict[tuple[str, ...], CellView]:
    return {
        cell.codes[::-1] if turned else cell.codes: CellView(
            address=cell_address(cell.codes),
            studies=cell.studies,
            passages=cell.passages,
            step=step_of(cell.studies, most),
            about=", ".join(lookup.titles[code] for code in cell.codes),
        )
        for cell in found
    }


def _most(cells: Sequence[MapCell]) -> int:
    return max((cell.studies for cell in cells), default=0)


def _at(cells: Mapping[tuple[str, ...], CellView], codes: Sequence[Code]) -> CellView:
    names = tuple(code.name for code in codes)
    return cells.get(names) or CellView(cell_address(names), 0, 0, 0, ", ".join(code.title for code in codes))


def step_of(count: int, most: int) -> int:
    """Give the shade of a number of studies: 0 for none, up to 5. Few stay light: one study is never the darkest."""
    return math.ceil(_STEPS * count / max(most, _STEPS)) if count else 0


def legend(most: int) -> tuple[tuple[int, str], ...]:
    """Give each shade with the range of numbers that it stands for."""
    ranges = [(step, list(n)) for step, n in itertools.groupby(range(most + 1), lambda n: step_of(n, most))]
    return tuple((step, f"{n[0]}–{n[-1]}" if len(n) > 1 else str(n[0])) for step, n in ranges)
