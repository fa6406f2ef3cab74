"""Many papers out of the few specimens: each a paper of its own, by its bytes and by what it says.

Each variant is a specimen, whole or its first page alone, with one more page that holds a short paragraph. It is put
together by the variant's number, so that no two variants say quite the same, and hashes, passage ids and quotes differ.
The same number always gives the same bytes.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pikepdf

ROOT = Path(__file__).parents[2]
_FOLDERS = 100
_LINES, _WIDTH = 8, 88
_OPENING = "In district {number:05d} the office and the residents worked on the service together. "
_SENTENCES = (
    "Residents helped to plan the new opening hours, and the council took most of what they proposed.",
    "Volunteers delivered the meals with the nurses, because the office had too few staff.",
    "Neighbours rated the lights street by street, and the engineers mended the worst ones first.",
    "Trust between parents and teachers grew slowly, and it made the later work much easier.",
    "Without training the volunteers gave up after some weeks, and nobody took their place.",
    "Managers feared that sharing decisions would cost them time that they did not have.",
    "The patients set their own goals with the therapist, and wrote them down at home.",
    "A shared calendar let users and staff agree on the days, and both kept to them.",
    "Tenants designed the courtyard with the architect, and later looked after it themselves.",
    "The rules of the grant left little room for what the families had asked for.",
    "Members of the committee met each month, and the minutes were read to those who could not come.",
    "Young people evaluated the centre in interviews, and the report was given to the council.",
    "Payment of the travel costs kept people in the group who would have had to leave it.",
)


def write_variants(folder: Path, papers: int, *, first: int = 0, pages: int | None = 1) -> list[Path]:
    """Write variants of the specimens below a folder, in sub-folders; files that are there already stay.

    Args:
        folder: Made if need be.
        papers: How many.
        first: Number of the first one.
        pages: Pages that are taken of a specimen; None for all.

    Returns:
        The files, in the order of their numbers.
    """
    specimens = sorted((ROOT / "corpus").glob("*.pdf"))
    paths = []
    for number in range(first, first + papers):
        path = folder / f"{number % _FOLDERS:02d}" / f"paper-{number:05d}.pdf"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(variant(specimens[number % len(specimens)], number, pages))
        paths.append(path)
    return paths


def write_references(path: Path, papers: Sequence[Path]) -> None:
    """Write a reference file with a record for each paper, as an export lists them: not in the order of the files."""
    numbers = sorted(range(len(papers)), key=lambda number: (number * 7919) % 10007)
    records = (
        f"TY  - JOUR\nAU  - Specimen, Author {number}\nTI  - {papers[number].stem.title()}: for measuring\n"
        f"PY  - {2000 + number % 25}\nJO  - Specimen Journal\nL1  - {papers[number].name}\nER  - \n"
        for number in numbers
    )
    path.write_text("\n".join(records), encoding="utf-8")


def variant(path: Path, number: int, pages: int | None = 1) -> bytes:
    """Give the bytes of one variant of a paper."""
    data, marks = _template(path, pages)
    for mark, line in zip(marks, _paragraph(number), strict=True):
        data = data.replace(mark, line)
    return data


def byte_variant(data: bytes, number: int) -> bytes:
    """Give another paper that says the same: for papers that are not ours, of which no other page is made."""
    return data + f"\n% variant {number}\n".encode()


@cache
def _template(path: Path, pages: int | None) -> tuple[bytes, tuple[bytes, ...]]:
    """Give a specimen with the further page, and what stands in it for the lines of its paragraph."""
    marks = tuple((f"@{line}" * _WIDTH)[:_WIDTH].encode() for line in range(_LINES))
    with pikepdf.open(path) as pdf:
        if pages is not None:
            del pdf.pages[pages:]
        page = pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(V=font))
        shown = b" T* ".join(b"(" + mark + b") Tj" for mark in marks)
        page.Contents = pdf.make_stream(b"BT /V 10 Tf 72 720 Td 13 TL " + shown + b" ET")
        buffer = io.BytesIO()
        pdf.save(  # as plain as it was, so that a line can be replaced by another one of its length
            buffer,
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    data = buffer.getvalue()
    assert all(data.count(mark) == 1 for mark in marks)
    return data, marks


def _paragraph(number: int) -> list[bytes]:
    """Give the lines of a variant's own paragraph, all of one width."""
    text, rest, left = _OPENING.format(number=number), number, list(_SENTENCES)
    for _ in range(4):
        rest, chosen = divmod(rest, len(left))
        text += left.pop(chosen) + " "
    lines = textwrap.wrap(text, _WIDTH)
    return [line.ljust(_WIDTH).encode("ascii") for line in [*lines, *[""] * (_LINES - len(lines))]]
