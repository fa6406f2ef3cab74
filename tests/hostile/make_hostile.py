"""Bad PDFs, made on the spot: each function gives the same bytes every time.

Here are the faults of the file, its encryption, its objects and its pages; `hostile_content` has those of what a page
holds. `HOSTILE` names all of them. Run this file to write them into a folder and look at them:
`PYTHONPATH=tests python tests/hostile/make_hostile.py FOLDER`.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from hostile.hostile_content import (
    bomb_in_a_bomb,
    bomb_of_drawings,
    bomb_of_letters,
    bomb_of_spaces,
    bomb_of_text,
    bomb_of_widths,
    bomb_of_zeros,
    control_characters_in_properties,
    control_characters_in_text,
    fonts_without_letters,
    huge_coordinates,
    huge_type,
    missing_fonts,
    no_type_size,
    null_bytes_in_text,
    octal_beyond_a_byte,
    page_labels_in_a_circle,
    page_labels_of_words,
    page_of_words,
    page_without_size,
    right_to_left,
    roman_page_numbers_from_zero,
    tiny_type,
    turned_by_a_word,
)
from hostile.hostile_more import MORE
from support.pdf_bytes import FONT, LINES, PROSE, assembled, drawn, good, one_page, prose_content, stream

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
            FONT,
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
        for index, line in enumerate(LINES):
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
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", *levels[:40], page, b"null", FONT, stream(prose_content())])


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
        *MORE.values(),
    )
}
"""All bad PDFs, by name."""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in HOSTILE.items():
        (folder / f"{name}.pdf").write_bytes(make())
