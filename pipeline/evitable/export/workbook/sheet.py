"""A sheet that is written row by row and holds no row in memory."""

from __future__ import annotations

import functools
import re
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
_letters = functools.cache(xl_col_to_name)
_CODED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
"""What Excel would read as the code of a character."""
_PLACE = re.compile("[A-Za-z0-9 '!]{0,100}")
"""A link's target that needs no escaping: most do not."""
_KEPT_TEXTS = 4_096
"""Texts kept as they are written: what a study's rows share comes again before so many others have come."""
_KEPT_LENGTH = 200
"""Characters of a text that is kept; quotes are longer, and seldom come again."""
_KEPT_FORMS = 256


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
    """A worksheet that takes whole rows and writes them at once.

    XlsxWriter takes cell by cell, which is many times as slow; it keeps each row's height and each link in memory until
    the end, and takes text from `<r>` to `</r>` as mark-up. All but rows and links is XlsxWriter's own.

    Attributes:
        links: Makes the links of the rows below the headings.
        top: Number of the headings' row, from 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self.links: Links = no_links
        self.top = 0
        self._texts = _Texts()

    def write_line(self, number: int, height: float, values: Sequence[Value], formats: Sequence[int]) -> None:
        """Write a row. Text is always text: never a formula, a link or a number.

        Args:
            number: Number of the row, from 0; each greater than the one before.
            height: In points.
            values: One for each cell, from the first column on; empty ones have a format only.
            formats: For each cell the index of its format.
        """
        texts = self._texts
        cells = [texts[value] if isinstance(value, str) else _number(value) for value in values]
        row = str(number + 1)
        written = _row_form(tuple(formats)).replace("#", row) % tuple(cells)
        self.fh.write(f'<row r="{row}" ht="{height:g}" customHeight="1">{written}</row>')
        self._check_dimensions(number, len(values) - 1)  # XlsxWriter writes down how far the sheet goes

    def _write_hyperlinks(self) -> None:
        """Write the links when XlsxWriter has come to their place in the file."""
        elements = self._link_elements()
        first = next(elements, None)
        if first is None:
            return
        self.fh.write("<hyperlinks>" + first)
        self.fh.writelines(elements)
        self.fh.write("</hyperlinks>")

    def _link_elements(self) -> Iterator[str]:
        for number, links in enumerate(self.links(), start=self.top + 2):
            for column, link in links.items():
                tip = f" tooltip={_attribute(link.tip)}" if link.tip else ""
                yield f'<hyperlink ref="{_letters(column)}{number}" location={_attribute(link.target)}{tip}/>'


class _Texts(dict[str, str]):
    """What stands in a cell for a text, up to the cell's end; short ones are kept, for most come again soon."""

    def __missing__(self, text: str) -> str:
        written = _text(text)
        if len(text) <= _KEPT_LENGTH:
            if len(self) >= _KEPT_TEXTS:
                self.clear()
            self[text] = written
        return written


@functools.lru_cache(_KEPT_FORMS)
def _row_form(formats: tuple[int, ...]) -> str:
    """Give a row's cells by their formats: `#` stands for the row's number, `%s` for what is in a cell."""
    return "".join(f'<c r="{_letters(column)}#" s="{index}"%s' for column, index in enumerate(formats))


def _text(text: str) -> str:
    short = len(text) < SURELY_SHORT and text.isprintable()  # nearly all
    safe = text if short else sheet_text(text)
    if not safe:
        return "/>"
    space = ' xml:space="preserve"' if safe != safe.strip() else ""
    return f' t="inlineStr"><is><t{space}>{escape(_plain(safe))}</t></is></c>'


def _number(value: float | None) -> str:
    return "/>" if value is None else f"><v>{value!r}</v></c>"


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
