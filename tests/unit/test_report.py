"""The HTML report: well-formed, closed to hostile text, complete without a script, and the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest

from evitable.codebook import Code, Codebook, Dimension, StudyAttribute
from evitable.export.report import report_html
from evitable.records import (
    Attribute,
    Cell,
    CodeCount,
    Coding,
    Evidence,
    EvidenceRow,
    Issue,
    MapCell,
    Reference,
    RunIdentity,
    Span,
)

HOSTILE = "</script><img src=x onerror=alert(1)><p style='color:red'>&lt;\u2028\u0000 “end”"
VOID = frozenset({"meta", "link", "img", "input", "br", "hr", "rect"})
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
    attribute=(StudyAttribute(name="country", title="Country studied", values={"Norway": ("Norway",)}),),
)
RUN = RunIdentity(
    id="r-test",
    evitable="0.0.1",
    stages={"extract": 1},
    libraries={"jinja2": "3"},
    codebook="birds 1",
    codebook_version="c-test",
    model_id="m-test",
    model_note="Phrases only.",
    papers={"a.pdf": "0", "b.pdf": "1", "lost.pdf": "2"},
    references={},
    settings={"min_passages": 1},
)


class Page(HTMLParser):
    """Parses the report; fails on a tag that is closed out of order."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": [], "data": []}
        self.words: list[str] = []
        self.feed(page.decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of <{tag}> is given twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"style", "script"}:
            self.kind = "data" if dict(attrs).get("type") == "application/json" else tag
            self.raw[self.kind].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"style", "script"}:
            self.raw[self.kind][-1] += data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def data(self) -> dict[str, list]:
        return json.loads(self.raw["data"][0])


def coding(study: str, code: str, quote: str, words: tuple[tuple[int, int], ...] = (), **changes: object) -> Coding:
    given = {
        "id": f"e-{study}-{code}",
        "study_id": study,
        "paper_id": study,
        "passage_id": f"q-{study}-{quote[:9]}",
        "dimension": BOOK.by_name[code].dimension,
        "code": code,
        "probability": 0.75,
        "polarity": "hinders" if code in {"food", "light"} else None,
        "words": tuple(Span(start=start, end=end, text=quote[start:end]) for start, end in words),
        "status": "machine",
        "coder": "m-test",
        "quote": quote,
        "section": ("Findings", "Nests"),
        "section_kind": "findings",
        "pages": (3,),
        "page_labels": ("e7",),
    }
    return Coding(**{**given, **changes})


def row(study: str, key: str, file: str, codings: list[Coding], reference: Reference, *found: Attribute) -> EvidenceRow:
    cells = tuple(
        Cell(code=item.code, passages=1, verified=int(item.status == "accepted"), polarity=(0, 0, 0), strongest=item.id)
        for item in codings
    )
    return EvidenceRow(
        study_id=study, key=key, files=(file,), reference=reference, attributes=found, passages=9, coded=1, cells=cells
    )


def counts(codings: list[Coding]) -> tuple[CodeCount, ...]:
    carried = [(code, [item for item in codings if item.code == code.name]) for code in BOOK.code]
    return tuple(
        CodeCount(
            dimension=code.dimension,
            family=code.family,
            code=code.name,
            studies=len(found),
            share=len(found) / 2,
            passages=len(found),
            facilitates=0,
            hinders=len(found) if code.dimension == "cause" else 0,
            mixed=0,
            quotes=tuple(item.id for item in found),
        )
        for code, found in carried
    )


def evidence(dimensions: tuple[str, ...] = ("season", "place", "cause")) -> Evidence:
    first = [
        coding("s1", "spring", "In spring they sing 😀 loudly.", ((3, 9), (22, 28)), match="exact"),
        coding("s1", "wood", f"Quiet {HOSTILE}", ((6, 15),), section=(HOSTILE,), page_labels=(HOSTILE,)),
        coding("s1", "food", f"Quiet {HOSTILE}", status="accepted", coder=HOSTILE, page_labels=(HOSTILE,)),
    ]
    second = [coding("s2", "spring", "Snow had gone by then.", page_labels=(), pages=(), match="missing")]
    studies = (
        row(
            "s1",
            f"Heron {HOSTILE}",
            "a.pdf",
            first,
            Reference(title=HOSTILE, authors=("Heron, A.",), year=2018, doi="10.1/x\"onclick='y'"),
            Attribute(name="country", value="Norway", quote=HOSTILE, page=2, match="fuzzy"),
        ),
        row("s2", "Plover 2001", "b.pdf", second, Reference()),
    )
    carried = {study.study_id: {cell.code for cell in study.cells} for study in studies}
    cells = []
    for codes in itertools.product(*([code.name for code in BOOK.codes_of(name)] for name in dimensions)):
        ids = tuple(study for study, names in carried.items() if names.issuperset(codes))
        cells.append(MapCell(codes=codes, studies=len(ids), passages=0, study_ids=ids))
    return Evidence(
        studies=studies,
        codings=(*first, *second),
        counts=counts([*first, *second]),
        map_dimensions=dimensions,
        map=tuple(cells),
        issues=(
            Issue(code="pdf-scanned", stage="extract", paper="lost.pdf", message="A scan.", hint=HOSTILE),
            Issue(code="references-not-ris", stage="references", paper="list.ris", message="Not RIS."),
        ),
    )


EMPTY = Evidence(studies=(), codings=(), counts=(), map_dimensions=("season", "place", "cause"), map=())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(report_html(evidence(), BOOK, RUN, HOSTILE))


def test_is_well_formed_with_one_heading_and_unique_ids(page: Page) -> None:
    assert len(page.named("h1")) == 1
    assert page.named("html")[0]["lang"] == "en"
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) > 10
    pointed = [str(a["href"])[1:] for a in page.named("a") if str(a["href"]).startswith("#")]
    pointed += [str(a["aria-labelledby"]) for _, a in page.tags if "aria-labelledby" in a]
    pointed += [str(a["for"]) for a in page.named("label")]
    assert set(pointed) <= set(ids)


def test_tables_have_captions_and_header_scopes(page: Page) -> None:
    assert len(page.named("table")) == len(page.named("caption")) > 0
    assert all(header.get("scope") for header in page.named("th"))


def test_has_no_inline_handler_style_or_foreign_source(page: Page) -> None:
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "srcset"}], tag
        assert tag not in {"img", "iframe", "link", "base", "object", "embed", "form"}


def test_policy_allows_exactly_this_style_and_script(page: Page) -> None:
    policy = next(m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None

    def hashed(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    [style], [script] = page.raw["style"], page.raw["script"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": hashed(style),
        "script-src": hashed(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_script_and_style_reach_no_network_and_write_no_markup(page: Page) -> None:
    code = page.raw["script"][0] + page.raw["style"][0]
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "fetch(",
        "http",
        "url(",
        "@import",
    ):
        assert word not in code


def test_hostile_text_is_shown_as_text_and_nowhere_as_markup(page: Page) -> None:
    shown = " ".join(HOSTILE.replace("\0", "").split())
    assert page.text.count(shown) > 5
    assert not re.search(r"[<>&\u2028\u2029\x00]", page.raw["data"][0])
    assert {tag for tag, _ in page.tags} & {"img", "p"} == {"p"}
    assert "javascript:" not in " ".join(str(a["href"]) for a in page.named("a"))


def test_data_block_gives_every_coding_with_its_exact_quote(page: Page) -> None:
    data, codings = page.data, evidence().codings
    assert len(data["codings"]) == len(codings)
    for packed, given in zip(data["codings"], codings, strict=True):
        place, code, way, probability, status, coder, spans, basis = packed
        study, _, _, quote, doubt = data["passages"][place]
        assert quote == given.quote
        assert doubt == ("not found on the page" if given.match == "missing" else "")
        assert data["studies"][study] == {"s1": f"Heron {HOSTILE}", "s2": "Plover 2001"}[given.study_id]
        assert data["codes"][code] == [BOOK.by_name[given.code].title, BOOK.dimension_of(given.dimension).title]
        assert (way, probability, status) == (given.polarity or "", given.probability, given.status)
        assert coder == ("" if status == "machine" else given.coder)
        assert basis == ("unsure" if given.unsure else given.basis)
        assert spans == [offset for span in given.words for offset in (span.start, span.end)]


def test_words_that_carried_the_code_are_marked() -> None:
    html = report_html(evidence(), BOOK, RUN, "T").decode()
    assert "In <mark>spring</mark> they sing 😀 <mark>loudly</mark>." in html


def test_only_quotes_that_were_not_found_as_they_are_bear_a_mark(page: Page) -> None:
    assert page.text.count("page not known · Findings › Nests not found on the page") == 2
    assert page.text.count("p. 2 differs from the page") == 1
    assert len([span for span in page.named("span") if span.get("class") == "doubt"]) == 3


def test_overlapping_or_stray_spans_never_change_the_quote() -> None:
    given = evidence()
    bad = coding("s1", "spring", "In spring they sing.", ((3, 9), (5, 12)))
    words = (*bad.words, Span(start=15, end=400, text="sing"))
    changed = msgspec.structs.replace(bad, words=words)
    html = report_html(msgspec.structs.replace(given, codings=(changed, *given.codings[1:])), BOOK, RUN, "T").decode()
    assert "<blockquote>In <mark>spring</mark> they sing.</blockquote>" in html


def test_same_input_gives_the_same_bytes() -> None:
    turned = msgspec.structs.replace(RUN, libraries={"b": "1", "a": "2"})
    other = msgspec.structs.replace(RUN, libraries={"a": "2", "b": "1"})
    assert report_html(evidence(), BOOK, turned, "T") == report_html(evidence(), BOOK, other, "T")
    assert report_html(evidence(), BOOK, RUN, "T") != report_html(evidence(), BOOK, RUN, "U")


def test_every_code_dimension_and_attribute_stands_by_its_title(page: Page) -> None:
    titles = [item.title for item in (*BOOK.code, *BOOK.dimension, *BOOK.attribute)]
    assert [title for title in titles if title not in page.text] == []


def test_summary_counts_studies_codings_unread_papers_and_verified(page: Page) -> None:
    assert "2 studies with 4 codings; 1 paper could not be read; 1 coding verified by people." in page.text
    assert "3 of 4 codings have the status “machine”" in page.text


@pytest.mark.parametrize(
    ("dimensions", "tables"), [(("season", "place", "cause"), 2), (("season", "cause"), 1), (("cause",), 1), ((), 0)]
)
def test_map_lays_out_any_number_of_dimensions(dimensions: tuple[str, ...], tables: int) -> None:
    given = evidence(dimensions)
    shown = Page(report_html(given, BOOK, RUN, "T"))
    assert [table.get("class") for table in shown.named("table")].count("map") == tables
    cells = [cell for cell in shown.named("td") if str(cell.get("class")).startswith("cell ")]
    assert len(cells) == (len(given.map) if dimensions else 0)
    linked = {int(str(link["data-map"])) for link in shown.named("a") if "data-map" in link}
    assert linked == ({index for index, cell in enumerate(given.map) if cell.studies} if dimensions else set())


def test_map_link_filters_to_its_codes_and_studies(page: Page) -> None:
    [link] = [link for link in page.named("a") if "data-map" in link]
    codes, studies = page.data["map"][int(str(link["data-map"]))]
    assert [page.data["codes"][code][0] for code in codes] == ["Springtime", "Woodland", "Food at hand"]
    assert studies == [0]
    assert str(link["aria-label"]).startswith("Springtime, Woodland, Food at hand: 1 study")


def test_synthesis_quotes_name_study_page_section_and_status() -> None:
    changed = msgspec.structs.replace(evidence().studies[0], key="Heron 2018")
    given = msgspec.structs.replace(evidence(), studies=(changed, evidence().studies[1]))
    synthesis = report_html(given, BOOK, RUN, "T").decode().split('id="synthesis"')[1].split('id="evidence"')[0]
    text = " ".join(re.sub("<[^>]+>", "", synthesis).split())
    assert "In spring they sing 😀 loudly. Heron 2018, p. e7 · Findings › Nests · machine" in text
    assert "Snow had gone by then. Plover 2001, page not known · Findings › Nests not found on the page" in text


def test_what_was_not_found_says_so(page: Page) -> None:
    assert "authors not found" in page.text
    assert "page not known" in page.text


def test_empty_evidence_renders() -> None:
    run = msgspec.structs.replace(RUN, papers={})
    shown = Page(report_html(EMPTY, BOOK, run, "Nothing yet"))
    assert "0 studies with 0 codings; 0 papers could not be read; 0 codings verified by people." in shown.text
    assert "This report holds no codings." in shown.text
    assert [code.title for code in BOOK.code if code.title not in shown.text] == []
    assert shown.data == {"studies": [], "codes": shown.data["codes"], "passages": [], "codings": [], "map": []}


def test_unknown_code_fails_loudly() -> None:
    given = evidence()
    stray = msgspec.structs.replace(given.codings[0], code="winter")
    with pytest.raises(KeyError, match="winter"):
        report_html(msgspec.structs.replace(given, codings=(stray, *given.codings[1:])), BOOK, RUN, "T")
