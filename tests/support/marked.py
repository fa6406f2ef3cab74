"""Papers with codings to be highlighted, and what their highlighted copies hold."""

import io
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2

from evitable.codebook import default_codebook
from evitable.export.highlight import highlighted
from evitable.extract.paper import extract_document
from evitable.records import Coding, Passage, Place, squash
from support.pdf_bytes import good

CORPUS = Path(__file__).parents[2] / "corpus"
BOOK = default_codebook()
CODE = BOOK.code[0]
OTHER = BOOK.code[-1]


def read(pdf, engine="pdfminer"):
    """Give the document, and a passage for each block of body text."""
    document = extract_document(pdf, "p1", engine=engine)
    blocks = [block for block in document.blocks if block.kind == "body"]
    passages = [
        Passage(
            id=f"q{number}",
            paper_id="p1",
            start=block.start,
            end=block.end,
            text=document.text_of(block),
            places=tuple(Place(page=line.page, box=line.box) for line in block.lines),
        )
        for number, block in enumerate(blocks)
    ]
    return document, {passage.id: passage for passage in passages}


def coding(passage, code=CODE, **more):
    return Coding(
        **{
            "id": f"e-{passage.id}-{code.name}",
            "study_id": "s1",
            "paper_id": "p1",
            "passage_id": passage.id,
            "dimension": code.dimension,
            "code": code.name,
            "probability": 0.9,
            "polarity": None,
            "words": (),
            "status": "machine",
            "coder": "m1",
            "quote": passage.text,
            "section": (),
            "section_kind": "other",
            "pages": passage.pages,
            "page_labels": (),
            **more,
        }
    )


def all_coded(pdf, engine="pdfminer"):
    document, passages = read(pdf, engine)
    copy = highlighted(pdf, [coding(p) for p in passages.values()], passages, BOOK, document=document)
    return copy, passages


@dataclass(frozen=True)
class Note:
    page: int
    kind: str
    author: str
    name: str
    text: str
    sides: list[float]
    colour: list[float]
    strength: float
    flags: int
    drawing: bytes


def notes(pdf):
    """Give the annotations that were added, by page."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [
            Note(
                number,
                str(a.Subtype),
                str(a.T),
                str(a.NM),
                str(a.Contents),
                [float(side) for side in a.get("/QuadPoints", [])],
                [float(part) for part in a.get("/C", [])],
                float(a.get("/CA", 1)),
                a.get("/F", 0),
                a.AP.N.read_bytes(),
            )
            for number, page in enumerate(file.pages, start=1)
            for a in (page.obj.get("/Annots") or [])
            if "/NM" in a
        ]


def highlights(pdf):
    return [note for note in notes(pdf) if note.kind == "/Highlight"]


def covered(pdf, note):
    """Give the words that PDFium finds in the middle of each quadrilateral of a note."""
    text = pypdfium2.PdfDocument(pdf)[note.page - 1].get_textpage()
    words = []
    for quad in (note.sides[start : start + 8] for start in range(0, len(note.sides), 8)):
        spans = [[min(quad[::2]), max(quad[::2])], [min(quad[1::2]), max(quad[1::2])]]
        # The short span is across the line; tails of the letters of other lines reach into it.
        across = min(spans, key=lambda span: span[1] - span[0])
        middle, half = sum(across) / 2, (across[1] - across[0]) / 10
        across[:] = [middle - half, middle + half]
        (left, right), (low, high) = spans
        words.append(text.get_text_bounded(left, low, right, high))
    return squash("".join(words).replace("\ufffe", "").replace("\x02", ""))


def words_marked(copy):
    """Give what each passage's highlights cover, over all pages."""
    found = {}
    for note in highlights(copy):
        found[note.name] = found.get(note.name, "") + covered(copy, note)
    return list(found.values())


def turned(angle, crop):
    """Give a paper whose only page is turned, moved and cropped, and reads as any other."""
    pdf = pikepdf.open(io.BytesIO(good(pages=1)))
    page = pdf.pages[0]
    wide, high = 595, 842
    matrix, size = {
        0: ("1 0 0 1 0 0", (wide, high)),
        90: (f"0 1 -1 0 {high} 0", (high, wide)),
        180: (f"-1 0 0 -1 {wide} {high}", (wide, high)),
        270: (f"0 -1 1 0 0 {wide}", (high, wide)),
    }[angle]
    page.contents_add(f"q 1 0 0 1 -300 70 cm {matrix} cm".encode(), prepend=True)
    page.contents_add(b"Q")
    page.obj.MediaBox = pikepdf.Array([-300, 70, size[0] - 300, size[1] + 70])
    page.obj.CropBox = pikepdf.Array([-300 + crop, 70 + crop, size[0] - 300 - crop, size[1] + 70 + 500])
    page.obj.Rotate = angle
    file = io.BytesIO()
    pdf.save(file, deterministic_id=True)
    return file.getvalue()


def changed(pdf, change):
    """Give a PDF as it is after a change of its objects."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as copy:
        change(copy)
        copy.save(file, deterministic_id=True)
    return file.getvalue()
