"""What stands before and behind the text: authors, key words, thanks, funding, references."""

import pytest

from support.papers import Paragraph, Typed, flowed, on_one_page, typed_pdf
from support.prose import PARAGRAPHS

BOLD = "Times-Bold"
NAMES = [("Abel", "K"), ("Brennan", "O"), ("Kohl", "I"), ("Moreau", "T"), ("Vega", "M"), ("Zoll", "A")]
TITLES = [
    "Keys and kerbs in six towns of the lower valley",
    "Who waters the square, and who does not: an account in three seasons",
    "A rota for the shed and a list for the gate, with notes on what was forgotten",
    "Borrowed shelves, and what became of the kettle",
    "Night pages for the ward, written by carers and read by doctors",
    "Timetables with a pause in them",
]
ENTRIES = [
    f"{name}, {initial}. ({2011 + row}). {said}. Town Services, {4 + row}(2), {11 + 10 * row}–{19 + 10 * row}."
    for row, ((name, initial), said) in enumerate(zip(NAMES, TITLES, strict=True))
]


def heading(text, size=12):
    return Paragraph(text, font=BOLD, size=size, before=12, justified=False)


def line(text, size=8.0, **look):
    return Paragraph(text, size=size, before=8, justified=False, **look)


TITLE, INTRODUCTION, REFERENCES = heading("Keys, kettles and kerbs", 18), heading("Introduction"), heading("References")
FIRST = on_one_page([TITLE, INTRODUCTION, *PARAGRAPHS[6:9]])


def numbered(form):
    """Set entries with a number before each, and their further lines standing in."""

    def entries(said, size=10):
        marked = [f"{form.format(row)} {entry}" for row, entry in enumerate(said, start=1)]
        return [Paragraph(entry, first=-16, indent=16, before=2, size=size) for entry in marked]

    return entries


def hanging(said, size=10):
    return [Paragraph(entry, first=-12, indent=12, before=2, size=size) for entry in said]


def flush(said, size=10):
    return [Paragraph(entry, before=5, size=size) for entry in said]


LISTS = {
    "numbered": numbered("{}."),
    "numbered in brackets": numbered("[{}]"),
    "by author, hanging": hanging,
    "by author, flush": flush,
}


@pytest.fixture(params=LISTS)
def listed(request):
    """Every way to set a list of references."""
    return LISTS[request.param]


@pytest.fixture
def listed_as(besides):
    """Read pages behind a first one: the kinds of what is no paragraph there, and its letters."""

    def found(pages, paragraphs):
        blocks = besides(typed_pdf([FIRST, *pages]), [*PARAGRAPHS[6:9], *paragraphs])
        assert blocks[:2] == [("title", TITLE.text), ("heading", "Introduction")]
        kinds = [kind for kind, _ in blocks[2:]]
        return list(dict.fromkeys(kinds)), "".join(said for _, said in blocks[2:]).replace(" ", "")

    return found


def letters(*parts):
    return "".join(part.text for part in parts).replace(" ", "")


@pytest.mark.parametrize("size", [10, 8])
def test_what_stands_under_the_heading_of_the_references_is_a_reference(listed_as, listed, size):
    parts = [REFERENCES, *listed(ENTRIES, size)]
    found = listed_as([on_one_page([*PARAGRAPHS[:3], *parts])], PARAGRAPHS[:3])
    assert found == (["heading", "reference"], letters(*parts))


def test_references_go_on_over_columns_and_pages(listed_as, listed):
    parts = [REFERENCES, *listed(ENTRIES)]
    columns = flowed([*PARAGRAPHS[:3], *parts], [(60, 80, 300), (310, 80, 150), (60, 80, 700)])
    assert all(columns)
    found = listed_as([columns[0] + columns[1], columns[2]], PARAGRAPHS[:3])
    assert found == (["heading", "reference"], letters(*parts))


HANGS = pytest.mark.xfail(reason="blocks._new_paragraph: an entry of one line does not show that its list hangs")
SETTINGS_OF_LISTS = [pytest.param(name, marks=HANGS) if name == "by author, hanging" else name for name in LISTS]


@pytest.mark.parametrize("setting", SETTINGS_OF_LISTS)
def test_references_are_known_without_a_heading(listed_as, setting):
    parts = LISTS[setting](ENTRIES)
    found = listed_as([on_one_page([*PARAGRAPHS[:3], *parts])], PARAGRAPHS[:3])
    assert found == (["reference"], letters(*parts))


@pytest.mark.parametrize("setting", SETTINGS_OF_LISTS)
def test_each_entry_is_a_block_of_its_own(read, setting):
    parts = LISTS[setting](ENTRIES)
    found = read(typed_pdf([FIRST, on_one_page([*PARAGRAPHS[:3], REFERENCES, *parts])]))
    assert [said for kind, said in found if kind == "reference"] == [part.text for part in parts]


def test_a_list_longer_than_the_text_does_not_make_the_text_look_large(besides):
    places = ["Upper", "Lower", "Green", "Old", "New", "Far", "Near", "Long", "Dry", "Wet"]
    many = [entry.replace("Services", f"Services of the {place} Valley") for place in places for entry in ENTRIES]
    pages = flowed([REFERENCES, *flush(many, 8)], [(72, 80, 770)] * 4, measure=400)
    note = Typed(72, 740, "1 The rota is kept at the desk of the shed and is open to all.", size=8)
    text = [[*on_one_page(PARAGRAPHS[:6]), note], on_one_page(PARAGRAPHS[9:])]
    said = [*PARAGRAPHS[6:9], *PARAGRAPHS[:6], *PARAGRAPHS[9:]]
    assert sum(map(len, many)) > 1.5 * sum(map(len, said))
    found = besides(typed_pdf([FIRST, *text, *(page for page in pages if page)]), said)
    assert found[2:4] == [("footnote", note.text), ("heading", "References")]
    assert {kind for kind, _ in found[4:]} == {"reference"}


AUTHORS = line("Orla Brennan1, Tomás de la Vega2* and Ines Kohl1,2", 11)
ADDRESSES = [
    line("1 Department of Geography, University of Northmoor, 3 Long Street, Northmoor"),
    line("2 Institute of Local Studies, Vallealto, Spain"),
    line("* Correspondence: orla@northmoor.example"),
]
KEY_WORDS = "keys; kerbs; kettles; allotments; buses; six towns; harbour"


@pytest.fixture
def first_page(besides):
    """Read a first page that opens with title, authors and addresses: what stands behind them, but for paragraphs."""

    def found(*parts):
        page = on_one_page([TITLE, AUTHORS, *ADDRESSES, *parts, INTRODUCTION, *PARAGRAPHS[1:5]])
        named, *blocks = besides(typed_pdf([page]), PARAGRAPHS[:5])
        assert named == ("title", TITLE.text)
        front = "".join(said for kind, said in blocks if kind == "front_matter").replace(" ", "")
        assert front.startswith(letters(AUTHORS, *ADDRESSES))
        return front.removeprefix(letters(AUTHORS, *ADDRESSES)), [said for kind, said in blocks if kind == "heading"]

    return found


@pytest.mark.parametrize(
    "abstract",
    [
        Paragraph(PARAGRAPHS[0], before=12),
        Paragraph(PARAGRAPHS[0], before=12, font="Times-Italic"),
        Paragraph(PARAGRAPHS[0], before=12, font=BOLD),
        Paragraph(PARAGRAPHS[0], before=12, size=9),
        Paragraph(PARAGRAPHS[0], before=12, size=8),
    ],
    ids=lambda abstract: f"{abstract.font} {abstract.size}",
)
def test_names_and_addresses_are_front_matter_and_the_abstract_is_body_text(first_page, abstract):
    assert first_page(abstract) == ("", ["Introduction"])
    assert first_page(heading("Abstract"), abstract) == ("", ["Abstract", "Introduction"])


def test_long_addresses_are_front_matter(first_page):
    addresses = "; ".join(
        f"{row} Department of {name}, University of Northmoor" for row, (name, _) in enumerate(NAMES, 3)
    )
    addresses += "; 9 Institute of Local Studies, College of the Lower Town, 4 Mill Road, Vallealto, Spain"
    assert len(addresses.split()) > 45
    found = first_page(Paragraph(addresses, before=12), heading("Abstract"), PARAGRAPHS[0])
    assert found == (addresses.replace(" ", ""), ["Abstract", "Introduction"])


@pytest.mark.parametrize("banner", ["RESEARCH ARTICLE", "Journal of Town Services", "Open Access"])
def test_what_stands_above_a_title_in_larger_type_is_not_the_title(besides, banner):
    parts = [heading(banner, 24), TITLE, AUTHORS, heading("Abstract"), *PARAGRAPHS[:4]]
    found = besides(typed_pdf([on_one_page(parts)]), PARAGRAPHS[:4])
    assert found[:2] == [("front_matter", banner), ("title", TITLE.text)]


@pytest.mark.parametrize("title", ["Keys, kettles and kerbs in six towns", "KEYS, KETTLES AND KERBS IN SIX TOWNS"])
def test_the_title_of_a_manuscript_may_be_as_small_as_its_text(besides, title):
    parts = [heading(title, 10), AUTHORS, *ADDRESSES, heading("Abstract", 10), *PARAGRAPHS[:4]]
    found = besides(typed_pdf([on_one_page(parts)]), PARAGRAPHS[:4])
    assert found[0] == ("title", title)
    assert {kind for kind, _ in found[1:-1]} == {"front_matter"}
    assert found[-1] == ("heading", "Abstract")


def test_an_abstract_may_open_with_its_name(first_page):
    assert first_page(Paragraph(PARAGRAPHS[0], lead="Abstract.")) == ("", ["Abstract.", "Introduction"])


@pytest.mark.parametrize(
    "parts",
    [
        [line(f"Keywords: {KEY_WORDS}", 10)],
        [Paragraph(KEY_WORDS, lead="Key words:")],
        [heading("Keywords", 10), line(KEY_WORDS, 10)],
    ],
    ids=["in one line", "behind a bold name", "under a heading"],
)
def test_key_words_are_front_matter(first_page, parts):
    front, headings = first_page(heading("Abstract"), PARAGRAPHS[0], *parts)
    assert front == letters(*(Paragraph(f"{part.lead} {part.text}") for part in parts))
    assert headings == ["Abstract", "Introduction"]


MATTER = {
    "Acknowledgements": "We thank the members of the club and all who brought grapes to the evenings at the mill.",
    "Funding": "The work was paid for by the council of the lower town and by nobody else at all.",
    "Ethics approval": "The committee of the lower town approved of the work and of all letters to its members.",
    "Conflict of interest": "The authors hold no keys of the club and never did so in the years of the work.",
    "Data availability": "The letters may be read at the desk of the shed on any day on which it is open.",
}
SETTINGS = {
    "larger headings": lambda name, said: [heading(name), Paragraph(said)],
    "headings of the body's size": lambda name, said: [heading(name, 10), Paragraph(said)],
    "names on the first line": lambda name, said: [Paragraph(said, lead=f"{name}.")],
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_stands_under_thanks_funding_and_ethics_at_the_end_is_back_matter(besides, setting):
    parts = [part for name, said in MATTER.items() for part in SETTINGS[setting](name, said)]
    found = besides(typed_pdf([FIRST, on_one_page([*PARAGRAPHS[:6], *parts])]), [*PARAGRAPHS[6:9], *PARAGRAPHS[:6]])
    named = [(kind, said.rstrip(".") if kind == "heading" else said) for kind, said in found[2:]]
    assert named == [block for name, said in MATTER.items() for block in (("heading", name), ("back_matter", said))]


@pytest.mark.parametrize("name", ["Ethics", "Ethics approval", "2.4 Ethical approval"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_what_stands_under_ethics_within_the_methods_stays_body_text(besides, name, setting):
    parts = [heading("Methods"), PARAGRAPHS[0], *SETTINGS[setting](name, PARAGRAPHS[1]), heading("Findings")]
    pages = flowed([TITLE, INTRODUCTION, PARAGRAPHS[11], *parts, *PARAGRAPHS[2:8]], [(72, 80, 770)] * 2, measure=400)
    besides(typed_pdf(pages), [PARAGRAPHS[11], *PARAGRAPHS[:8]])


@pytest.mark.parametrize("name", ["Appendix A. Questions", "About the authors"])
def test_what_stands_behind_the_references_under_such_headings_is_back_matter(besides, name):
    said = "How did you come to the club, and who gave you the key on the first evening that you came?"
    parts = [REFERENCES, *flush(ENTRIES), heading(name), Paragraph(said)]
    found = besides(typed_pdf([FIRST, on_one_page([*PARAGRAPHS[:3], *parts])]), [*PARAGRAPHS[6:9], *PARAGRAPHS[:3]])
    assert found[-2:] == [("heading", name), ("back_matter", said)]
