"""What a page's content stream says, operation by operation, for text alone.

Half of pdfminer's time goes into reading numbers of drawings, one token at a time, that no text depends on. Here one
regular expression reads an operation with all its numbers, so that a drawing costs next to nothing (decision 0007).
What an operation means is left to pdfminer's interpreter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psparser import LIT

Operand = Any
"""A number, the bytes of a string, a name (pdfminer's literal), or a list of numbers and strings."""

_SPACE = rb"[\0\t\n\f\r ]"
_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
_HEX = rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>"
_TOKEN = re.compile(
    rb"(?:%(space)s++|%%[^\r\n]*+)*+"
    rb"((?:[+\-.\d]++%(space)s*+)*+)"  # 1: numbers
    rb"(?:([A-Za-z'\"][A-Za-z0-9*'\"]*+)"  # 2: an operator
    rb"|/([^\0\t\n\f\r ()<>\[\]{}/%%]*+)"  # 3: a name
    rb"|(%(string)s)"  # 4: a string without brackets in it
    rb"|\[((?:[^\[\]()<>\\/%%]++|%(string)s|%(hex)s)*+)\]"  # 5: numbers and strings in brackets, as TJ takes them
    rb"|(%(hex)s)"  # 6
    rb"|(\()"  # 7: a string with brackets in it, or a stray bracket
    rb"|([^\0]))?" % {b"space": _SPACE, b"string": _STRING, b"hex": _HEX},  # 8: anything else is passed over
    re.DOTALL,
)
_ITEM = re.compile(rb"([+\-.\d]++)|(%s)|(%s)" % (_STRING, _HEX), re.DOTALL)
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n?|\n)|(.)|$)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_IMAGE_END = re.compile(rb"%s(?:EI)(?=%s|$)" % (_SPACE, _SPACE))
_BRACKET = re.compile(rb"[^()\\]++|\\.|[()]", re.DOTALL)
_LONGEST_STRING = 32_767
_MOST_OPERANDS = 1000
"""Operands kept for an operator; more stand only in damaged streams."""


def operations(data: bytes) -> Iterator[tuple[bytes, list[Operand]]]:
    """Give the operators of a content stream with what stands before each.

    Operands that are not text's concern (dictionaries, comments, inline images) are passed over. Damaged bytes are
    passed over too, and so is a bracket that opens a string without end. Empty data gives nothing.
    """
    place, end = 0, len(data)
    operands: list[Operand] = []
    while place < end:
        match = _TOKEN.match(data, place)
        if match is None or match.end() == place:
            place += 1
            continue
        place, kind = match.end(), match.lastindex
        if match[1]:
            operands += _numbers(match[1])
        if kind == 2:
            if match[2] == b"BI":
                place = _behind_image(data, place)
            else:
                yield match[2], operands
            operands = []
            continue
        if kind == 7:
            text, place = _bracketed(data, place)
            operands += [] if text is None else [text]
        elif kind is not None and kind > 2:
            operands += _operand(kind, match[kind])
        del operands[:-_MOST_OPERANDS]


def _operand(kind: int, raw: bytes) -> list[Operand]:
    if kind == 3:
        return [LIT(_name(raw))]
    if kind == 4:
        return [_unescaped(raw[1:-1])]
    if kind == 5:
        return [[_item(*groups) for groups in _ITEM.findall(raw)]]
    return [_from_hex(raw[1:-1])] if kind == 6 else []


def _item(number: bytes, string: bytes, digits: bytes) -> float | bytes:
    if string:
        return _unescaped(string[1:-1])
    return _from_hex(digits[1:-1]) if digits else _numbers(number)[0]


def _numbers(raw: bytes) -> list[float]:
    """Read numbers as leniently as readers do: of `1.2.3` the first that it says, and 0 for none."""
    parts = raw.split()
    try:
        return [float(part) for part in parts]
    except ValueError:
        found = (_NUMBER.search(part) for part in parts)
        return [float(match[0]) if match else 0.0 for match in found]


def _name(raw: bytes) -> str:
    if b"#" in raw:
        raw = re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _from_hex(digits: bytes) -> bytes:
    bare = digits.translate(None, b"\0\t\n\f\r ")
    return bytes.fromhex((bare + b"0" * (len(bare) % 2)).decode("ascii"))


def _unescaped(raw: bytes) -> bytes:
    if b"\\" not in raw:
        return raw
    return _ESCAPE.sub(_escape, raw)


def _escape(match: re.Match[bytes]) -> bytes:
    octal, _, letter = match.groups()
    if octal:
        return bytes([int(octal, 8) & 255])
    return _LETTERS.get(letter, letter) if letter else b""


def _bracketed(data: bytes, place: int) -> tuple[bytes | None, int]:
    """Give the string that starts behind an opening bracket, with the brackets in it, and where it ends.

    A bracket that is not closed within the length that a string may have (PDF 32000-1:2008, annex C) is passed over.
    """
    depth = 1
    for match in _BRACKET.finditer(data, place, place + _LONGEST_STRING):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return _unescaped(data[place : match.start()]), match.end()
    return None, place


def _behind_image(data: bytes, place: int) -> int:
    """Give where an inline image ends; one without end takes what is left."""
    match = _IMAGE_END.search(data, place)
    return match.end() if match else len(data)


class TextInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter, fed with the operations that place text, and with no others."""

    def execute(self, streams: Sequence[object]) -> None:
        """Carry out content streams; a stream that draws itself is passed over."""
        self.stream_ids.clear()
        found = [stream for obj in streams if self._is_new(stream := stream_value(obj))]
        handlers = self._handlers()
        for operator, operands in operations(b"\n".join(stream.get_data() for stream in found)):
            handler = handlers.get(operator)
            if handler is None:
                continue
            work, count = handler
            if count <= len(operands):
                work(*operands[len(operands) - count :])

    def _is_new(self, stream: PDFStream) -> bool:
        if stream.objid is None or stream.objid in self.parent_stream_ids:
            return False
        self.stream_ids.add(stream.objid)
        return True

    def _handlers(self) -> dict[bytes, tuple[Callable[..., None], int]]:
        return {
            b"q": (self.do_q, 0),
            b"Q": (self.do_Q, 0),
            b"cm": (self.do_cm, 6),
            b"BT": (self.do_BT, 0),
            b"ET": (self.do_ET, 0),
            b"Tc": (self.do_Tc, 1),
            b"Tw": (self.do_Tw, 1),
            b"Tz": (self.do_Tz, 1),
            b"TL": (self.do_TL, 1),
            b"Tf": (self.do_Tf, 2),
            b"Ts": (self.do_Ts, 1),
            b"Td": (self.do_Td, 2),
            b"TD": (self.do_TD, 2),
            b"Tm": (self.do_Tm, 6),
            b"T*": (self.do_T_a, 0),
            b"Tj": (self._show, 1),
            b"TJ": (self._show, 1),
            b"'": (self._show_next, 1),
            b'"': (self.do__w, 3),
            b"Do": (self.do_Do, 1),
        }

    def _show(self, text: Operand) -> None:
        if self.textstate.font is not None:
            self.device.render_string(
                self.textstate, text if isinstance(text, list) else [text], self.graphicstate.ncs, self.graphicstate
            )

    def _show_next(self, text: Operand) -> None:
        self.do_T_a()
        self._show(text)
