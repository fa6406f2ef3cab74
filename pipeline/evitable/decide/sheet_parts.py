"""Whether a workbook can be unpacked without harm: looked at before a reader holds all of it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from evitable.errors import UserError

MAX_UNPACKED = 1_000_000_000
"""Bytes of all parts of a workbook: more than a million rows need, far less than what fills a machine."""
MAX_CELLS = 40_000_000
"""Cells of a sheet's rectangle, empty ones too, which are held at once."""
SAVE_AS = "Save it as .xlsx, .ods or .csv, and try again."
_PIECE = 1 << 20
_PLACE = re.compile("([A-Za-z]{0,8})([0-9]{1,10})")
"""Where a row or cell of .xlsx says that it is."""
_TABLE = b"sheetData"
"""Stands in each part of .xlsx that is a table, whatever the part is called."""
_FILLED = ("value-type", "formula", "value")
"""Ends of the names that cells of .ods which hold anything have."""


def check_parts(contents: bytes) -> None:
    """Refuse what is no spreadsheet, cannot be unpacked, or would fill the machine when unpacked.

    Raises:
        UserError: It is one of these.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            names = {info.filename for info in archive.infolist()}
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise too_much()
            if not names & {"xl/workbook.xml", "content.xml"} or "xl/workbook.bin" in names:
                raise UserError("The file is no spreadsheet.", SAVE_AS)
            manifest = "META-INF/manifest.xml"
            if manifest in names and b"encryption-data" in archive.read(manifest):
                raise UserError(
                    "The file is protected by a password.", "Save a copy without a password, and try again."
                )
            for info in archive.infolist():
                _check_part(archive, info)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise UserError("The workbook is damaged: it cannot be unpacked.", "Open it, and save it anew.") from error


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Unpack a part, which shows whether its size is the stated one, and refuse one with a huge rectangle of cells.

    Raises:
        UserError: The rectangle is too large.
        ValueError: The part is no XML though it should be.
    """
    extent = _Extent() if info.filename.casefold().endswith(".xml") else None
    tail = b""
    with archive.open(info) as part:
        while piece := part.read(_PIECE):
            if extent:
                extent.take(piece)
            elif _TABLE in tail + piece:
                raise ValueError("a table in a part that is not called one")
            tail = piece[-len(_TABLE) :]
    if extent and info.file_size:  # old LibreOffices leave empty parts
        extent.take(b"", last=True)


class _Extent:
    """The rectangle that the cells of a part span, whichever of the two formats it is: readers hold all of it."""

    def __init__(self) -> None:
        self._width = self._height = 1
        self._row = self._column = self._rows = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EntityDeclHandler = self._refuse

    def take(self, piece: bytes, *, last: bool = False) -> None:
        """Take some more of the part.

        Raises:
            UserError: The rectangle has become too large.
            ValueError: The part is no XML, or declares entities, which spreadsheets never do and bombs are made of.
        """
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from error
        if self._width * self._height > MAX_CELLS:
            raise too_much()

    def _refuse(self, *_: object) -> None:
        raise ValueError("entities")

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name.startswith("table:table"):
            self._start_ods(name.removeprefix("table:"), given)
        elif name.rpartition(":")[2] in ("c", "row") and (found := _PLACE.fullmatch(given.get("r", ""))):
            self._grow(_column(found[1].upper()), int(found[2]))

    def _start_ods(self, kind: str, given: dict[str, str]) -> None:
        """Take the start of an element of .ods, where equal cells and equal rows stand once, with a number."""
        if kind == "table":
            self._row = self._rows = self._column = 0
        elif kind == "table-row":
            rows = _number(given.get("table:number-rows-repeated", ""))
            self._row, self._rows, self._column = self._row + self._rows, rows, 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._column += _number(given.get("table:number-columns-repeated", ""))
            if any(name.endswith(_FILLED) for name in given):
                self._grow(self._column, self._row + self._rows)

    def _grow(self, column: int, row: int) -> None:
        self._width, self._height = max(self._width, column), max(self._height, row)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _number(text: str) -> int:
    return int(text[:10]) if text.isdecimal() else 1


def too_much() -> UserError:
    """Say that a file is too large, and what to do."""
    return UserError("The workbook is too large when it is unpacked.", "Save only the sheet To verify, as CSV.")
