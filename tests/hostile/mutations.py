"""Mutants: sound PDFs that are damaged by chance, each made again from the same two numbers.

Damage to the bytes of a file mostly ends in its tables or its compressed streams; so streams are also opened, damaged
inside, packed again, and the table of objects made anew: then what a page says is damaged and all else is sound.
"""

from __future__ import annotations

import base64
import random
import re
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hostile.make_hostile import HOSTILE
from support.pdf_bytes import good

SPECIMENS = sorted((Path(__file__).parents[2] / "corpus").glob("*.pdf"))
ODD_SEEDS = (
    "encrypted_without_password",
    "aes_256_without_password",
    "packed_objects",
    "two_tables",
    "for_the_web",
    "updated_page",
    "words_in_parts",
    "turned_page",
    "page_in_large_units",
    "scan_with_text",
    "scan_in_part",
    "form_to_fill_in",
    "glyph_that_draws_itself",
    "damaged_truetype_table",
    "letters_of_two_units",
    "two_directions",
    "vertical_text",
    "page_labels_in_a_circle",
)
"""Bad PDFs that are read whole: fonts, tables, encryption and pages that the specimens do not have."""
ODD_WORDS = (
    *b"0 -1 1 255 65536 -2147483649 99999999999 0.0000001 1.2.3 --5 +. null true [ ] << >> < > ( ) { } % /".split(),
    *b"/F1 /F9 /Im (word) <00> [(a)-9999(b)] <</A/B>> BI ID EI q Q BT ET Tj TJ ' T* Tf Tm Td TD Tr Tz Tc Tw".split(),
    *b"TL Ts Do cm gs sh BDC EMC BMC d0 d1 beginbfchar endbfrange beginbfrange endcmap usecmap def begin end".split(),
    *b"R obj endobj stream endstream".split(),
    b"9" * 400,
    b"\x00",
    b"",
)
"""What a word of a stream or a number of an object is changed to."""
_STREAM = re.compile(rb"(<<(?:(?!endobj|stream).)*?)stream\r?\n(.*?)endstream", re.DOTALL)
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,7}) 0 obj\b")
_WORD = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>|\s+|[^\s()<>]+|.", re.DOTALL)
_NUMBER = re.compile(rb"(?<=[\s\[])[-+]?\d*\.?\d+(?=[\s\]/>])")
_NAME = re.compile(rb"/[A-Za-z]\w*")
_REFERENCE = re.compile(rb"\b\d+ 0 R\b")


class Mutant(NamedTuple):
    """A damaged PDF, and how it came about.

    Attributes:
        index: Its number in a series.
        seed: Name of the sound PDF.
        steps: Names of the damages, in order.
        data: Its bytes.
    """

    index: int
    seed: str
    steps: tuple[str, ...]
    data: bytes


@cache
def seeds() -> dict[str, bytes]:
    """Give the sound PDFs by name; the specimens first."""
    papers = {path.stem: path.read_bytes() for path in SPECIMENS}
    return {**papers, "good": good(pages=3), **{name: HOSTILE[name]() for name in ODD_SEEDS}}


def mutant(series: int, index: int) -> Mutant:
    """Make one mutant: the same series and index give the same bytes."""
    chance = random.Random(f"{series} {index}")
    names = list(seeds())
    seed = chance.choice(names[: len(SPECIMENS)] if chance.random() < 0.6 else names[len(SPECIMENS) :])
    data = seeds()[seed]
    often = [3 if step.startswith("damage") else 1 for step in MUTATIONS]
    steps = chance.choices(list(MUTATIONS), often, k=chance.choice((1, 1, 1, 2, 3)))
    for step in steps:
        data = MUTATIONS[step](data, chance)
    return Mutant(index, seed, tuple(steps), data)


# Damage to the bytes of a file.


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 4, 20, 300, 5_000)))


def truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 100)) if data else 0):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def overwrite(data: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def delete(data: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.choice((1, 4, 20, 300, 5_000))) + data[at:]


def duplicate(data: bytes, chance: random.Random) -> bytes:
    (start, end), at = _span(data, chance), chance.randrange(len(data) + 1)
    return data[:at] + data[start:end] + data[at:]


def splice(data: bytes, chance: random.Random) -> bytes:
    """Put the end of another PDF to the start of this one."""
    other = seeds()[chance.choice(list(seeds()))]
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]


# Damage to objects; the table of objects stays right.


def _outside_streams(data: bytes, pattern: re.Pattern[bytes]) -> list[re.Match[bytes]]:
    inside = [match.span(2) for match in _STREAM.finditer(data)]
    end = data.rfind(b"\nxref")
    found = pattern.finditer(data, 0, end if end > 0 else len(data))
    return [match for match in found if not any(start <= match.start() < stop for start, stop in inside)]


def _exchange(data: bytes, chance: random.Random, pattern: re.Pattern[bytes]) -> bytes:
    found = _outside_streams(data, pattern)
    if len(found) < 2:
        return flip_bits(data, chance)
    first, second = sorted(chance.sample(found, 2), key=lambda match: match.start())
    middle = data[first.end() : second.start()]
    return rebuilt(data[: first.start()] + second[0] + middle + first[0] + data[second.end() :])


def swap_numbers(data: bytes, chance: random.Random) -> bytes:
    """Exchange two numbers: lengths, counts, widths, places."""
    return _exchange(data, chance, _NUMBER)


def swap_names(data: bytes, chance: random.Random) -> bytes:
    return _exchange(data, chance, _NAME)


def swap_references(data: bytes, chance: random.Random) -> bytes:
    return _exchange(data, chance, _REFERENCE)


def another_number(data: bytes, chance: random.Random) -> bytes:
    """Put an odd word where a number was."""
    found = _outside_streams(data, _NUMBER)
    if not found:
        return flip_bits(data, chance)
    match = chance.choice(found)
    return rebuilt(data[: match.start()] + chance.choice(ODD_WORDS) + data[match.end() :])


# Damage to what a stream says.


def damage_words(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, double or move words of a stream: operators, operands, parts of a map of letters."""

    def damage(content: bytes) -> bytes:
        words = _WORD.findall(content)
        for _ in range(chance.choice((1, 3, 10, 50)) if words else 0):
            at = chance.randrange(len(words))
            how = chance.randrange(4)
            if how == 0:
                words[at] = chance.choice(ODD_WORDS)
            elif how == 1:
                words[at] = b""
            elif how == 2:
                words[at] = b" ".join([words[at]] * 2)
            else:
                other = chance.randrange(len(words))
                words[at], words[other] = words[other], words[at]
        return b"".join(words)

    return _in_a_stream(data, chance, damage)


def damage_stream(data: bytes, chance: random.Random) -> bytes:
    """Damage the bytes of a stream, as if it had not been packed."""
    kinds = (truncate, flip_bits, overwrite, delete, insert, duplicate)
    return _in_a_stream(data, chance, lambda content: chance.choice(kinds)(content, chance))


def _in_a_stream(data: bytes, chance: random.Random, damage: Callable[[bytes], bytes]) -> bytes:
    found = [match for match in _STREAM.finditer(data) if unpacked(match[1], match[2]) is not None]
    if not found:
        return flip_bits(data, chance)
    match = chance.choice(found)
    packed = zlib.compress(damage(unpacked(match[1], match[2]) or b""))
    entries = re.sub(rb"/Filter\s*(\[[^\]]*\]|/\w+)|/Length\s+\d+( \d+ R)?", b"", match[1])
    entries = entries.replace(b"<<", b"<< /Filter /FlateDecode /Length %d" % len(packed), 1)
    return rebuilt(b"%s%sstream\n%s\nendstream%s" % (data[: match.start()], entries, packed, data[match.end() :]))


def unpacked(entries: bytes, data: bytes) -> bytes | None:
    """Give what a stream holds, or None where it is damaged or packed in another way.

    Args:
        entries: Its dictionary.
        data: Its bytes.
    """
    try:
        for name in re.findall(rb"/(\w+Decode)\b", entries):
            if name == b"ASCII85Decode":
                data = base64.a85decode(b"<~" + data.strip(), adobe=True)
            elif name == b"FlateDecode":
                data = _inflated(data)
            else:
                return None
    except (ValueError, zlib.error):
        return None
    return data


def _inflated(data: bytes) -> bytes:
    """Decompress to the end; line ends after it are no damage."""
    unpacker = zlib.decompressobj()
    whole = unpacker.decompress(data)
    if not unpacker.eof:
        raise zlib.error("cut short")
    return whole


def damaged_streams(data: bytes) -> int:
    """Count the packed streams of a PDF, pictures apart, that cannot be opened to their end."""
    packed = (m for m in _STREAM.finditer(data) if b"/FlateDecode" in m[1] and b"/Image" not in m[1])
    return sum(unpacked(match[1], match[2]) is None for match in packed)


def rebuilt(data: bytes) -> bytes:
    """Give the PDF with its table of objects made anew; as it is, where it has more than one or none."""
    start = data.rfind(b"\nxref") + 1
    trailer = data.find(b"trailer", start)
    if data.count(b"\nxref") != 1 or trailer < 0:
        return data
    places = {int(match[1]): match.start() for match in _OBJECT.finditer(data, 0, start)}
    table = b"xref\n0 1\n0000000000 65535 f \n" + b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items())
    )
    end = data.find(b"startxref", trailer)
    return data[:start] + table + data[trailer:end] + b"startxref\n%d\n%%%%EOF\n" % start


ON_BYTES = (truncate, flip_bits, overwrite, delete, insert, duplicate)
"""Damages after which the pages of the sound PDF are still what is to be expected."""
MUTATIONS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    damage.__name__: damage
    for damage in (
        *ON_BYTES,
        splice,
        swap_numbers,
        swap_names,
        swap_references,
        another_number,
        damage_words,
        damage_stream,
    )
}
"""All damages by name."""
