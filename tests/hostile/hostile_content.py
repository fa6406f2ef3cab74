"""Bad PDFs whose fault is in what a page holds: bombs, fonts and characters, numbers that make no sense.

`make_hostile.HOSTILE` names them together with all others.
"""

from __future__ import annotations

import zlib

from support.pdf_bytes import LINES, MAPPED_FONT, one_page, prose_content, stream, to_unicode

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
        font=MAPPED_FONT,
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
    lines = b" T* ".join(b"<%s> Tj" % "".join(f"{ord(c):04X}" for c in line).encode("ascii") for line in LINES)
    return one_page(stream(b"BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm " + lines + b" ET"), descendant, font=font)


def null_bytes_in_text() -> bytes:
    """Two-byte text in a one-byte font: a zero byte before each letter."""
    lines = b" T* ".join(b"(%s) Tj" % b"".join(b"\\000%c" % c for c in line.encode("ascii")) for line in LINES)
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
    lines = b" T* ".join(b"(%s) Tj" % line.encode("ascii").replace(b" ", b" " + dirty) for line in LINES)
    return one_page(
        stream(b"BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm " + lines + b" ET"), to_unicode(unicode_map), font=MAPPED_FONT
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
        stream(b"BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm " + lines + b" ET"), to_unicode(letters), font=MAPPED_FONT
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
