"""How codings become the tables of a review: small tables in, small tables out."""

from evitable.aggregate import aggregate_evidence
from evitable.codebook import default_codebook
from support.evidence import coded_paper

BOOK = default_codebook()

ADA = coded_paper(
    "ada",
    {
        "first": [("co_design", "", 0.9), ("group", "", 0.6), ("process_design", "facilitates", 0.8)],
        "second": [("co_design", "", 0.7), ("process_design", "hinders", 0.95)],
        "third": [],
    },
    author="Ada, A.",
    year=2012,
)
BO = coded_paper("bo", {"only": [("co_delivery", "", 0.8), ("group", "", 0.5)]}, author="Bo, B.", year=2010)
EMPTY = coded_paper("cy", {"nothing": []}, author="Cy, C.", year=2011)


def cells(evidence, key):
    row = next(study for study in evidence.studies if study.key == key)
    return {cell.code: cell for cell in row.cells}


def test_a_study_has_one_row_and_rows_are_ordered_by_author_and_year():
    evidence = aggregate_evidence([BO, EMPTY, ADA], BOOK)
    assert [study.key for study in evidence.studies] == ["Ada 2012", "Bo 2010", "Cy 2011"]


def test_a_cell_counts_passages_and_leads_to_the_strongest_quote():
    evidence = aggregate_evidence([ADA], BOOK)
    cell = cells(evidence, "Ada 2012")["co_design"]
    strongest = next(coding for coding in evidence.codings if coding.id == cell.strongest)
    assert (cell.passages, strongest.quote, strongest.page_labels) == (2, "first", ("101",))


def test_polarity_is_counted_by_passages():
    cell = cells(aggregate_evidence([ADA], BOOK), "Ada 2012")["process_design"]
    assert cell.polarity == (1, 1, 0)


def test_nothing_is_verified_before_a_person_has_decided():
    evidence = aggregate_evidence([ADA, BO], BOOK)
    assert {coding.status for coding in evidence.codings} == {"machine"}
    assert all(cell.verified == 0 for study in evidence.studies for cell in study.cells)


def test_at_least_two_passages_can_be_asked_of_a_cell():
    evidence = aggregate_evidence([ADA], BOOK, min_passages=2)
    assert set(cells(evidence, "Ada 2012")) == {"co_design", "process_design"}
    counts = {count.code: count.passages for count in evidence.counts}
    assert counts["group"] == 0
    assert len(evidence.codings) == 5  # the evidence list still shows every passage


def test_shares_are_of_the_studies_that_carry_any_code():
    evidence = aggregate_evidence([ADA, BO, EMPTY], BOOK)
    shares = {count.code: (count.studies, count.share) for count in evidence.counts}
    assert shares["group"] == (2, 1.0)
    assert shares["co_delivery"] == (1, 0.5)
    assert shares["collective"] == (0, 0.0)


def test_each_quote_of_the_synthesis_is_from_another_study():
    evidence = aggregate_evidence([ADA, BO], BOOK)
    quotes = {count.code: count.quotes for count in evidence.counts}
    studies = {coding.id: coding.study_id for coding in evidence.codings}
    assert len(quotes["group"]) == 2
    assert len({studies[quote] for quote in quotes["group"]}) == 2
    assert len(quotes["co_design"]) == 1


def test_the_map_has_a_cell_for_each_combination_and_gaps_are_zero():
    evidence = aggregate_evidence([ADA, BO], BOOK)
    found = {cell.codes: (cell.studies, cell.passages) for cell in evidence.map}
    assert len(found) == 4 * 3 * 6
    assert found["co_design", "group", "process_design"] == (1, 1)
    assert found["co_delivery", "group", "process_design"] == (0, 0)


def test_the_map_counts_a_study_that_carries_the_codes_in_different_passages():
    apart = coded_paper(
        "dee", {"a": [("co_design", "", 0.9)], "b": [("group", "", 0.9)], "c": [("managerial_tools", "mixed", 0.9)]}
    )
    found = {cell.codes: (cell.studies, cell.passages) for cell in aggregate_evidence([apart], BOOK).map}
    assert found["co_design", "group", "managerial_tools"] == (1, 0)


def test_two_studies_of_one_author_and_year_get_letters():
    twins = [coded_paper(name, {name: []}, author="Ada, A.", year=2012) for name in ("one", "two")]
    assert [study.key for study in aggregate_evidence(twins, BOOK).studies] == ["Ada 2012a", "Ada 2012b"]


def test_a_study_without_author_is_called_by_its_file_and_without_year_says_so():
    nameless = coded_paper("scan0042", {"x": []}, year=2012)
    undated = coded_paper("eve", {"y": []}, author="Eve, E.")
    assert [study.key for study in aggregate_evidence([nameless, undated], BOOK).studies] == ["Eve n.d.", "scan0042"]


def test_no_papers_give_empty_tables_and_a_map_of_zeros():
    evidence = aggregate_evidence([], BOOK)
    assert (evidence.studies, evidence.codings) == ((), ())
    assert {cell.studies for cell in evidence.map} == {0}
    assert [count.code for count in evidence.counts] == [code.name for code in BOOK.code]
