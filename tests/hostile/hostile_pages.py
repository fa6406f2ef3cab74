"""Bad PDFs whose fault is in their pages: turned, cropped, scanned, cut into parts, or too large to be looked at.

`hostile_more.MORE` names them together with others.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from support.pdf_bytes import FONT, LINES, assembled, one_page, prose_content, stream

PAGE = b"/MediaBox [0 0 595 842]"
HIDDEN = "Crop marks and a page of the neighbouring paper"
"""Words that stand outside what a reader of the page sees."""
COVER = (
    "This copy was made by the county library for private study.",
    "It may not be passed on, sold or put on a public server without leave of the publisher.",
    "Author: A. Okafor. Title: Minutes of the clinic committee. Source: County Health Papers 12, 31 to 40.",
    "Ordered on 3 May by the reading room, paid for with two vouchers, and sent by the night service.",
)
"""What a library prints on a page before a scan."""
SCAN = stream(bytes((x * y) % 256 for y in range(120) for x in range(90)), flate=1).replace(
    b"<<", b"<< /Type /XObject /Subtype /Image /Width 90 /Height 120 /ColorSpace /DeviceGray /BitsPerComponent 8", 1
)
SHOW_SCAN = b"q 595 0 0 842 0 0 cm /Im Do Q "


def lines_at(matrix: bytes, lines: Sequence[str] = LINES, size: bytes = b"10", leading: bytes = b"13") -> bytes:
    """Give the operators that write lines at a place and in a direction."""
    shown = b" T* ".join(b"(%s) Tj" % line.encode("ascii") for line in lines)
    return b"BT /F1 %s Tf %s TL %s Tm %s ET " % (size, leading, matrix, shown)


def paged(contents: Sequence[bytes], page: bytes = PAGE, more: Sequence[bytes] = ()) -> bytes:
    """Give a PDF with a page for each content: 1 is the catalog, 2 the page tree, 3 the font, 4 a scan, 5 and 6 the
    first page and its content, 7 and 8 the second, and so on."""
    resources = b"/Resources << /Font << /F1 3 0 R >> /XObject << /Im 4 0 R >> >>"
    objects = []
    for number, content in enumerate(contents):
        objects += [
            b"<< /Type /Page /Parent 2 0 R %s %s /Contents %d 0 R >>" % (page, resources, 6 + 2 * number),
            stream(content),
        ]
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(contents)))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents))
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", tree, FONT, SCAN, *objects, *more])


# Turned, moved and cropped pages.


def turned_page() -> bytes:
    """A page that is turned by a quarter when it is shown, and its prose the other way: it reads as any other."""
    return paged([lines_at(b"0 1 -1 0 142 72")], b"/MediaBox [0 0 842 595] /Rotate 90")


def page_turned_thrice() -> bytes:
    return paged([lines_at(b"0 -1 1 0 700 500")], b"/MediaBox [0 0 842 595] /Rotate 270")


def page_upside_down() -> bytes:
    return paged([lines_at(b"-1 0 0 -1 523 142")], PAGE + b" /Rotate 180")


def page_turned_backwards() -> bytes:
    """Turned by minus 270 degrees, which is a quarter."""
    return paged([lines_at(b"0 1 -1 0 142 72")], b"/MediaBox [0 0 842 595] /Rotate -270")


def page_in_large_units() -> bytes:
    """A page whose unit is ten points: its type has size 1."""
    return paged([lines_at(b"1 0 0 1 7.2 70", size=b"1", leading=b"1.3")], b"/MediaBox [0 0 59.5 84.2] /UserUnit 10")


def page_from_elsewhere() -> bytes:
    """A page whose left lower corner is not zero."""
    return paged([lines_at(b"1 0 0 1 1072 200")], b"/MediaBox [1000 -500 1595 342]")


def page_from_its_end() -> bytes:
    """A page whose size is told from its right upper corner."""
    return paged([lines_at(b"1 0 0 1 72 700")], b"/MediaBox [595 842 0 0]")


def page_cropped() -> bytes:
    """A page that is shown in part; printers' marks and part of another paper stand beside it."""
    hidden = lines_at(b"1 0 0 1 700 700", [HIDDEN, "which nobody sees who reads this one in print."] * 3)
    return paged([lines_at(b"1 0 0 1 72 700") + hidden], b"/MediaBox [0 0 1190 842] /CropBox [0 0 595 842]")


def crop_beyond_the_page() -> bytes:
    """A crop that has nothing in common with the page, and so is left out of account by viewers."""
    return paged([lines_at(b"1 0 0 1 72 700")], PAGE + b" /CropBox [2000 2000 2595 2842]")


def text_off_the_page() -> bytes:
    """All text stands far to the right of the page: whoever opens it sees an empty page."""
    return paged([lines_at(b"1 0 0 1 5000 700")])


def inherited_page() -> bytes:
    """Size and fonts of the page are told two levels above it."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 %s /Resources << /Font << /F1 6 0 R >> >> >>" % PAGE,
            b"<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 3 0 R /Contents 5 0 R >>",
            stream(prose_content()),
            FONT,
        ]
    )


# Scans.


def scan_with_text() -> bytes:
    """A scanned page with the invisible text of a character recognition over it."""
    return paged([SHOW_SCAN + b"3 Tr " + lines_at(b"1 0 0 1 72 700")])


def scan_with_cover() -> bytes:
    """Nine scanned pages after a cover page of the library, which is all that can be read."""
    return paged([lines_at(b"1 0 0 1 72 700", COVER), *[SHOW_SCAN] * 9])


def scan_in_part() -> bytes:
    """Eight pages of text, and two scanned ones in their midst."""
    text = [lines_at(b"1 0 0 1 72 %d" % (700 - 7 * number)) for number in range(8)]
    return paged([*text[:4], SHOW_SCAN, SHOW_SCAN, *text[4:]])


# Contents in parts, or cut.


def _in_parts(*parts: bytes) -> bytes:
    streams = [stream(part) for part in parts]
    contents = b" ".join(b"%d 0 R" % (4 + number) for number in range(len(parts)))
    page = b"<< /Type /Page /Parent 2 0 R %s /Resources << /Font << /F1 %d 0 R >> >> /Contents [%s] >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return assembled(
        [b"<< /Type /Catalog /Pages 2 0 R >>", tree, page % (PAGE, 4 + len(parts), contents), *streams, FONT]
    )


def words_in_parts() -> bytes:
    """The content is an array of streams, and each ends within a word, as some typesetters leave it."""
    text = lines_at(b"1 0 0 1 72 700").replace(b"e", b"e) Tj\x00(").split(b"\x00")
    return _in_parts(*text)


def strings_in_parts() -> bytes:
    """The content is an array of streams that are cut anywhere, which the standard forbids."""
    text = lines_at(b"1 0 0 1 72 700")
    return _in_parts(*[text[start : start + 50] for start in range(0, len(text), 50)])


def cut_in_a_string() -> bytes:
    """The content ends in the middle of a string, after the prose."""
    return one_page(stream(prose_content() + b" BT /F1 10 Tf 1 0 0 1 72 80 Tm (and no end"))


def picture_without_end() -> bytes:
    """After the prose begins a picture within the content, and never ends."""
    return one_page(stream(prose_content() + b" BI /W 90 /H 120 /BPC 8 /CS /G ID " + bytes(range(200)) * 50))


def picture_that_swallows() -> bytes:
    """Before the prose begins a picture within the content, and never ends: is the rest text or picture?"""
    return one_page(stream(b"BI /W 90 /H 120 /BPC 8 /CS /G ID \x01\x02\x03 " + prose_content()))


def filters_fifty_deep() -> bytes:
    """Contents packed fifty times, in ways that leave them as large as they are."""
    data, names = prose_content(), []
    for level in range(50):
        if level % 10 == 9:
            data, name = zlib.compress(data, 9), b"/FlateDecode"
        else:
            blocks = [data[start : start + 128] for start in range(0, len(data), 128)]
            data, name = b"".join(bytes([len(block) - 1]) + block for block in blocks) + b"\x80", b"/RunLengthDecode"
        names.insert(0, name)
    return one_page(stream(data, b"/Filter [%s]" % b" ".join(names)))


def torn_page() -> bytes:
    """The packed content of a page is damaged in its middle: its first lines can still be read, the others cannot."""
    lines = [f"{line} Meeting {number} of the group." for number in range(8) for line in LINES]
    packed = zlib.compress(lines_at(b"1 0 0 1 72 780", lines), 9)
    middle = len(packed) // 2
    damaged = packed[:middle] + b"\xff" * 20 + packed[middle + 20 :]
    return one_page(stream(damaged, b"/Filter /FlateDecode"))


def length_too_short() -> bytes:
    """The packed content is said to be half as long as it is; viewers look for its end themselves."""
    content = stream(prose_content(), flate=1)
    length = int(content.split()[2])
    return one_page(content.replace(b"/Length %d" % length, b"/Length %d" % (length // 2)))


def length_too_long() -> bytes:
    """The packed content is said to be twice as long as it is."""
    content = stream(prose_content(), flate=1)
    length = int(content.split()[2])
    return one_page(content.replace(b"/Length %d" % length, b"/Length %d" % (2 * length)))


# Bombs.


def bomb_of_runs() -> bytes:
    """Four bytes, of which each of fifty decodings makes sixty-four times as many."""
    return one_page(stream(b"\x81" * 4, b"/Filter [%s]" % (b"/RunLengthDecode " * 50)))


def bomb_in_a_picture() -> bytes:
    """A picture of a million million dots beside the prose, packed as a bomb: nobody needs to open it."""
    picture = stream(
        b"\x81" * 4,
        b"/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter [%s]" % (b"/RunLengthDecode " * 25 + b"/ASCIIHexDecode /LZWDecode " * 12),
    )
    return one_page(
        stream(SHOW_SCAN + prose_content()),
        picture,
        resources=b"/Font << /F1 5 0 R >> /XObject << /Im 6 0 R >>",
    )


def bomb_of_characters() -> bytes:
    """A page of two million characters, line over line."""
    line = b"1 0 0 1 72 %d Tm (" + b"a lack of trust " * 25 + b") Tj "
    lines = b"".join(line % (800 - number % 700) for number in range(5_000))
    return one_page(stream(b"BT /F1 1 Tf " + lines + b"ET", flate=1))


def page_too_large() -> bytes:
    """A page of a hundred kilometres."""
    return paged([lines_at(b"1 0 0 1 72 700")], b"/MediaBox [0 0 283464567 283464567]")
