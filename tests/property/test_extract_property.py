"""Whatever the bytes of a PDF are: reading them ends in a sound document or in an `ItemError`."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evitable.errors import ItemError
from evitable.extract.paper import extract_document
from evitable.records import Document
from support.pdf_bytes import FONT, LINES, one_page, prose_content, stream, to_unicode
from support.reader import CONTROLS, is_plain

ODD = st.sampled_from([0.0, -1.0, 1e-9, -32768.0, 1e9, 1e30, -1e30])
NUMBERS = st.one_of(st.floats(-900, 900, width=32), st.integers(-900, 900), ODD).map(
    lambda number: format(number, "f").encode("ascii")
)
STRINGS = st.one_of(
    st.sampled_from(LINES).map(lambda line: b"(%s)" % line.encode("ascii")),
    st.binary(max_size=12).map(lambda data: b"<%s>" % data.hex().encode("ascii")),
    st.binary(max_size=12).map(lambda data: b"(%s)" % data),
)
OPERANDS = {
    b"Tj": [STRINGS],
    b"'": [STRINGS],
    b'"': [NUMBERS, NUMBERS, STRINGS],
    b"TJ": [st.lists(st.one_of(STRINGS, NUMBERS), max_size=6).map(lambda items: b"[%s]" % b" ".join(items))],
    b"Tf": [st.sampled_from([b"/F1", b"/F2", b"0"]), NUMBERS],
    b"Tm": [NUMBERS] * 6,
    b"cm": [NUMBERS] * 6,
    b"Td": [NUMBERS] * 2,
    b"TD": [NUMBERS] * 2,
    **{name: [NUMBERS] for name in (b"TL", b"Tc", b"Tw", b"Tz", b"Ts", b"Tr")},
    b"Do": [st.just(b"/X1")],
    **{name: [] for name in (b"T*", b"BT", b"ET", b"q", b"Q", b"BI", b"ID", b"EI", b"BMC", b"EMC", b"%", b"<<", b"]")},
}
"""What stands before each operator."""


def operation(name: bytes) -> st.SearchStrategy[bytes]:
    right = st.tuples(*OPERANDS[name]).map(lambda operands: b" ".join([*operands, name]))
    wrong = st.lists(st.one_of(NUMBERS, STRINGS), max_size=3).map(lambda operands: b" ".join([*operands, name]))
    return st.one_of(right, right, right, wrong)


def words(text: bytes) -> st.SearchStrategy[bytes]:
    """Any of these words; a reference is one word."""
    return st.sampled_from([word.replace(b"_", b" ") for word in text.split()])


CONTENTS = st.lists(st.sampled_from(sorted(OPERANDS)).flatmap(operation), max_size=25).map(b"\n".join)
FILE_WORDS = words(
    b"<< >> [ ] ( ) /Type /Page /Pages /Catalog /Kids /Count /Contents /Root /Length /MediaBox /Parent /Font /XRef "
    b"/ObjStm /W /Index /N /First /Filter /FlateDecode obj endobj stream endstream xref trailer startxref %%EOF R "
    b"0 1 2 3 4 0000000000 65535 f n null true -1"
)
FONT_WORDS = words(
    b"/Subtype /Type0 /Type1 /Type3 /TrueType /CIDFontType0 /CIDFontType2 /BaseFont /Name /Encoding /Identity-H "
    b"/Identity-V /UniGB-UCS2-H /90ms-RKSJ-V /WinAnsiEncoding /Differences /DescendantFonts /Widths /W /W2 /DW /DW2 "
    b"/FirstChar /LastChar /ToUnicode /FontDescriptor /FontMatrix /FontBBox /CharProcs /CIDSystemInfo /Ascent "
    b"/Descent /FontName /FontFile2 /FontFile3 /MissingWidth << >> [ ] (text) <41> 0 1 -1 32 255 1000 0.001 null true "
    b"6_0_R 7_0_R 4_0_R"
)
MAP_WORDS = words(
    b"beginbfchar endbfchar beginbfrange endbfrange begincidrange endcidrange begincodespacerange endcodespacerange "
    b"usecmap def dict begin end /Identity-H /WMode 1 65 -1 <00> <41> <61> <7A> <0041> <D800> <> [ ] << >> ( )"
)
PAGE_WORDS = words(
    b"/MediaBox /CropBox /Rotate /UserUnit /Resources /Annots /B /LastModified /PageLabels /Nums /Kids /Limits /S /P "
    b"/St /r /D /Outlines /Names /Metadata /Lang << >> [ ] 0 1 90 -90 45 595 842 -1 99999999999 0.5 null true (text) "
    b"3_0_R 2_0_R 9_0_R"
)
STARTS = [prose_content(), prose_content() + b" BT /F1 10 Tf 1 0 0 1 72 500 Tm ", b"BT /F1 10 Tf 1 0 0 1 72 700 Tm "]


def assert_sound(document: Document) -> None:
    for first, second in pairwise(document.blocks):
        assert first.end <= second.start
    for block in document.blocks:
        assert 0 <= block.start < block.end <= len(document.text)
        assert document.text_of(block).strip()
        assert all(block.start <= line.start <= line.end <= block.end for line in block.lines)
    assert {unicodedata.category(c) for c in document.text if c != "\n"}.isdisjoint(CONTROLS)
    assert unicodedata.is_normalized("NFC", document.text)


def outcome_of(data: bytes) -> Document | ItemError:
    try:
        return extract_document(data, "p")
    except ItemError as error:
        return error


def assert_due(data: bytes) -> None:
    """Read a paper: a sound document or an `ItemError` in plain words, and no other error."""
    outcome = outcome_of(data)
    if isinstance(outcome, Document):
        assert_sound(outcome)
    else:
        assert is_plain(outcome.message)
        assert is_plain(outcome.hint)


PLENTY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PLENTY
@given(st.binary(max_size=600))
def test_any_bytes_after_the_header_end_in_a_document_or_an_item_error(data: bytes) -> None:
    assert_due(b"%PDF-1.4\n" + data)


@PLENTY
@given(st.lists(FILE_WORDS, max_size=80).map(b" ".join))
def test_any_words_of_the_format_end_in_a_document_or_an_item_error(data: bytes) -> None:
    assert_due(b"%PDF-1.4\n1 0 obj\n" + data)


@PLENTY
@given(CONTENTS, st.sampled_from(STARTS))
def test_any_content_of_a_page_ends_in_a_document_or_an_item_error(content: bytes, start: bytes) -> None:
    drawing = stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    resources = b"/Font << /F1 5 0 R >> /XObject << /X1 6 0 R >>"
    assert_due(one_page(stream(start + content), drawing, resources=resources))


@PLENTY
@given(st.lists(FONT_WORDS, max_size=20).map(b" ".join), st.lists(MAP_WORDS, max_size=40).map(b" ".join))
def test_any_font_ends_in_a_document_or_an_item_error(entries: bytes, mappings: bytes) -> None:
    """The entries of a font stand before good ones, or in their place; its map of letters may be anything."""
    for font in (b"<< /Type /Font %s >>" % entries, FONT.replace(b"/Type /Font", b"/Type /Font " + entries)):
        assert_due(one_page(stream(prose_content()), to_unicode(mappings), font, font=font))


@PLENTY
@given(st.lists(PAGE_WORDS, max_size=12).map(b" ".join), st.lists(PAGE_WORDS, max_size=12).map(b" ".join))
def test_any_page_ends_in_a_document_or_an_item_error(page: bytes, catalog: bytes) -> None:
    assert_due(one_page(stream(prose_content()), page=page, catalog=catalog))
