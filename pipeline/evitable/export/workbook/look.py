"""How the workbook looks: formats, heights and colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evitable.export.tables import Value
from evitable.export.tables.table import Column, Table
from evitable.export.workbook.sheet import format_index

_LINE = 13.5
"""Height of a line of text, in points."""
_MAX_HEIGHT = 400
_CHARACTERS = 1.15
"""Characters of text to one of column width: small letters are narrower than figures."""
_HEADER = "#1F4E5F"
_HEADER_BESIDE = "#3B6F80"
_HEADER_ENTRY = "#8A5A00"
_LINK = "#0B5563"
_KEY = "#F3F7F8"
_RULE = "#D5DEE1"
_GREY = "#F0F0F0"
LOW, HIGH = "#FFFFFF", "#8FC1CC"
"""Grounds of the least and the greatest number of a matrix."""

Formats = dict[str, int]
"""Numbers of the formats by what they are for."""


def make_formats(book: Any) -> tuple[Formats, Any]:
    """Give the numbers of all formats, and the format of columns that people write into."""
    plain = {"valign": "top", "font_name": "Calibri", "font_size": 10}
    text = {**plain, "bottom": 1, "bottom_color": _RULE, "text_wrap": True, "indent": 1}
    number = {**text, "align": "center", "indent": 0}
    decimal, share = {**number, "num_format": "0.00"}, {**number, "num_format": "0%"}
    link = {"font_color": _LINK, "underline": 1}
    header = {**plain, "bold": True, "font_color": "white", "bg_color": _HEADER, "text_wrap": True}
    header |= {"border": 1, "indent": 1}
    entry = {**text, "num_format": "@", "border": 1, "border_color": "#C9A24B"}
    looks = {
        "text": text,
        "first": {**text, "bold": True},
        "number": number,
        "decimal": decimal,
        "share": share,
        "link text": {**text, **link},
        "link number": {**number, **link},
        "grey first": {**text, "bold": True, "bg_color": _GREY},
        "grey text": {**text, "bg_color": _GREY},
        "grey number": {**number, "bg_color": _GREY},
        "grey decimal": {**decimal, "bg_color": _GREY},
        "grey share": {**share, "bg_color": _GREY},
        "header": header,
        "header beside": {**header, "bg_color": _HEADER_BESIDE},
        "header entry": {**header, "bg_color": _HEADER_ENTRY},
        "title": {**plain, "bold": True, "font_size": 16, "font_color": _HEADER},
        "key": {**text, "bold": True, "bg_color": _KEY},
        "plain": plain,
        "id": {**plain, "num_format": "@"},
        "grey id": {**text, "bg_color": _GREY, "num_format": "@"},
    }
    made = {name: format_index(book.add_format(look)) for name, look in looks.items()}
    entries = book.add_format(entry)
    return {**made, "entry": format_index(entries)}, entries


def header_texts(table: Table) -> list[str]:
    """Give the headings: the group of a column stands above its title."""
    return [f"{column.group}:\n{column.title}" if column.group else column.title for column in table.columns]


def header_formats(table: Table, formats: Formats) -> list[int]:
    """Give the headings' formats: neighbouring groups differ in colour, and so do columns that people write into."""
    found, beside, before = [], False, ""
    for column in table.columns:
        if column.group != before:
            beside, before = bool(column.group) and not beside, column.group
        found.append(formats["header entry" if column.entry else "header beside" if beside else "header"])
    return found


def cell_formats(table: Table, formats: Formats) -> list[int]:
    """Give the formats of a row's cells: the first is bold; where people write into some, the others are grey.

    Ids are formatted as text, which no program turns into numbers or dates when cells are sorted or copied.
    """
    grey = "grey " if any(column.entry for column in table.columns) else ""
    kinds: list[str] = [grey + ("id" if column.hidden else column.kind) for column in table.columns]
    found = [formats["entry" if column.entry else kind] for column, kind in zip(table.columns, kinds, strict=True)]
    return [formats[grey + "first"], *found[1:]]


def link_format(column: Column, formats: Formats) -> int:
    """Give the format of a cell that leads somewhere."""
    return formats["link text" if column.kind == "text" else "link number"]


def height(values: Sequence[Value], widths: Sequence[int]) -> float:
    """Give a row's height in points: converted and printed files do not fit wrapped text by themselves."""
    return height_of(lines_in(values, widths))


def height_of(lines: int) -> float:
    """Give the height in points of a row with so many lines."""
    return min(_MAX_HEIGHT, _LINE * lines + 2)


def line_length(width: int) -> int:
    """Give how many characters of text fit into a line of a column."""
    return max(1, int(width * _CHARACTERS))


def lines_in(values: Sequence[Value], widths: Sequence[int]) -> int:
    """Give how many lines the longest cell of a row takes, at least one."""
    texts = ((value, line_length(width)) for value, width in zip(values, widths, strict=True) if isinstance(value, str))
    return max((sum(-(-max(1, len(part)) // per) for part in text.split("\n")) for text, per in texts), default=1)
