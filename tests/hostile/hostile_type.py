"""Bad PDFs whose fault is in their letters: scripts and directions, fonts and the tables that turn codes into letters.

`hostile_more.MORE` names them together with others.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence

from support.pdf_bytes import FONT, LINES, MAPPED_FONT, one_page, prose_content, stream, to_unicode

DOWNWARDS = (
    "住民と看護師は村の集会所に集まり、診療所の計画を一緒に立てた。",
    "決めたことはすべて壁の表に書かれ、誰でも読むことができた。",
    "雨季には交通の便がなく、来られない人もいたので、集まりは学校に移った。",
    "信頼はゆっくりと育った。前の事業は意見を聞いたまま、何も答えずに去ったからである。",
    "二年目の終わりには、住民が外の助けなしに当番の表を動かしていた。",
)
"""Columns of `vertical_text`."""
ARABIC = (
    "اجتمع السكان والممرضات في قاعة القرية للتخطيط للعيادة معا",
    "وكتب كل قرار على لوحة يستطيع الجميع قراءتها في أي وقت",
    "ومنع نقص وسائل النقل بعض الأعضاء من الحضور في موسم الأمطار",
    "ولذلك انتقلت الاجتماعات إلى المدرسة ونمت الثقة ببطء بين الناس",
)
"""Lines of `arabic`, as they are read."""
BOLD_A = "\U0001d400"
"""A letter beyond the 65,536 that one UTF-16 unit can say."""
_JOINS_NOTHING = "ءآأؤإادذرزوىة"
_WIDE = b"<< /Type /Font /Subtype /Type0 /BaseFont /Wide /Encoding %s /ToUnicode 6 0 R /DescendantFonts [7 0 R] >>"
_CID_FONT = (
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Wide /DW %d "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    b"/FontDescriptor << /Type /FontDescriptor /FontName /Wide /Flags 4 /Ascent 880 /Descent -120 >> >>"
)
_SIMPLE = (
    b"<< /Type /Font /Subtype /%s /BaseFont /Own /FirstChar 32 /LastChar 126 /Widths [%s] /Encoding /WinAnsiEncoding "
    b"/FontDescriptor << /Type /FontDescriptor /FontName /Own /Flags 32 /Ascent 700 /Descent -200 /ItalicAngle 0 "
    b"/CapHeight 700 /StemV 80 /FontBBox [0 -200 1000 900] /%s 6 0 R >> >>"
)
_WIDTHS = b"500 " * 95


def _lines_of(lines: Sequence[bytes], before: bytes = b"") -> bytes:
    """Write lines that are given as strings in brackets."""
    shown = b" T* ".join(b"%s Tj" % line for line in lines)
    return stream(b"%s BT /F1 10 Tf 13 TL 1 0 0 1 72 700 Tm %s ET" % (before, shown))


def _two_byte_map(letters: str) -> bytes:
    """Give a map from two-byte codes to the letters that have these code points."""
    pairs = sorted(set(letters))
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    chars = b"\n".join(
        b"%d beginbfchar %s endbfchar" % (len(block), b" ".join(b"<%04X> <%04X>" % (ord(c), ord(c)) for c in block))
        for block in blocks
    )
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Map def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n%s\nendcmap end end" % chars
    )


# Scripts and directions.


def vertical_text() -> bytes:
    """Japanese, set from top to bottom and its columns from right to left."""
    columns = b"".join(
        b"1 0 0 1 %d 760 Tm <%s> Tj " % (500 - 24 * index, column.encode("utf-16-be").hex().encode("ascii"))
        for index, column in enumerate(DOWNWARDS)
    )
    return one_page(
        stream(b"BT /F1 12 Tf %s ET" % columns),
        _two_byte_map("".join(DOWNWARDS)),
        _CID_FONT % 1000,
        font=_WIDE % b"/Identity-V",
    )


def _forms() -> dict[tuple[str, str], str]:
    """Give each Arabic letter's presentation forms: (letter, how it joins) to the form."""
    forms = {}
    for code in range(0xFE80, 0xFEF5):
        how, *letters = unicodedata.decomposition(chr(code)).split()
        forms[chr(int(letters[0], 16)), how] = chr(code)
    return forms


def _shaped(line: str) -> str:
    """Give a line's presentation forms, as a typesetter's program picks them."""
    forms = _forms()
    out = []
    for index, letter in enumerate(line):
        before = line[index - 1] if index else " "
        after = line[index + 1] if index + 1 < len(line) else " "
        joins_before = before != " " and before not in _JOINS_NOTHING
        joins_after = after != " " and letter not in _JOINS_NOTHING
        how = {(0, 0): "<isolated>", (0, 1): "<initial>", (1, 1): "<medial>", (1, 0): "<final>"}
        out.append(forms.get((letter, how[joins_before, joins_after]), letter))
    return "".join(out)


def arabic() -> bytes:
    """Arabic in presentation forms, written from left to right in the order in which the eye meets the glyphs."""
    lines = [_shaped(line)[::-1] for line in ARABIC]
    return one_page(
        _lines_of([b"<%s>" % line.encode("utf-16-be").hex().encode("ascii") for line in lines]),
        _two_byte_map("".join(lines)),
        _CID_FONT % 500,
        font=_WIDE % b"/Identity-H",
    )


def two_directions() -> bytes:
    """English prose, and a Hebrew name at the end of each line."""
    letters = b"1 beginbfrange <80> <9A> <05D0> endbfrange 1 beginbfrange <20> <7E> <0020> endbfrange"
    name = b" \\203\\202\\201\\200"
    return one_page(
        _lines_of([b"(%s%s)" % (line.encode("ascii"), name) for line in LINES]), to_unicode(letters), font=MAPPED_FONT
    )


# Tables that turn codes into letters.


def letters_of_two_units() -> bytes:
    """A map that says a letter as two UTF-16 units, as it must be said."""
    pairs = b"1 beginbfchar <01> <D835DC00> endbfchar 1 beginbfrange <20> <7E> <0020> endbfrange"
    return one_page(
        stream(prose_content(b"BT /F1 10 Tf 1 0 0 1 72 740 Tm (The matrix \\001 of the group) Tj ET")),
        to_unicode(pairs),
        font=MAPPED_FONT,
    )


def letter_of_ten_thousand() -> bytes:
    """A map that gives ten thousand letters for one code, which the page shows three times."""
    long = b"1 beginbfchar <01> <%s> endbfchar 1 beginbfrange <20> <7E> <0020> endbfrange" % (b"0061" * 10_000)
    return one_page(
        stream(prose_content(b"BT /F1 10 Tf 1 0 0 1 72 740 Tm (\\001 \\001 \\001) Tj ET")),
        to_unicode(long),
        font=MAPPED_FONT,
    )


def paragraph_of_a_million() -> bytes:
    """The like, shown 120 times below the prose: a paragraph of over a million letters."""
    code = b"1 beginbfchar <01> <%s> endbfchar 1 beginbfrange <20> <7E> <0020> endbfrange"
    long = code % (b"006100620063002E" * 2_500)
    lines = b"BT /F1 1 Tf 1.2 TL 1 0 0 1 72 400 Tm " + b"(\\001 \\001) Tj T* " * 60 + b"ET"
    return one_page(stream(prose_content() + lines), to_unicode(long), font=MAPPED_FONT)


def bomb_of_long_letters() -> bytes:
    """The same, shown fifty thousand times: five hundred million letters."""
    long = b"1 beginbfchar <01> <%s> endbfchar" % (b"0061" * 10_000)
    content = b"BT /F1 10 Tf 1 0 0 1 72 740 Tm " + b"(\\001 \\001 \\001 \\001 \\001) Tj " * 10_000 + b"ET"
    return one_page(stream(content, flate=1), to_unicode(long), font=MAPPED_FONT)


def letters_without_names() -> bytes:
    """A map that says of three letters that they are nothing: a quarter of what stands on the page."""
    known = "".join(chr(code) for code in range(32, 127) if chr(code) not in "est")
    chars = b" ".join(b"<%02X> <%04X>" % (code, code if chr(code) in known else 0) for code in range(32, 127))
    return one_page(stream(prose_content()), to_unicode(b"95 beginbfchar %s endbfchar" % chars), font=MAPPED_FONT)


def map_out_of_step() -> bytes:
    """A map of letters in which one is missing: read two by two, all after it are other letters."""
    chars = b"\n".join(b"<%02X> <%04X>" % (code, code) for code in range(32, 127)).replace(b"<0028>", b"")
    return one_page(stream(prose_content()), to_unicode(b"95 beginbfchar\n%s\nendbfchar" % chars), font=MAPPED_FONT)


def map_that_uses_itself() -> bytes:
    """A map of codes that is to be begun with another map, which is itself; and so for its letters."""
    start = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /%s def /%s usecmap\n"
    codes = b"1 begincodespacerange <00> <FF> endcodespacerange\n"
    entries = b"/Type /CMap /CMapName /%s /UseCMap %d 0 R"
    letters = start % (b"Letters", b"Letters") + codes + b"1 beginbfrange <20> <7E> <0020> endbfrange\nendcmap end end"
    numbers = start % (b"Numbers", b"Numbers") + codes + b"1 begincidrange <00> <FF> 0 endcidrange\nendcmap end end"
    return one_page(
        stream(prose_content()),
        stream(letters, entries % (b"Letters", 6)),
        _CID_FONT % 500,
        stream(numbers, entries % (b"Numbers", 8)),
        font=_WIDE % b"8 0 R",
    )


# Font programs.


def glyph_that_draws_itself() -> bytes:
    """A font whose glyphs are drawings (Type 3), each of which writes its own letter in the same font."""
    names = {" ": b"space", ",": b"comma", ".": b"period", "-": b"hyphen"}
    letters = [chr(code) for code in range(32, 127) if chr(code).isalpha() or chr(code) in names]
    glyphs = [names.get(letter, letter.encode("ascii")) for letter in letters]
    differences = b" ".join(b"%d /%s" % (ord(letter), glyph) for letter, glyph in zip(letters, glyphs, strict=True))
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] "
        b"/FirstChar 32 /LastChar 126 /Widths [%s] /Resources << /Font << /F1 5 0 R >> >> "
        b"/Encoding << /Type /Encoding /Differences [%s] >> /CharProcs << %s >> >>"
    )
    drawings = b" ".join(b"/%s 6 0 R" % glyph for glyph in glyphs)
    glyph = stream(b"500 0 d0 BT /F1 1 Tf (a) Tj ET")
    return one_page(stream(prose_content()), glyph, font=font % (_WIDTHS, differences, drawings))


def _damaged(kind: bytes, file: bytes, entries: bytes = b"", start: bytes = b"") -> bytes:
    program = start + random.Random(kind + file).randbytes(3_000)
    return one_page(stream(prose_content()), stream(program, entries), font=_SIMPLE % (kind, _WIDTHS, file))


def damaged_truetype() -> bytes:
    return _damaged(b"TrueType", b"FontFile2")


def damaged_truetype_table() -> bytes:
    """The tables of a TrueType program are named rightly, and their contents are chance."""
    names = (b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
    table = b"".join(name + b"\0\0\0\0" + (200 * i).to_bytes(4, "big") + b"\0\0\1\0" for i, name in enumerate(names))
    return _damaged(b"TrueType", b"FontFile2", start=b"\0\1\0\0\0\7\0\0\0\0\0\0" + table)


def damaged_type1() -> bytes:
    return _damaged(b"Type1", b"FontFile", b"/Length1 1000 /Length2 1500 /Length3 500", b"%!PS-AdobeFont-1.0: Own\n")


def damaged_cff() -> bytes:
    return _damaged(b"Type1", b"FontFile3", b"/Subtype /Type1C", b"\1\0\4\4\0\1\1\1\4Own")


def damaged_opentype() -> bytes:
    return _damaged(b"TrueType", b"FontFile3", b"/Subtype /OpenType", b"OTTO\0\1")


def damaged_font_alone() -> bytes:
    """Glyph numbers, 29 below those of ASCII as most are, and the program that says their letters is damaged."""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Wide /Encoding /Identity-H /DescendantFonts [6 0 R] >>"
    descendant = (_CID_FONT % 500).replace(b"/Flags 4", b"/Flags 4 /FontFile2 7 0 R")
    table = b"\0\1\0\0\0\1\0\0\0\0\0\0cmap\0\0\0\0\0\0\0\x1c\0\0\xff\xff\0\0\xff\xff\0\3\0\1\0\0\0\x0c\0\4\xff\xff"
    program = table + random.Random(4).randbytes(2_000)
    lines = [b"<%s>" % "".join(f"{ord(c) - 29:04X}" for c in line).encode("ascii") for line in LINES]
    return one_page(_lines_of(lines), descendant, stream(program), font=font)


def font_that_is_no_font() -> bytes:
    """The font is a number, and the text after it is set in a good one."""
    return one_page(
        stream(b"BT /F2 10 Tf 1 0 0 1 72 740 Tm (in no font) Tj ET " + prose_content()),
        b"42",
        font=FONT,
        resources=b"/Font << /F1 5 0 R /F2 6 0 R >>",
    )
