"""Content streams: the operations that place text are read as any viewer reads them, whatever stands between."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import LIT, PSKeyword, keyword_name

from evitable.extract.engines.content import operations


def read(data: bytes) -> list[tuple[bytes, list[object]]]:
    return list(operations(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"BT", [(b"BT", [])]),
        (b"1 0 0 -1 72.5 .5 cm", [(b"cm", [1, 0, 0, -1, 72.5, 0.5])]),
        (b"/F1 9 Tf", [(b"Tf", [LIT("F1"), 9])]),
        (b"/F#201 9 Tf", [(b"Tf", [LIT("F 1"), 9])]),
        (b"(two words)Tj", [(b"Tj", [b"two words"])]),
        (rb"(a \(b\) \\ \101\12)Tj", [(b"Tj", [b"a (b) \\ A\n"])]),
        (b"(over \\\r\na line)Tj", [(b"Tj", [b"over a line"])]),
        (b"(in (brackets (twice)))Tj", [(b"Tj", [b"in (brackets (twice))"])]),
        (b"<48 65 6C6c 6F>Tj", [(b"Tj", [b"Hello"])]),
        (b"<486>Tj", [(b"Tj", [b"H`"])]),
        (b"[(He)-20.5<6C>3(lo)]TJ", [(b"TJ", [[b"He", -20.5, b"l", 3, b"lo"]])]),
        (b"[]TJ", [(b"TJ", [[]])]),
        (b"% a comment (not text) Tj\nET", [(b"ET", [])]),
        (b"T* 0 -12 Td", [(b"T*", []), (b"Td", [0, -12])]),
        (b"1 2 (next)\"", [(b'"', [1, 2, b"next"])]),
        (b"0.2.3 --4 w", [(b"w", [0.2, -4])]),
        (b"/Span<</ActualText(x)>>BDC EMC", [(b"BDC", [LIT("Span"), LIT("ActualText"), b"x"]), (b"EMC", [])]),
        (b"BI /W 2 /H 2 ID \x00(\xff)<< EI Q", [(b"Q", [])]),
        (b"BI /W 2 ID never ends", []),
        (b"(never ends Tj", [(b"never", []), (b"ends", []), (b"Tj", [])]),
        (b"", []),
    ],
)  # fmt: skip
def test_operations_are_read_with_what_stands_before_them(data, expected):
    assert read(data) == expected


def test_a_string_without_end_costs_nothing_before_or_behind_it():
    assert [operands for operator, operands in read(b"(whole)Tj (half 0 Tc (next)Tj") if operator == b"Tj"] == [
        [b"whole"],
        [b"next"],
    ]


def test_rubbish_between_operations_is_passed_over():
    assert (b"Tj", [b"text"]) in read(b"}}]] >> \x80\xff { (text)Tj")


def by_pdfminer(data: bytes) -> list[tuple[bytes, list[object]]]:
    """Read operations with pdfminer's own parser, as numbers, strings and names."""
    parser = PDFContentParser([PDFStream({}, data)])
    found: list[tuple[bytes, list[object]]] = []
    operands: list[object] = []
    while True:
        try:
            _, token = parser.nextobject()
        except PSEOF:
            return found
        if isinstance(token, PSKeyword):
            found.append((keyword_name(token).encode(), operands))
            operands = []
        else:
            operands.append(token)


NUMBERS = st.one_of(st.integers(-9999, 9999), st.decimals(-999, 999, places=3).map(float))
STRINGS = st.binary(max_size=12).map(
    lambda raw: b"(" + re.sub(rb"[\\()]", rb"\\\g<0>", raw).replace(b"\r", b"\\r") + b")"
)
HEX = st.binary(max_size=6).map(lambda raw: b"<" + raw.hex().encode() + b">")
NAMES = st.sampled_from([b"/F1", b"/GS0", b"/Im12"])
PLAIN = NUMBERS.map(lambda number: str(number).encode())
ARRAYS = st.lists(st.one_of(PLAIN, STRINGS, HEX), max_size=5).map(lambda items: b"[" + b" ".join(items) + b"]")
OPERATION = st.tuples(
    st.lists(st.one_of(PLAIN, STRINGS, HEX, NAMES, ARRAYS), max_size=6),
    st.sampled_from([b"Tj", b"TJ", b"cm", b"re", b"T*", b"'", b"Do", b"scn"]),
).map(lambda parts: b" ".join([*parts[0], parts[1]]))


@given(st.lists(OPERATION, max_size=8), st.sampled_from([b" ", b"\n", b"\r\n", b"\t"]))
def test_well_formed_content_is_read_as_pdfminer_reads_it(parts, space):
    data = space.join(parts) + b" "
    assert read(data) == by_pdfminer(data)


@given(st.binary(max_size=200))
def test_any_bytes_end_in_operations(data):
    for operator, operands in operations(data):
        assert operator[:1].isalpha() or operator[:1] in b"'\""
        assert len(operands) <= 1000
