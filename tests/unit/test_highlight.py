"""Highlighted copies, read back by PDFium, pikepdf and pypdf."""

import ctypes
import io
from collections import Counter

import msgspec
import pikepdf
import pypdf
import pypdfium2
import pytest
from pypdfium2 import raw

from evitable.codebook import read_codebook
from evitable.errors import ItemError
from evitable.export.clean import clean_text
from evitable.export.highlight import highlighted
from evitable.records import Passage, Place, squash
from hostile.make_hostile import HOSTILE
from support.marked import (
    BOOK,
    CODE,
    CORPUS,
    OTHER,
    all_coded,
    changed,
    coding,
    highlights,
    notes,
    read,
    turned,
    words_marked,
)
from support.nasty import NASTY
from support.pdf_bytes import PHRASE, good
from support.reader import is_plain

TURNED = ["turned_page", "page_turned_thrice", "page_upside_down", "page_turned_backwards"]
MOVED = ["page_in_large_units", "page_from_elsewhere", "page_cropped", "inherited_page"]
READ_BY = [
    *((name, engine) for name in TURNED + MOVED for engine in ("pdfminer", "pdfium")),
    ("crop_beyond_the_page", "pdfminer"),
    ("page_from_its_end", "pdfium"),
]


@pytest.mark.parametrize("name", ["devi-2014", "galbraith-2012", "hernandez-2023", "moeller-2018", "virtanen-2018"])
def test_the_quadrilaterals_of_a_specimen_paper_cover_the_words_of_its_passages(name):
    copy, passages = all_coded((CORPUS / f"{name}.pdf").read_bytes())
    assert len(passages) > 5
    assert words_marked(copy) == [squash(p.text) for p in passages.values()]


def test_they_cover_them_also_under_a_watermark_whose_letters_stand_among_theirs():
    copy, passages = all_coded((CORPUS / "bianchi-2020.pdf").read_bytes())
    assert len(passages) > 5
    for found, passage in zip(words_marked(copy), passages.values(), strict=True):
        letters = iter(found)
        assert all(letter in letters for letter in squash(passage.text))
        assert len(found) < len(squash(passage.text)) + 25


@pytest.mark.parametrize(("name", "engine"), READ_BY)
def test_passages_are_covered_on_turned_and_moved_pages(name, engine):
    copy, passages = all_coded(HOSTILE[name](), engine)
    assert passages
    assert words_marked(copy) == [squash(p.text) for p in passages.values()]


@pytest.mark.parametrize("crop", [0, 25])
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_passages_are_covered_where_pages_are_turned_and_cropped_and_begin_elsewhere(angle, crop):
    copy, passages = all_coded(turned(angle, crop))
    assert PHRASE in "".join(p.text for p in passages.values())
    assert words_marked(copy) == [squash(p.text) for p in passages.values()]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_the_first_corners_of_a_quadrilateral_are_at_the_top_of_the_line_as_it_is_read(angle):
    copy, _ = all_coded(turned(angle, 10))
    x1, y1, x2, y2, x3, y3, x4, y4 = highlights(copy)[0].sides[:8]
    along = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[angle]
    assert (x2 - x1) * along[0] + (y2 - y1) * along[1] > 100
    assert (x1 - x3) * -along[1] + (y1 - y3) * along[0] > 5
    assert (x4 - x3, y4 - y3) == pytest.approx((x2 - x1, y2 - y1), abs=0.02)


def test_a_quadrilateral_for_each_printed_line():
    copy, passages = all_coded(good(pages=1))
    (passage,) = passages.values()
    assert [len(note.sides) for note in highlights(copy)] == [8 * len(passage.places)]


def test_a_passage_over_two_pages_is_marked_on_both():
    pdf = good(pages=2)
    passage = Passage(
        id="q1",
        paper_id="p1",
        start=0,
        end=4,
        text="some",
        places=(Place(page=1, box=(72, 130, 400, 142)), Place(page=2, box=(72, 60, 300, 72))),
    )
    found = highlights(highlighted(pdf, [coding(passage, id="e1")], {"q1": passage}, BOOK))
    assert [(note.page, note.name) for note in found] == [(1, "e1"), (2, "e1")]


def test_text_and_number_of_pages_stay():
    pdf = (CORPUS / "moeller-2018.pdf").read_bytes()
    copy, _ = all_coded(pdf)
    before, after = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument(copy)
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert old.get_textpage().get_text_range() == new.get_textpage().get_text_range()


def test_the_page_is_coloured_and_its_words_stay_black():
    pdf = good(pages=1)
    copy, passages = all_coded(pdf)
    left, top, right, low = next(iter(passages.values())).places[0].box
    before, after = (
        Counter(
            pypdfium2.PdfDocument(data)[0]
            .render(scale=2)
            .to_pil()
            .crop([2 * side for side in (left, top, right, low)])
            .get_flattened_data()
        )
        for data in (pdf, copy)
    )
    assert before.most_common(1)[0][0] == (255, 255, 255)
    assert after.most_common(1)[0][0] == (240, 227, 153)
    assert min(map(sum, after)) < 150


def test_a_note_names_codes_way_basis_coder_and_probability():
    pdf = good(pages=1)
    document, passages = read(pdf)
    passage = passages["q0"]
    codings = [
        coding(passage, OTHER, id="e2", polarity="hinders", basis="recommendation", probability=0.756, match="exact"),
        coding(passage, id="e1", match="missing"),
    ]
    (note,) = highlights(highlighted(pdf, codings, passages, BOOK, document=document))
    assert note.text.split("\n") == [
        "Phase: Co-commissioning - finding; machine, not verified; probability 0.90; quote not found on the page",
        f"Factor ({OTHER.family}): {OTHER.title}, hinders - recommendation; machine, not verified; probability 0.76",
    ]
    assert (note.author, note.name) == ("Evitable", "e1 e2")
    assert note.flags == 4  # printed


def test_every_coder_has_an_annotation_of_their_own():
    pdf = good(pages=1)
    _, passages = read(pdf)
    codings = [
        coding(passages["q0"], id="e1"),
        coding(passages["q0"], OTHER, id="e2", status="accepted", coder="Anna"),
        coding(passages["q0"], BOOK.code[1], id="e3", status="corrected", coder="Anna"),
    ]
    found = {n.author: (n.name, n.text) for n in highlights(highlighted(pdf, codings, passages, BOOK))}
    assert {name: ids for name, (ids, _) in found.items()} == {"Evitable": "e1", "Anna": "e3 e2"}
    assert "corrected, Anna" in found["Anna"][1]
    assert "accepted, Anna" in found["Anna"][1]
    assert "not verified" not in found["Anna"][1]


def test_what_is_unsure_or_a_mention_is_named_so_and_paler():
    pdf = good(pages=1)
    _, passages = read(pdf)

    def look(**more):
        (note,) = highlights(highlighted(pdf, [coding(passages["q0"], **more)], passages, BOOK))
        return note.text, note.strength, note.drawing

    evidence, mention, unsure = look(), look(basis="mention"), look(unsure=True)
    assert "unsure" in unsure[0]
    assert "mention of other work" in mention[0]
    assert "unsure" not in evidence[0] + mention[0]
    assert evidence[1] > mention[1] > unsure[1]
    assert b"[] 0 d" in evidence[2]
    assert b"[] 0 d" not in unsure[2]
    assert look(status="rejected", coder="Anna")[1:] == unsure[1:]


def test_dimensions_have_colours_of_their_own_and_a_note_says_which():
    pdf = good(pages=1)
    _, passages = read(pdf)
    colours = set()
    for dimension in BOOK.dimension:
        code = BOOK.codes_of(dimension.name)[0]
        legend, note = notes(highlighted(pdf, [coding(passages["q0"], code)], passages, BOOK))
        colours.add(tuple(note.colour))
        assert (legend.kind, legend.flags) == ("/Text", 0)  # not printed
        assert dimension.title in legend.text
    assert len(colours) == len(BOOK.dimension)


def test_more_dimensions_than_colours_are_no_trouble():
    parts = [
        f'[[dimension]]\nname = "d{n}"\ntitle = "D{n}"\n'
        f'[[code]]\nname = "c{n}"\ndimension = "d{n}"\ntitle = "C"\ndefinition = "x"\n'
        for n in range(12)
    ]
    book = read_codebook('name = "many"\ntitle = "Many"\n' + "".join(parts), "many.toml")
    pdf = good(pages=1)
    _, passages = read(pdf)
    codings = [coding(passages["q0"], code) for code in book.code]
    (note,) = highlights(highlighted(pdf, codings, passages, book))
    assert len(note.name.split()) == 12


def test_with_the_document_a_passage_that_ends_in_the_middle_of_a_line_is_marked_so_far():
    pdf = good(pages=1)
    document, passages = read(pdf)
    whole = passages["q0"]
    first = whole.text.index("clinic together")
    last = whole.text.index(", because earlier")
    start, end = whole.start + first, whole.start + last
    places = tuple(Place(page=line.page, box=line.box) for line in document.lines_of(start, end))
    part = msgspec.structs.replace(whole, start=start, end=end, text=document.text[start:end], places=places)
    whole_lines = highlighted(pdf, [coding(part)], {part.id: part}, BOOK)
    copy = highlighted(pdf, [coding(part)], {part.id: part}, BOOK, document=document)
    assert words_marked(copy) == [squash(part.text)]
    assert words_marked(whole_lines) != [squash(part.text)]


def test_with_the_document_a_pdf_with_other_pages_is_refused():
    pdf = good(pages=2)
    document, passages = read(pdf)
    with pytest.raises(ItemError) as error:
        highlighted(good(pages=3), [coding(passages["q0"])], passages, BOOK, document=document)
    assert error.value.code == "highlight-failed"


def test_annotations_that_were_there_stay_as_they_were():
    link = {"/Type": "/Annot", "/Subtype": "/Link", "/Rect": [1, 2, 3, 4], "/Contents": "an old note"}

    def add(copy):
        copy.pages[0].obj.Annots = copy.make_indirect(
            pikepdf.Array([copy.make_indirect(pikepdf.Dictionary({**link, "/Subtype": pikepdf.Name.Link}))])
        )

    pdf = changed(good(pages=1), add)
    copy, _ = all_coded(pdf)
    old, *new = pypdf.PdfReader(io.BytesIO(copy)).pages[0]["/Annots"]
    assert old.get_object()["/Contents"] == "an old note"
    assert [annotation.get_object()["/Subtype"] for annotation in new] == ["/Text", "/Highlight"]


def test_pages_that_share_their_annotations_do_not_get_each_others():
    def share(copy):
        shared = copy.make_indirect(pikepdf.Array([]))
        for page in copy.pages:
            page.obj.Annots = shared

    pdf = changed(good(pages=2), share)
    copy, _ = all_coded(pdf)
    assert [note.page for note in highlights(copy)] == [1, 2]


def test_annotations_that_are_no_list_are_no_trouble():
    def spoil(copy):
        copy.pages[0].obj.Annots = 7

    copy, _ = all_coded(changed(good(pages=1), spoil))
    assert len(highlights(copy)) == 1


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_names_come_back_as_they_were(text):
    pdf = good(pages=1)
    _, passages = read(pdf)
    book = msgspec.structs.replace(BOOK, code=(msgspec.structs.replace(CODE, title=text), *BOOK.code[1:]))
    given = coding(passages["q0"], status="accepted", coder=text)
    copy = highlighted(pdf, [given], passages, book)
    annotation = pypdf.PdfReader(io.BytesIO(copy)).pages[0]["/Annots"][1].get_object()
    assert clean_text(text) in annotation["/Contents"]
    assert annotation["/T"] == clean_text(text)
    assert clean_text(text) in contents_by_pdfium(copy)


def contents_by_pdfium(pdf):
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    annotation = raw.FPDFPage_GetAnnot(page, 1)
    length = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    raw.FPDFPage_CloseAnnot(annotation)
    return buffer.raw[:-2].decode("utf-16-le")


def test_equal_input_gives_equal_bytes_whatever_its_order():
    pdf = good(pages=2)
    kept = bytes(pdf)
    _, passages = read(pdf)
    codings = [coding(p, code) for p in passages.values() for code in (CODE, OTHER)]
    copy = highlighted(pdf, codings, passages, BOOK)
    assert copy == highlighted(pdf, codings[::-1], dict(reversed(passages.items())), BOOK)
    assert pdf == kept


def test_nothing_that_is_added_depends_on_the_hour():
    copy, _ = all_coded(good(pages=1))
    for annotation in pypdf.PdfReader(io.BytesIO(copy)).pages[0]["/Annots"]:
        assert not {"/M", "/CreationDate"} & set(annotation.get_object())


def test_without_codings_or_places_the_file_is_copied_unchanged():
    _, passages = read(good(pages=1))
    bare = msgspec.structs.replace(passages["q0"], places=())
    assert highlighted(b"whatever", [], {}, BOOK) == b"whatever"
    assert highlighted(b"whatever", [coding(bare)], {"q0": bare}, BOOK) == b"whatever"
    assert highlighted(b"whatever", [coding(bare)], {}, BOOK) == b"whatever"


def refusal(pdf, page=1):
    passage = Passage(
        id="q1", paper_id="p1", start=0, end=4, text="some", places=(Place(page=page, box=(72, 130, 400, 142)),)
    )
    with pytest.raises(ItemError) as error:
        highlighted(pdf, [coding(passage)], {"q1": passage}, BOOK)
    assert is_plain(error.value.message), error.value.message
    assert is_plain(error.value.hint), error.value.hint
    return error.value.code


@pytest.mark.parametrize(
    "name",
    [
        "encrypted_with_password",
        "encrypted_without_password",
        "encrypted_for_a_reader",
        "aes_256_without_password",
        "copying_forbidden",
    ],
)
def test_a_protected_pdf_is_refused_also_where_it_opens_without_a_password(name):
    assert refusal(HOSTILE[name]()) == "highlight-encrypted"


@pytest.mark.parametrize("name", ["zero_bytes", "html_file", "truncated_at_10", "kids_loop", "no_pages"])
def test_a_damaged_pdf_is_refused(name):
    assert refusal(HOSTILE[name]()) == "highlight-failed"


def test_a_place_on_a_page_that_is_not_there_is_refused():
    assert refusal(good(pages=2), page=3) == "highlight-failed"


@pytest.mark.parametrize("where", ["field", "kid", "usage rights"])
def test_a_signed_pdf_is_refused(where):
    def sign(copy):
        value = copy.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig, Contents=b"\0" * 8))
        field = copy.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="approval", V=value))
        if where == "kid":
            field = copy.make_indirect(pikepdf.Dictionary(T="parent", Kids=[field]))
        if where == "usage rights":
            copy.Root.Perms = pikepdf.Dictionary(UR3=value)
        else:
            copy.Root.AcroForm = pikepdf.Dictionary(Fields=[field])

    assert refusal(changed(good(pages=1), sign)) == "highlight-signed"


def test_a_field_for_a_signature_that_nobody_has_signed_is_no_reason():
    def ask(copy):
        field = copy.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="sign here"))
        field.Kids = pikepdf.Array([field])  # a form that holds itself must not be walked for ever
        copy.Root.AcroForm = pikepdf.Dictionary(Fields=[field])

    copy, _ = all_coded(changed(good(pages=1), ask))
    assert len(highlights(copy)) == 1


@pytest.mark.parametrize("name", [name for name in HOSTILE if not name.startswith("bomb")])
def test_a_hostile_pdf_gives_a_good_copy_or_is_refused(name):
    passage = Passage(id="q1", paper_id="p1", start=0, end=4, text="some", places=(Place(page=1, box=(9, 9, 99, 19)),))
    try:
        copy = highlighted(HOSTILE[name](), [coding(passage)], {"q1": passage}, BOOK)
    except ItemError:
        return
    assert [note.page for note in highlights(copy)] == [1]
    with pikepdf.open(io.BytesIO(copy)) as file:
        assert len(pypdfium2.PdfDocument(copy)) == len(file.pages)
