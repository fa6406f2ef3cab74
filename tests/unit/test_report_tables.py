"""The report's tables and numbers: map, matrices, synthesis, filters, values, flow, model."""

from __future__ import annotations

import functools
import itertools
import re

import msgspec
import pytest

from evitable.codebook import Code, Codebook, Dimension
from evitable.export.review import Review
from evitable.records import Attribute, Flip, ModelSummary, Prisma, PrismaBox, PrismaLine
from support.evidence import coded_paper
from support.report import BOOK, DIMENSIONS, FOUND, Page, birds, changed, page_bytes
from support.review import review_of, small_review


@functools.cache
def page() -> Page:
    return Page(birds())


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
    assert "Nests counted : nests 1." in synthesis.replace(":", " :")
    assert f"{FOUND} Heron 2018 , p. 101 (PDF 1) finding · machine" in synthesis
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


def test_filters_offer_codes_and_values_with_the_number_of_their_studies() -> None:
    assert [a["name"] for a in page().named("select")] == ["d.season", "d.place", "d.cause", "a.country", "a.data"]
    studies = page().section("studies")
    assert "Springtime (2) Fall & harvest (0)" in studies
    assert "Norway (1) not found (1)" in studies


def test_values_lead_to_their_studies() -> None:
    led = {"#studies?a.country=Norway", "#studies?a.country=-", "#studies?a.data=nests", "#studies?from=2018&to=2018"}
    assert led <= set(page().addresses)
    assert "Nests counted Value Bar Studies Share nests 1 50 % not found 1 50 %" in page().section("descriptives")


def test_every_value_that_is_counted_is_found_by_its_filter_in_as_many_studies() -> None:
    review = birds()
    names = [name for name, _ in page().index["attributes"]]
    for row in review.evidence.descriptives:
        if row.name in names:
            found = [study[5][names.index(row.name)] for study in page().index["studies"]]
            assert sum(row.value in values if row.value else not values for values in found) == row.studies
    assert "12 nests" in page().section("studies")


def test_a_list_of_values_too_long_to_choose_from_is_left_to_the_search() -> None:
    papers = [
        coded_paper(
            f"p{n}", {"T.": []}, attributes=(Attribute(name="country", value=f"Land {n}"),), dimensions=DIMENSIONS
        )
        for n in range(201)
    ]
    shown = Page(review_of(papers, BOOK))
    assert "a.country" not in [a["name"] for a in shown.named("select")]
    assert not [address for address in shown.addresses if address.startswith("#studies?a.country")]
    assert "189 more values" in shown.section("descriptives")


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
    said = [
        "Studies before (n = 3)",
        "Records identified (n = 1,200)",
        "Scopus (n = 1,200)",
        "Records removed not given",
    ]
    said += ["Records screened (n = 0)", "Reports sought elsewhere (n = 5)", "A box of tomorrow (n = 9)"]
    assert [shown.index(words) for words in said] == sorted(shown.index(words) for words in said)


def test_model_in_short_gives_figures_or_says_that_there_are_none() -> None:
    shown = Page(small_review()).section("model")
    assert "Measured on passages of writers that the model had not seen, by cross-validation." in shown
    assert "Co-design 40 0.71 0.66 0.68 0.74" in shown
    review = birds()
    bare = Review(review.evidence, BOOK, review.run, "T", ModelSummary(id="m", note="Phrases."), review.sources)
    assert "Phrases. m How well it does has not been measured." in Page(bare).section("model")


def test_settings_that_nobody_gave_are_not_listed_among_the_versions() -> None:
    review = birds()
    given = {"prisma": {"screened": None, "databases": {"A": 3}, "other": {}}, "roll_up": "any"}
    run = msgspec.structs.replace(review.run, settings=given)
    shown = Page(Review(review.evidence, BOOK, run, "T", review.model, review.sources)).section("versions")
    assert 'Settings prisma {"databases": {"A": 3}} roll_up any' in shown
