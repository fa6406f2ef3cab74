"""The HTML report: well-formed, closed to hostile text, readable without a script, and the same bytes every time."""

from __future__ import annotations

import base64
import functools
import hashlib
import itertools
import json
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote

import msgspec
import pytest

from evitable.codebook import Code, Codebook, Dimension, StudyAttribute
from evitable.export.clean import clean_text
from evitable.export.report import report
from evitable.export.report.data import marks
from evitable.export.review import Review
from evitable.records import (
    Attribute,
    Coding,
    Evidence,
    Flip,
    Issue,
    ModelSummary,
    Prisma,
    PrismaBox,
    PrismaLine,
    Reference,
    Span,
)
from support.evidence import coded_paper
from support.nasty import NASTY
from support.review import review_of, small_review

HOSTILE = "</script><img src=x onerror=alert(1)><p style='color:red'>&lt;\u2028\u0000 “end”"
VOID = frozenset({"meta", "link", "img", "input", "br", "hr", "rect"})
FOUND = "In spring 😀 they sing loudly."
BOOK = Codebook(
    name="birds",
    title="Birds & their ways",
    dimension=(
        Dimension(name="season", title="Season of year"),
        Dimension(name="place", title="Kind of place"),
        Dimension(name="cause", title="Cause named", polarity=True),
    ),
    code=(
        Code(name="spring", dimension="season", title="Springtime", definition="March to May."),
        Code(name="autumn", dimension="season", title="Fall & harvest", definition="September to November."),
        Code(name="wood", dimension="place", title="Woodland", definition="Among trees."),
        Code(name="shore", dimension="place", title="Seashore", definition="By the sea."),
        Code(name="food", dimension="cause", title="Food at hand", family="Near causes", definition="What they eat."),
        Code(name="light", dimension="cause", title="Length of day", family="Far causes", definition="Hours of light."),
    ),
    attribute=(
        StudyAttribute(name="country", title="Country studied", kind="country"),
        StudyAttribute(name="data", title="Nests counted", kind="data"),
    ),
)
DIMENSIONS = {code.name: code.dimension for code in BOOK.code}


def birds(book: Codebook = BOOK) -> Review:
    """Two studies: one carries spring, wood and food; the other spring. A mention and an unsure coding are in neither."""
    first = coded_paper(
        "heron",
        {
            FOUND: [("spring", "", 0.9)],
            "Quiet woods hold little food.": [("wood", "", 0.8), ("food", "hinders", 0.7)],
            "Others saw them by the sea.": [("shore", "", 0.9)],
            "Perhaps the days were long.": [("light", "facilitates", 0.3)],
        },
        author="Heron, A.",
        year=2018,
        dimensions=DIMENSIONS,
        bases={"Others saw them by the sea.": "mention"},
        unsure=(("Perhaps the days were long.", "light"),),
        attributes=(
            Attribute(name="country", value="Norway", quote="Norway is cold.", page=2),
            Attribute(name="data", value="12 nests"),
        ),
    )
    second = coded_paper("plover", {"Snow had gone by then.": [("spring", "", 0.8)]}, dimensions=DIMENSIONS)
    return review_of([first, second], book, issues=[Issue(code="pdf-scanned", stage="x", paper="a", message="m")])


def spoilt() -> Review:
    """The same with hostile text wherever a paper or a person writes."""
    review = birds()
    evidence = review.evidence
    studies = tuple(
        msgspec.structs.replace(
            study,
            key=f"{study.key} {HOSTILE}",
            files=(HOSTILE,),
            reference=Reference(title=HOSTILE, authors=(HOSTILE,), journal=HOSTILE, doi="10.1/x\"onclick='y'"),
            attributes=tuple(msgspec.structs.replace(a, value=HOSTILE, quote=HOSTILE) for a in study.attributes),
        )
        for study in evidence.studies
    )
    codings = tuple(
        msgspec.structs.replace(
            coding, quote=HOSTILE, section=(HOSTILE,), page_labels=(HOSTILE,), status="accepted", coder=HOSTILE
        )
        for coding in evidence.codings
    )
    issues = (Issue(code="x", stage="y", paper=HOSTILE, message=HOSTILE, hint=HOSTILE),)
    spoilt = msgspec.structs.replace(evidence, studies=studies, codings=codings, issues=issues)
    model = ModelSummary(id="m", note=HOSTILE)
    return Review(spoilt, BOOK, review.run, HOSTILE, model, review.sources)


def changed(review: Review, **fields: object) -> Review:
    evidence = msgspec.structs.replace(review.evidence, **fields)
    return Review(evidence, review.codebook, review.run, review.title, review.model, review.sources)


def page_bytes(review: Review) -> bytes:
    [(name, data)] = list(report(review))
    assert name == "report.html"
    return data


class Page(HTMLParser):
    """Parses the report; fails on a tag that is closed out of order."""

    def __init__(self, review: Review) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": [], "index": [], "lines": []}
        self.words: list[str] = []
        self.sections: dict[str, list[str]] = {}
        self.feed(page_bytes(review).decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), f"an attribute of <{tag}> is given twice"
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.sections[str(given["aria-labelledby"])] = []
        if tag in {"style", "script"}:
            self.kind = str(given.get("id", tag))
            self.raw[self.kind].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"style", "script"}:
            self.raw[self.kind][-1] += data
            return
        self.words.append(data)
        if self.sections and "section" in self.open:
            next(reversed(self.sections.values())).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def section(self, name: str) -> str:
        return " ".join(" ".join(self.sections[name]).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def addresses(self) -> list[str]:
        return [str(link["href"]) for link in self.named("a")]

    @property
    def index(self) -> dict[str, list]:
        return json.loads(self.raw["index"][0])

    @property
    def lines(self) -> list[list]:
        return [json.loads(line) for line in self.raw["lines"][0].split("\n") if line]


@functools.cache
def page() -> Page:
    return Page(birds())


@functools.cache
def hostile_page() -> Page:
    return Page(spoilt())


def empty(book: Codebook = BOOK) -> Review:
    return review_of([], book, title="Nothing yet")


def test_is_well_formed_with_one_heading_and_unique_ids() -> None:
    assert len(page().named("h1")) == 1
    assert page().named("html")[0]["lang"] == "en"
    ids = [attributes["id"] for _, attributes in page().tags if "id" in attributes]
    assert len(ids) == len(set(ids)) > 10
    pointed = [str(a["aria-labelledby"]) for _, a in page().tags if "aria-labelledby" in a]
    pointed += [str(a["for"]) for a in page().named("label")]
    pointed += [address[1:] for address in page().addresses if re.fullmatch(r"#[\w-]+", address)]
    assert set(pointed) <= set(ids)


def test_every_other_address_names_codes_a_study_or_fields_that_exist() -> None:
    codes = {code.name for code in BOOK.code}
    studies = {study[0] for study in page().index["studies"]}
    fields = {str(a["name"]) for tag in ("input", "select") for a in page().named(tag)}
    seen = set()
    for address in page().addresses:
        view, _, rest = address.removeprefix("#").partition("/")
        if view == "cell":
            assert set(unquote(rest.split("?")[0]).split("+")) <= codes
        elif view == "study":
            assert unquote(rest) in studies
        elif view.startswith("studies?"):
            assert set(parse_qs(view.removeprefix("studies?"))) <= fields
        seen.add(view.split("?")[0])
    assert {"cell", "study", "studies"} <= seen


def test_tables_have_captions_and_header_scopes() -> None:
    assert len(page().named("table")) == len(page().named("caption")) > 5
    assert all(header.get("scope") for header in page().named("th"))


def test_has_no_inline_handler_style_or_foreign_source() -> None:
    for tag, attributes in page().tags:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "srcset"}], tag
        assert tag not in {"img", "iframe", "link", "base", "object", "embed"}


def test_policy_allows_exactly_this_style_and_these_scripts() -> None:
    policy = next(m["content"] for m in page().named("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None

    def hashed(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    [style], scripts = page().raw["style"], page().raw["script"]
    assert dict(rule.strip().split(" ", 1) for rule in policy.split(";")) == {
        "default-src": "'none'",
        "style-src": hashed(style),
        "script-src": " ".join(hashed(script) for script in scripts),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize(
    "word",
    ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "http", "url(", "@import", "import("],
)
def test_script_and_style_reach_no_network_and_write_no_markup(word: str) -> None:
    assert word not in "".join(page().raw["script"] + page().raw["style"])


def test_hostile_text_is_shown_as_text_and_nowhere_as_markup() -> None:
    shown = " ".join(clean_text(HOSTILE).split())
    assert hostile_page().text.count(shown) > 10
    assert "<" not in hostile_page().raw["index"][0] + hostile_page().raw["lines"][0]
    assert {tag for tag, _ in hostile_page().tags} & {"img", "p"} == {"p"}
    assert len(hostile_page().raw["script"]) == 2
    assert not [address for address in hostile_page().addresses if not address.startswith(("#", "https://doi.org/10."))]


def test_every_coding_is_on_its_study_s_line_with_its_quote_and_facts() -> None:
    review = birds()
    book, index = review.codebook, page().index
    packed = []
    for number, (_, passages, _) in enumerate(page().lines):
        for quote, place, section, doubt, _, codings in passages:
            for code, way, basis, status, unsure, probability, coder, _ in codings:
                named = index["codes"][code][0]
                facts = (index["ways"][way], index["bases"][basis], index["statuses"][status], unsure, probability, coder)
                packed.append((index["studies"][number][0], quote, place, section, doubt, named, *facts))
    assert packed == [
        (
            *(c.study_id, c.quote, f"p. {c.page_labels[0]} (PDF {c.pages[0]})", c.section_kind, "", c.code),
            *(c.polarity or "", c.basis, "machine", int(c.unsure), c.probability, ""),
        )
        for c in review.evidence.codings
    ]
    assert len(packed) == 6
    assert [code[1] for code in index["codes"]] == [code.title for code in book.code]


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
def test_a_nasty_quote_arrives_clean_and_whole(nasty: str) -> None:
    review = birds()
    first, *others = review.evidence.codings
    given = Page(changed(review, codings=(msgspec.structs.replace(first, quote=nasty), *others)))
    assert given.lines[0][1][0][0] == clean_text(nasty)


def spans(quote: str, *words: tuple[int, int]) -> Coding:
    found = birds().evidence.codings[0]
    made = tuple(Span(start=start, end=end, text=quote[start:end]) for start, end in words)
    return msgspec.structs.replace(found, quote=quote, words=made)


def marked(quote: str, *words: tuple[int, int]) -> list[str]:
    """Cut the clean quote as JavaScript does: by UTF-16 units."""
    units = clean_text(quote).encode("utf-16-le")
    found = marks(spans(quote, *words))
    pairs = zip(found[::2], found[1::2], strict=True)
    return [units[2 * start : 2 * end].decode("utf-16-le") for start, end in pairs]


def test_marks_hold_the_words_whatever_stands_in_front_of_them() -> None:
    assert marked(FOUND, (3, 9), (22, 28)) == ["spring", "loudly"]
    assert marked("a\x07b \ud83d spring", (6, 12)) == ["spring"]


def test_overlapping_or_stray_spans_never_change_the_quote() -> None:
    assert marked("In spring they sing.", (5, 12), (3, 9), (15, 400), (7, 7)) == ["spring"]


def test_words_that_carried_the_code_are_marked_in_the_synthesis() -> None:
    review = birds()
    first, *others = review.evidence.codings
    words = spans(FOUND, (3, 9), (22, 28)).words
    html = page_bytes(changed(review, codings=(msgspec.structs.replace(first, words=words), *others))).decode()
    assert "<blockquote>In <mark>spring</mark> 😀 they sing <mark>loudly</mark>.</blockquote>" in html


def test_a_quote_that_was_not_found_as_it_is_bears_a_mark() -> None:
    review = birds()
    first, *others = review.evidence.codings
    assert "not found on the page" not in page().text
    heron, plover = review.evidence.studies
    norway = msgspec.structs.replace(heron.attributes[0], match="fuzzy")
    heron = msgspec.structs.replace(heron, attributes=(norway,))
    codings = (msgspec.structs.replace(first, match="missing"), *others)
    given = Page(changed(review, codings=codings, studies=(heron, plover)))
    assert "Heron 2018 , p. 101 (PDF 1) · other not found on the page finding · machine" in given.section("synthesis")
    assert given.lines[0][1][0][3] == "not found on the page"
    assert given.lines[0][2][0] == [0, "Norway", "Norway is cold.", "p. 2", "differs from the page"]


def test_same_review_gives_the_same_bytes() -> None:
    review = birds()
    turned = msgspec.structs.replace(review.run, libraries=dict(reversed(review.run.libraries.items())))
    other = Review(review.evidence, review.codebook, turned, review.title, review.model, review.sources)
    renamed = Review(review.evidence, review.codebook, review.run, "Another", review.model, review.sources)
    assert page_bytes(review) == page_bytes(other) != page_bytes(renamed)


def test_every_code_dimension_and_attribute_stands_by_its_title() -> None:
    titles = [item.title for item in (*BOOK.code, *BOOK.dimension, *BOOK.attribute)]
    assert [title for title in titles if title not in page().text] == []


def test_head_counts_what_counts_and_names_what_does_not() -> None:
    assert "Studies 2 2 with a code Passages 5 read; 4 of them coded Codings 4 findings" in page().text
    assert "Not verified 4 of these; 0 confirmed by people Listed only 2 1 mention of other work, 1 unsure" in page().text
    assert "4 of 4 codings have the status “machine”" in page().text
    assert "A study carries a code by any passage with that code" in page().text


def test_papers_that_could_not_be_read_are_counted() -> None:
    review = birds()
    run = msgspec.structs.replace(review.run, papers={**review.run.papers, "lost.pdf": "2"})
    shown = Page(Review(review.evidence, BOOK, run, "T", review.model, review.sources))
    assert "2 with a code; 1 more paper could not be read" in shown.text


def test_when_people_have_decided_on_all_codings_nothing_is_called_unverified() -> None:
    review = birds()
    codings = tuple(msgspec.structs.replace(coding, status="accepted", coder="Ann") for coding in review.evidence.codings)
    shown = Page(changed(review, codings=codings))
    assert "people have decided on every one of them" in shown.text
    assert "Not verified yet." not in shown.text


def wide(seasons: int, places: int) -> Codebook:
    """A codebook with so many codes in its first two dimensions."""
    names = [("season", n) for n in range(seasons)] + [("place", n) for n in range(places)]
    more = tuple(Code(name=f"{d}_{n}", dimension=d, title=f"{d} no. {n}", definition="x") for d, n in names)
    return msgspec.structs.replace(BOOK, code=(*BOOK.code, *more))


def mapping(*names: str) -> Codebook:
    return msgspec.structs.replace(
        BOOK, dimension=tuple(msgspec.structs.replace(d, mapped=d.name in names) for d in BOOK.dimension)
    )


@pytest.mark.parametrize(
    ("book", "tables", "heads"),
    [
        (BOOK, 1, 4),
        (wide(4, 0), 1, 12),
        (wide(4, 1), 3, 18),
        (mapping("season", "cause"), 1, 2),
        (mapping("cause"), 1, 1),
        (mapping(), 0, 0),
    ],
    ids=["bands", "twelve columns", "too wide for bands", "two dimensions", "one dimension", "none"],
)
def test_map_lays_out_any_number_of_dimensions(book: Codebook, tables: int, heads: int) -> None:
    review = birds(book)
    html = page_bytes(review).decode().split('id="map"')[1].split("</section>")[0]
    assert html.count("<table") == tables
    assert len(re.findall(r'<th scope="col" class="head', html)) == heads
    cells = re.findall(r'<td class="cell[^>]*>(?:<a [^>]*>|<span>)(\d+)<', html)
    assert len(cells) == len(review.evidence.map)
    assert sorted(cells) == sorted(str(cell.studies) for cell in review.evidence.map)


def test_the_studies_that_the_script_finds_for_a_cell_are_those_of_the_evidence() -> None:
    review = small_review()
    index = Page(review).index
    numbers = {name: number for number, (name, *_) in enumerate(index["codes"])}
    crossed = (*review.evidence.map, *itertools.chain.from_iterable(m.cells for m in review.evidence.matrices))
    for cell in crossed:
        wanted = {numbers[code] for code in cell.codes}
        found = tuple(study[0] for study in index["studies"] if wanted <= {code for code, _ in study[6]})
        assert found == cell.study_ids
    assert sum(cell.studies for cell in crossed) > 5


def test_cells_lead_to_their_codes_and_empty_cells_nowhere() -> None:
    cells = [link for link in page().named("a") if str(link["href"]).startswith("#cell/") and "title" in link]
    assert [str(link["href"]) for link in cells[:2]] == ["#cell/spring+wood+food", "#cell/wood+spring"]
    assert cells[0]["aria-label"] == "Springtime, Woodland, Food at hand: 1 study"
    assert cells[0]["title"] == "0 passages carry all at once"
    assert len(cells) == 4


def test_matrices_that_are_the_map_itself_are_not_shown_twice() -> None:
    assert "matrices" in page().sections
    assert "Season of year by Kind of place" not in page().section("map")
    assert "matrices" not in Page(birds(mapping("season", "cause"))).sections


def test_synthesis_names_numbers_ways_attributes_and_quotes() -> None:
    synthesis = page().section("synthesis")
    assert "Code Studies Share of studies Passages Springtime 2 100 % 2 Fall & harvest 0 0 % 0" in synthesis
    assert "Near causes 1 50 % 1 0 1 0 0 · 1 · 0 · 0 Food at hand 1 50 % 1 0 1 0 0 · 1 · 0 · 0" in synthesis
    assert "1 study (50 %), 1 passage. Country studied : Norway 1." in synthesis.replace(":", " :")
    assert "Nests counted:" not in synthesis
    assert f"{FOUND} Heron 2018 , p. 101 (PDF 1) · other finding · machine" in synthesis
    assert "No study carries this code." in synthesis


def test_mentions_and_unsure_codings_are_in_no_table_of_what_counts() -> None:
    assert "Others saw them by the sea." not in page().text
    assert "Perhaps the days were long." not in page().text
    carried = [[BOOK.code[code].name for code, _ in study[6]] for study in page().index["studies"]]
    assert carried == [["spring", "wood", "food"], ["spring"]]


def test_codebook_without_polarity_attributes_and_families_renders_with_sixty_codes() -> None:
    codes = tuple(Code(name=f"c{n}", dimension="topic", title=f"Topic <{n}>", definition="x") for n in range(60))
    book = Codebook(name="t", title="T", dimension=(Dimension(name="topic", title="Topic"),), code=codes)
    paper = coded_paper("one", {"A text.": [("c59", "", 0.9)]}, dimensions={code.name: "topic" for code in codes})
    shown = Page(review_of([paper], book))
    assert "facilitates" not in shown.text
    assert shown.text.count("Topic <59>") >= 4
    assert [a["name"] for a in shown.named("select")] == ["d.topic"]


def test_filters_offer_codes_and_values_but_no_counts_of_material() -> None:
    assert [a["name"] for a in page().named("select")] == ["d.season", "d.place", "d.cause", "a.country"]
    studies = page().section("studies")
    assert "Springtime (2) Fall & harvest (0)" in studies
    assert "Norway (1) not found (1)" in studies


def test_values_lead_to_their_studies_where_the_table_can_be_filtered_by_them() -> None:
    assert {"#studies?a.country=Norway", "#studies?a.country=-", "#studies?from=2018&to=2018"} <= set(page().addresses)
    assert not [address for address in page().addresses if "12" in address and address.startswith("#studies")]
    assert "Nests counted Value Bar Studies Share 12 nests 1 50 % not found 1 50 %" in page().section("descriptives")


def test_long_lists_of_values_and_flips_are_cut_with_a_count() -> None:
    review = birds()
    study = review.evidence.studies[0].study_id
    flips = tuple(
        Flip(study_id=study, code="spring", carried=n % 3 == 0, rule="at least 2 passages", passages=1, best=0.5)
        for n in range(1000)
    )
    shown = Page(changed(review, flips=flips)).section("rule")
    assert "By at least 2 passages: 334 cells of the study table would be lost, 666 cells would be gained." in shown
    assert "The first 200 of 1,000 cells" in shown
    assert shown.count("Heron 2018") == 200


def flow() -> Prisma:
    def box(name: str, *lines: tuple[str, int | None]) -> PrismaBox:
        made = [PrismaLine(label=label, count=n, origin="not given" if n is None else "given") for label, n in lines]
        return PrismaBox(name=name, lines=tuple(made))

    boxes = (
        box("previous", ("Studies before", 3)),
        box("identified", ("Records identified", 1200), ("Scopus", 1200)),
        box("removed", ("Records removed", None)),
        box("screened", ("Records screened", 0)),
        box("other_sought", ("Reports sought elsewhere", 5)),
        box("unheard_of", ("A box of tomorrow", 9)),
    )
    return Prisma(form="updated", boxes=boxes, faults=("1,200 is not 7.",))


def test_flow_shows_every_box_in_order_names_gaps_and_faults() -> None:
    shown = Page(changed(birds(), prisma=flow())).section("flow")
    assert "PRISMA 2020, an updated review." in shown
    assert "The numbers do not add up. 1,200 is not 7." in shown
    said = ["Studies before (n = 3)", "Records identified (n = 1,200)", "Scopus (n = 1,200)", "Records removed not given"]
    said += ["Records screened (n = 0)", "Reports sought elsewhere (n = 5)", "A box of tomorrow (n = 9)"]
    assert [shown.index(words) for words in said] == sorted(shown.index(words) for words in said)


def test_model_in_short_gives_figures_or_says_that_there_are_none() -> None:
    shown = Page(small_review()).section("model")
    assert "Measured on passages of writers that the model had not seen, by cross-validation." in shown
    assert "Co-design 40 0.71 0.66 0.68 0.74" in shown
    review = birds()
    bare = Review(review.evidence, BOOK, review.run, "T", ModelSummary(id="m", note="Phrases."), review.sources)
    assert "Phrases. m How well it does has not been measured." in Page(bare).section("model")


def test_what_was_not_found_says_so() -> None:
    assert "authors not found" in page().text
    assert "not found not found not found" in page().section("studies")


def test_only_the_first_fifty_studies_are_on_the_screen_until_asked_for() -> None:
    papers = [coded_paper(f"p{n:02}", {f"Text {n}.": [("spring", "", 0.9)]}, dimensions=DIMENSIONS) for n in range(53)]
    shown = Page(review_of(papers, BOOK))
    assert [row.get("class") for row in shown.named("tr")].count("later") == 3
    assert "Show 50 more Show all 53" in shown.section("studies")


def test_empty_evidence_renders_in_every_section() -> None:
    shown = Page(empty())
    assert "0 studies, read and coded by the codebook “Birds & their ways”." in shown.text
    assert "This report holds no codings that count." in shown.text
    assert "No study has been read." in shown.section("studies")
    assert "8 of 8 cells are empty" in shown.section("map")
    assert [code.title for code in BOOK.code if code.title not in shown.section("codebook")] == []
    assert shown.index["studies"] == shown.lines == []


def test_evidence_without_any_table_renders() -> None:
    bare = Evidence(studies=(), codings=(), counts=(), map_dimensions=(), map=())
    review = empty()
    shown = Page(Review(bare, BOOK, review.run, "T", review.model, review.sources))
    assert "The codebook maps no dimension." in shown.section("map")
    assert "No numbers of records were given or counted." in shown.section("flow")


def test_unknown_code_fails_loudly() -> None:
    review = birds()
    stray = msgspec.structs.replace(review.evidence.codings[0], code="winter")
    with pytest.raises(KeyError, match="winter"):
        list(report(changed(review, codings=(stray, *review.evidence.codings[1:]))))
