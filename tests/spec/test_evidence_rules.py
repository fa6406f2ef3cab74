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


DI = coded_paper(
    "di",
    {
        "what others found": [("co_design", "", 0.95), ("group", "", 0.9)],
        "what we found": [("co_design", "", 0.6)],
        "what should be done": [("co_delivery", "", 0.7)],
        "left open": [("co_assessment", "", 0.2)],
    },
    author="Di, D.",
    year=2013,
    bases={"what others found": "mention", "what should be done": "recommendation"},
    unsure=(("left open", "co_assessment"),),
)


def test_findings_and_recommendations_count_but_mentions_of_other_work_do_not():
    evidence = aggregate_evidence([DI], BOOK)
    assert {code: cell.passages for code, cell in cells(evidence, "Di 2013").items()} == {
        "co_design": 1,
        "co_delivery": 1,
    }
    assert evidence.studies[0].mentions == {"co_design": 1, "group": 1}


def test_the_strongest_quote_is_never_a_mention():
    evidence = aggregate_evidence([DI], BOOK)
    strongest = cells(evidence, "Di 2013")["co_design"].strongest
    assert next(coding for coding in evidence.codings if coding.id == strongest).quote == "what we found"


def test_mentions_and_unsure_codings_stay_in_the_list_and_are_marked():
    codings = aggregate_evidence([DI], BOOK).codings
    assert [(c.quote, c.code, c.basis, c.unsure) for c in codings if not c.counted] == [
        ("what others found", "co_design", "mention", False),
        ("what others found", "group", "mention", False),
        ("left open", "co_assessment", "finding", True),
    ]


def test_what_the_machine_left_open_counts_nowhere():
    evidence = aggregate_evidence([DI], BOOK)
    assert evidence.studies[0].coded == 3
    assert {count.code: count.studies for count in evidence.counts}["co_assessment"] == 0
    assert all(cell.studies == 0 for cell in evidence.map if "co_assessment" in cell.codes)


def test_synthesis_and_map_count_only_evidence_of_the_study():
    evidence = aggregate_evidence([DI], BOOK)
    assert {count.code: count.passages for count in evidence.counts if count.passages} == {
        "co_design": 1,
        "co_delivery": 1,
    }
