"""Highlighted copies of the papers: a note on each coded passage, in the PDF itself."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from evitable.codebook import Codebook
from evitable.errors import ItemError
from evitable.export.clean import clean_text
from evitable.export.doubts import doubt_of
from evitable.records import Box, Coding, Document, Passage, Place

logging.getLogger("pikepdf").setLevel(logging.ERROR)  # its warnings name no paper and mean nothing to a reviewer

Point = tuple[float, float]
Colour = tuple[float, float, float]

MACHINE = "Evitable"
"""Who is named as the writer of a note on what no person has decided on."""
_COLOURS: tuple[tuple[str, Colour], ...] = (
    ("yellow", (0.93, 0.87, 0.53)),
    ("light blue", (0.60, 0.87, 1.00)),
    ("pink", (1.00, 0.67, 0.73)),
    ("green", (0.73, 0.80, 0.20)),
    ("orange", (0.93, 0.53, 0.40)),
    ("blue", (0.47, 0.67, 0.87)),
    ("mint", (0.27, 0.73, 0.60)),
)
"""Colours of dimensions, in the codebook's order: Paul Tol's scheme "light" (2021), made for colour-blind readers and
for black text on top."""
_EVIDENCE, _MENTION, _UNSURE = 0.85, 0.4, 0.15
"""How much of its colour a passage gets."""
_BAR, _GAP = 1.6, 3.0
"""Width of a bar beside a passage, and how far it is from the next, in points."""
_DARK = 0.75
"""How light a bar's colour is, beside that of the passage."""
_ICON = 14.0
"""Side of the note that explains the colours, in points."""
_DAMAGE = (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What pikepdf raises on a damaged PDF."""
_FIELDS = 10_000
"""Form fields among which a signature is looked for."""
_NARROW, _WIDE, _CAPITAL = frozenset("fijlrtI.,;:'!|()[]- \u2019\u2018"), frozenset("mwMW@%\u2014"), 0.66


def highlighted(
    pdf: bytes,
    codings: Sequence[Coding],
    passages: Mapping[str, Passage],
    codebook: Codebook,
    *,
    document: Document | None = None,
) -> bytes:
    """Give a copy of a paper with a highlight on each coded passage.

    A highlight is one annotation for each passage, coder and page, with a quadrilateral for each printed line. Its
    colour is the dimension of its most probable code: full for evidence of the study, pale for a mention of other work,
    hardly any for what is unsure or was rejected. A bar for each dimension stands on the left, dashed for what is
    unsure or rejected. Its text names the codes, its author the coder, its name (NM) the codings' ids. A note on the
    first page explains the colours. What was in the PDF stays.

    Args:
        pdf: Bytes of the paper; never changed.
        codings: Of this paper, in any order; those whose passage is not given or has no place are left out.
        passages: The paper's passages by id.
        codebook: Gives titles, and the order of dimensions.
        document: The paper's text. With it, a passage that begins or ends in the middle of a line is marked only so
            far, by the usual width of letters, and a PDF whose pages are not those that were read is refused.

    Returns:
        Bytes of a PDF; equal arguments give equal bytes. The bytes of `pdf` themselves where there is nothing to mark.

    Raises:
        ItemError: The PDF is encrypted (also with an empty password: its protection would be lost), signed (a change
            would break the signature), or damaged.
        KeyError: A coding names a code that is not in the codebook.
    """
    marks = _marks(codings, passages, codebook, document)
    if not marks:
        return pdf
    try:
        with pikepdf.open(io.BytesIO(pdf)) as copy:
            _refuse(copy)
            _check_pages(copy, marks, document)
            _annotate(copy, marks, codebook)
            return _saved(copy)
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except _DAMAGE as error:
        if b"/Encrypt" in pdf:
            raise _encrypted() from error  # in a way that qpdf does not know
        raise _failed("The PDF is damaged, so that no highlighted copy of it could be made.") from error


@dataclass(frozen=True, slots=True)
class _Mark:
    """One annotation: the codings of one coder on one passage, and the boxes of its lines on one page.

    `bars` is the number of bars that stand beside the passage already, from codings of other coders; the one who has
    none fills it.
    """

    page: int
    boxes: tuple[Box, ...]
    codings: tuple[Coding, ...]
    bars: int


def _marks(
    codings: Iterable[Coding], passages: Mapping[str, Passage], codebook: Codebook, document: Document | None
) -> list[_Mark]:
    """Group codings to annotations, in the order of passages and pages; the coder of the strongest code comes first."""
    order = {code.name: index for index, code in enumerate(codebook.code)}
    codings = tuple(codings)
    passages = {**passages, **_stretches(codings, passages, document)}
    found: dict[tuple[int, str], dict[str, list[Coding]]] = {}
    for coding in sorted(codings, key=lambda coding: (order[coding.code], coding.id)):
        if coding.passage_id in passages:
            key = (passages[coding.passage_id].start, coding.passage_id)
            found.setdefault(key, {}).setdefault(_author(coding), []).append(coding)
    marks = []
    for (_, passage_id), coders in sorted(found.items(), key=lambda item: item[0]):
        places = _places(passages[passage_id], document)
        bars = 0
        for _, group in sorted(coders.items(), key=lambda item: (-max(map(_strength, item[1])), item[0])):
            for page in dict.fromkeys(place.page for place in places):
                boxes = tuple(place.box for place in places if place.page == page)
                marks.append(_Mark(page, boxes, tuple(group), bars))
            bars += len({coding.dimension for coding in group})
    return marks


def _stretches(
    codings: Iterable[Coding], passages: Mapping[str, Passage], document: Document | None
) -> dict[str, Passage]:
    """Give what people coded that is no passage of its own, as passages; none without the document."""
    if document is None:
        return {}
    return {
        coding.passage_id: Passage(
            id=coding.passage_id,
            paper_id=coding.paper_id,
            start=coding.start,
            end=coding.end,
            text=coding.quote,
            places=tuple(Place(page=line.page, box=line.box) for line in document.lines_of(coding.start, coding.end)),
        )
        for coding in codings
        if coding.passage_id not in passages and coding.end
    }


def _author(coding: Coding) -> str:
    return MACHINE if coding.status == "machine" else clean_text(coding.coder)


def _strength(coding: Coding) -> float:
    """Give how much colour a coding has."""
    if coding.unsure or coding.status == "rejected":
        return _UNSURE
    return _EVIDENCE if coding.counted else _MENTION


def _places(passage: Passage, document: Document | None) -> tuple[Place, ...]:
    """Give a passage's places; with the document, its first and last line only as far as the passage goes."""
    lines = document.lines_of(passage.start, passage.end) if document else ()
    if document is None or [line.box for line in lines] != [place.box for place in passage.places]:
        return passage.places
    cut = []
    for line in lines:
        text = document.text[line.start : line.end]
        whole = _width(text) or 1.0
        left, top, right, bottom = line.box
        first = _width(text[: max(0, passage.start - line.start)]) / whole
        last = _width(text[: passage.end - line.start]) / whole
        box = (left + first * (right - left), top, left + last * (right - left), bottom)
        cut.append(Place(page=line.page, box=box))
    return tuple(cut)


def _width(text: str) -> float:
    """Estimate how wide text is printed, in usual letters of a proportional face."""
    return sum(
        0.3 if letter in _NARROW else 0.8 if letter in _WIDE else _CAPITAL if letter.isupper() else 0.5
        for letter in text
    )


# The file.


def _refuse(copy: pikepdf.Pdf) -> None:
    """Refuse a PDF that must not be changed."""
    if copy.is_encrypted:
        raise _encrypted()
    form = copy.Root.get("/AcroForm")
    if "/Perms" in copy.Root or (isinstance(form, Dictionary) and _is_signed(form)):
        raise ItemError(
            "highlight-signed",
            "The PDF is signed; no highlighted copy was made, because any change would break the signature.",
            "Print it to a new PDF, and put that in its place, if you want highlights.",
        )


def _is_signed(form: pikepdf.Object) -> bool:
    """Tell whether a form holds a signature; an empty field for one is none."""
    waiting = list(_items(form.get("/Fields")))
    seen = 0
    while waiting and seen < _FIELDS:
        field = waiting.pop()
        seen += 1
        if isinstance(field, Dictionary):
            if field.get("/FT") == Name.Sig and "/V" in field:
                return True
            waiting.extend(_items(field.get("/Kids")))
    return False


def _items(value: object) -> Iterator[Any]:
    """Give the items of an array; none of anything else."""
    return iter(value) if isinstance(value, Array) else iter(())


def _check_pages(copy: pikepdf.Pdf, marks: Sequence[_Mark], document: Document | None) -> None:
    """Refuse a PDF whose pages are not those on which the passages were read."""
    pages = [_Frame.of(page) for page in copy.pages]
    same = all(1 <= mark.page <= len(pages) for mark in marks)
    if document is not None and same:
        read = {page.number: (page.width, page.height) for page in document.pages}
        seen = {mark.page: pages[mark.page - 1].size for mark in marks}
        same = len(read) == len(pages) and all(_alike(read[number], size) for number, size in seen.items())
    if not same:
        raise _failed("The PDF is damaged: its pages are not found as they were when it was read.")


def _alike(one: Point, other: Point) -> bool:
    return all(abs(a - b) < 1 for a, b in zip(one, other, strict=True))


def _saved(copy: pikepdf.Pdf) -> bytes:
    """Write the file: nothing that was in it is packed anew, and nothing depends on the hour."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PikepdfWarning)  # of form fields, which stay as they were
        copy.save(
            file,
            min_version="1.4",  # the first with blend modes
            preserve_pdfa=False,
            fix_metadata_version=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            deterministic_id=True,
        )
    return file.getvalue()


def _encrypted() -> ItemError:
    return ItemError(
        "highlight-encrypted",
        "The PDF is protected; no highlighted copy was made, because it would be without the protection.",
        "If its publisher allows it, save a copy without protection, and put that in its place.",
    )


def _failed(message: str) -> ItemError:
    return ItemError(
        "highlight-failed", message, "The tables are not affected; print the PDF to a new one if you want highlights."
    )


# Where things stand on a page.


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of a page that is seen, in the file's own units from the bottom left, and how far it is turned.

    Boxes of passages are in units, as annotations are; `point` is a point in units.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    rotation: int
    point: float

    @classmethod
    def of(cls, page: pikepdf.Page) -> _Frame:
        """Read it as the extraction does: what the crop box leaves of the media box."""
        media = _box(page.obj.get("/MediaBox")) or (0.0, 0.0, 612.0, 792.0)
        crop = _box(page.obj.get("/CropBox")) or media
        seen = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
        turned: object = page.obj.get("/Rotate")
        unit: object = page.obj.get("/UserUnit")
        return cls(
            *(seen if seen[0] < seen[2] and seen[1] < seen[3] else media),
            rotation=turned % 360 if isinstance(turned, int) else 0,
            point=1 / float(unit) if isinstance(unit, (int, Decimal)) and unit > 0 else 1.0,
        )

    @property
    def size(self) -> Point:
        """Width and height as seen."""
        wide, high = self.x1 - self.x0, self.y1 - self.y0
        return (high, wide) if self.rotation in {90, 270} else (wide, high)

    def at(self, x: float, y: float) -> Point:
        """Give the place in the file of a point from the top left of the page as seen."""
        match self.rotation:
            case 90:
                return self.x0 + y, self.y0 + x
            case 180:
                return self.x1 - x, self.y0 + y
            case 270:
                return self.x1 - y, self.y1 - x
            case _:
                return self.x0 + x, self.y1 - y


def _box(value: object) -> Box | None:
    """Read a rectangle of a page; None where it is none."""
    sides = [float(side) for side in _items(value) if isinstance(side, (int, Decimal))]
    if len(sides) != 4:
        return None
    a, b, c, d = sides
    return min(a, c), min(b, d), max(a, c), max(b, d)


# What is drawn and written.


def _annotate(copy: pikepdf.Pdf, marks: Sequence[_Mark], codebook: Codebook) -> None:
    """Add the annotations to their pages, behind those that are there."""
    writer = _Writer(copy, codebook)
    made: dict[int, list[pikepdf.Object]] = {1: [writer.legend()]}
    for mark in marks:
        made.setdefault(mark.page, []).append(writer.highlight(mark))
    for number, added in made.items():
        page = copy.pages[number - 1].obj
        page["/Annots"] = Array([*_items(page.get("/Annots")), *added])


class _Writer:
    """Makes annotations with an appearance of their own, so that every viewer shows them alike."""

    def __init__(self, copy: pikepdf.Pdf, codebook: Codebook) -> None:
        self._copy = copy
        self._book = codebook
        self._colours = {d.name: _COLOURS[index % len(_COLOURS)] for index, d in enumerate(codebook.dimension)}
        blend = Dictionary(ExtGState=Dictionary(M=Dictionary(Type=Name.ExtGState, BM=Name.Multiply)))
        self._blend = copy.make_indirect(blend)

    def highlight(self, mark: _Mark) -> pikepdf.Object:
        """Mark the lines of a passage on one page."""
        page = self._copy.pages[mark.page - 1]
        frame = _Frame.of(page)
        strongest = max(mark.codings, key=lambda coding: (_strength(coding), coding.probability))
        colour, strength = self._colours[strongest.dimension][1], _strength(strongest)
        fill = b"" if mark.bars else _filled(mark.boxes, frame, colour, strength)
        room = _GAP * frame.point * (mark.bars + len(self._colours))
        corners = [frame.at(x, y) for left, top, right, low in mark.boxes for y in (top, low) for x in (left, right)]
        edges = [frame.at(box[0] - room, box[1]) for box in mark.boxes]
        annotation = self._annotation(
            page, Name.Highlight, _author(mark.codings[0]), fill + self._bars(mark, frame), [*corners, *edges]
        )
        annotation.Contents = _string("\n".join(self._said(coding) for coding in mark.codings))
        annotation.NM = _string(" ".join(coding.id for coding in mark.codings))
        annotation.QuadPoints = Array([_number(side) for corner in corners for side in corner])
        annotation.C = Array([_number(part) for part in colour])
        annotation.CA = _number(strength)
        annotation.F = 4  # printed with the page
        return annotation

    def legend(self) -> pikepdf.Object:
        """Explain the colours, in a note at the top left of the first page that is not printed."""
        page = self._copy.pages[0]
        frame = _Frame.of(page)
        side = _ICON * frame.point
        first, last, high = side / 2, 1.5 * side, side / len(self._colours)
        drawing = b"".join(
            _filled([(first, first + index * high, last, first + (index + 1) * high)], frame, colour, 1)
            for index, (_, colour) in enumerate(self._colours.values())
        )
        corners = [frame.at(first, first), frame.at(last, last)]
        annotation = self._annotation(page, Name.Text, MACHINE, drawing, corners)
        named = "; ".join(f"{self._colours[d.name][0]}: {d.title}" for d in self._book.dimension)
        annotation.Contents = _string(
            f"Highlighted by Evitable with the codebook {self._book.title}. Each colour is a dimension ({named}); "
            "there is a bar for each on the left. Full colour: evidence of this study. Pale: mention of other work. "
            "Hardly any colour, and dashed bars: unsure or rejected. Only evidence of this study counts in the tables. "
            "Open a highlight to read its codes, and whether a person has verified them."
        )
        annotation.NM = _string("legend")
        annotation.Name = Name.Note
        return annotation

    def _annotation(
        self, page: pikepdf.Page, kind: pikepdf.Object, author: str, drawing: bytes, corners: Sequence[Point]
    ) -> pikepdf.Object:
        """Make an annotation that reaches to these corners and looks like the drawing."""
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        rectangle = [_number(side) for side in (min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1)]
        look = self._copy.make_stream(b"/M gs\n" + drawing)
        look.Type, look.Subtype, look.BBox, look.Resources = Name.XObject, Name.Form, Array(rectangle), self._blend
        return self._copy.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=kind,
                Rect=Array(rectangle),
                T=_string(author),
                P=page.obj,
                AP=Dictionary(N=look),
            )
        )

    def _bars(self, mark: _Mark, frame: _Frame) -> bytes:
        """Draw a bar for each dimension to the left of each column of lines."""
        strengths: dict[str, float] = {}
        for coding in mark.codings:
            strengths[coding.dimension] = max(_strength(coding), strengths.get(coding.dimension, 0))
        drawn = []
        wide = _BAR * frame.point
        for left, top, _, low in _columns(mark.boxes):
            for index, (name, strength) in enumerate(strengths.items(), start=mark.bars + 1):
                x = left - index * _GAP * frame.point
                colour = _rgb([_DARK * part for part in self._colours[name][1]], 0.6 if strength == _MENTION else 1)
                dashes = f"[{wide:.2f}] 0 d" if strength == _UNSURE else "[] 0 d"
                start, end = _xy(frame.at(x, top + wide / 2)), _xy(frame.at(x, low - wide / 2))
                drawn.append(f"{colour} RG {wide:.2f} w {dashes} {start} m {end} l S\n")
        return "".join(drawn).encode("ascii")

    def _said(self, coding: Coding) -> str:
        """Say what a coding is, in one line."""
        code = self._book.by_name[coding.code]
        dimension = self._book.dimension_of(coding.dimension).title + (f" ({code.family})" if code.family else "")
        way = f", {coding.polarity}" if coding.polarity else ""
        basis = "mention of other work, no evidence of this study" if coding.basis == "mention" else coding.basis
        unsure = "unsure; " if coding.unsure else ""
        verified = "machine, not verified" if coding.status == "machine" else f"{coding.status}, {coding.coder}"
        doubt = f"; quote {doubt_of(coding.match)}" if doubt_of(coding.match) else ""
        probability = f"probability {coding.probability:.2f}"
        return f"{dimension}: {code.title}{way} - {unsure}{basis}; {verified}; {probability}{doubt}"


def _columns(boxes: Sequence[Box]) -> list[Box]:
    """Join lines that stand below each other to one box for each column."""
    columns: list[Box] = []
    for left, top, right, low in boxes:
        if columns and top >= columns[-1][1] and left < columns[-1][2] and right > columns[-1][0]:
            before = columns[-1]
            columns[-1] = (min(left, before[0]), before[1], max(right, before[2]), max(low, before[3]))
        else:
            columns.append((left, top, right, low))
    return columns


def _filled(boxes: Sequence[Box], frame: _Frame, colour: Colour, strength: float) -> bytes:
    """Fill boxes at once, so that none is darker where it overlaps another."""
    drawn = [f"{_rgb(colour, strength)} rg"]
    for left, top, right, low in boxes:
        first, *others = [_xy(frame.at(*corner)) for corner in ((left, top), (right, top), (right, low), (left, low))]
        drawn.append(f"{first} m {' l '.join(others)} l h")
    return ("\n".join(drawn) + " f\n").encode("ascii")


def _string(text: str) -> pikepdf.Object:
    return pikepdf.String(clean_text(text))


def _number(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")


def _xy(point: Point) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}"


def _rgb(colour: Sequence[float], strength: float) -> str:
    return " ".join(f"{1 - strength * (1 - part):.3f}" for part in colour)
