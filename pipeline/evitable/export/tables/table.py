"""What a table is: columns, and rows that are made when they are wanted."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evitable.codebook import Codebook
from evitable.export.clean import clean_text, first_units

Value = str | int | float | None
Row = tuple[Value, ...]
Batch = Sequence[Sequence[Value]]
"""Rows by columns: for each column its values."""
BATCH = 10_000
"""Rows that are held at once."""
Kind = Literal["text", "number", "decimal", "share"]
"""Text; a whole number; a number from 0 to 1 with two decimals; a share from 0 to 1, shown in per cent."""
Entry = Literal["", "decision", "code", "polarity", "note"]
"""What people write into a cell: one of the decisions, codes or polarities, or what they like; empty for nothing."""

NOT_FOUND = "not found"
NOT_CHECKED = "not checked"
SHEET_NAME_LIMIT = 31
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_RESERVED = frozenset({"history", "read me", "lists", "_export"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: Its name in CSV and Parquet files.
        title: Its heading for people.
        width: Its width in characters.
        meaning: What it holds, for the data dictionary.
        kind: What its cells are.
        group: What it belongs to, shown above its heading; empty for most.
        entry: What people write into it.
        hidden: Whether it is there for programs only.
    """

    name: str
    title: str
    width: int
    meaning: str
    kind: Kind = "text"
    group: str = ""
    entry: Entry = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        sheet: Name of its sheet.
        file: Name of its files, without ending.
        meaning: What a row is, in one or two sentences.
        columns: Its columns.
        count: Number of rows.
        make: Makes the rows, the same ones each time: 100,000 of them are never held at once.
        key_columns: So many columns stay in sight when scrolling.
        shaded: Whether greater numbers have a darker ground.
        printed: Name of the last column that is printed; empty for all.
        head: Lines that stand above the headings on its sheet.
    """

    sheet: str
    file: str
    meaning: str
    columns: tuple[Column, ...]
    count: int
    make: Callable[[], Iterable[Row]]
    key_columns: int = 1
    shaded: bool = False
    printed: str = ""
    head: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """Make the rows anew, one value for each column."""
        return iter(self.make())

    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        """Make the rows anew by columns, `BATCH` rows at a time; at most so many as the limit says."""
        rows = itertools.islice(self.rows, limit)
        while batch := list(itertools.islice(rows, BATCH)):
            yield tuple(zip(*batch, strict=True))

    def place(self, name: str) -> int:
        """Give a column's place, from 0.

        Raises:
            KeyError: There is no column of that name.
        """
        return {column.name: index for index, column in enumerate(self.columns)}[name]


def code_titles(codebook: Codebook) -> dict[str, str]:
    """Give each code a title that no other code has: its own, or with its dimension's, or with its name."""
    titles = {code.name: code.title for code in codebook.code}
    for code in codebook.code:
        if _times(code.title, (other.title for other in codebook.code)) > 1:
            titles[code.name] = f"{codebook.dimension_of(code.dimension).title}: {code.title}"
    twice = {name for name, title in titles.items() if _times(title, titles.values()) > 1}
    return {name: f"{title} ({name})" if name in twice else title for name, title in titles.items()}


def _times(title: str, titles: Iterable[str]) -> int:
    return sum(other.casefold() == title.casefold() for other in titles)


def unused(name: str, taken: set[str]) -> str:
    """Give a column's name that is not taken yet, regardless of case, by adding a number; it is taken then."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free.casefold())
    return free


def with_sheet_names(tables: Sequence[Table]) -> tuple[Table, ...]:
    """Make the sheets' names ones that Excel takes: short, without its special signs, unique regardless of case."""
    taken = set(_RESERVED)
    named = []
    for table in tables:
        plain = " ".join(_NO_SHEET_NAME.sub(" ", clean_text(table.sheet)).split()).strip("'") or "Table"
        name, number = _shortened(plain, ""), 1
        while name.casefold() in taken:
            number += 1
            name = _shortened(plain, f" {number}")
        taken.add(name.casefold())
        named.append(dataclasses.replace(table, sheet=name))
    return tuple(named)


def _shortened(name: str, ending: str) -> str:
    """Cut a name to Excel's limit, and put an ending behind it."""
    return first_units(name, SHEET_NAME_LIMIT - len(ending)).rstrip(" '") + ending
