"""The HTML report: well-formed, closed to hostile text, readable without a script, and the same bytes every time."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from urllib.parse import parse_qs, unquote

import msgspec
import pytest

from evitable.export.clean import clean_text
from evitable.export.report import report
from evitable.export.report.data import marks
from evitable.export.review import Review
from evitable.records import Coding, Evidence, Span
from support.evidence import coded_paper
from support.nasty import NASTY
from support.report import BOOK, DIMENSIONS, FOUND, HOSTILE, Page, birds, changed, page_bytes, spoilt
from support.review import review_of


@functools.cache
def page() -> Page:
    return Page(birds())


@functools.cache
def hostile_page() -> Page:
    return Page(spoilt())


def empty() -> Review:
    return review_of([], BOOK, title="Nothing yet")


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
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "fetch(",
        "http",
        "url(",
        "@import",
        "import(",
    ],
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
                facts = (
                    index["ways"][way],
                    index["bases"][basis],
                    index["statuses"][status],
                    unsure,
                    probability,
                    coder,
                )
                packed.append((index["studies"][number][0], quote, place, section, doubt, named, *facts))
    assert packed == [
        (
            *(c.study_id, c.quote, f"p. {c.page_labels[0]} (PDF {c.pages[0]})", "", "", c.code),
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
    assert "Heron 2018 , p. 101 (PDF 1) not found on the page finding · machine" in given.section("synthesis")
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
    assert (
        "Not verified 4 of these; 0 confirmed by people Listed only 2 1 mention of other work, 1 unsure" in page().text
    )
    assert "4 of 4 codings have the status “machine”" in page().text
    assert "A study carries a code by any passage with that code" in page().text


def test_papers_that_could_not_be_read_are_counted() -> None:
    review = birds()
    run = msgspec.structs.replace(review.run, papers={**review.run.papers, "lost.pdf": "2"})
    shown = Page(Review(review.evidence, BOOK, run, "T", review.model, review.sources))
    assert "2 with a code; 1 more paper could not be read" in shown.text


def test_when_people_have_decided_on_all_codings_nothing_is_called_unverified() -> None:
    review = birds()
    codings = tuple(
        msgspec.structs.replace(coding, status="accepted", coder="Ann") for coding in review.evidence.codings
    )
    shown = Page(changed(review, codings=codings))
    assert "people have decided on every one of them" in shown.text
    assert "Not verified yet." not in shown.text


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
