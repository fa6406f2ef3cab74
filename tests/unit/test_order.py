"""Reading order on pages that no sheet of paper holds: a web page printed as one page."""

from __future__ import annotations

from evitable.extract.layout.lines import PrintedLine
from evitable.extract.layout.order import in_reading_order

ROWS = 3000


def line(x0: float, x1: float, row: int, text: str) -> PrintedLine:
    top = 12.0 * row
    return PrintedLine(page=1, text=text, x0=x0, top=top, x1=x1, bottom=top + 10, size=10, face="Times", upright=True)


def test_a_page_of_thousands_of_rows_in_two_columns_is_read_column_by_column():
    left = [line(50, 280, row, f"left row {row} of the page") for row in range(ROWS)]
    right = [line(310, 540, row, f"right row {row} of the page") for row in range(ROWS)]
    stream = [piece for pair in zip(left, right, strict=True) for piece in pair]
    assert [piece.text for piece in in_reading_order(stream)] == [piece.text for piece in left + right]


def test_a_page_of_thousands_of_lines_that_is_written_upwards_is_read_downwards():
    lines = [line(50 + 3 * (row % 7), 540, row, f"row {row} of the page") for row in range(ROWS)]
    assert [piece.text for piece in in_reading_order(lines[::-1])] == [piece.text for piece in lines]
