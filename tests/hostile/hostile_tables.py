"""Bad PDFs whose fault is in their objects, in the tables of these, or in the updates of a file.

`hostile_more.MORE` names them together with others.
"""

from __future__ import annotations

from collections.abc import Mapping

from hostile.hostile_pages import PAGE, lines_at, paged
from support.pdf_bytes import FONT, good, one_page, prose_content, stream

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_TREE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_RESOURCES = b"/Resources << /Font << /F1 5 0 R >> >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R %s %s /Contents %%d 0 R >>" % (PAGE, _RESOURCES)
OLD = "The first draft said something else"
"""Words of a version that an update has replaced."""


def appended(data: bytes, objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Add objects of any numbers and a table of them to the start of a PDF, or to a whole one as an update."""
    out = bytearray(data)
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (max(places) + 1, trailer, start)
    return bytes(out)


def _table_at(data: bytes) -> int:
    """Give the place of a PDF's last table of objects."""
    return int(data[data.rindex(b"startxref") :].split()[1])


def _object_stream(objects: Mapping[int, bytes]) -> bytes:
    """Pack objects into one stream object."""
    ends = [0]
    for body in objects.values():
        ends.append(ends[-1] + len(body) + 1)
    index = b" ".join(b"%d %d" % (number, at) for number, at in zip(objects, ends, strict=False)) + b" "
    entries = b"/Type /ObjStm /N %d /First %d" % (len(objects), len(index))
    return stream(index + b" ".join(objects.values()), entries, flate=1)


def _table_stream(entries: Mapping[int, tuple[int, int, int]]) -> bytes:
    """Give a table of objects as a stream: kind, place and index of each."""
    rows = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + i.to_bytes(4, "big") for kind, at, i in entries.values()
    )
    index = b" ".join(b"%d 1" % number for number in entries)
    return stream(rows, b"/Type /XRef /Size %d /W [1 4 4] /Index [%s] /Root 1 0 R" % (max(entries) + 1, index), flate=1)


def _packed(extra: Mapping[int, bytes]) -> tuple[bytes, dict[int, tuple[int, int, int]]]:
    """Give a PDF without its table: all but the content (4) is packed in object 6; and the entries of its table."""
    inner = {1: _CATALOG, 2: _TREE, 3: _PAGE % 4, 5: FONT, **extra}
    out, places = bytearray(HEADER), {}
    for number, body in ((4, stream(prose_content())), (6, _object_stream(inner))):
        places[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return bytes(out), {**places, **{number: (2, 6, index) for index, number in enumerate((1, 2, 3, 5))}}


def packed_objects() -> bytes:
    """Objects packed in a stream, and their table a stream, as newer PDFs have it."""
    data, entries = _packed({})
    table = b"7 0 obj\n%s\nendobj\n" % _table_stream({**entries, 7: (1, len(data), 0)})
    return data + table + b"startxref\n%d\n%%%%EOF\n" % len(data)


def two_tables() -> bytes:
    """A table for old readers, in which the objects are missing, that names a second one for new readers."""
    data, entries = _packed({})
    second = len(data)
    data += b"7 0 obj\n%s\nendobj\n" % _table_stream(entries)
    old = {4: stream(prose_content()), 8: b"null"}
    return appended(data, old, b"/Root 1 0 R /XRefStm %d" % second)


def bomb_of_objects() -> bytes:
    """A million tiny objects packed with those that count."""
    data, entries = _packed(dict.fromkeys(range(10, 1_000_010), b"0"))
    table = b"7 0 obj\n%s\nendobj\n" % _table_stream(entries)
    return data + table + b"startxref\n%d\n%%%%EOF\n" % len(data)


def bomb_of_entries() -> bytes:
    """A table that says it has a thousand million objects."""
    data, entries = _packed({})
    table = _table_stream(entries).replace(b"/Index [", b"/Index [100 1000000000 ")
    return data + b"7 0 obj\n%s\nendobj\n" % table + b"startxref\n%d\n%%%%EOF\n" % len(data)


def numbers_of_millions() -> bytes:
    """Objects numbered from 9,999,990."""
    n = 9_999_990
    page = (b"<< /Type /Page /Parent %d 0 R %s /Contents %d 0 R " % (n + 1, PAGE, n + 3)) + (
        b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (n + 9)
    )
    objects = {
        n: b"<< /Type /Catalog /Pages %d 0 R >>" % (n + 1),
        n + 1: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 2),
        n + 2: page,
        n + 3: stream(prose_content()),
        n + 9: FONT,
    }
    return appended(HEADER, objects, b"/Root %d 0 R" % n)


def updated_page() -> bytes:
    """A page of which an older version stands before the newest, as a program leaves it that adds to a file."""
    old = paged([lines_at(b"1 0 0 1 72 700", [OLD + " on each of its lines."] * 6)])
    content = {6: stream(lines_at(b"1 0 0 1 72 700"))}
    return appended(old, content, b"/Root 1 0 R /Prev %d" % _table_at(old))


def _shifted(data: bytes) -> bytes:
    """Put a comment at the start, so that no place in the tables is right."""
    return data.replace(HEADER, HEADER + b"% moved\n", 1)


def updated_page_moved() -> bytes:
    """The same, and all places in its tables are wrong: the newest version is still the last in the file."""
    return _shifted(updated_page())


def same_number_twice() -> bytes:
    """Two objects of the same number; the table, and the order, say that the second counts."""
    first = HEADER + b"4 0 obj\n%s\nendobj\n" % stream(lines_at(b"1 0 0 1 72 700", [OLD] * 6))
    return appended(first, {1: _CATALOG, 2: _TREE, 3: _PAGE % 4, 4: stream(prose_content()), 5: FONT})


def same_number_twice_without_table() -> bytes:
    """The same, and the table is gone."""
    data = same_number_twice()
    return data[: data.rindex(b"xref\n0")] + b"trailer\n<< /Root 1 0 R >>\n"


def null_page() -> bytes:
    """Two pages are counted; the second is the object `null`."""
    tree = b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>"
    objects = {1: _CATALOG, 2: tree, 3: _PAGE % 4, 4: stream(prose_content()), 5: FONT, 6: b"null"}
    return appended(HEADER, objects)


def for_the_web() -> bytes:
    """Two pages, the first before all others (linearized) with a table of its own."""
    note = b"BT /F1 10 Tf 1 0 0 1 72 740 Tm (The second page) Tj ET"
    second = {2: b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>", 6: _PAGE % 7, 7: stream(prose_content(note))}
    first = {1: _CATALOG, 3: _PAGE % 4, 4: stream(prose_content()), 5: FONT}
    told = b"<< /Linearized 1 /L %010d /H [%010d 1] /O 3 /E %010d /N 2 /T %010d >>"
    sizes = (0, 0, 0, 0)
    for _ in range(2):  # the second time all sizes are known
        start = appended(HEADER, {8: told % sizes, **first}, b"/Root 1 0 R /Prev %010d" % sizes[3])
        data = appended(start, second)
        sizes = (len(data), len(HEADER), len(start), _table_at(data))
    return data[: data.rindex(b"startxref")] + b"startxref\n%d\n%%%%EOF\n" % _table_at(start)


def for_the_web_truncated() -> bytes:
    """The same, of which only the first page and the start of the second came through the line."""
    data = for_the_web()
    return data[: data.rindex(b"/Type /Page /Parent") + 20]


def for_the_web_moved() -> bytes:
    """The same two pages, and all places in their tables are wrong."""
    return _shifted(for_the_web())


def garbage_before() -> bytes:
    """A megabyte of text before the PDF begins."""
    return b"The page that you asked for has moved.\r\n" * 25_000 + good(note="after a megabyte of text")


def carriage_returns() -> bytes:
    """Line ends of an old Macintosh."""
    return one_page(stream(prose_content())).replace(b"\n", b"\r")


def carried_as_text() -> bytes:
    """Sent through a line that writes two characters for each line end, also in packed pages."""
    return good(note="carried as text").replace(b"\n", b"\r\n")
