"""Spreadsheets that people have filled in and sent back: from bytes to rows of plain text."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from evitable.decide.sheet_parts import MAX_CELLS, SAVE_AS, check_parts, too_much
from evitable.errors import UserError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

NEEDED = ("coding id", "revision", "decision")
"""Columns without which a sheet says nothing; their names as `plain` gives them."""
COLUMNS = (*NEEDED, "new code", "new polarity", "note", "study", "code", "page", "pdf page")
"""Columns that are read; all others are the reader's own."""
EXPORT_SHEET = "_export"
"""Hidden sheet of names and values that say from what a workbook was made."""
FORMAT = 2
"""Number of the format of To verify and of the hidden sheet; raised when what is read back changes its meaning."""
MAX_BYTES = 50_000_000
MAX_ROWS = 1_000_000
_HEADING_ROWS = 50
"""Rows among which the headings are looked for; people put lines of their own above them."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")
"""Signs that no text holds; decoded in a wrong way, other files do."""
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
"""An apostrophe that our own CSV files put in front of what a spreadsheet might run."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet that came back.

    Attributes:
        sheet: Name of its sheet; empty for CSV.
        number: Its number there, from 1, as a spreadsheet shows it.
        cells: What stands in the columns that are read, trimmed, by their plain names.
    """

    sheet: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Give a cell; empty where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class SheetFile:
    """What a file that came back holds.

    Attributes:
        rows: Its rows, without empty ones, of all sheets that have the columns.
        origin: From what it was made, by name; empty where it does not say.
    """

    rows: tuple[SheetRow, ...]
    origin: dict[str, str] = field(default_factory=dict)


def read_sheets(contents: bytes) -> SheetFile:
    """Read a spreadsheet: .xlsx, .ods or CSV, told apart by what is in it and not by the file's name.

    Columns are found by their headings, in any order and whatever else is there; sheets may have any name. CSV may be
    UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs.

    Args:
        contents: The file's bytes.

    Raises:
        UserError: It is none of these, is protected by a password, is damaged or too large, or no sheet of it has the
            columns; says what to do.
    """
    if len(contents) > MAX_BYTES:
        raise UserError(
            f"The file is too large: {len(contents) / 1e6:,.0f} MB; {MAX_BYTES / 1e6:,.0f} MB are read at most.",
            "Delete the sheets other than To verify, or save the sheet as CSV.",
        )
    if contents.startswith(_OLD_EXCEL):
        raise _old_or_locked(contents)
    if contents.startswith(b"PK"):
        return _read_workbook(contents)
    return _read_csv(contents)


def plain(heading: str) -> str:
    """Give a heading without what people and programs change of it: case, spaces and underscores."""
    return " ".join(heading.replace("_", " ").casefold().split())


def _old_or_locked(contents: bytes) -> UserError:
    if _ENCRYPTED in contents:
        return UserError("The file is protected by a password.", "Save a copy without a password, and try again.")
    return UserError("The file is of the old Excel format (.xls), whatever its name ends with.", SAVE_AS)


def _read_workbook(contents: bytes) -> SheetFile:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only for those who import a sheet

    check_parts(contents)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(contents)) as book:
            return _read_book(book)
    except (CalamineError, OSError, ValueError) as error:
        raise UserError("The workbook is damaged: it cannot be read.", f"Open it, and save it anew. {error}") from error


def _read_book(book: CalamineWorkbook) -> SheetFile:
    rows: list[SheetRow] = []
    origin: dict[str, str] = {}
    found, nearest = False, frozenset(NEEDED)
    for name in book.sheet_names:
        lines = _lines(book, name)
        if name == EXPORT_SHEET:
            origin = {_text(line[0]): _text(line[1]) for _, line in lines if len(line) > 1}
            continue
        places, missing = _headings(lines)
        nearest = min(nearest, missing, key=len)
        if not missing:
            found = True
            rows += _rows(name, lines, places)
    if not found:
        raise _no_columns(nearest)
    return SheetFile(tuple(rows), origin)


Line = tuple[int, Sequence[object]]
"""A row as it was read: its number, from 1, and its values."""


def _lines(book: CalamineWorkbook, name: str) -> Iterator[Line]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MAX_ROWS or sheet.total_height * sheet.total_width > MAX_CELLS:
        raise too_much()
    return enumerate(sheet.iter_rows(), start=1)


def _headings(lines: Iterable[Line]) -> tuple[dict[str, int], frozenset[str]]:
    """Find the headings, and take the lines up to them.

    Returns:
        Places of the columns that are read, and the needed ones that are missing on the line that has most of them.

    Raises:
        UserError: Two columns have one heading.
    """
    nearest = frozenset(NEEDED)
    for _, values in islice(lines, _HEADING_ROWS):
        names = [plain(_text(value)) for value in values]
        missing = frozenset(NEEDED) - set(names)
        nearest = min(nearest, missing, key=len)
        if not missing:
            twice = [name for name in COLUMNS if names.count(name) > 1]
            if twice:
                raise UserError(
                    f"There are two columns with the heading {twice[0]}.", "Give your own column another heading."
                )
            return {name: names.index(name) for name in COLUMNS if name in names}, missing
    return {}, nearest


def _rows(sheet: str, lines: Iterable[Line], places: dict[str, int]) -> Iterator[SheetRow]:
    """Give the rows below the headings, without those that are empty in all columns that are read."""
    for number, values in lines:
        cells = {name: _text(values[place]) for name, place in places.items() if place < len(values)}
        if any(cells.values()):
            yield SheetRow(sheet, number, cells)


def _text(value: object) -> str:
    """Give a cell as text: whole numbers without a point, trimmed, without the apostrophe of our CSV files."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else _GUARDED.sub("", str(value).strip(), count=1)


def _no_columns(missing: frozenset[str]) -> UserError:
    names = ", ".join(name for name in NEEDED if name in missing)
    return UserError(
        f"No sheet of the file has the columns of the sheet To verify: {names} not found.",
        "Keep the line of headings and the hidden columns; fill in evidence.xlsx or evidence-to-verify.csv anew.",
    )


def _read_csv(contents: bytes) -> SheetFile:
    """Read CSV with whichever sign between the cells gives the columns."""
    text = _decoded(contents)
    nearest = frozenset(NEEDED)
    for sign in ",;\t":
        lines = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign), start=1)
        try:
            places, missing = _headings(lines)
            nearest = min(nearest, missing, key=len)
            if not missing:
                rows = tuple(_rows("", islice(lines, MAX_ROWS + 1), places))
                if len(rows) > MAX_ROWS:
                    raise too_much()
                return SheetFile(rows)
        except csv.Error as error:
            raise UserError(f"The file cannot be read as CSV: {error}.", SAVE_AS) from error
    raise _no_columns(nearest)


def _decoded(contents: bytes) -> str:
    """Give the text of a file whose encoding nobody has stated.

    Raises:
        UserError: It is no text.
    """
    encodings = ["utf-8-sig", "cp1252"]
    if contents.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in contents[:1000]:
        encodings = ["utf-16-le", "utf-16-be"]
    for encoding in encodings:
        try:
            text = contents.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\n" in text and not _NO_TEXT.search(text):
            return text
    raise UserError("The file is neither a spreadsheet nor text.", SAVE_AS)
