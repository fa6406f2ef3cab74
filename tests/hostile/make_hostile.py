"""Bad PDFs, made on the spot: each function gives the same bytes every time.

`HOSTILE` names all of them. Run this file to write them into a folder and look at them:
`python tests/hostile/make_hostile.py FOLDER`.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import wrap

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

PROSE = (
    "Residents and nurses met in the village hall to plan the clinic together, and every decision of the group was "
    "written on a wall chart that all could read. A lack of transport kept some members away in the wet season, so "
    "the meetings moved to the school. The facilitator said that trust grew slowly, because earlier projects had "
    "asked for opinions and then left without an answer. By the second year the group ran the rota without outside "
    "help, and the district office took its chart over as the model for three other clinics."
)
"""Body text of the papers made here."""
PHRASE = "Residents and nurses met in the village hall"
"""Words that are in every paper made here which can be read."""

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
_LINES = tuple(wrap(PROSE, 90))


# Pieces: a plain paper by reportlab, and PDFs put together by hand.


def drawn(pages: Sequence[Callable[[Canvas], None]]) -> bytes:
    """Draw pages with reportlab."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def prose_page(canvas: Canvas, top: float = 700) -> None:
    """Write the prose as lines of a page."""
    text = canvas.beginText(72, top)
    text.setFont("Helvetica", 10)
    text.textLines("\n".join(_LINES))
    canvas.drawText(text)


def good(pages: int = 2, note: str = "good") -> bytes:
    """Give a paper without fault; another note gives another paper."""

    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 760, f"A clinic planned by its village: {note}")
        prose_page(canvas)

    return drawn([page, *[prose_page] * (pages - 1)])


def stream(data: bytes, entries: bytes = b"", *, flate: int = 0) -> bytes:
    """Give a stream object, compressed as many times as wanted."""
    for _ in range(flate):
        data = zlib.compress(data, 9)
    if flate:
        entries += b" /Filter [" + b"/FlateDecode " * flate + b"]"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def assembled(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Put objects, numbered from 1, together with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def one_page(
    content: bytes,
    *more: bytes,
    font: bytes = _FONT,
    resources: bytes = b"/Font << /F1 5 0 R >>",
    page: bytes = b"/MediaBox [0 0 595 842]",
    catalog: bytes = b"",
) -> bytes:
    """Give a PDF of one page: 1 is the catalog, 2 the page tree, 3 the page, 4 its content, 5 its font, then `more`.

    `content` is a whole stream object.
    """
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R %s /Resources << %s >> /Contents 4 0 R >>" % (page, resources),
            content,
            font,
            *more,
        ]
    )


def prose_content(before: bytes = b"", size: bytes = b"10") -> bytes:
    """Give the operators that write the prose."""
    lines = b" T* ".join(b"(%s) Tj" % line.encode("ascii") for line in _LINES)
    return b"%s BT /F1 %s Tf 13 TL 1 0 0 1 72 700 Tm %s ET" % (before, size, lines)


def to_unicode(mappings: bytes) -> bytes:
    """Give a ToUnicode map."""
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Map def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%s\nendcmap end end" % mappings
    )


_MAPPED_FONT = _FONT.replace(b">>", b"/ToUnicode 6 0 R >>")


# Files that are no PDF, or only part of one.


def zero_bytes() -> bytes:
    return b""


def text_file() -> bytes:
    return PROSE.encode("ascii")


def html_file() -> bytes:
    return b"<!DOCTYPE html><html><title>Sign in</title><body>Your institution has no access.</body></html>"


def header_only() -> bytes:
    return b"%PDF-1.7\n"


def truncated_at_10() -> bytes:
    data = good(note="truncated")
    return data[: len(data) // 10]


def truncated_at_50() -> bytes:
    data = good(note="truncated")
    return data[: len(data) // 2]


def truncated_at_90() -> bytes:
    data = good(note="truncated")
    return data[: len(data) * 9 // 10]


def broken_xref() -> bytes:
    """The table of objects is overwritten; the objects themselves are whole."""
    data = good(note="broken table of objects")
    start = data.index(b"xref\n0")
    return data[:start] + data[start:].replace(b" 00000 n", b"????????")


def shifted_xref() -> bytes:
    """Every object stands seven bytes further on than the table says, as after a change of line ends."""
    return good(note="shifted").replace(b"\n1 0 obj", b"\n% shift\n1 0 obj", 1)


def wrong_startxref() -> bytes:
    data = good(note="wrong place of the table")
    at = data.rindex(b"startxref")
    return data[:at] + b"startxref\n99999999\n%%EOF\n"


def trailing_garbage() -> bytes:
    return good(note="trailing garbage") + b"\x00<html>proxy error</html>\xff" * 500


def leading_garbage() -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + good(note="leading garbage")


def damaged_page() -> bytes:
    """The compressed text of the second of two pages is damaged in one byte; all else is whole."""
    pages = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >>"
    data = assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
            b"<< %s /Contents 4 0 R >>" % pages,
            stream(prose_content(), flate=1),
            _FONT,
            b"<< %s /Contents 7 0 R >>" % pages,
            stream(prose_content(b"BT /F1 10 Tf 1 0 0 1 72 740 Tm (The second page) Tj ET"), flate=1),
        ]
    )
    at = data.rindex(b"stream\nx") + 40
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def missing_page() -> bytes:
    """The page tree counts two pages, but there is only one."""
    return one_page(stream(prose_content())).replace(b"/Kids [3 0 R] /Count 1", b"/Kids [3 0 R 9 0 R] /Count 2")


# Encryption.


def _encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good(note=f"encrypted {user}"))))
    writer._ID = ArrayObject([ByteStringObject(b"0123456789abcdef")] * 2)
    writer.generate_file_identifiers = lambda: None  # pypdf would draw them at random
    writer.encrypt(user, "owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def encrypted_with_password() -> bytes:
    return _encrypted("secret")


def encrypted_without_password() -> bytes:
    return _encrypted("")


def encrypted_for_a_reader() -> bytes:
    """Protected by a publisher's rights management: no password opens it."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            b"<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s4 /V 1 >>",
        ],
        b"/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]",
    )


# Pages without text, or with too little.


def image_only() -> bytes:
    """Two scanned pages: a raster image each, and no text."""
    ramp = bytes((x * y) % 256 for y in range(120) for x in range(90))
    image = ImageReader(_portable_graymap(90, 120, ramp))
    return drawn([lambda canvas: canvas.drawImage(image, 0, 0, 595, 842)] * 2)


def _portable_graymap(width: int, height: int, pixels: bytes) -> io.BytesIO:
    return io.BytesIO(b"P5 %d %d 255\n%s" % (width, height, pixels))


def empty_pages() -> bytes:
    return drawn([lambda canvas: canvas.setFont("Helvetica", 10)] * 3)


def no_pages() -> bytes:
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"])


def one_character() -> bytes:
    return drawn([lambda canvas: canvas.drawString(72, 700, "x")])


def line_numbers_only() -> bytes:
    def page(canvas: Canvas) -> None:
        for number in range(1, 41):
            canvas.drawString(40, 800 - 18 * number, str(number))

    return drawn([page] * 2)


def rotated_text_only() -> bytes:
    def page(canvas: Canvas) -> None:
        canvas.rotate(90)
        for index, line in enumerate(_LINES):
            canvas.drawString(100, -100 - 14 * index, line)

    return drawn([page])


# Pages and objects in circles, or too many of them.


def tree_that_holds_itself() -> bytes:
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def tree_that_holds_itself_and_a_page() -> bytes:
    return one_page(stream(prose_content())).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R 3 0 R 2 0 R]")


def kids_loop() -> bytes:
    """Forty levels, each with the level below twice: 2^40 pages, if each is counted."""
    levels = [b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 1099511627776 >>" % (n, n) for n in range(3, 43)]
    page = b"<< /Type /Page /MediaBox [0 0 595 842] /Resources << /Font << /F1 44 0 R >> >> /Contents 45 0 R >>"
    return assembled(
        [b"<< /Type /Catalog /Pages 2 0 R >>", *levels[:40], page, b"null", _FONT, stream(prose_content())]
    )


def deep_page_tree() -> bytes:
    levels = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1) for number in range(2, 5000)]
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", *levels, b"<< /Type /Page >>"])


def deep_arrays() -> bytes:
    """Arrays in arrays, 50,000 deep, in the page and in its content."""
    nested = b"[" * 50_000 + b"]" * 50_000
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Deep /Encoding /Identity-H /DescendantFonts [6 0 R] >>"
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Deep /W %s /FontDescriptor << /FontName /Deep >> >>" % nested
    )
    return one_page(stream(prose_content(nested + b" TJ")), descendant, font=font, catalog=b"/Extra " + nested)


def deep_arrays_in_content() -> bytes:
    """Arrays in arrays in the content only; the text after them can be read."""
    return one_page(stream(prose_content(b"[" * 50_000 + b"]" * 50_000 + b" pop ")))


def too_many_pages() -> bytes:
    """One page object after another, more than a paper may have (3,000)."""
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 3004))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count 3000 >>" % kids,
            b"null",
            *[page] * 3000,
        ]
    )


def drawing_that_draws_itself() -> bytes:
    form = stream(b"/X1 Do " + prose_content(), b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources 7 0 R")
    return one_page(
        stream(b"/X1 Do"),
        form,
        b"<< /Font << /F1 5 0 R >> /XObject << /X1 6 0 R >> >>",
        resources=b"/XObject << /X1 6 0 R >>",
    )


def table_that_follows_itself() -> bytes:
    data = good(note="endless tables")
    at = data.index(b"xref\n0")
    return data.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % at, 1)


def length_that_asks_itself() -> bytes:
    return one_page(stream(prose_content()).replace(b"/Length %d" % len(prose_content()), b"/Length 4 0 R"))


# Bombs: small on the disk, large in memory or in time.


def bomb_of_spaces() -> bytes:
    """A content stream of 150 MB of spaces, then the prose; 150 kB on the disk."""
    return one_page(stream(b" " * 150_000_000 + prose_content(), flate=1))


def bomb_of_zeros() -> bytes:
    """A content stream of 150 MB of zero bytes."""
    return one_page(stream(b"\0" * 150_000_000, flate=1))


def bomb_of_text() -> bytes:
    """A content stream that writes 100 MB of text."""
    return one_page(stream(b"BT /F1 10 Tf 1 0 0 1 72 700 Tm " + b"(a lack of trust) Tj " * 5_000_000 + b"ET", flate=1))


def bomb_in_a_bomb() -> bytes:
    """A content stream compressed twice: 3 GB from a few kilobytes."""
    blank, times = b" " * 30_000_000, 100
    packer = zlib.compressobj(9)
    first = packer.compress(blank) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(blank) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(blank, check)
    packed = first + again * (times - 1) + packer.flush()[:-4] + check.to_bytes(4, "big")
    return one_page(stream(zlib.compress(packed, 9), b"/Filter [/FlateDecode /FlateDecode]"))


def bomb_of_drawings() -> bytes:
    """Drawings that draw the next one ten times, nine levels deep: a thousand million words."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
    resources = b" /Resources << /Font << /F1 5 0 R >> /XObject << /X %d 0 R >> >>"
    forms = [stream(b"/X Do " * 10, entries + resources % (number + 1)) for number in range(6, 15)]
    last = stream(b"BT /F1 10 Tf (word) Tj ET", entries + b" /Resources << /Font << /F1 5 0 R >> >>")
    return one_page(stream(b"/X Do"), *forms, last, resources=b"/XObject << /X 6 0 R >>")


def bomb_of_letters() -> bytes:
    """A ToUnicode map that names four thousand million letters in one line."""
    return one_page(
        stream(prose_content()),
        to_unicode(b"1 beginbfrange <00000000> <FFFFFFFF> <00000041> endbfrange"),
        font=_MAPPED_FONT,
    )


def bomb_of_widths() -> bytes:
    """A font that gives two thousand million characters their width in one line."""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Wide /Encoding /Identity-H /DescendantFonts [6 0 R] >>"
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Wide /W [0 2000000000 500] "
        b"/FontDescriptor << /FontName /Wide >> >>"
    )
    return one_page(stream(prose_content()), descendant, font=font)


# Fonts and characters.


def missing_fonts() -> bytes:
    """The page names a font that is not there."""
    return one_page(stream(prose_content()), resources=b"")


def fonts_without_letters() -> bytes:
    """A subset font without a ToUnicode map, as old typesetters made: glyph numbers, and nothing about letters."""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Old /Encoding /Identity-H /DescendantFonts [6 0 R] >>"
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Old /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        b"/FontDescriptor << /Type /FontDescriptor /FontName /ABCDEF+Old /Flags 4 >> >>"
    )
    lines = b" T* ".join(b"<%s> Tj" % "".join(f"{ord(c):04X}" for c in line).encode("ascii") for line in _LINES)
    return one_page(stream(b"BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm " + lines + b" ET"), descendant, font=font)


def null_bytes_in_text() -> bytes:
    """Two-byte text in a one-byte font: a zero byte before each letter."""
    lines = b" T* ".join(b"(%s) Tj" % b"".join(b"\\000%c" % c for c in line.encode("ascii")) for line in _LINES)
    return one_page(stream(b"BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm " + lines + b" ET"))


def octal_beyond_a_byte() -> bytes:
    """A character written as octal 564, which no byte can hold."""
    return one_page(stream(prose_content(b"BT /F1 10 Tf 1 0 0 1 72 740 Tm (caf\\564) Tj ET")))


def control_characters_in_text() -> bytes:
    """A map that gives control characters, a byte-order mark and lone surrogates for the characters 1 to 9."""
    unicode_map = (
        b"3 beginbfchar <01> <0000> <02> <001B> <03> <D800> endbfchar\n"
        b"1 beginbfrange <04> <08> [55296 57343 7 65279 <DC00D800>] endbfrange\n"
        b"1 beginbfrange <20> <7E> <0020> endbfrange"
    )
    dirty = b"\\001\\002\\003\\004\\005\\006\\007\\010"
    lines = b" T* ".join(b"(%s) Tj" % line.encode("ascii").replace(b" ", b" " + dirty) for line in _LINES)
    return one_page(
        stream(b"BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm " + lines + b" ET"), to_unicode(unicode_map), font=_MAPPED_FONT
    )


def control_characters_in_properties() -> bytes:
    """Title and author with zero bytes, escapes and half a surrogate pair."""
    dirty = "A title\x00 with\x1b control\x07 characters".encode("utf-16-be") + b"\xd8\x00"
    data = one_page(
        stream(prose_content()), b"<< /Title <FEFF%s> /Author (A\\000 B; C\\033 D) >>" % dirty.hex().encode()
    )
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 6 0 R")


def right_to_left() -> bytes:
    """Hebrew, written letter by letter from right to left as its typesetters do."""
    letters = b"1 beginbfrange <41> <5B> <05D0> endbfrange 1 beginbfchar <20> <0020> endbfchar"
    words = (b"ABCDE", b"FGHI", b"JKLMNO", b"PQR", b"STUVW", b"XYZAB", b"CDEF", b"GHIJK", b"LMNO", b"PQRSTU")
    line = b" ".join(words)
    lines = b" T* ".join(b"(%s) Tj" % line[::-1] for _ in range(8))
    return one_page(
        stream(b"BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm " + lines + b" ET"), to_unicode(letters), font=_MAPPED_FONT
    )


# Pages whose numbers make no sense.


def huge_coordinates() -> bytes:
    """Text at places beyond what a number can hold, and then the prose."""
    big = b"9" * 400
    return one_page(stream(b"BT /F1 10 Tf 1 0 0 1 %s %s.0 Tm (far away) Tj ET " % (big, big) + prose_content()))


def huge_type() -> bytes:
    """Type so large that its boxes overflow."""
    return one_page(stream(b"BT /F1 1%s.0 Tf 1 0 0 1 0 0 Tm (large) Tj ET " % (b"0" * 308) + prose_content()))


def no_type_size() -> bytes:
    """Type of size 0 (white text that search engines were to find), and then the prose."""
    return one_page(stream(b"BT /F1 0 Tf 1 0 0 1 72 80 Tm (nothing to see) Tj ET " + prose_content()))


def tiny_type() -> bytes:
    """One label of a shrunken figure, set in a fifth of a point."""
    return one_page(stream(b"BT /F1 1 Tf 0.2 0 0 0.2 72 80 Tm (label) Tj ET " + prose_content()))


def page_without_size() -> bytes:
    return one_page(stream(prose_content()), page=b"/MediaBox [0 0 0 0]")


def page_of_words() -> bytes:
    """A page whose size is given in words."""
    return one_page(stream(prose_content()), page=b"/MediaBox [(wide) (high) /Auto null]")


def turned_by_a_word() -> bytes:
    return one_page(stream(prose_content()), page=b"/MediaBox [0 0 595 842] /Rotate /Landscape")


def roman_page_numbers_from_zero() -> bytes:
    """Page labels that start at zero, which no Roman number can say."""
    return one_page(stream(prose_content()), catalog=b"/PageLabels << /Nums [0 << /S /r /St 0 >>] >>")


def page_labels_of_words() -> bytes:
    """Page labels that are a word where a table is due."""
    return one_page(stream(prose_content()), catalog=b"/PageLabels /None")


def page_labels_in_a_circle() -> bytes:
    return one_page(stream(prose_content()), b"<< /Kids [6 0 R] >>", catalog=b"/PageLabels 6 0 R")


# Papers that are only large, or carry other things.


def five_hundred_pages() -> bytes:
    return good(pages=500, note="five hundred pages")


def script_and_attachment() -> bytes:
    """A script that runs when the paper is opened, and a program attached to it."""
    return one_page(
        stream(prose_content()),
        b"<< /Type /Filespec /F (run.exe) /UF (run.exe) /EF << /F 7 0 R >> >>",
        stream(b"MZ\x90\x00 this is no text of the paper", b"/Type /EmbeddedFile", flate=1),
        catalog=b"/OpenAction << /S /JavaScript /JS (this.exportDataObject\\({cName: 'run.exe', nLaunch: 2}\\);) >> "
        b"/Names << /EmbeddedFiles << /Names [(run.exe) 6 0 R] >> >>",
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        zero_bytes,
        text_file,
        html_file,
        header_only,
        truncated_at_10,
        truncated_at_50,
        truncated_at_90,
        broken_xref,
        shifted_xref,
        wrong_startxref,
        trailing_garbage,
        leading_garbage,
        damaged_page,
        missing_page,
        encrypted_with_password,
        encrypted_without_password,
        encrypted_for_a_reader,
        image_only,
        empty_pages,
        no_pages,
        one_character,
        line_numbers_only,
        rotated_text_only,
        tree_that_holds_itself,
        tree_that_holds_itself_and_a_page,
        kids_loop,
        deep_page_tree,
        deep_arrays,
        deep_arrays_in_content,
        too_many_pages,
        drawing_that_draws_itself,
        table_that_follows_itself,
        length_that_asks_itself,
        bomb_of_spaces,
        bomb_of_zeros,
        bomb_of_text,
        bomb_in_a_bomb,
        bomb_of_drawings,
        bomb_of_letters,
        bomb_of_widths,
        missing_fonts,
        fonts_without_letters,
        null_bytes_in_text,
        octal_beyond_a_byte,
        control_characters_in_text,
        control_characters_in_properties,
        right_to_left,
        huge_coordinates,
        huge_type,
        no_type_size,
        tiny_type,
        page_without_size,
        page_of_words,
        turned_by_a_word,
        roman_page_numbers_from_zero,
        page_labels_of_words,
        page_labels_in_a_circle,
        five_hundred_pages,
        script_and_attachment,
    )
}
"""All bad PDFs, by name."""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in HOSTILE.items():
        (folder / f"{name}.pdf").write_bytes(make())
