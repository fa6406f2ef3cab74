"""A sheet that holds no row in memory, and the workbook put together of such sheets."""

from __future__ import annotations

import functools
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from evitable.export.clean import SURELY_SHORT, clean_text, first_units, sheet_text
from evitable.export.tables import Value

MAX_LINKS = 65_530
"""Links that Excel reads in a sheet; one more, and it reads none."""
MAX_ROWS = 1_048_576
"""Rows that Excel reads in a sheet."""
_TIP_LIMIT = 250
letters = functools.cache(xl_col_to_name)
"""A column's letters by its place, from 0."""
_CODED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
"""What Excel would read as the code of a character."""
_PLACE = re.compile("[A-Za-z0-9 '!]{0,100}")
"""A link's target that needs no escaping: most do not."""
BEFORE_TEXT, AFTER_TEXT, EMPTY = ' t="inlineStr"><is><t>', "</t></is></c>", "/>"
"""What stands in a cell behind its format, around a text or for none."""
_MARK = b"<!--here-->"
"""Can stand in no text: `<` is escaped there."""
_LINKS_AT_ONCE = 1_000
_MANY_ROWS = 250_000
"""Rows that might make a file of 2 GB, for which ZIP needs a longer form that not all programs read."""
_EFFORT = 2
"""Of 1 to 9. Two fifths of the time of the usual 6, for files a fifth larger."""
_UNIX = 3


class Link(NamedTuple):
    """A link to a cell of the workbook, and what is shown when pointing at it."""

    target: str
    tip: str = ""


RowLinks = Mapping[int, Link]
"""Links of one row, by the place of their column."""
Links = Callable[[], Iterable[RowLinks]]
"""Makes the links of a table row by row, the same ones each time, in step with its rows."""


def no_links() -> Iterator[RowLinks]:
    """Give no links."""
    return iter(())


class RowSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose rows and links are made when the file is put together, and are never held.

    XlsxWriter takes cell by cell, which is many times as slow; it keeps each row's height and each link in memory until
    the end, and takes text from `<r>` to `</r>` as mark-up. All but rows and links is XlsxWriter's own; where these
    belong it leaves a mark.

    Attributes:
        links: Makes the links of the rows below the headings.
        top: Number of the headings' row, from 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self.links: Links = no_links
        self.top = 0
        self._rows: list[Callable[[], Iterator[bytes]]] = []

    @property
    def file(self) -> str:
        """Name of the sheet's file in the workbook."""
        return f"xl/worksheets/sheet{self.index + 1}.xml"

    def write_line(self, number: int, height: float, values: Sequence[Value], formats: Sequence[int]) -> None:
        """Write a row. Text is always text: never a formula, a link or a number.

        Args:
            number: Number of the row, from 0; each greater than the one before.
            height: In points.
            values: One for each cell, from the first column on; empty ones have a format only.
            formats: For each cell the index of its format.
        """
        cells = "".join(
            f'<c r="{letters(index)}{number + 1}" s="{look}"{text_cell(str(value or ""))}'
            for index, (value, look) in enumerate(zip(values, formats, strict=True))
        )
        row = f'<row r="{number + 1}" ht="{height:g}" customHeight="1">{cells}</row>'.encode()
        self.write_blocks(number, len(values), lambda: iter([row]))

    def write_blocks(self, last: int, width: int, blocks: Callable[[], Iterator[bytes]]) -> None:
        """Write many rows.

        Args:
            last: Number of the last row, from 0.
            width: Number of columns.
            blocks: Makes the rows as they stand in the file, when it is put together.
        """
        self._rows.append(blocks)
        self._check_dimensions(last, width - 1)  # XlsxWriter writes down how far the sheet goes

    def contents(self, framed: bytes) -> Iterator[bytes]:
        """Give the sheet's file, with rows and links where XlsxWriter has left its marks."""
        before, _, rest = framed.partition(_MARK)
        yield before
        for blocks in self._rows:
            yield from blocks()
        middle, _, after = rest.partition(_MARK)
        yield middle
        elements = self._link_elements()
        while some := "".join(itertools.islice(elements, _LINKS_AT_ONCE)):
            yield some.encode()
        yield after

    def _write_rows(self) -> None:
        self.fh.write(_MARK.decode())

    def _write_hyperlinks(self) -> None:
        if next(self._link_elements(), None) is not None:
            self.fh.write(f"<hyperlinks>{_MARK.decode()}</hyperlinks>")

    def _link_elements(self) -> Iterator[str]:
        for number, links in enumerate(self.links(), start=self.top + 2):
            for column, link in links.items():
                tip = f" tooltip={_attribute(link.tip)}" if link.tip else ""
                yield f'<hyperlink ref="{letters(column)}{number}" location={_attribute(link.target)}{tip}/>'


def put_together(frame: bytes, sheets: Sequence[RowSheet]) -> bytes:
    """Put a workbook together: what XlsxWriter has made, and the sheets' rows and links.

    Returns:
        The file; equal input gives equal bytes.
    """
    by_file = {sheet.file: sheet for sheet in sheets}
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(frame)) as framed,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT) as archive,
    ):
        for name in framed.namelist():
            sheet, data = by_file.get(name), framed.read(name)
            with archive.open(name, "w", force_zip64=sheet is not None and sheet.dim_rowmax > _MANY_ROWS) as file:
                for part in [data] if sheet is None else sheet.contents(data):
                    file.write(part)
        for entry in archive.infolist():
            entry.create_system = _UNIX  # nothing of the computer that wrote it
    return made.getvalue()


def text_cell(text: str) -> str:
    """Give what stands in a cell behind its format, up to its end: a text, never anything else."""
    short = len(text) < SURELY_SHORT and text.isprintable()  # nearly all
    safe = text if short else sheet_text(text)
    if not safe:
        return EMPTY
    space = ' xml:space="preserve"' if safe != safe.strip() else ""
    return f' t="inlineStr"><is><t{space}>{escape(_plain(safe))}{AFTER_TEXT}'


def _attribute(text: str) -> str:
    if _PLACE.fullmatch(text):
        return f'"{text}"'
    return quoteattr(first_units(_plain(clean_text(text)), _TIP_LIMIT))


def _plain(text: str) -> str:
    """Keep Excel from reading `_x0041_` as an A."""
    return _CODED.sub("_x005F_", text) if "_x" in text else text


def up_to(limit: int, links: Links) -> Links:
    """Keep the first so many links; the cells of the others keep their text."""

    def kept() -> Iterator[RowLinks]:
        left = limit
        for row in links():
            if len(row) > left:
                yield dict(list(row.items())[:left])
                return
            left -= len(row)
            yield row

    return kept


def format_index(cell_format: Any) -> int:
    """Give a format's number in the workbook."""
    index: int = cell_format._get_xf_index()
    return index
