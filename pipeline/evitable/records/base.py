"""What all records share: frozen, typed, and written to disk as they are."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TypeVar

import msgspec

FORMAT = 1
"""Number of the on-disk format of all records; raised when a field changes its meaning."""

R = TypeVar("R", bound="Record")

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
"""Base32 of each ten bits: a million ids are made, and the standard library takes twice as long."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all records: immutable, compared by value, JSON in and out without loss."""


def encode(record: object) -> bytes:
    """Give the JSON bytes of a record, or of a list of records: same value, same bytes."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def decode(data: bytes, kind: type[R]) -> R:
    """Read one record back.

    Args:
        data: JSON bytes as `encode` wrote them.
        kind: The record's class.

    Raises:
        msgspec.ValidationError: The bytes are valid JSON of another shape.
        msgspec.DecodeError: The bytes are not JSON.
    """
    return msgspec.json.decode(data, type=kind)


def digest(prefix: str, *parts: str | bytes) -> str:
    """Make a short, stable id: a letter prefix and 16 base32 characters of a SHA-256.

    Base32 in lower case after a letter never looks like a number, a date or an exponent to a spreadsheet, and does not
    lean on letter case. Eighty bits keep the chance of two equal ids among a million below one in a trillion.
    """
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "big"))
        sha.update(data)
    bits = int.from_bytes(sha.digest()[:10], "big")
    return prefix + "".join([_PAIRS[bits >> shift & 1023] for shift in range(70, -1, -10)])


def squash(text: str) -> str:
    """Keep letters and digits only, case-folded (NFKC): by it a quote is found again in another extraction."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
